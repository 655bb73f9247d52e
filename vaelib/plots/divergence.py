"""The KL divergence between normals: its integrand, its asymmetry, its map, its estimate."""

from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm

from vaelib.distributions import kl_normal, normal_log_pdf, std_from_log_var
from vaelib.plots.canvas import INK, axes_or_new, figure_of, label, same_length, shade, vector

LEVELS = (0, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8)
"""Nats at which the map of the KL divergence changes its colour."""


class _Normal(NamedTuple):
    name: str
    mean: float
    log_var: float
    colour: str
    dash: str

    def log_density(self, x: np.ndarray) -> np.ndarray:
        return normal_log_pdf(x, self.mean, self.log_var)

    def kl_to(self, other: "_Normal") -> float:
        return float(kl_normal(self.mean, self.log_var, other.mean, other.log_var))


def plot_kl_integrand(
    mean_p: float,
    log_var_p: float,
    mean_q: float = 0.0,
    log_var_q: float = 0.0,
    names: tuple[str, str] = ("p", "q"),
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw two normal densities and, shaded, the integrand whose area is KL(p || q).

    Args:
        mean_p: Mean of p, the distribution that the average runs over.
        log_var_p: Natural log-variance of p.
        mean_q: Mean of q.
        log_var_q: Natural log-variance of q.
        names: What to call p and q.
        title: The claim; None states the divergence in nats.
        ax: Axes to draw on; None makes a new figure.
    """
    p = _Normal(names[0], mean_p, log_var_p, "C0", "-")
    q = _Normal(names[1], mean_q, log_var_q, "C1", "--")
    return _draw_integrand(axes_or_new(ax), p, q, title)


def plot_kl_asymmetry(
    mean_p: float, log_var_p: float, mean_q: float, log_var_q: float, title: str | None = None
) -> np.ndarray:
    """Draw the integrands of KL(p || q) and KL(q || p) side by side, on one scale.

    Args:
        mean_p: Mean of p.
        log_var_p: Natural log-variance of p.
        mean_q: Mean of q.
        log_var_q: Natural log-variance of q; equal variances give equal divergences.
        title: The claim above both; None compares the two divergences.

    Returns:
        Both axes, `(2,)`.
    """
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 4.2), sharey=True, layout="constrained")
    p = _Normal("p", mean_p, log_var_p, "C0", "-")
    q = _Normal("q", mean_q, log_var_q, "C1", "--")
    for ax, (first, second) in zip(axes, ((p, q), (q, p)), strict=True):
        _draw_integrand(ax, first, second, f"KL({first.name} ‖ {second.name})")
    there, back = p.kl_to(q), q.kl_to(p)
    verdict = "The order does not matter here" if np.isclose(there, back) else "The order matters"
    claim = f"{verdict}: {there:.2f} nats from p to q, {back:.2f} from q to p"
    figure.suptitle(title or claim, x=0.02, ha="left")
    return axes


def plot_kl_map(
    mark: tuple[float, float] | None = None, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw KL(N(mean, exp(log_var)) || N(0, 1)) over mean and log-variance, with level lines.

    Args:
        mark: A `(mean, log_var)` to point out.
        title: The claim; None says where the minimum lies.
        ax: Axes to draw on; None makes a new figure.
    """
    mean, log_var = np.meshgrid(np.linspace(-3, 3, 121), np.linspace(-4, 2, 121))
    kl = kl_normal(mean, log_var, 0, 0)
    ax = axes_or_new(ax)
    filled = ax.contourf(mean, log_var, kl, LEVELS, cmap="viridis", norm=PowerNorm(0.4))
    lines = ax.contour(mean, log_var, kl, LEVELS[1:-1], colors="white", linewidths=0.8)
    ax.clabel(lines, fmt="%g", fontsize=9)
    ax.plot(0, 0, marker="*", markersize=13, color="white", markeredgecolor="black")
    if mark is not None:
        ax.plot(*mark, marker="D", markersize=9, color="C1", markeredgecolor="white")
    ax.grid(False)
    bar = figure_of(ax).colorbar(filled, ax=ax, label="KL to N(0, 1), nats", format="{x:g}")
    bar.minorticks_off()
    claim = "KL to N(0, 1) is 0 only at mean 0 and log-variance 0"
    return label(ax, title or claim, "mean, z_mean", "log-variance, z_log_var")


def plot_kl_comparison(
    closed_form: float,
    samples: Any,
    estimates: Any,
    standard_errors: Any,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw Monte Carlo estimates of a KL divergence with error bars, beside the closed form.

    Args:
        closed_form: The exact divergence, nats.
        samples: Draws behind each estimate, `(n,)`.
        estimates: Estimated divergences, nats, `(n,)`.
        standard_errors: Their standard errors, nats, `(n,)`.
        title: The claim; None compares the closed form with the estimate of most draws.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The vectors differ in length.
    """
    counts, means = vector(samples, "samples"), vector(estimates, "estimates")
    errors = 2 * vector(standard_errors, "standard_errors")
    same_length(samples=counts, estimates=means, standard_errors=errors)
    ax = axes_or_new(ax)
    bars = "Monte Carlo, ± 2 standard errors"
    ax.errorbar(counts, means, errors, fmt="o", capsize=4, linestyle="none", label=bars)
    exact = f"closed form, {closed_form:.3f} nats"
    ax.axhline(closed_form, color="C1", linestyle="--", label=exact)
    ax.set_xscale("log")
    ax.legend()
    most = int(counts.argmax())
    estimate = f"{counts[most]:,.0f} draws give {means[most]:.3f} ± {errors[most]:.3f} nats"
    claim = f"{estimate}, the closed form {closed_form:.3f}"
    return label(ax, title or claim, "draws of z", "KL divergence, nats")


def _draw_integrand(ax: Axes, p: _Normal, q: _Normal, title: str | None = None) -> Axes:
    x = _reach_of(p, q)
    for each in (p, q):
        density = np.exp(each.log_density(x))
        ax.plot(x, density, color=each.colour, linestyle=each.dash, label=f"{each.name}(x)")
    integrand = np.exp(p.log_density(x)) * (p.log_density(x) - q.log_density(x))
    shade(ax, x, np.maximum(integrand, 0), "C2", "//", "adds to KL")
    if integrand.min() < 0:
        shade(ax, x, np.minimum(integrand, 0), "C3", "..", "takes from KL")
    ax.axhline(0, color=INK, linewidth=0.8, linestyle="-")
    ax.legend()
    claim = f"KL({p.name} ‖ {q.name}) = {p.kl_to(q):.3f} nats, the shaded area"
    ratio = f"log({p.name} / {q.name})"
    return label(ax, title or claim, "x", f"densities, and {p.name} {ratio}")


def _reach_of(*normals: _Normal) -> np.ndarray:
    spans = [(each.mean, 4 * float(std_from_log_var(each.log_var))) for each in normals]
    lows, highs = zip(*[(mean - far, mean + far) for mean, far in spans], strict=True)
    return np.linspace(min(lows), max(highs), 600)
