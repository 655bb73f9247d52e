"""The slides' decoder in NumPy: what it computes from the secret weights of a probe."""

import numpy as np

from vaelib.probes.coder import draw_weight

FILTERS = (64, 32)
BN_EPSILON = 1e-3


def parameters(latent: int, conv_shape: tuple[int | None, ...]) -> tuple[int, int]:
    """How many weights the stack has, all and trainable: two of four in a batch norm are not."""
    height, width, filters = (int(size or 0) for size in conv_shape[1:])
    units = height * width * filters
    wide, narrow = FILTERS
    kernels = (latent + 1) * units + (9 * filters + 1) * wide + (9 * wide + 1) * narrow
    normalized = units + wide + narrow
    trainable = kernels + 9 * narrow + 1 + 2 * normalized
    return trainable + 2 * normalized, trainable


def decode(codes: np.ndarray, conv_shape: tuple[int | None, ...], seed: int) -> np.ndarray:
    """Images `(batch, height, width)` of codes `(batch, latent)`, in inference mode."""
    height, width, filters = (int(size or 0) for size in conv_shape[1:])
    units = height * width * filters
    kernel = draw_weight(seed, "kernel", (codes.shape[1], units))
    x = np.maximum(codes @ kernel + draw_weight(seed, "bias", (units,)), 0)
    x = _normalize(x, seed).reshape(-1, height, width, filters)
    for size in FILTERS:
        x = _normalize(np.maximum(_transposed(x, size, 2, seed), 0), seed)
    return 1 / (1 + np.exp(-_transposed(x, 1, 1, seed)[..., 0]))


def _normalize(x: np.ndarray, seed: int) -> np.ndarray:
    roles = ("gamma", "beta", "moving_mean", "moving_variance")
    gamma, beta, mean, var = (draw_weight(seed, role, (x.shape[-1],)) for role in roles)
    return gamma * (x - mean) / np.sqrt(var + BN_EPSILON) + beta


def _transposed(x: np.ndarray, filters: int, stride: int, seed: int) -> np.ndarray:
    """Spread each pixel over 3 x 3 pixels, `stride` apart; cut to `stride` times the size."""
    batch, height, width, channels = x.shape
    kernel = draw_weight(seed, "kernel", (3, 3, filters, channels))
    full = np.zeros((batch, stride * height + 2, stride * width + 2, filters))
    for i in range(3):
        for j in range(3):
            rows, columns = (slice(k, k + stride * n, stride) for k, n in ((i, height), (j, width)))
            full[:, rows, columns] += x @ kernel[i, j].T
    start = 1 if stride == 1 else 0
    cut = slice(start, start + stride * height), slice(start, start + stride * width)
    return full[:, *cut] + draw_weight(seed, "bias", (filters,))
