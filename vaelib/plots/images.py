"""Pictures of digits: a grid, labelled rows, and generated ones beside their neighbours."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.canvas import axes_or_new, label

GAP = 2
"""Pixels between two images."""


def plot_digits(
    images: Any,
    labels: Sequence[Any] | None = None,
    columns: int = 10,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw images in a grid, row by row, with a label under each.

    Args:
        images: Pixels in [0, 1], `(n, height, width)` or `(n, height, width, 1)`.
        labels: What to write under each image, n entries; None writes nothing.
        columns: Images in a full row.
        title: The claim; None names the number of images.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `images` has another shape, or `labels` another length.
    """
    pixels = as_images(images, "images")
    if labels is not None and len(labels) != len(pixels):
        raise ValueError(f"labels must be {len(pixels)} entries. Received: {len(labels)}")
    columns = min(columns, len(pixels))
    below = 0 if labels is None else pixels.shape[1] // 3
    ax = draw_mosaic(pixels, columns, axes_or_new(ax, _size(pixels, columns, below)), below)
    for place, text in enumerate(labels if labels is not None else ()):
        row, column = divmod(place, columns)
        x, y = _corner(pixels, row, column, below)
        ax.text(x + pixels.shape[2] / 2, y + pixels.shape[1] + 1, text, ha="center", va="top")
    return _bare(label(ax, title or f"{len(pixels)} digits"))


def plot_image_rows(
    rows: Mapping[str, Any],
    columns: Sequence[Any] | None = None,
    title: str | None = None,
    xlabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw rows of images with a name before each: originals above reconstructions, and so on.

    Args:
        rows: For each name the images of its row, `(n, height, width)` or
            `(n, height, width, 1)`, pixels in [0, 1], one shape for all rows.
        columns: What to write above each column, n entries; None writes nothing.
        title: The claim; None names the rows.
        xlabel: What `columns` are, with their unit.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The rows differ in shape, or `columns` has another length.
    """
    stacked = [as_images(images, name) for name, images in rows.items()]
    shapes = {name: images.shape for name, images in zip(rows, stacked, strict=True)}
    if len(set(shapes.values())) != 1:
        raise ValueError(f"rows must have one shape, and one row at least. Received: {shapes}")
    pixels, width = np.concatenate(stacked), len(stacked[0])
    if columns is not None and len(columns) != width:
        raise ValueError(f"columns must be {width} entries. Received: {len(columns)}")
    left = 0.09 * max(len(line) for name in rows for line in name.splitlines())
    size = _size(pixels, width, left=left, lines=1 + (columns is not None) + bool(xlabel))
    ax = draw_mosaic(pixels, width, axes_or_new(ax, size))
    label(_bare(ax), title or f"{width} digits: {', '.join(rows)}", xlabel)
    height, step = pixels.shape[1], pixels.shape[2] + GAP
    ax.set_yticks([row * (height + GAP) + height / 2 for row in range(len(rows))], list(rows))
    if columns is not None:
        centres = [column * step + pixels.shape[2] / 2 for column in range(width)]
        ax.set_xticks(centres, [str(text) for text in columns])
        ax.tick_params(labeltop=True, labelbottom=False)
    return ax


def plot_nearest(
    generated: Any,
    nearest: Any,
    distances: Any = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each generated image above its nearest training image.

    Args:
        generated: Images that a model drew, `(n, height, width)` or `(n, height, width, 1)`.
        nearest: The training image nearest to each, of the same shape.
        distances: Euclidean distances of the pairs, `(n,)`; None computes them.
        title: The claim; None states the smallest distance.
        ax: Axes to draw on; None makes a new figure.
    """
    pairs = as_images(generated, "generated"), as_images(nearest, "nearest")
    if distances is None and pairs[0].shape == pairs[1].shape:
        distances = np.sqrt(np.square(pairs[0] - pairs[1]).sum(axis=(1, 2)))
    texts = None if distances is None else [f"{distance:.1f}" for distance in distances]
    rows = {"generated": pairs[0], "nearest in\ntraining": pairs[1]}
    closest = 0.0 if distances is None else min(distances)
    claim = f"No generated digit is nearer than {closest:.1f} to a training digit"
    meaning = "above each pair its Euclidean distance, in pixel values"
    return plot_image_rows(rows, texts, title or claim, meaning, ax)


def as_images(images: Any, name: str) -> np.ndarray:
    """Return images as `(n, height, width)` floats; ValueError where they are none."""
    pixels = np.asarray(images, dtype=float)
    if pixels.ndim == 4 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    if pixels.ndim != 3 or pixels.size == 0:
        raise ValueError(
            f"{name} must be (n, height, width) or (n, height, width, 1) with n >= 1. "
            f"Received: shape {np.shape(images)}"
        )
    return pixels


def draw_mosaic(pixels: np.ndarray, columns: int, ax: Axes, below: int = 0) -> Axes:
    """Draw `(n, height, width)` images row by row in grey, `below` white pixels under each."""
    count, height, width = pixels.shape
    rows = -(-count // columns)
    tall, wide = height + below + GAP, width + GAP
    canvas = np.full((rows * tall - GAP, columns * wide - GAP), np.nan)
    for place, image in enumerate(pixels):
        x, y = _corner(pixels, *divmod(place, columns), below)
        canvas[y : y + height, x : x + width] = image
    grey = mpl.colormaps["gray"].with_extremes(bad="white")
    extent = (0, canvas.shape[1], canvas.shape[0], 0)
    ax.imshow(canvas, cmap=grey, vmin=0, vmax=1, interpolation="nearest", extent=extent)
    return ax


def _corner(pixels: np.ndarray, row: int, column: int, below: int) -> tuple[int, int]:
    return column * (pixels.shape[2] + GAP), row * (pixels.shape[1] + below + GAP)


def _size(
    pixels: np.ndarray, columns: int, below: int = 0, left: float = 0.0, lines: int = 1
) -> tuple[float, float]:
    """Inches for a mosaic under `lines` of text, with `left` inches for the names of its rows."""
    rows, side = -(-len(pixels) // columns), min((6.6 - left) / columns, 0.9)
    tall = side * (pixels.shape[1] + below + GAP) / (pixels.shape[2] + GAP)
    return max(columns * side + left + 0.2, 4.5), rows * tall + 0.23 * lines + 0.25


def _bare(ax: Axes) -> Axes:
    """Take frame, grid and ticks from an axes that shows pictures."""
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set(xticks=[], yticks=[])
    return ax
