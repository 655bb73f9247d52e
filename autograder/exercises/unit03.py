"""Unit 03: batch normalization, from a column of numbers to the encoder's layers and their training."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Expectation, close, equal
from vaelib.probes import stacks, step

NORM = {"rtol": 1e-3, "atol": 1e-4}

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

UNCHANGED = {"inputs unchanged": equal(True, "Your answer changes the arrays that it was given.")}
SHAPES = ((6, 3, "float32"), (4, 4, "float64"), (9, 1, "float32"), (1, 2, "float32"), (2, 5, "float64"))
"""Batch sizes and numbers of features; batch 1 and one feature are among them."""


def features(rng: np.random.Generator, batch: int, width: int, dtype: str) -> np.ndarray:
    """Columns `(batch, width)` of very different mean and spread, none of them degenerate."""
    spread = np.resize([3.0, 0.2, 1.2], width)
    centre = np.where(spread > 1, rng.uniform(-4, 4, width), rng.uniform(-0.4, 0.4, width))
    return (centre + spread * rng.normal(size=(batch, width))).round(2).astype(dtype)


def scale_and_shift(rng: np.random.Generator, width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """gamma and beta `(width,)`: far from 1 and 0, and from each other; gamma has both signs."""
    gamma = rng.uniform(0.5, 2.5, width) * np.resize([1.0, -1.0], width)
    beta = rng.uniform(0.4, 2.0, width) * np.resize([-1.0, 1.0, 1.0], width)
    return gamma.round(2).astype(dtype), beta.round(2).astype(dtype)


def moving(rng: np.random.Generator, width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """A moving mean and a moving variance `(width,)`, away from the batch's own."""
    mean, var = rng.uniform(1.0, 3.0, width), rng.uniform(0.1, 2.0, width)
    return mean.round(2).astype(dtype), var.round(2).astype(dtype)


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
    for (batch, width, dtype), epsilon in zip(SHAPES, (0.05, 1e-3, 0.3, 0.1, 0.02), strict=True):
        yield Case((features(rng, batch, width, dtype), epsilon), UNCHANGED, sizes=sizes_of(batch, width))
    constant = np.insert(features(rng, 5, 2, "float64"), 1, rng.integers(2, 9), axis=1)
    yield Case((constant, 1e-3), UNCHANGED, sizes=sizes_of(*constant.shape))


@batch_norm_train.reference
def train(
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
    numbers = zip((0.9, 0.75, 0.3, 0.6, 0.95), (0.05, 0.2, 0.01, 0.1, 1e-3), strict=True)
    for (batch, width, dtype), (momentum, epsilon) in zip(SHAPES, numbers, strict=True):
        arrays = (*scale_and_shift(rng, width, dtype), *moving(rng, width, dtype))
        x = features(rng, batch, width, dtype)
        yield Case((x, *arrays, momentum, epsilon), UNCHANGED, sizes=sizes_of(batch, width))


@batch_norm_infer.reference
def infer(
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
    for (batch, width, dtype), epsilon in zip(SHAPES, (0.05, 0.2, 1e-3, 0.1, 0.02), strict=True):
        arrays = (*scale_and_shift(rng, width, dtype), *moving(rng, width, dtype))
        x = features(rng, batch, width, dtype)
        yield Case((x, *arrays, epsilon), UNCHANGED, sizes=sizes_of(batch, width))


@batch_norm_conv.reference
def conv(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> np.ndarray:
    return gamma * standardized(x, epsilon) + beta


@batch_norm_conv.cases
def conv_cases(rng: np.random.Generator) -> Iterator[Case]:
    shapes = ((2, 3, 4, 5), (3, 3, 3, 3), (1, 2, 3, 2), (4, 1, 1, 3), (2, 4, 2, 1))
    for n, (shape, epsilon) in enumerate(zip(shapes, (0.05, 0.2, 1e-3, 0.1, 0.02), strict=True)):
        dtype = ("float32", "float64")[n % 2]
        drift = rng.normal(0, 1.5, (shape[0], *shape[1:3], 1)).round(2)
        x = features(rng, int(np.prod(shape[:3])), shape[3], "float64").reshape(shape) + drift
        sizes = dict(zip(("batch", "height", "width", "channels"), shape, strict=True))
        arrays = scale_and_shift(rng, shape[3], dtype)
        yield Case((x.round(2).astype(dtype), *arrays, epsilon), UNCHANGED, sizes=sizes)


# --- encoder_layers ------------------------------------------------------------------------------

FREE_SIZES = (3, 4, 5, 6, 7, 9, 11, 12, 13)
"""Latent sizes that are no other layer's size, so that weights can be told apart by their shape."""

STACK = ((3, 3, 1, 32), (3, 3, 32, 64), (7 * 7 * 64, 20))
"""Kernel shapes of the layers that have a normalization after them."""


@encoder_layers.cases
def encoder_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent_dim in (2, 1, int(rng.choice(FREE_SIZES))):
        seed = int(rng.integers(1, 2**31))
        yield Case((latent_dim, seed), encoder_facts(latent_dim, seed), "stacks.encoder_layers")


def encoder_facts(latent_dim: int, seed: int) -> dict[str, Expectation]:
    """What the slides' stack shows for one latent size and one set of secret weights."""
    two = "Each head should give one number per latent dimension."
    count = "Go through the list of layers again: one is missing, too many, or of another size."
    trained = sum(int(np.prod(shape)) + 3 * shape[-1] for shape in STACK) + 42 * latent_dim
    facts = {f"{head} shape": equal([-1, latent_dim], two) for head in stacks.HEADS}
    facts["conv_shape"] = equal([-1, 7, 7, 64], "The decoder will start from the shape before Flatten.")
    facts["parameters"] = equal(trained + 2 * (32 + 64 + 20), count)
    facts["trainable parameters"] = equal(trained, count)
    for training, mode in ((False, ""), (True, " in training")):
        hint = "The sizes are right, the numbers are not: check activations and the layers' order."
        outputs = zip(stacks.HEADS, encode(latent_dim, seed, training), strict=True)
        facts |= {head + mode: close(out, 2e-3, 2e-3, hint) for head, out in outputs}
    return facts


def encode(latent_dim: int, seed: int, training: bool) -> list[np.ndarray]:
    """The slides' encoder in NumPy, with the probe's weights: its two heads, first rows only."""
    x = np.float64(stacks.draw_images(seed))
    for shape in STACK:
        weights = {r: stacks.draw_weight(seed, r, shape[-1:]) for r in ROLES}
        kernel = stacks.draw_weight(seed, "kernel", shape)
        dense = len(shape) == 2
        x = x.reshape(len(x), -1) @ kernel + weights["bias"] if dense else convolve(
            x, kernel, weights["bias"], stride=2
        )
        x = relu(x)
        moving = weights["moving_mean"], weights["moving_variance"]
        x = normalize(x, *(batch_statistics(x) if training else moving))
        x = weights["gamma"] * x + weights["beta"]
    shape = (x.shape[1], latent_dim)
    return [
        x[: stacks.SHOWN] @ stacks.draw_weight(seed, "kernel", shape, head)
        + stacks.draw_weight(seed, "bias", shape[1:], head)
        for head in stacks.HEADS
    ]


ROLES = ("bias", "gamma", "beta", "moving_mean", "moving_variance")


# --- training_step -------------------------------------------------------------------------------

Weights = dict[str, np.ndarray]
