"""Batch normalisation: what it learns for inference, and how far that lies from training."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.canvas import INK, axes_or_new, label, same_length, vector
from vaelib.plots.lines import plot_lines


def plot_moving_statistics(
    runs: Mapping[str, Any],
    target: float,
    statistic: str = "moving mean",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a moving statistic of batch normalisation over training steps, beside its target.

    Args:
        runs: For each way of training the statistic after each step, `(steps,)`.
        target: The statistic of the whole data, which it should approach.
        statistic: Its name.
        title: The claim; None says how far from the target each run ends.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The runs differ in length.
    """
    values = {name: vector(each, name) for name, each in runs.items()}
    ends = ", ".join(f"{each[-1]:.2f} ({name})" for name, each in values.items())
    claim = f"The {statistic} should reach {target:.2f} and ends at {ends}"
    steps = np.arange(1, 1 + len(next(iter(values.values()), [])))
    ax = plot_lines(steps, values, title or claim, "training step", statistic, ax=ax)
    for line in ax.lines:
        line.set_marker("")
    ax.axhline(target, color=INK, linestyle=":", label="whole data")
    ax.legend(loc="center right")
    return ax


def plot_inference_gap(
    batch_sizes: Any,
    gaps: Any,
    mark: int | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how far training mode and inference mode of batch normalisation lie apart.

    Args:
        batch_sizes: Images in a batch, `(sizes,)`.
        gaps: Gap of each trial, `(sizes, trials)`, or one gap a size, `(sizes,)`, in the unit of
            the layer's output.
        mark: A batch size to point out, one of `batch_sizes`.
        title: The claim; None compares the smallest and the largest batch.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `gaps` has another length than `batch_sizes`, or `mark` is none of them.
    """
    sizes, trials = vector(batch_sizes, "batch_sizes"), np.asarray(gaps, dtype=float)
    trials = trials.reshape(len(trials), -1)
    same_length(batch_sizes=sizes, gaps=trials)
    if mark is not None and mark not in sizes:
        raise ValueError(f"mark must be one of {sizes.astype(int).tolist()}. Received: mark={mark}")
    middle, ax = np.median(trials, axis=1), axes_or_new(ax)
    if trials.shape[1] > 1:
        low, high = np.quantile(trials, [0.05, 0.95], axis=1)
        ax.fill_between(sizes, low, high, alpha=0.2, linewidth=0, label="90 % of the trials")
    ax.plot(sizes, middle, marker="o", color="C0", label="median")
    if mark is not None:
        gap = float(middle[sizes == mark][0])
        look: dict[str, Any] = {"marker": "D", "markersize": 11, "color": "C1", "linestyle": "none"}
        ax.plot(mark, gap, label=f"batch size {mark}: {gap:.2g}", **look)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.set_ylim(bottom=0)
    ax.legend()
    ends = f"{middle[0]:.2g} at batch size {sizes[0]:g}, {middle[-1]:.2g} at {sizes[-1]:g}"
    claim = f"The gap between training and inference is {ends}"
    return label(ax, title or claim, "batch size, images", "gap, in units of the output")
