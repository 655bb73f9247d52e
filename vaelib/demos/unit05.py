"""Demonstrations of unit 05: sampling errors, and what averaging the KL term over latent costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from vaelib.floats import Floats, floats, require
from vaelib.plots.lines import plot_lines

NOISE_VAR = 0.1
"""Variance of a pixel around the decoder's image: off by 0.3 of the way from paper to ink."""


def estimates_with_errors(
    estimate: Callable[[Floats, Floats, Floats], Floats],
    z_mean: Floats,
    z_log_var: Floats,
    counts: Sequence[int],
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Estimate one code's KL divergence from ever more draws, fresh ones for each count.

    Args:
        estimate: A `kl_monte_carlo`. It is given `(1, n, latent)` noise for n copies of the code,
            so that it returns what each single draw says.
        z_mean: Mean of the code, `(latent,)`.
        z_log_var: Its log-variance, `(latent,)`.
        counts: Draws behind each estimate, each at least 2.
        rng: Where the noise comes from.

    Returns:
        Estimates and their standard errors, nats, each `(len(counts),)`.
    """
    means, errors = [], []
    for count in counts:
        copies = np.ones((count, 1)) * z_mean, np.ones((count, 1)) * z_log_var
        single = np.asarray(estimate(*copies, rng.normal(size=(1, *copies[0].shape))))
        means.append(single.mean())
        errors.append(single.std(ddof=1) / np.sqrt(count))
    return np.array(means), np.array(errors)


@dataclass(frozen=True)
class Optimum:
    """The best linear VAE for one objective.

    Attributes:
        kl: KL divergence of an image's code from N(0, I), summed over latent, nats per image.
        negative_elbo: Reconstruction + KL with weight 1, nats per image, without the constant
            `pixels / 2 log(2 pi noise_var)`.
        active: How many latent dimensions carry anything.
    """

    kl: float
    negative_elbo: float
    active: int


def component_variances(images: Floats) -> Floats:
    """Variances along the principal components of images `(n, ...)`, largest first, `(pixels,)`."""
    pixels = floats(images).reshape(len(images), -1)
    return np.linalg.eigvalsh(np.cov(pixels.T, bias=True))[::-1].clip(0)


def linear_optimum(
    variances: Floats, latent_dim: int, beta: float = 1.0, noise_var: float = NOISE_VAR
) -> Optimum:
    """Solve for the VAE with linear encoder and decoder that minimises reconstruction + beta KL.

    Args:
        variances: Of the data along its principal components, largest first, `(pixels,)`.
        latent_dim: Number of latent dimensions, at least 1.
        beta: Weight of the KL term in what is minimised, above 0.
        noise_var: Variance of a pixel around the decoder's mean, above 0.

    Raises:
        ValueError: `latent_dim`, `beta` or `noise_var` is out of range.

    Formula:
        Probabilistic PCA (Tipping and Bishop 1999; Lucas et al. 2019 for the VAE) with noise
        `s = beta noise_var`: a component of variance `v > s` has a posterior variance of `s / v`
        and a KL of `log(v / s) / 2` nats, and leaves `s` of its variance unexplained; the others
        are dropped.
    """
    for name, value in {"latent_dim": latent_dim, "beta": beta, "noise_var": noise_var}.items():
        require(value > 0, f"{name} must be above 0", **{name: value})
    level = beta * noise_var
    kept, left_out = floats(variances)[:latent_dim], floats(variances)[latent_dim:]
    used = np.maximum(kept, level)  # a component at or below the noise level costs no KL
    kl = float(np.log(used / level).sum() / 2)
    unexplained = np.minimum(kept, level).sum() + left_out.sum()
    distortion = float(unexplained / (2 * noise_var))
    return Optimum(kl, kl + distortion, int((kept > level).sum()))


def plot_cost_of_the_mean(
    variances: Floats, latent_dims: Sequence[int] = (1, 2, 4, 8, 16, 32, 64)
) -> np.ndarray:
    """Draw the best linear VAE's KL under sum and mean over latent, and the nats the mean loses.

    Args:
        variances: Of the data along its principal components, largest first, `(pixels,)`.
        latent_dims: Numbers of latent dimensions, each at least 1.

    Returns:
        Both axes, `(2,)`.
    """
    summed = [linear_optimum(variances, dim) for dim in latent_dims]
    averaged = [linear_optimum(variances, dim, beta=1 / dim) for dim in latent_dims]
    pairs = list(zip(summed, averaged, strict=True))
    kl = {"mean over latent": [bad.kl for _, bad in pairs]}
    kl["sum over latent"] = [good.kl for good, _ in pairs]
    lost = {"lost": [bad.negative_elbo - good.negative_elbo for good, bad in pairs]}
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 4.0), layout="constrained")
    _plot_by_size(axes[0], latent_dims, kl, "What the codes cost", "KL, nats per image")
    _plot_by_size(axes[1], latent_dims, lost, "What the mean loses", "negative ELBO lost, nats")
    _write_values(axes[1], latent_dims, lost["lost"])
    claim = (
        f"A mean over latent loses {lost['lost'][1]:.2g} nats at latent_dim {latent_dims[1]} "
        f"and {lost['lost'][-1]:.0f} at {latent_dims[-1]}"
    )
    figure.suptitle(claim, x=0.02, ha="left")
    return axes


def _plot_by_size(
    ax: Axes, sizes: Sequence[int], series: Mapping[str, Sequence[float]], title: str, ylabel: str
) -> None:
    plot_lines(sizes, series, title, "latent_dim", ylabel, "x", ax)
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.xaxis.minorticks_off()


def _write_values(ax: Axes, sizes: Sequence[int], values: Sequence[float]) -> None:
    offset = "offset points"
    for size, value in list(zip(sizes, values, strict=True))[1:]:
        ax.annotate(f"{value:.2g}", (size, value), (-6, 5), textcoords=offset, ha="right")
