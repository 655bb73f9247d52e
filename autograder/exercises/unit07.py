"""Unit 07: what codes are good for: neighbours, noise, anomalies, new digits."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import norm, rankdata

import vaelib
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Digits, Generator, between, close, equal

knn_accuracy = Exercise("knn_accuracy", 2, "codes_train y_train codes_test y_test k")
add_noise = Exercise("add_noise", 2, "x noise_factor rng")
psnr = Exercise("psnr", 2, "x x_hat")
anomaly_threshold = Exercise("anomaly_threshold", 2, "normal_scores false_positive_rate")
auroc = Exercise("auroc", 3, "normal_scores anomaly_scores")
prior_grid = Exercise("prior_grid", 2, "n coverage", atol=1e-5)
nearest_training_image = Exercise("nearest_training_image", 2, "x_train x_generated")
trained_denoiser = Exercise("trained_denoiser", 4, training=True)

UNIT = Unit(
    "07_applications",
    (
        knn_accuracy,
        add_noise,
        psnr,
        trained_denoiser,
        anomaly_threshold,
        auroc,
        prior_grid,
        nearest_training_image,
    ),
)

TEST_IMAGES = 304
NOISE_FACTOR = 0.5
REFERENCE_GAIN = 10.7
"""dB gained on held-out digits by the solution of the notebook: mean of four trainings."""
GAIN_LIMIT = REFERENCE_GAIN - 1.0
OUTPUTS = Path(vaelib.__file__).parent / "trained" / "outputs.json"


@knn_accuracy.reference
def accuracy(
    codes_train: np.ndarray,
    y_train: np.ndarray,
    codes_test: np.ndarray,
    y_test: np.ndarray,
    k: int,
    metric: str = "euclidean",
    votes: np.ndarray | None = None,
) -> float:
    """Share of test codes labelled rightly; votes: what each training code's vote counts for."""
    nearest = cdist(codes_test, codes_train, metric).argsort(axis=1)[:, :k]
    weights = np.ones(len(y_train)) if votes is None else votes
    guesses = [np.bincount(y_train[row], weights[row]).argmax() for row in nearest]
    return float(np.mean(guesses == y_test))


@knn_accuracy.cases
def accuracy_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, m, latent, classes, k, dtype in (
        (40, 12, 2, 3, 3, "float32"),
        (30, 9, 1, 2, 5, "float64"),
        (25, 10, 4, 4, 1, "float32"),
        (50, 15, 2, 10, 7, "float64"),
        (36, 11, 3, 3, 4, "float32"),
    ):
        labels = rng.permutation(10)[:classes]
        while True:
            codes, y = clusters(rng, labels, n + m, latent)
            codes = codes.astype(dtype)
            parts = codes[:n], y[:n], codes[n:], y[n:], k
            if is_clear(*parts[:3], k) and tells(*parts):
                break
        yield Case((codes[:n], y[:n], codes[n:], y[n:], k), sizes={"m": m, "k": k})


