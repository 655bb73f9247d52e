"""Unit 05: the Kullback-Leibler divergence, from classes to the loss of a VAE."""

from collections.abc import Iterator

import numpy as np
from scipy.special import rel_entr

from autograder.personal import Personal
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, close, equal

kl_discrete = Exercise("kl_discrete", 3, "p q")
kl_normal = Exercise("kl_normal", 3, "mean_p log_var_p mean_q log_var_q")
kl_to_standard_normal = Exercise("kl_to_standard_normal", 3, "z_mean z_log_var")
kl_monte_carlo = Exercise("kl_monte_carlo", 2, "z_mean z_log_var epsilon", rtol=1e-3, atol=1e-4)
kl_loss = Exercise("kl_loss", 2, "z_mean z_log_var")
implied_beta = Exercise(
    "implied_beta",
    1,
    "latent_dim",
    atol=0.0,
    personal=Personal(
        "**Your own number.** Each of you has another loss here: reconstruction + `factor` · mean "
        "over latent, with a `factor` of your own, which the next cell shows. Return the "
        "$\\beta$ of that loss. At `latent_dim` 1 it is `factor`; the numbers above are those of "
        "`factor` 1.",
        values={"factor": (3, 5, 7, 11, 13, 17, 19, 23)},
        swaps={"return 1": "return factor * 1"},
    ),
)

UNIT = Unit(
    "05_kl_divergence",
    (kl_discrete, kl_normal, kl_to_standard_normal, kl_monte_carlo, kl_loss, implied_beta),
)


def posterior(
    rng: np.random.Generator, batch: int, latent: int, dtype: str = "float32"
) -> tuple[np.ndarray, np.ndarray]:
    """Means and log-variances `(batch, latent)`: both signs, no zeros, one decimal is enough."""
    z_mean = rng.normal(0.0, 1.2, (batch, latent)).round(2)
    z_log_var = (rng.uniform(0.2, 1.4, (batch, latent)) * signs(rng, batch, latent)).round(2)
    return z_mean.astype(dtype), z_log_var.astype(dtype)


def signs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """An array of -1 and 1 in which both occur wherever there is room for both."""
    flat = np.where(np.arange(int(np.prod(shape))) % 2, 1.0, -1.0)
    return rng.permutation(flat).reshape(shape)


def shapes(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray, dict[str, int]]]:
    """Posteriors of several shapes, batch 1 and latent 1 among them."""
    for batch, latent, dtype in (
        (4, 3, "float32"),
        (1, 1, "float32"),
        (1, 5, "float64"),
        (6, 1, "float32"),
        (5, 2, "float64"),
    ):
        z_mean, z_log_var = posterior(rng, batch, latent, dtype)
        yield z_mean, z_log_var, {"batch": batch, "latent": latent}


def far(rng: np.random.Generator) -> Case:
    """Two codes of many dimensions, one of them very narrow and the other very wide."""
    z_mean, _ = posterior(rng, 2, 64)
    z_log_var = rng.uniform(4, 7, (2, 64)).round(1) * np.array([[-1.0], [1.0]])
    return Case((z_mean, z_log_var.astype("float32")), sizes={"batch": 2, "latent": 64})


def distribution(rng: np.random.Generator, classes: int) -> np.ndarray:
    """Probabilities `(classes,)` that sum to 1, none of them 0."""
    weights = rng.integers(1, 1000, classes).astype(float)
    return weights / weights.sum()


@kl_discrete.reference
def discrete(p: np.ndarray, q: np.ndarray) -> float:
    return float(rel_entr(p, q).sum())


@kl_discrete.cases
def discrete_cases(rng: np.random.Generator) -> Iterator[Case]:
    refused = {"raises": equal("ValueError", "Not everything that comes in is a distribution.")}
    hint = "q rules out a class that p draws, and your result is finite: was something added to q?"
    impossible = {"value": close(np.inf, hint=hint)}
    for classes, dtype in ((2, "float64"), (5, "float64"), (4, "float32")):
        pair = (distribution(rng, classes).astype(dtype) for _ in range(2))
        yield Case(tuple(pair))
    p, q = distribution(rng, 4), distribution(rng, 5)
    yield Case((np.insert(p, 2, 0.0), q))
    yield Case((np.insert(p, 0, 0.0), np.insert(distribution(rng, 4), 0, 0.0)))
    yield Case((q, np.insert(p, 3, 0.0)), impossible)
    negative = p + 1.5 * p[0] * np.array([-1.0, 1.0, 0.0, 0.0])
    yield Case((negative, p), refused)
    yield Case((p, negative), refused)
    yield Case((1.1 * p, p), refused)
    yield Case((p, 0.9 * p), refused)
    yield Case((1.1 * p, 0.9 * p), refused)
    yield Case((1.1 * p, 1.1 * p), refused)
    yield Case((p + 1e-6, p), refused)  # sums are off by 4e-6
    yield Case((p, p - 1e-6), refused)
    yield Case((p, q), refused)
    yield Case((np.ones(1), p), refused)
    yield Case((np.append(p, -0.003) + [0.003, 0, 0, 0, 0], q), refused)
    yield Case((p + 1e-7, p - 1e-7))


