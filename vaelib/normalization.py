"""Batch normalization in NumPy, as three formulas: standardise, multiply by g, add b."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaelib.finished import finished

Array = NDArray[Any]


@finished
def standardize(x: Array, epsilon: float) -> Array:
    """Bring each feature to mean 0 and standard deviation 1 over the batch.

    Args:
        x: Batch, `(batch, features)`.
        epsilon: Added to the variance, so that a constant feature gives 0.

    Returns:
        `(batch, features)`.

    Formula:
        `(x - mean) / sqrt(var + epsilon)`, with the biased variance.
    """
    return _normalize(x, *_moments(x), epsilon)


@finished
def batch_norm_train(
    x: Array,
    gamma: Array,
    beta: Array,
    moving_mean: Array,
    moving_var: Array,
    momentum: float,
    epsilon: float,
) -> tuple[Array, Array, Array]:
    """Normalize by the batch's own statistics, and move the moving ones towards them.

    Args:
        x: Batch, `(batch, features)`.
        gamma: Trained scale, `(features,)`.
        beta: Trained offset, `(features,)`.
        moving_mean: Moving mean before this batch, `(features,)`; left as it is.
        moving_var: Moving variance before this batch, `(features,)`; left as it is.
        momentum: Share of the old moving statistics that is kept, in [0, 1].
        epsilon: Added to the variance.

    Returns:
        `(y, new_moving_mean, new_moving_var)`: `(batch, features)`, and twice `(features,)`.

    Formula:
        `y = gamma * standardize(x) + beta` (Ioffe and Szegedy 2015, algorithm 1).
    """
    moments = _moments(x)
    moved = [
        momentum * np.asarray(old) + (1 - momentum) * new
        for old, new in zip((moving_mean, moving_var), moments, strict=True)
    ]
    return _normalize(x, *moments, epsilon, gamma, beta), moved[0], moved[1]


@finished
def batch_norm_infer(
    x: Array, gamma: Array, beta: Array, moving_mean: Array, moving_var: Array, epsilon: float
) -> Array:
    """Normalize by the moving statistics alone, so that an image's result is its own.

    Args:
        x: Batch, `(batch, features)`.
        gamma: Trained scale, `(features,)`.
        beta: Trained offset, `(features,)`.
        moving_mean: Moving mean, `(features,)`.
        moving_var: Moving variance, `(features,)`.
        epsilon: Added to the variance.

    Returns:
        `(batch, features)`.
    """
    return _normalize(x, moving_mean, moving_var, epsilon, gamma, beta)


@finished
def batch_norm_conv(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """Normalize feature maps in training mode, with one statistic per channel.

    Args:
        x: Feature maps, `(batch, height, width, channels)`.
        gamma: Trained scale, `(channels,)`.
        beta: Trained offset, `(channels,)`.
        epsilon: Added to the variance.

    Returns:
        `(batch, height, width, channels)`.
    """
    return _normalize(x, *_moments(x), epsilon, gamma, beta)


def _moments(x: Array) -> tuple[Array, Array]:
    """Return mean and biased variance over every axis but the last."""
    features = np.asarray(x)
    axes = tuple(range(features.ndim - 1))
    return features.mean(axes), features.var(axes)


def _normalize(
    x: Array, mean: Array, var: Array, epsilon: float, gamma: Any = 1.0, beta: Any = 0.0
) -> Array:
    gain = np.asarray(gamma) / np.sqrt(np.asarray(var) + epsilon)
    return (np.asarray(x) - np.asarray(mean)) * gain + np.asarray(beta)
