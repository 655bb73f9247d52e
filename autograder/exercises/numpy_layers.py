"""Layers and gradients in NumPy, as the reference that models are held against."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray

EPSILON = 1e-3
"""Epsilon of a Keras batch normalisation that is not told another."""


def convolve(x: Array, kernel: Array, bias: Array, stride: int) -> Array:
    """Convolution with "same" padding: `(batch, height, width, channels)` -> as many filters.

    kernel: `(k, k, channels, filters)`. Rows and columns of zeros are added as TensorFlow does,
    the odd one at the end.
    """
    size = kernel.shape[0]
    out = [-(-n // stride) for n in x.shape[1:3]]
    total = [max((o - 1) * stride + size - n, 0) for o, n in zip(out, x.shape[1:3], strict=True)]
    rows, columns = ((t // 2, t - t // 2) for t in total)
    padded = np.pad(np.float64(x), ((0, 0), rows, columns, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.einsum("bhwcij,ijcf->bhwf", windows[:, ::stride, ::stride], kernel) + bias


def relu(x: Array) -> Array:
    """Negative numbers become 0."""
    return np.maximum(x, 0.0)


def normalize(x: Array, mean: Array, var: Array, epsilon: float = EPSILON) -> Array:
    """Subtract the mean and divide by the standard deviation, along the last axis."""
    return (x - mean) / np.sqrt(var + epsilon)


def batch_statistics(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance over every axis but the last."""
    axes = tuple(range(x.ndim - 1))
    return x.mean(axes), x.var(axes)


def numerical_gradient(function: Callable[[Array], float], at: Array, step: float = 1e-5) -> Array:
    """Central differences of `function`, which takes arrays of `at`'s shape."""
    slopes = np.zeros(at.size)
    for i in range(at.size):
        shift = np.zeros(at.size)
        shift[i] = step
        ahead, behind = (function(at + s * shift.reshape(at.shape)) for s in (1.0, -1.0))
        slopes[i] = (ahead - behind) / (2 * step)
    return slopes.reshape(at.shape)