@kl_normal.reference
def normal(
    mean_p: np.ndarray, log_var_p: np.ndarray, mean_q: np.ndarray, log_var_q: np.ndarray
) -> np.ndarray:
    ratio = np.exp(np.subtract(log_var_p, log_var_q, dtype=float))
    distance = np.subtract(mean_p, mean_q, dtype=float) ** 2 / np.exp(np.float64(log_var_q))
    return 0.5 * (ratio + distance - 1.0 - np.log(ratio))


@kl_normal.cases
def normal_cases(rng: np.random.Generator) -> Iterator[Case]:
    def draw(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        mean, log_var = posterior(rng, 1, int(np.prod(shape, dtype=int)), "float64")
        return mean.reshape(shape), log_var.reshape(shape)

    yield Case(tuple(float(number) for number in (*draw(), *draw())))
    for shape_p, shape_q in (((4,), (4,)), ((3, 1), (2,)), ((2, 3), ())):
        yield Case((*draw(*shape_p), *draw(*shape_q)))
    mean, log_var = draw(3)
    yield Case((mean, log_var, mean, log_var))
    yield Case((*(a.astype("float32") for a in (*draw(5), *draw(5))),))
    wide, narrow = rng.uniform(4, 7, (2, 2))
    yield Case((draw(2)[0], wide, draw(2)[0], -narrow))


@kl_to_standard_normal.reference
def to_standard_normal(z_mean: np.ndarray, z_log_var: np.ndarray) -> np.ndarray:
    mean, log_var = np.float64(z_mean), np.float64(z_log_var)
    return 0.5 * (np.expm1(log_var) - log_var + mean**2).sum(axis=-1)


@kl_to_standard_normal.cases
def to_standard_normal_cases(rng: np.random.Generator) -> Iterator[Case]:
    for z_mean, z_log_var, sizes in shapes(rng):
        yield Case((z_mean, z_log_var), sizes=sizes)
    yield far(rng)


@kl_monte_carlo.reference
def monte_carlo(z_mean: np.ndarray, z_log_var: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    z = z_mean + np.exp(0.5 * np.float64(z_log_var)) * epsilon
    return 0.5 * (z**2 - np.float64(epsilon) ** 2 - z_log_var).sum(axis=-1).mean(axis=0)


@kl_monte_carlo.cases
def monte_carlo_cases(rng: np.random.Generator) -> Iterator[Case]:
    for samples, (z_mean, z_log_var, sizes) in zip((2, 1, 3, 7, 4), shapes(rng), strict=True):
        z_mean[0, 0] *= samples != 3  # where it is 0, so may be what it is divided by
        epsilon = rng.normal(size=(samples, *z_mean.shape)).round(2).astype(z_mean.dtype)
        yield Case((z_mean, z_log_var, epsilon), sizes={"samples": samples, **sizes})


@kl_loss.reference
def loss(z_mean: np.ndarray, z_log_var: np.ndarray) -> np.ndarray:
    return to_standard_normal(z_mean, z_log_var).mean()


@kl_loss.cases
def loss_cases(rng: np.random.Generator) -> Iterator[Case]:
    for z_mean, z_log_var, sizes in shapes(rng):
        yield Case((z_mean, z_log_var), sizes=sizes)
    yield far(rng)


@implied_beta.reference
def implied(latent_dim: int, *, factor: int = 1) -> float:
    return factor / latent_dim


@implied_beta.cases
def implied_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent_dim in (2, 1, *(int(n) for n in rng.integers(3, 10**6, 4))):
        yield Case((latent_dim,), sizes={"latent": latent_dim})
