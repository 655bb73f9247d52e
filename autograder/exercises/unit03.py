"""Unit 03: batch normalisation, from a column of numbers to the encoder and its training."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.exercises.unit03_models import (
    STACK,
    encode,
    is_free_of_epsilon,
    linear_loss,
    moving_statistics,
    normalized_loss,
    train,
)
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Expectation, close, equal
from vaelib.probes import stacks

NORM: Any = {"rtol": 1e-3, "atol": 1e-4}

standardize = Exercise("standardize", 2, "x epsilon", **NORM)
batch_norm_train = Exercise(
    "batch_norm_train", 4, "x gamma beta moving_mean moving_var momentum epsilon", **NORM
)
batch_norm_infer = Exercise(
    "batch_norm_infer", 2, "x gamma beta moving_mean moving_var epsilon", **NORM
)
batch_norm_conv = Exercise("batch_norm_conv", 2, "x gamma beta epsilon", **NORM)
encoder_layers = Exercise("encoder_layers", 4, "inputs latent_dim")
training_step = Exercise("training_step", 3, "model x optimizer loss_fn")

UNIT = Unit(
    "03_batch_norm",
    (
        standardize,
        batch_norm_train,
        batch_norm_infer,
        batch_norm_conv,
        encoder_layers,
        training_step,
    ),
)

SHAPES = (
    (6, 3, "float32"),
    (4, 4, "float64"),
    (9, 1, "float32"),
    (1, 2, "float32"),
    (2, 5, "float64"),
)
"""Batch sizes and numbers of features; batch 1 and one feature are among them."""


def features(rng: np.random.Generator, batch: int, width: int, dtype: str) -> np.ndarray:
    """Columns `(batch, width)` of very different mean and spread, none of them degenerate."""
    spread = np.resize([3.0, 0.2, 1.2], width)
    centre = np.where(spread > 1, rng.uniform(-4, 4, width), rng.uniform(-0.4, 0.4, width))
    return (centre + spread * rng.normal(size=(batch, width))).round(2).astype(dtype)


def with_an_outlier(rng: np.random.Generator, batch: int, width: int) -> np.ndarray:
    """Features whose first row lies far from all others: some 5 standard deviations off."""
    x = features(rng, batch, width, "float64")
    x[0] += np.array([60.0, -60.0])[:width]
    return x


def scale_and_shift(
    rng: np.random.Generator, width: int, dtype: str
) -> tuple[np.ndarray, np.ndarray]:
    """gamma and beta `(width,)`: far from 1 and 0, and from each other; gamma has both signs."""
    gamma = rng.uniform(0.5, 2.5, width) * np.resize([1.0, -1.0], width)
    beta = rng.uniform(0.4, 2.0, width) * np.resize([-1.0, 1.0, 1.0], width)
    return gamma.round(2).astype(dtype), beta.round(2).astype(dtype)


def moving(rng: np.random.Generator, width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """A moving mean and a moving variance `(width,)`, away from the batch's own."""
    mean, var = rng.uniform(1.0, 3.0, width), rng.uniform(0.1, 2.0, width)
    return mean.round(2).astype(dtype), var.round(2).astype(dtype)


