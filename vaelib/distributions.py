"""Normal and discrete distributions, and the KL divergence between two of them, in NumPy.

Arguments may be numbers, arrays or eager tensors of any dtype; all results are float64.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erf, rel_entr

from vaelib.finished import finished, part_of
from vaelib.floats import Floats, floats, require, require_rows

LOG_2_PI = float(np.log(2 * np.pi))
SUM_TOLERANCE = 1e-6
"""How far the probabilities of a discrete distribution may sum from 1."""


@finished
def normal_pdf(x: ArrayLike, mean: ArrayLike, std: ArrayLike) -> Floats:
    """Density of `N(mean, std^2)` at `x`, elementwise with broadcasting.

    Args:
        x: Where to evaluate the density.
        mean: Means.
        std: Standard deviations, above 0, in the unit of `x`.

    Returns:
        Densities, per unit of `x`; an area of 1 lies under the curve.

    Raises:
        ValueError: A standard deviation is 0 or below.
    """
    spread = floats(std)
    require(np.all(spread > 0), "std must be positive", std=std)
    return np.exp(_log_density(x, mean, 2 * np.log(spread)))


@finished
def normal_log_pdf(x: ArrayLike, mean: ArrayLike, log_var: ArrayLike) -> Floats:
    """Logarithm of the normal density at `x`, elementwise with broadcasting.

    Args:
        x: Where to evaluate the density.
        mean: Means.
        log_var: Natural logarithms of the variances.

    Returns:
        Log-densities in nats, finite however far `x` lies from the mean.
    """
    return _log_density(x, mean, log_var)


@finished
def std_from_log_var(log_var: ArrayLike) -> Floats:
    """Standard deviation that belongs to a natural log-variance, elementwise."""
    return np.exp(floats(log_var) / 2)


@finished
def transform_standard_normal(epsilon: ArrayLike, mean: ArrayLike, std: ArrayLike) -> Floats:
    """Turn draws of `N(0, 1)` into draws of `N(mean, std^2)`, elementwise with broadcasting.

    Args:
        epsilon: Draws of the standard normal distribution.
        mean: Means to shift to.
        std: Standard deviations to scale to, 0 or above.

    Raises:
        ValueError: A standard deviation is below 0.
    """
    spread = floats(std)
    require(np.all(spread >= 0), "std must be 0 or above", std=std)
    return floats(mean) + spread * floats(epsilon)


@finished
def fit_normal(samples: ArrayLike) -> tuple[Floats, Floats]:
    """Maximum likelihood mean and standard deviation of each column.

    Args:
        samples: One observation a row, `(n, d)`, n at least 1.

    Returns:
        The pair `(mean, std)`, each `(d,)`; the variance divides by n, not by n - 1.

    Raises:
        ValueError: `samples` is not two-dimensional, or has no row.
    """
    rows = floats(samples)
    require(rows.ndim == 2 and len(rows) > 0, "samples must be (n, d) with n >= 1", samples=rows)
    return rows.mean(0), rows.std(0)


@finished
def diagonal_log_prob(z: ArrayLike, z_mean: ArrayLike, z_log_var: ArrayLike) -> Floats:
    """Log-density of each row under its own diagonal normal distribution, summed over latent.

    Args:
        z: Codes, `(batch, latent)`.
        z_mean: Means, `(batch, latent)`.
        z_log_var: Natural logarithms of the variances, `(batch, latent)`.

    Returns:
        Nats, `(batch,)`.

    Raises:
        ValueError: The three shapes are not one and the same `(batch, latent)`.
    """
    require_rows(z=z, z_mean=z_mean, z_log_var=z_log_var)
    return _log_density(z, z_mean, z_log_var).sum(-1)


@finished
def probability_within(k: ArrayLike) -> Floats:
    """Probability that a standard normal draw lies within `k` standard deviations, elementwise.

    Formula:
        `erf(k / sqrt(2))`; 0 where `k` is negative.
    """
    return erf(np.maximum(floats(k), 0) / np.sqrt(2))


@finished
def kl_discrete(p: ArrayLike, q: ArrayLike) -> float:
    """KL(p || q) of two discrete distributions, summed over the classes.

    Args:
        p: Probabilities of the classes, `(classes,)`.
        q: Probabilities of the same classes, `(classes,)`.

    Returns:
        Nats; a class of probability 0 in `p` adds nothing, and one that only `q` rules out
        makes the sum infinite.

    Raises:
        ValueError: An entry is negative or NaN, a sum is off 1 by more than 1e-6, or the shapes
            differ.
    """
    probabilities = floats(p), floats(q)
    shapes = [each.shape for each in probabilities]
    if shapes[0] != shapes[1]:
        raise ValueError(f"p and q need one shape. Received: p of {shapes[0]}, q of {shapes[1]}")
    for name, each in zip("pq", probabilities, strict=True):
        require(np.all(each >= 0), f"{name} must have no negative or NaN entry", **{name: each})
        off = abs(each.sum() - 1)
        require(off <= SUM_TOLERANCE, f"{name} must sum to 1, not {each.sum():g}", **{name: each})
    return float(rel_entr(*probabilities).sum())


@finished
def kl_normal(
    mean_p: ArrayLike, log_var_p: ArrayLike, mean_q: ArrayLike, log_var_q: ArrayLike
) -> Floats:
    """KL(p || q) of univariate normal distributions, elementwise with broadcasting.

    Args:
        mean_p: Means of p.
        log_var_p: Natural logarithms of the variances of p.
        mean_q: Means of q.
        log_var_q: Natural logarithms of the variances of q.

    Returns:
        Nats.

    Formula:
        `1/2 ((mean_p - mean_q)^2 / var_q + (exp(d) - 1) - d)` with `d = log_var_p - log_var_q`;
        `expm1` keeps the digits where the variances are nearly equal.
    """
    return _kl_terms(*map(floats, (mean_p, log_var_p, mean_q, log_var_q)))


@finished
def kl_to_standard_normal(z_mean: ArrayLike, z_log_var: ArrayLike) -> Floats:
    """KL divergence of each row's diagonal normal from `N(0, I)`, summed over latent.

    Args:
        z_mean: Means, `(batch, latent)`.
        z_log_var: Natural logarithms of the variances, `(batch, latent)`.

    Returns:
        Nats, `(batch,)`. `kl_normal` gives the formula, with `mean_q = log_var_q = 0`.

    Raises:
        ValueError: The two shapes are not one and the same `(batch, latent)`.
    """
    require_rows(z_mean=z_mean, z_log_var=z_log_var)
    return _kl_terms(floats(z_mean), floats(z_log_var), floats(0), floats(0)).sum(-1)


@finished
def kl_monte_carlo(z_mean: ArrayLike, z_log_var: ArrayLike, epsilon: ArrayLike) -> Floats:
    """Estimate `kl_to_standard_normal` from noise: summed over latent, averaged over samples.

    Args:
        z_mean: Means, `(batch, latent)`.
        z_log_var: Natural logarithms of the variances, `(batch, latent)`.
        epsilon: Draws of `N(0, 1)`, `(samples, batch, latent)`.

    Returns:
        Nats, `(batch,)`; unbiased, so it can fall below 0.

    Raises:
        ValueError: The shapes do not fit each other.

    Formula:
        The mean of `log q(z) - log p(z)` at `z = z_mean + exp(z_log_var / 2) epsilon`. The squared
        distances are `epsilon^2` under q and `z^2` under p, and both `log(2 pi)` cancel.
    """
    require_rows(z_mean=z_mean, z_log_var=z_log_var)
    noise, shape = floats(epsilon), floats(z_mean).shape
    fits = noise.ndim == 3 and noise.shape[1:] == shape and len(noise) > 0
    require(fits, f"epsilon must be (samples,) + {shape}", epsilon=noise)
    z = floats(z_mean) + np.exp(floats(z_log_var) / 2) * noise
    return (np.square(z) - np.square(noise) - floats(z_log_var)).sum(-1).mean(0) / 2


def _log_density(x: ArrayLike, mean: ArrayLike, log_var: ArrayLike) -> Floats:
    distance = (floats(x) - floats(mean)) * np.exp(floats(log_var) / -2)
    return (np.square(distance) + floats(log_var) + LOG_2_PI) / -2


@part_of("kl_normal")
def _kl_terms(mean_p: Floats, log_var_p: Floats, mean_q: Floats, log_var_q: Floats) -> Floats:
    shift = np.square(mean_p - mean_q) * np.exp(-log_var_q)
    ratio = log_var_p - log_var_q
    return (shift + (np.expm1(ratio) - ratio)) / 2
