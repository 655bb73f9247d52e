"""Explorers for notebooks: sliders above a figure that follows them.

Every slider has a label, moves with Tab and the arrow keys, and draws when it is let go. The
figure's alternative text follows too. Each explorer has a static twin in `vaelib.plots`, named in
its docstring, that says the same where no kernel runs.
"""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from vaelib.distributions import kl_normal, std_from_log_var
from vaelib.plots.canvas import axes_or_new, figure_of, label, number
from vaelib.plots.decoded import Decoder, decode
from vaelib.plots.display import image_html
from vaelib.plots.divergence import plot_kl_integrand
from vaelib.plots.images import plot_digits
from vaelib.plots.latent import plot_latent_scatter
from vaelib.plots.normal import plot_normal
from vaelib.plots.normalization import plot_inference_gap

HINT = "Tab reaches a slider, the arrow keys move it; the figure follows."
MOST_SLIDERS = 6
"""An explorer of many latent dimensions moves those that vary most, and no more than these."""
SPREADS = (-2.0, 3.0)
"""Log-variances of the normal explorer; at the least of them the curve still fits its axes."""


class Explorer(ipywidgets.VBox):
    """Controls above a figure; a page that has no kernel shows the figure as it is at first."""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._repr_mimebundle_(**kwargs), "text/html": self.children[-1].value}


def normal_explorer(mean: float = 0.0, log_var: float = 0.0) -> ipywidgets.VBox:
    """Explore how mean and log-variance shape a normal density, with 1 and 2 std shaded.

    Args:
        mean: Mean to start from, in -3..3.
        log_var: Natural log-variance to start from, in -2..3.

    Returns:
        The widget. Static twin: `plots.plot_normal` with several means and standard deviations.
    """
    sliders = {"mean": slider("mean", mean), "log_var": slider("log-variance", log_var, *SPREADS)}
    return explorer(sliders, _draw_normal)


def kl_explorer(z_mean: float = 1.0, z_log_var: float = -1.0) -> ipywidgets.VBox:
    """Explore the KL divergence of a normal q from p = N(0, 1), and the integrand behind it.

    Args:
        z_mean: Mean of q to start from, in -3..3.
        z_log_var: Natural log-variance of q to start from, in -3..3.

    Returns:
        The widget. Static twin: `plots.plot_kl_map`.
    """
    sliders = {"z_mean": slider("mean of q", z_mean)}
    sliders["z_log_var"] = slider("log-variance of q", z_log_var)
    return explorer(sliders, _draw_kl)


def latent_explorer(
    decoder: Decoder, codes: Any = None, labels: Any = None, latent_dim: int = 2
) -> ipywidgets.VBox:
    """Move a point through latent space and see the digit that the decoder draws there.

    Args:
        decoder: Turns codes `(n, latent)` into images `(n, height, width, 1)`.
        codes: Codes of images, `(n, latent)`; they set the sliders' ranges and start, and are
            drawn beside the digit. None explores -3..3 from the origin.
        labels: Classes 0 to 9 of the codes, `(n,)`; None draws them without.
        latent_dim: Latent dimensions, where no codes tell.

    Returns:
        The widget, with a slider for each of the six dimensions that vary most. Static twins:
        `plots.plot_manifold` for two dimensions, `plots.plot_traversals` for more.

    Raises:
        ValueError: `codes` is not `(n, latent)`, or `latent_dim` is below 1.
    """
    known = None if codes is None else np.asarray(codes, dtype=float)
    if known is not None and (known.ndim != 2 or known.size == 0):
        raise ValueError(f"codes must be (n, latent) with n >= 1. Received: shape {known.shape}")
    if known is None and latent_dim < 1:
        raise ValueError(f"latent_dim must be at least 1. Received: latent_dim={latent_dim}")
    cloud = np.array([[-3.0], [3.0]]) * np.ones((1, latent_dim)) if known is None else known
    moved = np.sort(np.argsort(-cloud.var(axis=0), kind="stable")[:MOST_SLIDERS])
    low, high, start = cloud.min(axis=0), cloud.max(axis=0), np.median(cloud, axis=0).round(1)
    sliders = {
        _name_of(dim): slider(_name_of(dim), start[dim], low[dim], high[dim]) for dim in moved
    }

    def draw(**values: float) -> tuple[Axes, str]:
        code = start.copy()
        code[moved] = list(values.values())
        return _draw_code(decoder, code, moved, known, labels)

    return explorer(sliders, draw)


