"""Unit 02: normal distributions, from one density to codes with many dimensions."""

from collections.abc import Iterator

import numpy as np
from scipy.special import log_ndtr, ndtr

from autograder.exercises.unit05 import posterior, signs
from autograder.personal import Personal
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, close, equal

normal_pdf = Exercise("normal_pdf", 2, "x mean std", atol=1e-12)
normal_log_pdf = Exercise("normal_log_pdf", 2, "x mean log_var", atol=1e-5)
std_from_log_var = Exercise("std_from_log_var", 1, "log_var", atol=1e-9)
transform_standard_normal = Exercise("transform_standard_normal", 1, "epsilon mean std")
fit_normal = Exercise("fit_normal", 2, "samples")
diagonal_log_prob = Exercise("diagonal_log_prob", 3, "z z_mean z_log_var", atol=1e-5)
probability_within = Exercise(
    "probability_within",
    1,
    "k",
    personal=Personal(
        "**Your own number.** Each of you has another normal distribution here, with mean 0 and "
        "a standard deviation `spread` of your own, which the next cell shows. Return "
        "$P(|X| \\le k)$ for a draw $X$ of that one. At `k` equal to your `spread` it is 0.6827; "
        "the formula above is that of `spread` 1.",
        values={"spread": (1.3, 1.5, 1.6, 1.7, 1.9, 2.1, 2.2, 2.3)},
        swaps={"return erf(": "k = k / spread\n    return erf("},
        without=("root-of-two-missing", "halved-argument", "root-multiplied", "rule-of-thumb"),
    ),
)

UNIT = Unit(
    "02_normal_distributions",
    (
        normal_pdf,
        probability_within,
        normal_log_pdf,
        std_from_log_var,
        transform_standard_normal,
        fit_normal,
        diagonal_log_prob,
    ),
)

LOG_2_PI = np.log(2 * np.pi)
Array = np.ndarray


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> Array:
    """Numbers between `low` and `high`, to four decimals, as an array of any shape."""
    return np.asarray(rng.uniform(low, high, shape)).round(4)


def single(*arrays: Array) -> tuple[Array, ...]:
    """The same numbers in float32."""
    return tuple(array.astype(np.float32) for array in arrays)


def log_density(x: Array, mean: Array, log_var: Array) -> Array:
    """Log-density of N(mean, exp(log_var)), elementwise."""
    distance = np.subtract(x, mean, dtype=float) / np.exp(0.5 * np.asarray(log_var, dtype=float))
    return -0.5 * (LOG_2_PI + log_var + distance**2)


@normal_pdf.reference
def pdf(x: Array, mean: Array, std: Array) -> Array:
    return np.exp(log_density(x, mean, 2 * np.log(np.asarray(std, dtype=float))))


@normal_pdf.cases
def pdf_cases(rng: np.random.Generator) -> Iterator[Case]:
    def draw(*shape: int) -> tuple[Array, Array]:
        return uniform(rng, -2.0, 2.0, *shape), uniform(rng, 1.3, 2.6, *shape)

    mean, std = draw()
    yield Case((float(mean) + 0.7, float(mean), float(std)))
    yield Case((mean + uniform(rng, -0.4, 0.4, 5), mean, std / 10))
    yield Case((uniform(rng, -3.0, 3.0, 3, 1), *draw(2)))
    yield Case((std * np.array([-6.0, -3.0, -1.0, 0.0, 2.0, 5.0]) + mean, mean, std))
    yield Case(single(uniform(rng, -3.0, 3.0, 4), *draw(4)))


@normal_log_pdf.reference
def log_pdf(x: Array, mean: Array, log_var: Array) -> Array:
    return log_density(x, mean, log_var)


@normal_log_pdf.cases
def log_pdf_cases(rng: np.random.Generator) -> Iterator[Case]:
    def draw(n: int) -> tuple[Array, Array]:
        return uniform(rng, -2.0, 2.0, n), uniform(rng, 0.4, 2.2, n) * signs(rng, n)

    mean, log_var = draw(2)
    yield Case((float(mean[0]) + 0.6, float(mean[0]), float(log_var[0])))
    yield Case((uniform(rng, -3.0, 3.0, 3, 1), mean, log_var))
    yield Case((uniform(rng, -3.0, 3.0, 5), *draw(5)))
    mean, log_var = draw(4)
    far = mean + np.exp(0.5 * log_var) * np.array([40.0, -40.0, 0.3, 12.0])
    yield Case((far.round(3), mean, log_var))
    yield Case(single(uniform(rng, -3.0, 3.0, 6), *draw(6)))
    extreme = uniform(rng, 21.0, 24.0, 4) * signs(rng, 4)
    std = np.exp(0.5 * extreme)
    yield Case((std * (mean + uniform(rng, 0.5, 2.0, 4)), std * mean, extreme))
    yield Case(single(far.round(3), mean, log_var))


