"""Normal distributions: their curves, draws from them, and the shell in many dimensions."""

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from scipy.special import gammaln

from vaelib.distributions import normal_pdf, probability_within
from vaelib.plots.canvas import DASHES, HATCHES, INK, axes_or_new, label, shade, vector

REACH = 4.0
"""Standard deviations that a curve is drawn to, on either side of its mean."""


def plot_normal(
    mean: Any = 0.0,
    std: Any = 1.0,
    within: Sequence[float] = (1.0,),
    labels: Sequence[str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw normal densities and shade what lies within some standard deviations.

    Args:
        mean: Mean of each curve, a number or `(curves,)`.
        std: Standard deviation of each curve, above 0, a number or `(curves,)`.
        within: How many standard deviations to shade, as in `(1, 2)`; `()` shades nothing.
        labels: Name of each curve; None gives its mean and standard deviation.
        title: The claim; None states the shaded share or compares the curves' heights.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: A standard deviation is 0 or below.
    """
    means, stds = np.broadcast_arrays(np.atleast_1d(mean), np.atleast_1d(std))
    tops = normal_pdf(means, means, stds)
    names = labels or [f"mean {m:.3g}, std {s:.3g}" for m, s in zip(means, stds, strict=True)]
    ax = axes_or_new(ax)
    for index, name in enumerate(names):
        _draw_curve(ax, float(means[index]), float(stds[index]), within, name, index)
    ax.set_ylim(0, 1.15 * tops.max())
    ax.legend()
    return label(ax, title or _normal_title(within, tops), "x", "density, per unit of x")


def plot_samples_against_density(
    samples: Any,
    mean: float = 0.0,
    std: float = 1.0,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a histogram of samples under the normal density that they should follow.

    Args:
        samples: Draws, `(n,)`.
        mean: Mean of the density.
        std: Standard deviation of the density, above 0.
        title: The claim; None states the shares within 1, 2 and 3 standard deviations.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: `samples` is no vector, or `std` is 0 or below.
    """
    draws = vector(samples, "samples")
    x = np.linspace(mean - REACH * std, mean + REACH * std, 400)
    density = normal_pdf(x, mean, std)
    ax = axes_or_new(ax)
    ax.hist(draws, 50, density=True, color="C0", alpha=0.35, edgecolor="white", label="samples")
    ax.plot(x, density, color="C1", linestyle="-", label=f"density: mean {mean:g}, std {std:g}")
    for k in (1, 2, 3):
        ax.vlines([mean - k * std, mean + k * std], 0, density.max(), color=INK, lw=0.8, ls=":")
        ax.text(mean + k * std, density.max(), f"{k} std", color=INK, ha="center", va="bottom")
    shares = [100 * float(np.mean(abs(draws - mean) <= k * std)) for k in (1, 2, 3)]
    quoted = "{:.1f}, {:.1f} and {:.1f} %".format(*shares)
    claim = f"Within 1, 2 and 3 standard deviations lie {quoted} of {len(draws):,} draws"
    ax.legend(loc="upper left")
    ax.set_ylim(top=1.3 * density.max())
    return label(ax, title or claim, "x", "density, per unit of x")


def plot_gaussian_shell(
    dims: Sequence[int] = (1, 4, 16, 64, 256),
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the distance from the origin is distributed for draws of N(0, I) in d dimensions.

    Args:
        dims: Numbers of dimensions, each at least 1.
        title: The claim; None says that the draws lie on a shell.
        ax: Axes to draw on; None makes a new figure.

    Formula:
        The norm follows the chi distribution with d degrees of freedom, of log-density
        `(d - 1) log r - r^2 / 2 - (d / 2 - 1) log 2 - log gamma(d / 2)`.

    Raises:
        ValueError: A number of dimensions is below 1.
    """
    if min(dims) < 1:
        raise ValueError(f"dims must be at least 1. Received: dims={tuple(dims)}")
    ax = axes_or_new(ax)
    for d, shade_of in zip(dims, np.linspace(0, 0.7, len(dims)), strict=True):
        _draw_shell(ax, d, mpl.colormaps["viridis"](shade_of))
    ax.set_xticks(np.sqrt(dims), [f"$\\sqrt{{{d}}}$" for d in dims])
    ax.set_ylim(0, 0.9)
    claim = "Draws of N(0, I) in d dimensions lie on a shell of radius about √d"
    return label(ax, title or claim, "distance from the origin, ‖z‖", "density")


def _draw_shell(ax: Axes, d: int, colour: Any) -> None:
    r = np.linspace(max(1e-9, np.sqrt(d) - REACH), np.sqrt(d) + REACH, 400)
    log_density = (d - 1) * np.log(r) - r**2 / 2 - (d / 2 - 1) * np.log(2) - gammaln(d / 2)
    ax.plot(r, np.exp(log_density), color=colour, linestyle="-")
    peak = int(log_density.argmax())
    at = r[peak], np.exp(log_density[peak])
    ax.annotate(f"d = {d}", at, (0, 4), textcoords="offset points", ha="center")


def _draw_curve(
    ax: Axes, mean: float, std: float, within: Sequence[float], name: str, index: int
) -> None:
    reach = max((REACH, *within))
    x = np.linspace(mean - reach * std, mean + reach * std, 400)
    (line,) = ax.plot(x, normal_pdf(x, mean, std), linestyle=DASHES[index % 6], label=name)
    for k in sorted(within, reverse=True):
        part = np.linspace(mean - k * std, mean + k * std, 200)
        shade(ax, part, normal_pdf(part, mean, std), line.get_color(), HATCHES[index % 6])


def _normal_title(within: Sequence[float], tops: np.ndarray) -> str:
    if len(tops) == 1 and within:
        shares = " and ".join(f"{100 * float(probability_within(k)):.1f} %" for k in sorted(within))
        stds = " and ".join(f"{k:g}" for k in sorted(within))
        unit = "standard deviation" if stds == "1" else "standard deviations"
        return f"{shares} of the area lies within {stds} {unit} of the mean"
    return "Every curve encloses an area of 1: what is narrow has to be tall"