def batch_size_explorer(
    gap: Callable[[int], Any], batch_sizes: Sequence[int] = (2, 4, 8, 16, 32, 64, 128, 256)
) -> ipywidgets.VBox:
    """Explore how far batch normalisation in training lies from inference, by batch size.

    Args:
        gap: Called once for each batch size before the widget shows; gives a number, or
            `(trials,)` numbers, in the unit of the layer's output.
        batch_sizes: Batch sizes to choose from, ascending.

    Returns:
        The widget. Static twin: `plots.plot_inference_gap`.
    """
    gaps = np.array([np.atleast_1d(gap(size)) for size in batch_sizes], dtype=float)
    chooser = ipywidgets.SelectionSlider(
        options=list(batch_sizes), description="batch size", continuous_update=False, **_look()
    )

    def draw(size: int) -> tuple[Axes, str]:
        middle = float(np.median(gaps[list(batch_sizes).index(size)]))
        claim = f"With {size} images in a batch, training is {middle:.2g} off inference"
        alt = f"{claim}; the curve over all batch sizes shows how the gap changes as batches grow."
        return plot_inference_gap(batch_sizes, gaps, mark=size, title=claim), alt

    return explorer({"size": chooser}, draw)


def explorer(
    controls: dict[str, ipywidgets.DOMWidget], draw: Callable[..., tuple[Axes, str]]
) -> ipywidgets.VBox:
    """Stack a hint, the controls and the figure that `draw` makes of their values.

    Args:
        controls: ipywidgets with a `value`, each under the name of its parameter in `draw`.
        draw: Gets the values by name; returns axes and the figure's alternative text.
    """
    picture = ipywidgets.HTML()

    def redraw(*_: Any) -> None:
        axes, alt = draw(**{name: control.value for name, control in controls.items()})
        try:
            picture.value = image_html(axes, alt)
        finally:
            plt.close(figure_of(axes))

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return Explorer([ipywidgets.HTML(HINT), *controls.values(), picture])


def slider(
    name: str, value: float, low: float = -3.0, high: float = 3.0
) -> ipywidgets.FloatSlider:
    """A labelled slider in steps of 0.1, at least from `low` to `high`."""
    bounds = {"min": float(np.floor(10 * low) / 10), "max": float(np.ceil(10 * high) / 10)}
    return ipywidgets.FloatSlider(
        value=value, **bounds, step=0.1, description=name, continuous_update=False, **_look()
    )


def _look() -> dict[str, Any]:
    return {"style": {"description_width": "9em"}, "layout": {"width": "34em", "max_width": "100%"}}


def _draw_normal(mean: float, log_var: float) -> tuple[Axes, str]:
    std = float(std_from_log_var(log_var))
    claim = f"Log-variance {number(log_var)} is a standard deviation of {std:.2f}"
    ax = plot_normal(mean, std, within=(1, 2), title=claim)
    ax.set(xlim=(-10, 10), ylim=(0, 1.15))
    return ax, f"Bell curve around mean {number(mean)}. {claim}; one and two of them are shaded."


def _draw_kl(z_mean: float, z_log_var: float) -> tuple[Axes, str]:
    from_mean, from_var = kl_normal([z_mean, 0], [0, z_log_var], 0, 0)
    parts = f"mean {from_mean:.2f}, variance {from_var:.2f}"
    claim = f"KL(q ‖ p) = {from_mean + from_var:.2f} nats: {parts}"
    ax = plot_kl_integrand(z_mean, z_log_var, names=("q", "p"), title=claim)
    ax.set_xlim(-8, 8)
    where = f"q with mean {number(z_mean)} and log-variance {number(z_log_var)}"
    return ax, f"Densities of {where} and of p, the standard normal. {claim}."


def _draw_code(
    decoder: Decoder, code: np.ndarray, moved: np.ndarray, codes: Any, labels: Any
) -> tuple[Axes, str]:
    place = ", ".join(f"{_name_of(dim)} = {number(code[dim])}" for dim in moved)
    title, alt = f"Decoded at {place}", f"Digit that the decoder draws at the code {place}."
    image = decode(decoder, code[None])
    if codes is None or codes.shape[1] != 2:
        return plot_digits(image, title=title, ax=axes_or_new(None, (4.5, 3.4))), alt
    _, (left, right) = plt.subplots(1, 2, figsize=(8.6, 4.2), layout="constrained")
    _draw_cloud(left, codes, labels)
    left.plot(*code, marker="D", markersize=12, color="black", markeredgecolor="white", zorder=6)
    return plot_digits(image, title=title, ax=right), alt


def _draw_cloud(ax: Axes, codes: np.ndarray, labels: Any) -> None:
    if labels is not None:
        plot_latent_scatter(codes, labels, "The diamond is the code", ax)
        return
    ax.scatter(codes[:, 0], codes[:, 1], s=9, color="0.72", linewidth=0)
    label(ax, "The diamond is the code", "$z_1$", "$z_2$")


def _name_of(dim: int) -> str:
    return "z" + str(dim + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