@std_from_log_var.reference
def std(log_var: Array) -> Array:
    return np.sqrt(np.exp(np.asarray(log_var, dtype=float)))


@std_from_log_var.cases
def std_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case((float(uniform(rng, 0.5, 2.0)),))
    yield Case((uniform(rng, -4.0, -0.5, 4),))
    yield Case((uniform(rng, 0.3, 3.0, 3, 2) * signs(rng, 3, 2),))
    yield Case((np.array([0.0, uniform(rng, 3.0, 8.0)]),))
    yield Case((np.array([-25.0, 25.0]) + uniform(rng, -2.0, 2.0, 2),))
    yield Case(single(uniform(rng, -6.0, 6.0, 5) + np.array([-9.0, 0.0, 5.0, 0.0, 0.0])))


@transform_standard_normal.reference
def transform(epsilon: Array, mean: Array, std: Array) -> Array:
    return np.add(mean, np.multiply(std, epsilon, dtype=float))


@transform_standard_normal.cases
def transform_cases(rng: np.random.Generator) -> Iterator[Case]:
    def draw(*shape: int) -> tuple[Array, Array]:
        return uniform(rng, 0.5, 3.0, *shape) * signs(rng, *shape), uniform(rng, 1.2, 3.0, *shape)

    mean, std = draw()
    yield Case((-float(uniform(rng, 0.3, 2.0)), float(mean), float(std)))
    yield Case((rng.normal(size=6).round(2), float(mean), float(std)))
    yield Case((rng.normal(size=(5, 3)).round(2), *draw(3)))
    yield Case((rng.normal(size=(1, 2)).round(2), *draw(1, 2)))
    yield Case((rng.normal(size=(3, 1)).round(2), *draw(2)))
    mean, std = draw(4, 2)
    yield Case(single(rng.normal(size=(4, 2)).round(2), mean, std / 10))


@fit_normal.cases
def fit_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, d, dtype in (
        (5, 3, "float64"),
        (2, 4, "float64"),
        (6, 1, "float64"),
        (4, 2, "float32"),
        (1, 3, "float64"),
        (3, 3, "float32"),
    ):
        spread = rng.permutation(np.geomspace(0.3, 4.0, d))
        samples = uniform(rng, 0.5, 3.0, d) + spread * rng.normal(size=(n, d))
        rows = samples.round(2).astype(dtype)
        mean, std = rows.mean(axis=0, dtype=float), rows.std(axis=0, dtype=float)
        loose = 1e-3 if dtype == "float32" else 1e-6  # for E[x^2] - E[x]^2, which cancels
        expected = {
            "mean": close(mean, atol=1e-5),
            "std": close(std, atol=loose),
            "inputs unchanged": equal(True, "The array that was handed in has changed."),
        }
        yield Case((rows,), expected, "normal.pair")


@diagonal_log_prob.reference
def log_prob(z: Array, z_mean: Array, z_log_var: Array) -> Array:
    return log_density(z, z_mean, z_log_var).sum(axis=-1)


@diagonal_log_prob.cases
def log_prob_cases(rng: np.random.Generator) -> Iterator[Case]:
    for batch, latent, dtype, reach in (
        (4, 3, "float32", 1.5),
        (1, 1, "float64", 1.5),
        (1, 5, "float64", 1.5),
        (6, 1, "float32", 1.5),
        (3, 2, "float64", 80.0),
        (3, 3, "float64", 1.5),
        (5, 2, "float32", 1.5),
    ):
        z_mean, z_log_var = posterior(rng, batch, latent, dtype)
        away = reach * rng.uniform(0.5, 1.2, (batch, latent)) * signs(rng, batch, latent)
        z = (z_mean + away * np.exp(0.5 * z_log_var)).round(2).astype(dtype)
        yield Case((z, z_mean, z_log_var), sizes={"batch": batch, "latent": latent})
    extreme = uniform(rng, 21.0, 24.0, 2, 64) * np.array([[-1.0], [1.0]])
    std, (z_mean, away) = np.exp(0.5 * extreme), posterior(rng, 2, 64, "float64")
    yield Case((std * (z_mean + away), std * z_mean, extreme), sizes={"batch": 2, "latent": 64})


@probability_within.reference
def within(k: Array, *, spread: float = 1.0) -> Array:
    k = np.asarray(k, dtype=float) / spread
    return ndtr(k) - np.exp(log_ndtr(-k))


@probability_within.cases
def within_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case((float(uniform(rng, 0.3, 1.8)),))
    yield Case((np.array([1.0, 2.0, 3.0]) + uniform(rng, -0.1, 0.1, 3),))
    yield Case((np.array([0.0, 0.05, 1.0, 4.0, 9.0]) * uniform(rng, 0.5, 1.2, 5),))
    yield Case((uniform(rng, 0.2, 2.5, 3, 2),))
    yield Case(single(uniform(rng, 0.2, 2.5, 4)))
