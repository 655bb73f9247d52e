"""Curves over a common axis: training histories, and any comparison of named series."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vaelib.plots.canvas import DASHES, axes_or_new, label, same_length, vector

MARKERS = "os^vDP"
NAMES = {"loss": "total", "reconstruction_loss": "reconstruction", "kl_loss": "KL"}
"""What the keys of a history are called in a figure."""


def plot_lines(
    x: Any,
    series: Mapping[str, Any],
    title: str,
    xlabel: str,
    ylabel: str,
    log: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw named series over one axis, each with its own colour, dash and marker.

    Args:
        x: Where the series were measured, `(n,)`.
        series: For each name its values, `(n,)`.
        title: The claim.
        xlabel: What `x` is, with its unit.
        ylabel: What the values are, with their unit.
        log: Axes to scale logarithmically: "", "x", "y" or "xy".
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: A series has another length than `x`, or `log` is none of the four.
    """
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f'log must be "", "x", "y" or "xy". Received: log={log!r}')
    places = vector(x, "x")
    values = {name: vector(each, name) for name, each in series.items()}
    for name, each in values.items():
        same_length(x=places, **{name: each})
    ax = axes_or_new(ax)
    for index, (name, each) in enumerate(values.items()):
        look: dict[str, Any] = {
            "marker": MARKERS[index % len(MARKERS)],
            "linestyle": DASHES[index % len(DASHES)],
        }
        ax.plot(places, each, label=name, **look)
    _scale(ax, log, places)
    if len(values) > 1:
        ax.legend()
    return label(ax, title, xlabel, ylabel)


def plot_curves(history: Any, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw losses per epoch: training with full lines and markers, held-out with open ones.

    Args:
        history: What `fit` returns, or its mapping of names to one value an epoch. Keys that
            start with `val_` are held-out.
        title: The claim; None says from where to where the loss went.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The history has no values.
    """
    values = dict(getattr(history, "history", history))
    trained = [name for name in values if not name.startswith("val_")]
    curves = {name: vector(each, name) for name, each in values.items()}
    if not curves:
        raise ValueError("history has no values; train for one epoch at least. Received: {}")
    ax = axes_or_new(ax)
    for index, name in enumerate(trained or list(curves)):
        _draw_curve(ax, curves[name], index, NAMES.get(name, name), "-")
        if f"val_{name}" in curves:
            held_out = f"{NAMES.get(name, name)}, held out"
            _draw_curve(ax, curves[f"val_{name}"], index, held_out, "--")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return label(ax, title or _course(curves), "epoch", "loss, nats per image")


def _scale(ax: Axes, log: str, places: np.ndarray) -> None:
    ax.set(**{f"{axis}scale": "log" for axis in log})
    if "x" in log and len(places) <= 10:
        ax.set_xticks(places, [f"{place:g}" for place in places])
        ax.xaxis.minorticks_off()


def _draw_curve(ax: Axes, values: np.ndarray, index: int, name: str, dash: str) -> None:
    look: dict[str, Any] = {"color": f"C{index % 6}", "marker": MARKERS[index % len(MARKERS)]}
    filled = look["color"] if dash == "-" else "white"
    epochs, every = np.arange(1, len(values) + 1), max(len(values) // 12, 1)
    ax.plot(epochs, values, dash, markevery=every, mfc=filled, label=name, **look)


def _course(curves: Mapping[str, np.ndarray]) -> str:
    name = next((key for key in ("val_loss", "loss") if key in curves), next(iter(curves)))
    first, last = curves[name][0], curves[name][-1]
    kind = "held-out loss" if name == "val_loss" else name.replace("_", " ")
    verb = "falls" if last < first else "does not fall:"
    epochs = len(curves[name])
    return f"The {kind} {verb} from {first:.1f} to {last:.1f} nats in {epochs} epochs"
