"""The two terms of the objective: what one costs in the other, and what a mean does to them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.canvas import INK, axes_or_new, label, same_length, vector
from vaelib.plots.lines import plot_lines


def plot_rate_distortion(
    rates: Any,
    distortions: Any,
    betas: Any,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw reconstruction loss against KL for models trained with different beta.

    Args:
        rates: KL of each model, nats, `(n,)`.
        distortions: Reconstruction loss of each model, nats, `(n,)`.
        betas: Weight of the KL term that each was trained with, `(n,)`.
        title: The claim; None names the trade.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: The three differ in length.
    """
    rate, distortion = vector(rates, "rates"), vector(distortions, "distortions")
    weights = vector(betas, "betas")
    same_length(rates=rate, distortions=distortion, betas=weights)
    order, ax = np.argsort(rate), axes_or_new(ax)
    ax.plot(rate[order], distortion[order], marker="o")
    for place in range(len(rate)):
        ax.annotate(
            f"β = {weights[place]:g}",
            (rate[place], distortion[place]),
            (7, 5),
            textcoords="offset points",
        )
    best = int((rate + distortion).argmin())
    total = rate[best] + distortion[best]
    ax.margins(x=0.15, y=0.15)
    ax.axline(
        (rate[best], distortion[best]),
        slope=-1,
        color=INK,
        linestyle=":",
        zorder=1,
        label=f"the same sum everywhere: {total:.1f} nats",
    )
    ax.legend(loc="upper right")
    claim = "A larger β buys a smaller KL with a worse reconstruction"
    return label(ax, title or claim, "rate: KL, nats per image", "distortion: reconstruction, nats")


def plot_mean_against_sum(
    latent_dims: Sequence[int] = (1, 2, 4, 8, 16, 32, 64),
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the weight of the KL term where it is summed and where it is averaged over latent.

    Args:
        latent_dims: Numbers of latent dimensions, each at least 1.
        title: The claim; None gives the weight at the largest number.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: A number of dimensions is below 1.
    """
    dims = vector(latent_dims, "latent_dims")
    if dims.min() < 1:
        raise ValueError(f"latent_dims must be at least 1. Received: {tuple(latent_dims)}")
    series = {"sum over latent: weight 1": np.ones_like(dims), "mean over latent": 1 / dims}
    largest = int(dims.max())
    claim = f"A mean over {largest} latent dimensions divides the KL term by {largest}"
    ax = plot_lines(
        dims, series, title or claim, "latent_dim", "weight of the KL term (implied β)", "xy", ax
    )
    ax.yaxis.set_major_formatter("{x:g}")
    return ax
