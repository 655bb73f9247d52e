"""What the slides' encoder and a training step must give, in NumPy, with the probes' weights."""

import functools
from collections.abc import Callable

import numpy as np

from autograder.exercises.numpy_layers import (
    batch_statistics,
    convolve,
    normalize,
    numerical_gradient,
    relu,
)
from vaelib.probes import stacks, step

Array = np.ndarray
Weights = dict[str, Array]

STACK = ((3, 3, 1, 32), (3, 3, 32, 64), (7 * 7 * 64, 20))
"""Kernel shapes of the encoder's layers that have a normalisation after them."""

VECTORS = ("bias", "gamma", "beta", "moving_mean", "moving_variance")


LEAST_VARIANCE = 0.4
"""From here on, an epsilon of 1e-3 or less changes what is shown by less than the tolerance."""


def encode(latent_dim: int, seed: int, training: bool) -> list[Array]:
    """The slides' encoder on the probe's images: z_mean and z_log_var, first rows only."""
    *_, (x, _) = _stack(seed, training)
    return [_head(x[: stacks.SHOWN], latent_dim, seed, head) for head in stacks.HEADS]


def is_free_of_epsilon(seed: int) -> bool:
    """Whether every usual epsilon gives the same, as answers may choose theirs.

    None does where a feature is 0 for nearly all images of the batch.
    """
    variances = np.concatenate([variance for _, variance in _stack(seed, training=True)])
    return bool(np.all((variances == 0) | (variances > LEAST_VARIANCE)))


@functools.lru_cache(maxsize=2)
def _stack(seed: int, training: bool) -> list[tuple[Array, Array]]:
    """What comes out of each layer with its normalisation, and the variance that this uses."""
    outputs = []
    x: Array = stacks.draw_images(seed).astype(float)
    for shape in STACK:
        w = {role: stacks.draw_weight(seed, role, shape[-1:]) for role in VECTORS}
        x = relu(_apply(x, stacks.draw_weight(seed, "kernel", shape), w["bias"]))
        moving = w["moving_mean"], w["moving_variance"]
        mean, variance = batch_statistics(x) if training else moving
        x = w["gamma"] * normalize(x, mean, variance) + w["beta"]
        outputs.append((x, variance))
    return outputs


def _apply(x: Array, kernel: Array, bias: Array) -> Array:
    if kernel.ndim == 4:
        return convolve(x, kernel, bias, stride=2)
    return x.reshape(len(x), -1) @ kernel + bias


def _head(x: Array, latent_dim: int, seed: int, head: str) -> Array:
    kernel = stacks.draw_weight(seed, "kernel", (x.shape[1], latent_dim), head)
    return x @ kernel + stacks.draw_weight(seed, "bias", (latent_dim,), head)


def linear_loss(x: Array) -> Callable[[Weights], float]:
    """Loss of the probe's linear model as a function of its weights."""
    return lambda w: _loss(x, x @ w["kernel"] + w["bias"])


def normalized_loss(x: Array, last: Array) -> Callable[[Weights], float]:
    """Loss of the probe's normalized model, in training mode, as a function of its weights."""

    def loss(w: Weights) -> float:
        hidden = x @ w["first kernel"]
        hidden = normalize(hidden, *batch_statistics(hidden), step.EPSILON)
        return _loss(x, (w["gamma"] * hidden + w["beta"]) @ w["second kernel"] @ last)

    return loss


def _loss(x: Array, x_hat: Array) -> float:
    return float(np.mean((x - x_hat) ** 2 * np.exp(x)))


def train(
    loss: Callable[[Weights], float], weights: Weights, optimizer: str, rate: float, steps: int
) -> tuple[list[float], list[Weights]]:
    """The loss of each step, and the weights before the first step and after each."""
    update = OPTIMIZERS[optimizer]
    path: list[Weights] = [{name: w.astype(float) for name, w in weights.items()}]
    losses: list[float] = []
    memory: dict[str, Array] = {}
    for count in range(1, steps + 1):
        now = path[-1]
        losses.append(loss(now))
        slopes = {name: _slope(loss, now, name) for name in now}
        path.append({n: now[n] - rate * update(n, slopes[n], memory, count) for n in now})
    return losses, path


def _slope(loss: Callable[[Weights], float], weights: Weights, name: str) -> Array:
    return numerical_gradient(lambda value: loss({**weights, name: value}), weights[name])


def _sgd(name: str, slope: Array, memory: dict[str, Array], count: int) -> Array:
    return slope


def _momentum(name: str, slope: Array, memory: dict[str, Array], count: int) -> Array:
    memory[name] = step.MOMENTUM * memory.get(name, 0.0) + slope
    return memory[name]


def _adam(name: str, slope: Array, memory: dict[str, Array], count: int) -> Array:
    """Kingma and Ba 2015, in the form that Keras has: epsilon is added before the correction."""
    first = memory[f"{name} 1"] = 0.9 * memory.get(f"{name} 1", 0.0) + 0.1 * slope
    second = memory[f"{name} 2"] = 0.999 * memory.get(f"{name} 2", 0.0) + 0.001 * slope**2
    correction = np.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    return correction * first / (np.sqrt(second) + 1e-7)


OPTIMIZERS = {"sgd": _sgd, "momentum": _momentum, "adam": _adam}


def moving_statistics(x: Array, path: list[Weights]) -> tuple[Array, Array]:
    """Moving mean and variance after training-mode calls at each of the weights in `path`."""
    width = path[0]["first kernel"].shape[1]
    mean, var = np.zeros(width), np.ones(width)
    for weights in path:
        batch_mean, batch_var = batch_statistics(x.astype(float) @ weights["first kernel"])
        mean = step.MOMENTUM * mean + (1 - step.MOMENTUM) * batch_mean
        var = step.MOMENTUM * var + (1 - step.MOMENTUM) * batch_var
    return mean, var
