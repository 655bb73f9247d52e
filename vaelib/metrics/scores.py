"""Scores of codes, images and log-weights, in NumPy and SciPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.special import logsumexp

from vaelib.arguments import check_count, check_same_shape
from vaelib.finished import finished

Array = NDArray[Any]


@finished
def hole_fraction(codes: Array, candidates: Array, radius: float) -> float:
    """Share of candidate codes that have no code of the data near them.

    Args:
        codes: Codes of the data, `(n, latent)`.
        candidates: Codes to look around, `(m, latent)`.
        radius: Euclidean distance up to which a code counts as near.

    Returns:
        Between 0 (no holes) and 1.
    """
    distances, _ = KDTree(codes).query(np.asarray(candidates))
    return float(np.mean(distances > radius))


@finished
def importance_weighted_bound(log_weights: Array) -> Array:
    """Log of the mean of the importance weights, without overflow.

    Args:
        log_weights: `log p(x, z) - log q(z | x)` of `k` codes for each image, `(k, batch)`, nats.

    Returns:
        A lower bound on `log p(x)` of each image, `(batch,)`, nats. One code gives the ELBO; more
        make the bound tighter.

    Formula:
        `log(1/k sum_k w_k)` (Burda, Grosse and Salakhutdinov 2016, equation 8).
    """
    weights = np.asarray(log_weights, dtype=float)
    return logsumexp(weights, axis=0, b=1 / len(weights))


@finished
def active_units(z_means: Array, threshold: float) -> int:
    """Count the latent dimensions that the encoder uses.

    Args:
        z_means: Posterior means of the data, `(n, latent)`.
        threshold: Least variance over the data of a dimension in use; 0.01 is customary.

    Returns:
        Between 0 and latent.

    Formula:
        `Var_x(E[z | x]) > threshold` (Burda and others 2016, section 5.2).
    """
    variances = np.asarray(z_means, dtype=float).var(axis=0)
    return int(np.count_nonzero(variances > threshold))


@finished
def knn_accuracy(
    codes_train: Array, y_train: Array, codes_test: Array, y_test: Array, k: int
) -> float:
    """Share of test codes whose label is the majority among their `k` nearest training codes.

    Args:
        codes_train: Training codes, `(n, latent)`.
        y_train: Their labels, non-negative integers `(n,)`.
        codes_test: Test codes, `(m, latent)`.
        y_test: Their labels, `(m,)`.
        k: Number of neighbours, from 1 to n.

    Returns:
        Between 0 and 1.

    Raises:
        ValueError: `k` is below 1 or exceeds the number of training codes.
    """
    if check_count(k, "k") > len(codes_train):
        raise ValueError(f"k must be at most {len(codes_train)} training codes. Received: k={k}")
    _, neighbours = KDTree(codes_train).query(codes_test, k=np.arange(k) + 1)
    labels, classes = np.unique(y_train, return_inverse=True)
    votes = np.eye(len(labels))[classes[neighbours]].sum(axis=1)
    return float(np.mean(labels[votes.argmax(axis=1)] == np.asarray(y_test)))


@finished
def psnr(x: Array, x_hat: Array) -> Array:
    """Peak signal-to-noise ratio of each image, for a peak of 1.0.

    Args:
        x: Images in [0, 1], `(n, ...)`.
        x_hat: Their reconstructions, of x's shape.

    Returns:
        dB, `(n,)`; infinite where an image is met exactly.

    Formula:
        `-10 log10(mean squared error)`.
    """
    x, x_hat = np.asarray(x, dtype=float), np.asarray(x_hat, dtype=float)
    check_same_shape(x, x_hat, "x and x_hat")
    mean_squared = np.square(x_hat - x).reshape(len(x), -1).mean(axis=1)
    with np.errstate(divide="ignore"):
        return -10 * np.log10(mean_squared)


@finished
def anomaly_threshold(normal_scores: Array, false_positive_rate: float) -> float:
    """Score above which a stated share of normal data is flagged.

    Args:
        normal_scores: Anomaly scores of normal data, `(n,)`.
        false_positive_rate: Share of normal data to flag, in [0, 1].

    Returns:
        NumPy's default quantile, in the scores' unit.
    """
    return float(np.percentile(normal_scores, 100 - 100 * false_positive_rate))


@finished
def auroc(normal_scores: Array, anomaly_scores: Array) -> float:
    """Probability that an anomaly scores higher than normal data; ties count half.

    Args:
        normal_scores: Scores of normal data, `(n,)`.
        anomaly_scores: Scores of anomalies, `(m,)`.

    Returns:
        The area under the receiver operating characteristic: 1/2 for a score that tells nothing.

    Formula:
        The Mann-Whitney statistic over `n * m`, by binary search.
    """
    ranked = np.sort(normal_scores)
    beaten = [np.searchsorted(ranked, anomaly_scores, side=side) for side in ("left", "right")]
    return float(np.mean(beaten) / len(ranked))
