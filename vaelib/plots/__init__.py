"""Figures of the course: each function draws one figure with one claim and returns its axes.

    from vaelib import plots

    plots.use_style()
    plots.show(plots.plot_normal(), alt="Bell curve around 0; two thirds of it lie within one std.")

Importing changes no setting; `use_style` does. `show` wants alternative text for every figure.
"""

from vaelib.plots.bars import plot_bars
from vaelib.plots.canvas import use_style
from vaelib.plots.decoded import plot_interpolation, plot_manifold, plot_traversals
from vaelib.plots.display import image_html, show
from vaelib.plots.divergence import (
    plot_kl_asymmetry,
    plot_kl_comparison,
    plot_kl_integrand,
    plot_kl_map,
)
from vaelib.plots.images import plot_digits, plot_image_rows, plot_nearest
from vaelib.plots.latent import plot_latent_holes, plot_latent_scatter
from vaelib.plots.lines import plot_curves, plot_lines
from vaelib.plots.normal import plot_gaussian_shell, plot_normal, plot_samples_against_density
from vaelib.plots.normalization import plot_inference_gap, plot_moving_statistics
from vaelib.plots.objectives import plot_mean_against_sum, plot_rate_distortion
from vaelib.plots.scores import (
    plot_gradient_variance,
    plot_histograms,
    plot_roc,
    plot_score_histograms,
)

__all__ = [
    "image_html",
    "plot_bars",
    "plot_curves",
    "plot_digits",
    "plot_gaussian_shell",
    "plot_gradient_variance",
    "plot_histograms",
    "plot_image_rows",
    "plot_inference_gap",
    "plot_interpolation",
    "plot_kl_asymmetry",
    "plot_kl_comparison",
    "plot_kl_integrand",
    "plot_kl_map",
    "plot_latent_holes",
    "plot_latent_scatter",
    "plot_lines",
    "plot_manifold",
    "plot_mean_against_sum",
    "plot_moving_statistics",
    "plot_nearest",
    "plot_normal",
    "plot_rate_distortion",
    "plot_roc",
    "plot_samples_against_density",
    "plot_score_histograms",
    "plot_traversals",
    "show",
    "use_style",
]