def fresh(width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """The moving mean and variance `(width,)` that a new layer begins with."""
    return np.zeros(width, dtype), np.ones(width, dtype)


def sizes_of(batch: int, width: int) -> dict[str, int]:
    return {"batch": batch, "features": width}


# --- standardize, batch_norm_train, batch_norm_infer, batch_norm_conv ---------------------------


@standardize.reference
def standardized(x: np.ndarray, epsilon: float) -> np.ndarray:
    axes = tuple(range(np.ndim(x) - 1))
    centred = np.float64(x) - np.float64(x).mean(axes)
    return centred / np.sqrt((centred**2).mean(axes) + epsilon)


@standardize.cases
def standardize_cases(rng: np.random.Generator) -> Iterator[Case]:
    for (batch, width, dtype), epsilon in zip(SHAPES, (0.05, 0.0, 0.3, 0.1, 0.02), strict=True):
        x = features(rng, batch, width, dtype)
        yield Case((x, epsilon), sizes=sizes_of(batch, width))
    yield Case((with_an_outlier(rng, 30, 2), 0.01), sizes=sizes_of(30, 2))
    constant = np.insert(features(rng, 5, 2, "float64"), 1, rng.integers(2, 9), axis=1)
    yield Case((constant, 1e-3), sizes=sizes_of(*constant.shape))


@batch_norm_train.reference
def train_mode(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    momentum: float,
    epsilon: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y = gamma * standardized(x, epsilon) + beta
    batch = np.float64(x).mean(0), np.float64(x).var(0)
    pairs = zip((moving_mean, moving_var), batch, strict=True)
    mean, var = (momentum * old + (1 - momentum) * new for old, new in pairs)
    return y, mean, var


@batch_norm_train.cases
def train_cases(rng: np.random.Generator) -> Iterator[Case]:
    numbers = zip((0.9, 0.75, 0.3, 0.0, 0.95), (0.05, 0.0, 0.01, 0.1, 1e-3), strict=True)
    for (batch, width, dtype), (momentum, epsilon) in zip(SHAPES, numbers, strict=True):
        notes = fresh(width, dtype) if momentum == 0.75 else moving(rng, width, dtype)
        arrays = (*scale_and_shift(rng, width, dtype), *notes)
        x = features(rng, batch, width, dtype)
        yield Case((x, *arrays, momentum, epsilon), sizes=sizes_of(batch, width))


@batch_norm_infer.reference
def inference_mode(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    epsilon: float,
) -> np.ndarray:
    return beta + gamma * (np.float64(x) - moving_mean) / np.sqrt(np.float64(moving_var) + epsilon)


@batch_norm_infer.cases
def infer_cases(rng: np.random.Generator) -> Iterator[Case]:
    for (batch, width, dtype), epsilon in zip(SHAPES, (0.05, 0.2, 0.0, 0.1, 0.02), strict=True):
        notes = fresh(width, dtype) if epsilon == 0.2 else moving(rng, width, dtype)
        arrays = (*scale_and_shift(rng, width, dtype), *notes)
        x = features(rng, batch, width, dtype)
        yield Case((x, *arrays, epsilon), sizes=sizes_of(batch, width))


@batch_norm_conv.reference
def conv_mode(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> np.ndarray:
    return gamma * standardized(x, epsilon) + beta


@batch_norm_conv.cases
def conv_cases(rng: np.random.Generator) -> Iterator[Case]:
    shapes = ((2, 3, 4, 5), (3, 3, 3, 3), (1, 2, 3, 2), (4, 1, 1, 3), (2, 4, 2, 1))
    for n, (shape, epsilon) in enumerate(zip(shapes, (0.0, 0.2, 1e-3, 0.1, 0.02), strict=True)):
        dtype = ("float32", "float64")[n % 2]
        drift = rng.normal(0, 1.5, (shape[0], *shape[1:3], 1)).round(2)
        x = features(rng, int(np.prod(shape[:3])), shape[3], "float64").reshape(shape) + drift
        sizes = dict(zip(("batch", "height", "width", "channels"), shape, strict=True))
        arrays = scale_and_shift(rng, shape[3], dtype)
        yield Case((x.round(2).astype(dtype), *arrays, epsilon), sizes=sizes)


# --- encoder_layers ------------------------------------------------------------------------------

FREE_SIZES = (3, 4, 5, 6, 7, 8, 9)
"""Latent sizes that are no other layer's size, so that weights can be told apart by their shape."""


@encoder_layers.cases
def encoder_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent_dim in (2, 1, int(rng.choice(FREE_SIZES))):
        seeds = iter(lambda: int(rng.integers(1, 2**31)), None)
        seed = next(seed for seed in seeds if is_free_of_epsilon(seed))
        yield Case((latent_dim, seed), encoder_facts(latent_dim, seed), "stacks.encoder_layers")


def encoder_facts(latent_dim: int, seed: int) -> dict[str, Expectation]:
    """What the slides' stack shows for one latent size and one set of secret weights."""
    two = "Each head should give one number per latent dimension."
    size = "Go through the list of layers again: one is missing, too many, or of another size."
    hint = "The sizes are right, the numbers are not: check activations and the layers' order."
    trained = sum(int(np.prod(shape)) + 3 * shape[-1] for shape in STACK) + 42 * latent_dim
    facts = {f"{head} shape": equal([-1, latent_dim], two) for head in stacks.HEADS}
    facts["conv_shape"] = equal([-1, 7, 7, 64], "The decoder starts from the shape before Flatten.")
    facts["weights without a gradient"] = equal(
        0, "Some weights have no influence on either head that could be trained."
    )
    facts["parameters"] = equal(trained + 2 * sum(shape[-1] for shape in STACK), size)
    facts["trainable parameters"] = equal(trained, size)
    for training, mode in ((False, ""), (True, " in training")):
        outputs = zip(stacks.HEADS, encode(latent_dim, seed, training), strict=True)
        facts |= {head + mode: close(out.round(5), 1e-4, 2e-3, hint) for head, out in outputs}
    return facts


# --- training_step -------------------------------------------------------------------------------


@training_step.cases
def step_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield linear_case(rng, 5, 3, "sgd", rate=0.3, steps=1)
    yield normalized_case(rng, 6, 3, "sgd", rate=0.2, steps=1)
    yield linear_case(rng, 1, 2, "adam", rate=0.05, steps=2)
    yield normalized_case(rng, 8, 2, "momentum", rate=0.1, steps=2)
    yield linear_case(rng, 40, 2, "sgd", rate=0.2, steps=1)


def linear_case(
    rng: np.random.Generator, batch: int, width: int, optimizer: str, rate: float, steps: int
) -> Case:
    """Steps on one dense layer."""
    x, kernel, bias = (small(rng, *shape) for shape in ((batch, width), (width, width), (width,)))
    weights = {"kernel": kernel, "bias": bias}
    losses, path = train(linear_loss(x.astype(float)), weights, optimizer, rate, steps)
    args = (x, kernel, bias, optimizer, rate, steps)
    return Case(args, step_facts(losses, path[-1]), "step.linear")


def normalized_case(
    rng: np.random.Generator, batch: int, width: int, optimizer: str, rate: float, steps: int
) -> Case:
    """Steps on a model with a batch normalisation and a frozen layer."""
    x = small(rng, batch, width)
    gamma, beta = scale_and_shift(rng, 4, "float32")
    first, second, last = (small(rng, *s) for s in ((width, 4), (4, 3), (3, width)))
    weights = {"first kernel": first, "gamma": gamma, "beta": beta, "second kernel": second}
    loss = normalized_loss(x.astype(float), last.astype(float))
    losses, path = train(loss, weights, optimizer, rate, steps)
    mean, var = moving_statistics(x, path[:-1])
    still = "The moving statistics are not where one call in training mode takes them."
    facts = {
        **step_facts(losses, path[-1]),
        "frozen kernel": equal(last, "The weights of a frozen layer have changed."),
        "moving mean": close(mean, 1e-4, 1e-4, still),
        "moving variance": close(var, 1e-4, 1e-4, still),
    }
    args = (x, first, gamma, beta, second, last, optimizer, rate, steps)
    return Case(args, facts, "step.normalized")


def small(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers near 1 in size, of both signs, with one decimal or two."""
    sizes = rng.uniform(0.3, 1.1, shape).round(2)
    return (sizes * rng.choice([-1.0, 1.0], shape)).astype("float32")


def step_facts(losses: list[float], weights: dict[str, np.ndarray]) -> dict[str, Expectation]:
    """Expectations of the loss at each step and of the weights after the last."""
    loss = "The loss should be that of this batch, at the weights from which the step starts."
    moved = "These weights are not where this optimizer takes them in one step a call."
    ends = {name: close(w, 1e-4, 1e-4, moved) for name, w in weights.items()}
    return {"loss": close(losses, 1e-4, 1e-5, loss), **ends}
