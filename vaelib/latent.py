"""Around the latent space: sizes, PCA, walks and grids of codes, noise, nearest images."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from vaelib.arguments import check_count
from vaelib.finished import finished

Array = NDArray[Any]

CHUNK = 256
"""Queries whose distances to every stored image are held in memory at a time."""


@finished
def output_size(size: int, kernel_size: int, stride: int, padding: str) -> int:
    """Side length in pixels after a convolution.

    Args:
        size: Side length before it, in pixels.
        kernel_size: Side length of the kernel, in pixels.
        stride: Pixels from one position of the kernel to the next.
        padding: "same" (zeros around the image) or "valid" (none).

    Raises:
        ValueError: `padding` is neither "same" nor "valid".
    """
    positions = {"same": size, "valid": size - kernel_size + 1}
    if padding not in positions:
        raise ValueError(f'padding must be "same" or "valid". Received: padding={padding!r}')
    return -(-positions[padding] // stride)


@finished
def pca_reconstruct(x_train: Array, x_test: Array, k: int) -> Array:
    """Project on the `k` leading principal components of the training data, and map back.

    Args:
        x_train: Flat training images, `(n, pixels)`: they give the mean and the components.
        x_test: Flat images to reconstruct, `(m, pixels)`.
        k: Number of components, from 0 to pixels.

    Returns:
        `(m, pixels)`.

    Raises:
        ValueError: `k` is negative or exceeds the number of pixels.
    """
    train = np.asarray(x_train, dtype=float)
    if not 0 <= k <= train.shape[1]:
        raise ValueError(f"k must lie between 0 and {train.shape[1]} pixels. Received: k={k}")
    centre = train.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(train, rowvar=False).reshape(centre.size, -1))
    leading = directions[:, centre.size - k :]
    return centre + (np.asarray(x_test) - centre) @ leading @ leading.T


@finished
def interpolate(z_a: Array, z_b: Array, steps: int) -> Array:
    """Walk from one code to another in a straight line, both ends included.

    Args:
        z_a: First code, `(latent,)`.
        z_b: Last code, `(latent,)`.
        steps: Number of codes.

    Returns:
        `(steps, latent)`.
    """
    share = np.linspace(0, 1, check_count(steps, "steps"))
    return np.outer(1 - share, z_a) + np.outer(share, z_b)


@finished
def prior_grid(n: int, coverage: float) -> Array:
    """Codes that divide the prior evenly by probability, not by distance.

    Args:
        n: Codes along one side.
        coverage: Probability of the central interval that they span, in (0, 1).

    Returns:
        `(n * n, 2)` codes, the first coordinate varying slowest.

    Raises:
        ValueError: `coverage` is not strictly between 0 and 1.

    Formula:
        The standard normal's quantiles at n evenly spaced probabilities.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie between 0 and 1. Received: coverage={coverage}")
    half = coverage / 2
    side = ndtri(0.5 + np.linspace(-half, half, check_count(n, "n")))
    return np.column_stack((side.repeat(n), np.tile(side, n)))


@finished
def add_noise(x: Array, noise_factor: float, rng: np.random.Generator) -> Array:
    """Add normal noise to images and clip the result to [0, 1].

    Args:
        x: Images in [0, 1], of any shape.
        noise_factor: Standard deviation of the noise, in units of the pixel range.
        rng: NumPy's Generator that draws the noise.

    Returns:
        Noisy images, of x's shape and, where that is a float, x's dtype.
    """
    images = np.asarray(x)
    noisy = images + rng.normal(scale=noise_factor, size=images.shape)
    return noisy.clip(0, 1).astype(np.result_type(images.dtype, np.float16))


@finished
def nearest_training_image(x_train: Array, x_generated: Array) -> Array:
    """Find the training image nearest to each generated one, by Euclidean distance.

    Args:
        x_train: Training images, `(n, ...)`.
        x_generated: Generated images, `(m, ...)`.

    Returns:
        Indices into `x_train`, int `(m,)`.

    Formula:
        `|a - b|^2 = |a|^2 - 2 a.b + |b|^2`, in double precision, a block of images at a time.
    """
    stored, queries = (np.asarray(x, float).reshape(len(x), -1) for x in (x_train, x_generated))
    half_norms = np.square(stored).sum(axis=1) / 2
    blocks = (queries[start : start + CHUNK] for start in range(0, len(queries), CHUNK))
    nearest = [np.argmin(half_norms - block @ stored.T, axis=1) for block in blocks]
    return np.concatenate([np.zeros(0, dtype=int), *nearest])
