"""Demonstrations of unit 07: PCA codes, retrieval, denoising by noise level, attributes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from vaelib.floats import Floats, floats
from vaelib.latent import add_noise
from vaelib.metrics import psnr
from vaelib.plots.images import plot_image_rows


def pca_codes(x_train: Any, x: Any, k: int) -> Floats:
    """Coordinates of images along the `k` leading principal components of `x_train`.

    Args:
        x_train: Training images, `(n, ...)`: they give the mean and the components.
        x: Images to encode, `(m, ...)`.
        k: Number of components.

    Returns:
        `(m, k)`.
    """
    train, images = (floats(each).reshape(len(each), -1) for each in (x_train, x))
    mean = train.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(train, rowvar=False))  # the leading ones come last
    return (images - mean) @ directions[:, : -k - 1 : -1]


def nearest_codes(codes: Any, query: Any, count: int) -> np.ndarray:
    """Places of the `count` codes nearest to one code, the nearest first, `(count,)`."""
    distances = np.square(floats(codes) - floats(query)).sum(axis=1)
    return np.argsort(distances, kind="stable")[:count]


def plot_retrieval(
    x_train: Any, searches: Mapping[str, tuple[Any, Any]], image: Any, count: int = 9
) -> Axes:
    """Draw what each kind of code finds for one image: a row each, the image itself first.

    Args:
        x_train: Images that are searched, `(n, height, width, 1)`.
        searches: For each kind the codes of `x_train`, `(n, latent)`, and that of the image.
        image: The image that is looked for, `(height, width, 1)`.
        count: Images found.
    """
    rows = {
        name: np.concatenate([[image], x_train[nearest_codes(codes, query, count)]])
        for name, (codes, query) in searches.items()
    }
    columns = ["query", *range(1, count + 1)]
    return plot_image_rows(rows, columns, "What counts as near depends on the code")


def gains_by_noise(
    denoise: Callable[[Any], Any], x: Any, factors: Sequence[float], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """PSNR of noisy images, and of what a denoiser makes of them, for each noise factor.

    Args:
        denoise: Turns noisy images into denoised ones of the same shape.
        x: Clean images, `(n, height, width, 1)`.
        factors: Noise factors.
        rng: NumPy's Generator that draws the noise.

    Returns:
        `(before, after)`, dB averaged over images, each `(len(factors),)`.
    """
    noisy = [add_noise(x, factor, rng) for factor in factors]
    before = [psnr(x, images).mean() for images in noisy]
    after = [psnr(x, np.asarray(denoise(images))).mean() for images in noisy]
    return np.array(before), np.array(after)


def attribute_direction(codes: Any, attribute: Any) -> Floats:
    """From the mean code of the lower to that of the upper quarter of an attribute, `(latent,)`.

    Args:
        codes: Codes of images, `(n, latent)`.
        attribute: One number an image, `(n,)`, such as its ink.
    """
    low, high = np.quantile(attribute, [0.25, 0.75])
    codes = floats(codes)
    return codes[attribute >= high].mean(axis=0) - codes[attribute <= low].mean(axis=0)


def plot_areas(areas: Mapping[str, Sequence[float]]) -> Axes:
    """Draw the area under the ROC curve for each digit left out, a marker a model.

    Args:
        areas: For each model ten areas, of the digits 0 to 9.
    """
    _, ax = plt.subplots(layout="constrained")
    for marker, (name, values) in zip("os^D", areas.items(), strict=False):
        ax.plot(range(len(values)), values, marker, label=name, markersize=9)
    ax.axhline(0.5, color="0.35", linestyle=":", label="chance")
    ax.set(ylim=(0, 1.03), xticks=range(10), xlabel="digit that training left out",
           ylabel="area under the ROC curve")
    ax.set_title("Most strange digits are found, and the 1 is not", loc="left")
    ax.legend(loc="lower left")
    return ax
