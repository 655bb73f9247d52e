"""What every figure shares: a style, axes to draw on, a title that fits, values that fit."""

import textwrap
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "0.35"
"""Grey of what stands behind the data: references, bounds, notes."""

DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)))
HATCHES = ("//", "..", "\\\\", "xx", "++", "oo")
"""A dash and a hatch for each of the six colours, so that none stands alone."""


def use_style() -> None:
    """Draw this session's figures in the course's style. Importing vaelib.plots does not."""
    plt.style.use("vaelib.vaelib")


def axes_or_new(ax: Axes | None, figsize: tuple[float, float] | None = None) -> Axes:
    """Return `ax`, or the axes of a new figure of `figsize` inches where it is None."""
    if ax is not None:
        return ax
    return plt.subplots(figsize=figsize, layout="constrained")[1]


def label(ax: Axes, title: str, xlabel: str = "", ylabel: str = "") -> Axes:
    """Put the claim above the axes, wrapped to their width, and name the axes."""
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(wrap(ax, title), loc="left")
    return ax


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that the axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes taken out of their figure cannot be drawn on"
    return figure


def wrap(ax: Axes, text: str) -> str:
    """Break text into lines that fit the axes' column of the figure, at the title's size."""
    spec = ax.get_subplotspec()
    share = spec.colspan[-1] + 1 - spec.colspan[0] if spec else 1
    columns = spec.get_gridspec().ncols if spec else 1
    inches = figure_of(ax).get_size_inches()[0] * share / columns - 0.9
    return textwrap.fill(text, max(int(inches * 11.3), 20))


def shade(
    ax: Axes, x: np.ndarray, height: np.ndarray, colour: Any, hatch: str, name: str = ""
) -> None:
    """Fill the area between 0 and `height` with a colour and a hatch, named in the legend."""
    look: dict[str, Any] = {
        "facecolor": colour,
        "edgecolor": colour,
        "hatch": hatch,
        "linewidth": 0,
    }
    ax.fill_between(x, height, alpha=0.28, label=name or None, **look)


def number(value: float) -> str:
    """Write a number to two decimals at most, with a true minus and no negative zero."""
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def vector(values: Any, name: str) -> np.ndarray:
    """Return `values` as a float vector; ValueError where they are none or have more axes."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} must be a vector with at least one entry. Received: shape {array.shape}"
        )
    return array


def same_length(**named: np.ndarray) -> None:
    """ValueError where the named arrays differ in length."""
    lengths = {name: len(array) for name, array in named.items()}
    if len(set(lengths.values())) > 1:
        quoted = ", ".join(f"{name} of {length}" for name, length in lengths.items())
        raise ValueError(f"{', '.join(named)} must have one length. Received: {quoted}")


def plane(codes: Any, name: str) -> np.ndarray:
    """Return codes of two dimensions as `(n, 2)` floats; ValueError for other shapes."""
    array = np.asarray(codes, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(
            f"{name} must be (n, 2), one point a row; pick two columns of wider codes, as in "
            f"{name}[:, [0, 1]]. Received: shape {array.shape}"
        )
    return array
