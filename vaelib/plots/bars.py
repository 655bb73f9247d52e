"""Hatched bars: discrete distributions, or any few numbers for a few names."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.canvas import HATCHES, axes_or_new, label, vector


def plot_bars(
    series: Mapping[str, Any],
    labels: Sequence[str] | None = None,
    title: str | None = None,
    xlabel: str = "class",
    ylabel: str = "probability",
    ax: Axes | None = None,
) -> Axes:
    """Draw hatched bars side by side, one set for each name: two discrete distributions, say.

    Args:
        series: For each name its values, `(classes,)`.
        labels: What to write under each group of bars; None counts from 1.
        title: The claim; None names the series.
        xlabel: What the groups are.
        ylabel: What the values are, with their unit.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The series or the labels differ in length.
    """
    values = {name: vector(each, name) for name, each in series.items()}
    count = len(next(iter(values.values()), []))
    texts = [str(number) for number in range(1, count + 1)] if labels is None else list(labels)
    lengths = {name: len(each) for name, each in values.items()} | {"labels": len(texts)}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"series and labels must have one length. Received: {lengths}")
    ax, width = axes_or_new(ax), 0.8 / max(len(values), 1)
    for index, (name, each) in enumerate(values.items()):
        places = np.arange(count) + (index - (len(values) - 1) / 2) * width
        look: dict[str, Any] = {
            "facecolor": f"C{index % 6}",
            "hatch": HATCHES[index % 6],
            "edgecolor": "white",
        }
        ax.bar(places, each, 0.92 * width, label=name, linewidth=0, **look)
    ax.set_xticks(range(count), texts)
    ax.grid(False, axis="x")
    if len(values) > 1:
        ax.legend()
    return label(ax, title or " against ".join(values), xlabel, ylabel)