def clusters(
    rng: np.random.Generator, labels: np.ndarray, n: int, latent: int
) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping clusters of codes `(n, latent)`, far from 0 and stretched, with their labels."""
    y = rng.choice(labels, n)
    centres = rng.normal(3.0, 2.0, (10, latent))
    stretch = np.linspace(1.0, 3.0, latent)
    return ((centres[y] + rng.normal(0, 1.3, (n, latent))) * stretch).round(3), y


def is_clear(codes_train: np.ndarray, y_train: np.ndarray, codes_test: np.ndarray, k: int) -> bool:
    """Whether no majority and no k-th distance is a tie, or nearly one."""
    distances = cdist(codes_test, codes_train)
    order = distances.argsort(axis=1)
    gaps = np.diff(np.take_along_axis(distances, order, axis=1)[:, k - 1 : k + 1], axis=1)
    votes = [np.sort(np.bincount(y_train[row], minlength=10))[::-1] for row in order[:, :k]]
    return bool(np.all(gaps > 1e-3)) and all(first > second for first, second, *_ in votes)


def tells(
    codes_train: np.ndarray, y_train: np.ndarray, codes_test: np.ndarray, y_test: np.ndarray, k: int
) -> bool:
    """Whether common mistakes give another accuracy: other k, scales, distances, votes, medians."""
    given = codes_train, y_train, codes_test, y_test
    right = accuracy(*given, k)
    scale = codes_train.std(axis=0)
    others = [accuracy(*given, k + 1)]
    if codes_train.shape[1] > 1:
        others.append(accuracy(codes_train / scale, y_train, codes_test / scale, y_test, k))
    else:
        others.append(accuracy(*given, k, votes=1 / np.bincount(y_train)[y_train]))
    if k == 1:
        others += [accuracy(*given, k, metric) for metric in ("cityblock", "chebyshev", "cosine")]
    if k > 1:
        others.append(accuracy(*given, k - 1))
    if k > 3 and len(set(y_train)) > 2:
        rows = cdist(codes_test, codes_train).argsort(axis=1)[:, :k]
        others.append(float(np.mean(np.median(y_train[rows], axis=1).astype(int) == y_test)))
    return right not in others


@add_noise.cases
def noise_cases(rng: np.random.Generator) -> Iterator[Case]:
    for level, factor, shape in ((0.5, 0.1, (40, 28, 28, 1)), (0.0, 0.4, (30, 28, 28, 1)),
                                 (0.9, 0.25, (1, 64, 64))):
        level = float(np.clip(level + rng.uniform(-0.03, 0.03), 0, 1)) if level else 0.0
        factor = round(factor * float(rng.uniform(0.8, 1.2)), 3)
        seeds = rng.integers(2**31, size=2)
        pixels = math.prod(shape)
        low, high = -level / factor, (1 - level) / factor
        mean, std = clipped_moments(level, factor, low, high)
        yield Case(
            (level, list(shape), factor, int(seeds[0]), int(seeds[1])),
            {
                "shape": equal(list(shape)),
                "smallest and largest": between(0.0, 1.0, "Pixels lie outside [0, 1]."),
                "two images are equal": equal(False, "Noisy images of a batch are all equal."),
                "two columns, two rows are equal": equal(
                    [False, False], "Two columns, or two rows, of the noisy images are equal."
                ),
                "mean": close(mean, 0, 6 * std / np.sqrt(pixels)),
                "std": close(std, 0, 6 * std / np.sqrt(pixels)),
                "share of blank pixels": close(
                    norm.cdf(low), 0, 6 * np.sqrt(norm.cdf(low) + 1e-4) / np.sqrt(pixels)
                ),
                "std of the means of rows": between(
                    *around(std / np.sqrt(math.prod(shape[2:])), shape[0] * shape[1]),
                    "The pixels of a row share their noise.",
                ),
                "std of the mean image": between(
                    *around(std / np.sqrt(shape[0]), math.prod(shape[1:])),
                    "All images get the same noise.",
                ),
                "equal for equal generators": equal(
                    True, "Two generators with the same seed should give the same noise."
                ),
                "equal for other generators": equal(
                    False, "Two generators with different seeds give the same noise."
                ),
                "equal when drawn again": equal(False, "The second call repeats the first."),
                "images unchanged": equal(True, "The array that was handed in has changed."),
                "largest change without noise": between(
                    0, 1e-6, "With a noise factor of 0 the images should come back as they are."
                ),
            },
            "applications.noise",
        )


def clipped_moments(level: float, factor: float, low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of level + factor * N(0, 1), clipped to [0, 1]."""
    z = np.linspace(-8, 8, 200_001)
    weights = norm.pdf(z) * (z[1] - z[0])
    pixels = np.clip(level + factor * z, 0, 1)
    mean = float(np.sum(weights * pixels))
    return mean, float(np.sqrt(np.sum(weights * (pixels - mean) ** 2)))


