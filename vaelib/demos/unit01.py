"""Demonstrations of unit 01: how far codes reach, and what lies between them in the plane."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.spatial import KDTree

from vaelib.floats import Floats, floats, require
from vaelib.plots.canvas import number, plane
from vaelib.plots.decoded import Decoder, decode
from vaelib.plots.images import GAP, plot_digits


def usual_reach(codes: Floats, held_out: Floats, share: float = 0.95) -> float:
    """Distance within which a share of held-out codes has a training code.

    Args:
        codes: Codes of training images, `(n, latent)`.
        held_out: Codes of images that were not trained on, `(m, latent)`.
        share: Between 0 and 1.

    Returns:
        A Euclidean distance in code units: what is further away is unusual for real images.

    Raises:
        ValueError: `share` is not between 0 and 1.
    """
    require(0 <= share <= 1, "share must lie in [0, 1]", share=share)
    nearest, _ = KDTree(floats(codes)).query(floats(held_out))
    return float(np.quantile(nearest, share))


def plot_code_plane(
    decoder: Decoder, codes: Any, n: int = 12, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Decode a square grid over the range of the codes, in one batched call.

    Args:
        decoder: Turns codes `(n * n, 2)` into images `(n * n, height, width, 1)`.
        codes: Codes of images, `(m, 2)`: they set the range.
        n: Images along each axis.
        title: The claim; None says what the map covers.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `codes` is not two-dimensional points.
    """
    points = plane(codes, "codes")
    z_1, z_2 = np.linspace(points.min(axis=0), points.max(axis=0), n).T
    grid = np.stack(np.meshgrid(z_1, z_2[::-1]), axis=-1).reshape(-1, 2)
    images = decode(decoder, grid)
    ax = plot_digits(images, columns=n, title=title or "What lies where, decoded", ax=ax)
    wide, tall = images.shape[2] + GAP, images.shape[1] + GAP
    places = np.unique(np.linspace(0, n - 1, 4).round().astype(int))
    ax.set_xticks(places * wide + wide / 2, [number(round(z_1[i])) for i in places])
    ax.set_yticks((n - 1 - places) * tall + tall / 2, [number(round(z_2[i])) for i in places])
    ax.set(xlabel="first latent dimension, $z_1$", ylabel="second latent dimension, $z_2$")
    return ax
