"""The latent plane: where the codes lie, what lies between them, and what a decoder makes of it."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from scipy.spatial import cKDTree

from vaelib.plots.canvas import axes_or_new, label, plane, same_length

MARKERS = "os^vDPX*<>"
"""One marker for each of ten classes, so that colour never stands alone."""


def plot_latent_scatter(
    codes: Any, labels: Any, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Scatter codes by class: a colour and a marker each, and the class at its median.

    Args:
        codes: Points of the latent plane, `(n, 2)`.
        labels: Classes 0 to 9, `(n,)`.
        title: The claim; None names the number of codes.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `codes` is not `(n, 2)`, or `labels` has another length.
    """
    points, classes = plane(codes, "codes"), np.asarray(labels)
    same_length(codes=points, labels=classes)
    ax = axes_or_new(ax, (6.8, 5.2))
    for digit in np.unique(classes):
        own, colour = points[classes == digit], mpl.colormaps["tab10"](int(digit) % 10)
        ax.scatter(
            own[:, 0],
            own[:, 1],
            s=16,
            color=colour,
            marker=MARKERS[int(digit) % 10],
            alpha=0.65,
            linewidth=0,
            label=str(digit),
        )
        _write_at(ax, np.median(own, axis=0), str(digit))
    ax.legend(title="digit", loc="center left", bbox_to_anchor=(1, 0.5), markerscale=1.6)
    return _label_plane(ax, title or f"Where the encoder puts {len(points):,} digits")


def plot_latent_holes(
    codes: Any,
    candidates: Any,
    radius: float,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Mark which candidates fall into holes: no code within the radius.

    Args:
        codes: Codes of images, `(n, 2)`.
        candidates: Points that one might decode, `(m, 2)`.
        radius: Euclidean distance within which a code makes a candidate safe.
        title: The claim; None states the share of holes.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `codes` or `candidates` is not two-dimensional points.
    """
    points, asked = plane(codes, "codes"), plane(candidates, "candidates")
    hole = cKDTree(points).query(asked)[0] > radius
    ax = axes_or_new(ax, (6.8, 5.2))
    ax.scatter(points[:, 0], points[:, 1], s=9, color="0.72", linewidth=0, label="code of an image")
    ax.scatter(
        asked[~hole, 0],
        asked[~hole, 1],
        s=26,
        color="C0",
        marker="o",
        label="candidate near a code",
    )
    ax.scatter(
        asked[hole, 0], asked[hole, 1], s=40, color="C1", marker="x", label="candidate in a hole"
    )
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, handletextpad=0.1)
    claim = f"{100 * hole.mean():.0f} % of the candidates have no code within {radius:g}"
    return _label_plane(ax, title or claim)


def _label_plane(ax: Axes, title: str) -> Axes:
    ax.set_aspect("equal", adjustable="datalim")
    return label(ax, title, "first latent dimension, $z_1$", "second latent dimension, $z_2$")


def _write_at(ax: Axes, place: Any, text: str) -> None:
    outline = [withStroke(linewidth=3, foreground="white")]
    ax.text(
        place[0],
        place[1],
        text,
        fontsize=15,
        weight="bold",
        ha="center",
        va="center",
        zorder=5,
        color="0.1",
        path_effects=outline,
    )