def around(std: float, count: int) -> tuple[float, float]:
    """Range, far beyond five standard errors, of a standard deviation measured on `count`."""
    return std * (1 - 6 / np.sqrt(count)), std * (1 + 6 / np.sqrt(count))


@psnr.reference
def ratio(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    error = np.subtract(x, x_hat, dtype=float).reshape(len(x), -1)
    return 10 * np.log10(1 / np.mean(error**2, axis=1))


@psnr.cases
def psnr_cases(rng: np.random.Generator) -> Iterator[Case]:
    for shape, dtype in (
        ((3, 6, 5, 1), "float32"),
        ((1, 4, 4, 1), "float64"),
        ((4, 7, 3, 1), "float32"),
        ((2, 28, 28, 1), "float64"),
        ((2, 5, 5, 1), "float64"),
    ):
        x = (rng.uniform(0, 0.7, shape)).round(2)
        spread = rng.uniform(0.02, 0.3, (shape[0], 1, 1, 1))
        if shape[1] == 5:
            spread[:, 0, 0, 0] = 0.004, 2.0  # nearly perfect, and worse than a guess
        x_hat = np.clip(x + spread * rng.normal(size=shape), 0, 1).round(4)
        sizes = {"batch": shape[0], "pixels": math.prod(shape[1:])}
        yield Case((x.astype(dtype), x_hat.astype(dtype)), sizes=sizes)


@anomaly_threshold.reference
def threshold(normal_scores: np.ndarray, false_positive_rate: float) -> float:
    """NumPy's default quantile by hand: between the two ranks that lie around it."""
    ranked = np.sort(np.float64(normal_scores))
    place = (len(ranked) - 1) * (1 - false_positive_rate)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    return float(ranked[below] + (place - below) * (ranked[above] - ranked[below]))


@anomaly_threshold.cases
def threshold_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, rate, dtype in ((23, 0.025, "float64"), (40, 0.2, "float32"), (7, 0.5, "float64"),
                           (31, 0.9, "float32"), (12, 0.01, "float64")):
        scores = rng.gamma(3.0, 12.0, n).round(2) + 60 * rng.integers(0, 2)
        yield Case((scores.astype(dtype), rate), sizes={"n": n})
    tied = rng.permutation(np.repeat([-50.0, 20.0, 35.0, 70.0], [11, 4, 3, 2]))
    yield Case((tied, 0.3), sizes={"n": 20})


@auroc.reference
def area(normal_scores: np.ndarray, anomaly_scores: np.ndarray) -> float:
    ranks = rankdata(np.concatenate([normal_scores, anomaly_scores]))
    n, m = len(normal_scores), len(anomaly_scores)
    return float((ranks[n:].sum() - m * (m + 1) / 2) / (n * m))


@auroc.cases
def area_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, m, shift in ((12, 9, 1.0), (7, 15, -1.5), (1, 6, 0.2), (20, 1, 0.7)):
        normal = rng.normal(100, 15, n).round(2)
        yield Case((normal, rng.normal(100 + 15 * shift, 25, m).round(2)), sizes={"m": m})
    ties = rng.integers(0, 4, 11), rng.integers(1, 6, 8)
    yield Case(tuple(values.astype("float32") for values in ties))
    yield Case((rng.integers(0, 3, 6).astype(float), rng.integers(0, 3, 13).astype(float)))
    yield Case((np.full(4, 2.5), np.full(3, 2.5)))


@prior_grid.reference
def grid(n: int, coverage: float) -> np.ndarray:
    tail = (1 - coverage) / 2
    z = norm.ppf([tail + coverage * i / (n - 1) for i in range(n)])
    return np.array([(a, b) for a in z for b in z])


@prior_grid.cases
def grid_cases(rng: np.random.Generator) -> Iterator[Case]:
    drawn = round(float(rng.uniform(0.6, 0.95)), 4)
    for n, coverage in ((4, 0.9), (2, 0.5), (7, 0.99), (5, drawn)):
        yield Case((n, coverage), sizes={"n": n})


@nearest_training_image.reference
def nearest(x_train: np.ndarray, x_generated: np.ndarray) -> np.ndarray:
    rows = (np.float64(images).reshape(len(images), -1) for images in (x_generated, x_train))
    return cdist(*rows).argmin(axis=1)


def is_telling(x_train: np.ndarray, x_generated: np.ndarray) -> bool:
    """Whether each common mistake finds another image somewhere, and no two are about as near."""
    asked, stored = (images.reshape(len(images), -1) for images in (x_generated, x_train))
    centred = [rows - rows.mean(axis=1, keepdims=True) for rows in (asked, stored)]
    distances = cdist(asked, stored)
    others = [cdist(asked, stored, m) for m in ("cityblock", "cosine", "correlation", "chebyshev")]
    others += [cdist(asked, stored, "minkowski", p=0.5), cdist(*centred)]
    right = distances.argmin(axis=1)
    gaps = np.diff(np.sort(distances, axis=1)[:, :2])
    return bool(np.all(gaps > 1e-3)) and all(np.any(o.argmin(axis=1) != right) for o in others)


@nearest_training_image.cases
def nearest_cases(rng: np.random.Generator) -> Iterator[Case]:
    while True:
        x_train = rng.uniform(0, 1, (30, 6, 5, 1)).round(3).astype("float32")
        x_generated = rng.uniform(0, 1, (5, 6, 5, 1)).round(3).astype("float32")
        if is_telling(x_train, x_generated):
            break
    yield Case((x_train, x_generated), sizes={"m": 5})
    for n, m in ((12, 1), (9, 14), (1, 3)):
        x_train = rng.uniform(0, 1, (n, 6, 5, 1)).round(2)
        chosen = rng.integers(0, n, m)
        x_generated = x_train[chosen] + rng.normal(0, 0.2, (m, 6, 5, 1)).round(2)
        x_generated = np.clip(0.6 * x_generated + 0.4 * rng.uniform(0, 1), 0, 1).round(3)
        yield Case((x_train.astype("float32"), x_generated.astype("float32")), sizes={"m": m})
    start = int(rng.integers(0, TEST_IMAGES - 40))
    yield Case((Digits(start, start + 30), Digits(start + 30, start + 36)), sizes={"m": 6})
    indices = {"an int": equal(True, "Indices are ints: nothing else picks rows of x_train.")}
    yield Case((x_train, x_train[rng.permutation(n)]), indices)  # each has its like


SYMPTOMS = {
    "spread over images": between(
        0.015, 1, "Your model gives nearly the same image whatever it is shown."
    ),
    "share of the noise given back": between(-1, 0.4, "The noise is still in your images."),
    "contrast of ink and paper": between(0.45, 1.5, "Your images are grey in grey."),
    "dB lost from clean to noisy digits": between(
        -30, 8, "What your model can do with clean digits it cannot do with noisy ones."
    ),
}
"""Which of them is off tells mistakes apart. No model that gains enough can fail one of them."""


@trained_denoiser.cases
def denoiser_cases(rng: np.random.Generator) -> Iterator[Case]:
    known = np.array(json.loads(OUTPUTS.read_text(encoding="utf-8"))["denoiser"])
    start = int(rng.integers(0, 200))
    noise = Generator(int(rng.integers(2**31)))
    yield Case(
        (Digits(start, start + 100), NOISE_FACTOR, noise, Digits(0, len(known)), known),
        {
            "shape of the result": equal([100, 28, 28, 1]),
            "distance from vaelib's trained part": between(
                0.01, 1e7, "This is the model that comes with vaelib, and not one of your own."
            ),
            "gain in dB": between(
                GAIN_LIMIT, 25, "Noisy digits that your model has not seen stay too noisy."
            ),
            **SYMPTOMS,
        },
        "trained.denoiser",
    )
