"""Losses in nats: reconstruction, KL divergence, and their sum, the negative ELBO."""

from typing import Any

from keras import ops

from vaelib.arguments import check_count, check_same_shape
from vaelib.finished import finished, part_of

Tensor = Any

CLIP = 1e-7
"""Probabilities are kept this far from 0 and 1, so that no logarithm is infinite."""


@part_of("kl_to_standard_normal")
def kl_per_image(z_mean: Tensor, z_log_var: Tensor) -> Tensor:
    """KL divergence of each posterior from `N(0, I)`, summed over latent.

    Args:
        z_mean: Posterior means, `(batch, latent)`.
        z_log_var: Posterior log-variances, `(batch, latent)`.

    Returns:
        Nats, `(batch,)`.

    Formula:
        `1/2 sum(z_mean^2 + (exp(z_log_var) - 1) - z_log_var)` (Kingma and Welling 2014,
        appendix B), with `expm1` so that variances near 1 lose no digits.
    """
    excess = ops.subtract(ops.expm1(z_log_var), z_log_var)
    return ops.sum(ops.add(ops.square(z_mean), excess), axis=-1) / 2


def bce_per_image(x: Tensor, x_hat: Tensor) -> Tensor:
    """Binary cross-entropy of each image, summed over every axis but the first.

    Args:
        x: Pixels in [0, 1], `(batch, ...)`.
        x_hat: Predicted probabilities, of x's shape; clipped to `[1e-7, 1 - 1e-7]`.

    Returns:
        Nats, `(batch,)`. The least value is the pixels' own entropy, 0 for black and white alone.

    Raises:
        ValueError: The shapes differ.
    """
    check_same_shape(x, x_hat, "x and x_hat")
    x_hat = ops.clip(x_hat, CLIP, 1 - CLIP)
    log_off = ops.log1p(-x_hat)
    log_odds = ops.subtract(ops.log(x_hat), log_off)
    return -_sum_per_image(ops.add(log_off, ops.multiply(x, log_odds)))


@finished
def reconstruction_error(x: Tensor, x_hat: Tensor) -> Tensor:
    """Squared error of each image, summed over every axis but the first.

    Args:
        x: Images, `(n, ...)`.
        x_hat: Their reconstructions, of x's shape.

    Returns:
        Squared pixel values, `(n,)`.

    Raises:
        ValueError: The shapes differ.
    """
    check_same_shape(x, x_hat, "x and x_hat")
    return _sum_per_image(ops.square(ops.subtract(x, x_hat)))


@finished
def kl_loss(z_mean: Tensor, z_log_var: Tensor) -> Tensor:
    """KL divergence from `N(0, I)`, summed over latent and averaged over the batch.

    Args:
        z_mean: Posterior means, `(batch, latent)`.
        z_log_var: Posterior log-variances, `(batch, latent)`.

    Returns:
        Nats per image, a scalar.

    Formula:
        The mean of `kl_per_image`, which gives the closed form and its source.
    """
    return ops.mean(kl_per_image(z_mean, z_log_var))


@finished
def implied_beta(latent_dim: int) -> float:
    """Weight that a mean over latent dimensions puts on the KL term, relative to the sum.

    Args:
        latent_dim: Number of latent dimensions, at least 1.

    Returns:
        `1 / latent_dim`.

    Raises:
        ValueError: `latent_dim` is below 1.
    """
    return check_count(latent_dim, "latent_dim") ** -1.0


@finished
def reconstruction_loss(x: Tensor, x_hat: Tensor) -> Tensor:
    """Binary cross-entropy, summed over pixels and averaged over the batch.

    Args:
        x: Pixels in [0, 1], `(batch, height, width, channels)`.
        x_hat: Predicted probabilities, of x's shape; clipped to `[1e-7, 1 - 1e-7]`.

    Returns:
        Nats per image, a scalar. All probabilities 1/2 give `pixels * ln 2`, 543.43 for 28 x 28.
    """
    return ops.mean(bce_per_image(x, x_hat))


@finished
def negative_elbo(
    x: Tensor, x_hat: Tensor, z_mean: Tensor, z_log_var: Tensor, beta: float
) -> Tensor:
    """Reconstruction loss plus beta times the KL loss: what a VAE minimises.

    Args:
        x: Pixels in [0, 1], `(batch, height, width, channels)`.
        x_hat: Predicted probabilities, of x's shape.
        z_mean: Posterior means, `(batch, latent)`.
        z_log_var: Posterior log-variances, `(batch, latent)`.
        beta: Weight of the KL term; 1 gives the negative ELBO itself, a bound on `-log p(x)`.

    Returns:
        Nats per image, a scalar.
    """
    kl = ops.mean(kl_per_image(z_mean, z_log_var))
    return ops.mean(bce_per_image(x, x_hat)) + beta * kl


def _sum_per_image(values: Tensor) -> Tensor:
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))
