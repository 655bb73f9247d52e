"""Evaluate a whole model on images that it has not seen: bounds on their log-likelihood."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vaelib.arguments import check_count, check_images
from vaelib.layers import reparameterize
from vaelib.losses import bce_per_image, kl_per_image
from vaelib.metrics.scores import importance_weighted_bound

Array = NDArray[Any]

ROWS = 5_000
"""Images that are decoded at a time; the memory that an evaluation takes grows with it."""


class HeldOut(NamedTuple):
    """A negative ELBO and its two terms, in nats per image; lower is better."""

    negative_elbo: float
    reconstruction: float
    kl: float


def held_out_negative_elbo(vae: Any, x: Array, samples: int = 1) -> HeldOut:
    """Negative ELBO on held-out images, with sampled z and beta 1, whatever beta trained it.

    Args:
        vae: Anything with `encoder` (image to `[z_mean, z_log_var, z]`) and `decoder`.
        x: Images in [0, 1], `(n, height, width, channels)`.
        samples: Codes drawn per image; more make the estimate steadier, not lower.

    Returns:
        `HeldOut(negative_elbo, reconstruction, kl)`, nats per image, averaged over images.

    Raises:
        ValueError: `x` are no such images, or `samples` is below 1.
    """
    check_images(x, "x")
    check_count(samples, "samples")
    parts = [_negative_elbo_terms(vae, batch, samples) for batch in _batches(x, ROWS)]
    reconstruction, kl = np.concatenate(parts, axis=1).mean(axis=1).tolist()
    return HeldOut(reconstruction + kl, reconstruction, kl)


def held_out_importance_bound(
    vae: Any, x: Array, samples: int = 5_000, batch_size: int = 100, seed: int | None = None
) -> Array:
    """Importance-weighted bound on the log-likelihood of each held-out image.

    Published values are for binarised digits: see `binarize`. At most `ROWS` images are decoded
    at a time, so that memory stays bounded however many samples are asked for.

    Args:
        vae: Anything with `encoder` (image to `[z_mean, z_log_var, z]`) and `decoder`.
        x: Images in [0, 1], `(n, height, width, channels)`.
        samples: Codes drawn per image; the published 86.8 and 84.8 use 5,000.
        batch_size: Images whose codes are drawn together.
        seed: Start of the noise; `None` picks one at random.

    Returns:
        Lower bounds on `log p(x)`, `(n,)`, nats; negate their mean to compare with a negative ELBO.

    Raises:
        ValueError: `x` are no such images, or `samples` is below 1.
    """
    check_images(x, "x")
    noise = keras.random.SeedGenerator(seed)
    sizes = _chunk_sizes(check_count(samples, "samples"), max(1, ROWS // batch_size))
    bounds = []
    for batch in _batches(x, batch_size):
        posterior = vae.encoder(batch, training=False)[:2]
        chunks = [_log_weights(vae.decoder, batch, posterior, size, noise) for size in sizes]
        bounds.append(importance_weighted_bound(np.concatenate(chunks)))
    return np.concatenate(bounds)


def posterior_means(encoder: Any, x: Array) -> Array:
    """Return `z_mean` of each image, `(n, latent)`, a batch at a time."""
    means = [encoder(batch, training=False)[0] for batch in _batches(x, ROWS)]
    return np.concatenate([ops.convert_to_numpy(mean) for mean in means])


def binarize(x: Array, rng: np.random.Generator) -> Array:
    """Draw each pixel as 0 or 1 with its grey value as the probability, in x's dtype.

    Fresh draws at every call are "dynamic binarisation" (Burda and others 2016, section 5).
    """
    return (rng.random(np.shape(x)) < x).astype(np.asarray(x).dtype)


def _negative_elbo_terms(vae: Any, batch: Array, samples: int) -> Array:
    """Return reconstruction and KL of each image, averaged over samples, `(2, batch)`."""
    drawn = []
    for _ in range(samples):
        z_mean, z_log_var, z = vae.encoder(batch, training=False)
        drawn.append(bce_per_image(batch, vae.decoder(z, training=False)))
    terms = ops.stack([sum(drawn) / samples, kl_per_image(z_mean, z_log_var)])
    return np.asarray(ops.convert_to_numpy(terms), dtype=float)


def _log_weights(decoder: Any, batch: Array, posterior: Any, samples: int, noise: Any) -> Array:
    """Return `log p(x | z) + log p(z) - log q(z | x)`, `(samples, batch)`.

    The constants of the two normal densities cancel, and `(z - z_mean)^2 / var` is `epsilon^2`.
    """
    z_mean, z_log_var = posterior
    epsilon = keras.random.normal((samples, *z_mean.shape), seed=noise)
    z = reparameterize(z_mean, z_log_var, epsilon)
    gap = ops.sum(ops.square(epsilon) + z_log_var - ops.square(z), axis=-1) / 2
    x_hat = decoder(ops.reshape(z, (-1, z.shape[-1])), training=False)
    tiled = ops.tile(batch, (samples, 1, 1, 1))
    log_likelihood = -ops.reshape(bce_per_image(tiled, x_hat), gap.shape)
    return np.asarray(ops.convert_to_numpy(log_likelihood + gap), dtype=float)


def _batches(x: Array, size: int) -> Iterator[Array]:
    return (x[start : start + size] for start in range(0, len(x), size))


def _chunk_sizes(total: int, size: int) -> list[int]:
    return [min(size, total - start) for start in range(0, total, size)]
