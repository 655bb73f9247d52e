"""What a decoder makes of latent space: a map, walks along its axes, the way between two codes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vaelib.latent import interpolate, prior_grid
from vaelib.plots.canvas import axes_or_new, number, vector
from vaelib.plots.images import GAP, as_images, plot_digits, plot_image_rows

Decoder = Callable[[np.ndarray], Any]
"""Turns codes `(n, latent)`, float32, into images `(n, height, width, 1)`."""


def plot_manifold(
    decoder: Decoder,
    n: int = 15,
    coverage: float = 0.95,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the decoded latent plane at the prior's own quantiles, from one batched call.

    Args:
        decoder: Turns codes `(n * n, 2)` into images `(n * n, height, width, 1)`.
        n: Images along each axis.
        coverage: Central probability of N(0, 1) that each axis covers.
        title: The claim; None says what the map covers.
        ax: Axes to draw on; None makes a new figure.
    """
    codes = np.asarray(prior_grid(n, coverage))
    images = decode(decoder, codes)
    by_column = images.reshape(n, n, *images.shape[1:])
    upright = by_column.swapaxes(0, 1)[::-1].reshape(images.shape)
    claim = f"One map of all codes: each axis spans {100 * coverage:g} % of the prior"
    ax = plot_digits(upright, columns=n, title=title or claim, ax=axes_or_new(ax, (6.8, 6.9)))
    places = np.unique(np.linspace(0, n - 1, min(n, 5)).round().astype(int))
    names = [number(codes[place * n, 0]) for place in places]
    step, side = images.shape[2] + GAP, images.shape[1] + GAP
    ax.set_xticks(places * step + images.shape[2] / 2, names)
    ax.set_yticks((n - 1 - places) * side + images.shape[1] / 2, names)
    ax.set(xlabel="first latent dimension, $z_1$", ylabel="second latent dimension, $z_2$")
    return ax


def plot_traversals(
    decoder: Decoder,
    code: Any,
    dims: Sequence[int] | None = None,
    reach: float = 3.0,
    steps: int = 9,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Move one latent dimension at a time from -reach to reach, a row each, in one batched call.

    Args:
        decoder: Turns codes `(n, latent)` into images `(n, height, width, 1)`.
        code: The code that keeps its other dimensions, `(latent,)`.
        dims: Dimensions to move, from 0; None moves all.
        reach: Largest value, in standard deviations of the prior.
        steps: Images in a row.
        title: The claim; None says what a row is.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `code` is no vector, or lacks one of `dims`.
    """
    start = vector(code, "code")
    moved = list(range(len(start))) if dims is None else list(dims)
    if not moved or min(moved) < 0 or max(moved) >= len(start):
        raise ValueError(f"dims must be in 0..{len(start) - 1}. Received: dims={moved}")
    values = np.linspace(-reach, reach, steps)
    codes = np.tile(start, (len(moved), steps, 1))
    codes[np.arange(len(moved)), :, moved] = values
    images = decode(decoder, codes.reshape(-1, len(start)))
    by_row = images.reshape(len(moved), steps, *images.shape[1:])
    rows = {f"$z_{{{dim + 1}}}$": row for dim, row in zip(moved, by_row, strict=True)}
    meaning = "value of the dimension that moves, in standard deviations of the prior"
    claim = "Each row moves one latent dimension and keeps the others"
    return plot_image_rows(rows, [number(value) for value in values], title or claim, meaning, ax)


def plot_interpolation(
    decoder: Decoder,
    z_a: Any,
    z_b: Any,
    steps: int = 9,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the way between two codes above the cross-fade between their two images.

    Args:
        decoder: Turns codes `(steps, latent)` into images `(steps, height, width, 1)`.
        z_a: Code to start from, `(latent,)`.
        z_b: Code to end at, `(latent,)`.
        steps: Images in a row, at least 2.
        title: The claim; None names both ways.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The codes are no vectors.
    """
    codes = np.asarray(interpolate(vector(z_a, "z_a"), vector(z_b, "z_b"), steps))
    between = decode(decoder, codes)
    part = np.linspace(0, 1, len(between))
    faded = between[0] + part[:, None, None] * (between[-1] - between[0])
    rows = {"between\ncodes": between, "between\npixels": faded}
    meaning = "share of the way from the first code to the second"
    claim = "Between two codes lie digits, between two images only a cross-fade"
    return plot_image_rows(
        rows, [f"{100 * share:.0f} %" for share in part], title or claim, meaning, ax
    )


def decode(decoder: Decoder, codes: Any) -> np.ndarray:
    """Decode codes `(n, latent)` in one call; return `(n, height, width)` floats."""
    images = as_images(decoder(np.asarray(codes, dtype=np.float32)), "the decoder's images")
    if len(images) != len(codes):
        raise ValueError(
            f"decoder must give one image a code. Received: {len(images)} images for "
            f"{len(codes)} codes"
        )
    return images
