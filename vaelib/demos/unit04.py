"""Demonstrations of unit 04: noise that is moved and stretched, gradients estimated from draws."""

from collections.abc import Sequence
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from vaelib.distributions import std_from_log_var, transform_standard_normal
from vaelib.floats import Floats
from vaelib.plots.canvas import INK, axes_or_new, label, number, vector
from vaelib.plots.lines import MARKERS
from vaelib.widgets import explorer, slider

NOISE = (-2.1, -1.4, -1.0, -0.5, -0.2, 0.1, 0.4, 0.8, 1.3, 1.9)
"""Draws of N(0, 1) for a figure, rounded; the fourth is the one of the worked example."""

MARKED = 3
"""Which of them is followed from row to row."""

Normals = Sequence[tuple[float, float]]


def plot_moved_noise(
    normals: Normals, epsilon: Any = NOISE, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw noise in the first row, and where it lands under each normal in a row of its own.

    Args:
        normals: Pairs `(z_mean, z_log_var)`, a row each.
        epsilon: Draws of N(0, 1), `(n,)`, more than three; the fourth is pointed out.
        title: The claim; None names the two steps.
        ax: Axes to draw on; None makes a new figure.
    """
    noise = vector(epsilon, "epsilon")
    rows = [noise, *(_codes(noise, *normal) for normal in normals)]
    names = ["noise, ε", *(f"mean {number(m)}, std {_std(v):.2f}" for m, v in normals)]
    ax = axes_or_new(ax, (6.8, 1.2 + 0.75 * len(rows)))
    for place, (above, below) in enumerate(zip(rows[:-1], rows[1:], strict=True)):
        ax.plot([above, below], [-place, -place - 1], color="0.8", linewidth=0.8, linestyle="-")
    for place, row in enumerate(rows):
        ax.plot(row, np.full_like(row, -place), color="C0", marker="o", linestyle="none")
    followed = [row[MARKED] for row in rows]
    ax.plot(followed, -np.arange(len(rows)), color="C1", marker="D", linestyle="--",
            markersize=9, label=f"one of them: ε = {number(noise[MARKED])}")
    ax.set_yticks(-np.arange(len(rows)), names)
    ax.set_ylim(-len(rows) + 0.6, 0.9)
    ax.legend(loc="upper right")
    claim = "The same noise serves every normal, stretched and moved"
    return label(ax, title or claim, "value")


def noise_explorer(z_mean: float = 1.0, z_log_var: float = 1.4) -> ipywidgets.VBox:
    """Explore where fixed noise lands as the mean and the log-variance change.

    Args:
        z_mean: Mean to start from, in -3..3.
        z_log_var: Natural log-variance to start from, in -3..3.

    Returns:
        The widget. Static twin: `plot_moved_noise` with several normals.
    """
    sliders = {"z_mean": slider("z_mean", z_mean), "z_log_var": slider("z_log_var", z_log_var)}
    return explorer(sliders, _draw_noise)


def gradient_estimates(
    latent_dim: int, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Estimate the gradient of `E[sum of z^2]` by the first mean, once from each draw of z.

    The code has mean 1 and standard deviation 1 in every dimension; the true gradient is 2.

    Args:
        latent_dim: Number of latent dimensions, at least 1.
        draws: How many estimates to make.
        rng: Where the noise comes from.

    Returns:
        Pathwise and score-function estimates, each `(draws,)`.

    Formula:
        Pathwise: derivative of the sum through `z = 1 + epsilon`. Score function: the sum, times
        the derivative of `log q(z)` by the mean (Williams 1992).
    """
    epsilon = rng.normal(size=(draws, latent_dim))
    z = 1 + epsilon
    return 2 * z[:, 0], np.square(z).sum(axis=1) * epsilon[:, 0]


def plot_shared_head(title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the means and spreads that an encoder can name with one head for both.

    Args:
        title: The claim; None states it.
        ax: Axes to draw on; None makes a new figure.
    """
    means = np.linspace(-3, 3, 121)
    ax = axes_or_new(ax)
    wanted = {"far left and vague": (-2.0, 1.0), "far right and sharp": (2.0, -2.0)}
    for marker, (name, (z_mean, z_log_var)) in zip(MARKERS, wanted.items(), strict=False):
        ax.plot(z_mean, _std(z_log_var), color="C0", marker=marker, markersize=9,
                linestyle="none", label=f"out of reach: {name}")
    ax.plot(means, std_from_log_var(means), color="C1", linestyle="-", linewidth=3,
            label="all that one shared head can say")
    ax.add_line(Line2D([0], [1], color=INK, marker="*", markersize=13, linestyle="none",
                       label="N(0, 1), where the KL term pulls"))
    ax.legend(loc="upper left")
    claim = "With one head for both, the mean decides how sure the encoder is"
    return label(ax, title or claim, "z_mean", "standard deviation")


def _draw_noise(z_mean: float, z_log_var: float) -> tuple[Axes, str]:
    std = _std(z_log_var)
    claim = f"z = {number(z_mean)} + {std:.2f} ε"
    ax = plot_moved_noise([(z_mean, z_log_var)], title=claim)
    ax.set_xlim(-10, 10)
    return ax, (
        f"Ten draws of noise above the codes that they become: {claim}; the mean moves all codes "
        "by the same step, and the log-variance spreads them around it."
    )


def _codes(noise: Floats, z_mean: float, z_log_var: float) -> Floats:
    return np.asarray(transform_standard_normal(noise, z_mean, std_from_log_var(z_log_var)))


def _std(z_log_var: float) -> float:
    return float(std_from_log_var(z_log_var))
