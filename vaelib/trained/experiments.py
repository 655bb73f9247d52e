"""Experiments that train too many models for a notebook: their numbers are kept, to be redrawn.

- `histories`: for "dense" and "slides" what `fit` reports, held-out values (`val_`) included;
- `rate_distortion`: for each beta the held-out KL and reconstruction, nats, and active units;
- `broken_runs`: for each mistake of `vaelib.trained.broken` what `fit` reports;
- `anomalies`: for each latent size and each digit left out of training, negative ELBO of each
  held-out image of the other digits ("normal") and of that digit ("anomaly"), nats;
- `mnist`: measured on MNIST, where digits differ more in ink: held-out terms of a collapsed model
  ("collapse"), and "anomalies" as above for the digit 1, of 1,000 held-out images.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from vaelib.data import Digits, load_digits
from vaelib.losses import bce_per_image, kl_per_image
from vaelib.metrics import active_units, held_out_negative_elbo, posterior_means
from vaelib.models import VAE, decoder_model, encoder_model
from vaelib.trained import broken
from vaelib.trained.fitting import History, fit, rounded
from vaelib.trained.recipes import SEED, build_vae
from vaelib.training import set_seeds

BETAS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
ANOMALY_LATENT_DIMS = (2, 32)


def histories(epochs: int = 25) -> dict[str, History]:
    """The dense pair and the slides' pair, both with two latent dimensions."""
    set_seeds(SEED)
    dense = fit(build_vae(2, units=(256, 64)), epochs)
    set_seeds(SEED)
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    slides = VAE(encoder, decoder_model(2, conv_shape))
    return {"dense": dense, "slides": fit(slides, epochs, learning_rate=1e-3)}


def rate_distortion(epochs: int = 25, latent_dim: int = 16) -> dict[str, list[float]]:
    """The same model under each beta."""
    x_test = load_digits("bundled").x_test
    rows = []
    for beta in BETAS:
        set_seeds(SEED)
        vae = build_vae(latent_dim, beta=beta)
        fit(vae, epochs)
        held_out = held_out_negative_elbo(vae, x_test, samples=8)
        active = active_units(posterior_means(vae.encoder, x_test), 0.01)
        rows.append((beta, held_out.kl, held_out.reconstruction, active))
    names, columns = ("betas", "rates", "distortions", "active_units"), zip(*rows, strict=True)
    return {name: rounded(column) for name, column in zip(names, columns, strict=True)}


def broken_runs(epochs: int = 12) -> dict[str, History]:
    """Six runs, each with one mistake in it."""
    return {name: make(epochs) for name, make in broken.RUNS.items()}


def anomalies(epochs: int = 15) -> dict[str, dict[str, dict[str, list[float]]]]:
    """A VAE for each digit that never saw it, at a small and at a large latent size."""
    return {
        str(latent_dim): {str(digit): _left_out(digit, latent_dim, epochs) for digit in range(10)}
        for latent_dim in ANOMALY_LATENT_DIMS
    }


def mnist(images: int = 12_000, epochs: int = 8) -> dict[str, Any]:
    """Two runs that need the real MNIST: see `vaelib.data` for where it is looked for."""
    digits = load_digits("mnist")
    set_seeds(SEED)
    collapsed = build_vae(2, beta=784.0)
    fit(collapsed, 2, digits.x_train[:images])
    held_out = held_out_negative_elbo(collapsed, digits.x_test)
    few = replace(
        digits,
        x_train=digits.x_train[:images],
        y_train=digits.y_train[:images],
        x_test=digits.x_test[:1000],
        y_test=digits.y_test[:1000],
    )
    left_out = {str(dim): _left_out(1, dim, epochs, few) for dim in ANOMALY_LATENT_DIMS}
    return {"collapse": held_out._asdict(), "anomalies": left_out}


def _left_out(
    digit: int, latent_dim: int, epochs: int, digits: Digits | None = None
) -> dict[str, list[float]]:
    digits = digits or load_digits("bundled")
    set_seeds(SEED)
    vae = build_vae(latent_dim)
    fit(vae, epochs, digits.x_train[digits.y_train != digit])
    scores = scores_of(vae, digits.x_test)
    is_anomaly = digits.y_test == digit
    return {"normal": rounded(scores[~is_anomaly]), "anomaly": rounded(scores[is_anomaly])}


def scores_of(vae: Any, x: np.ndarray, samples: int = 8) -> np.ndarray:
    """Negative ELBO of each image, averaged over draws of z, nats, `(n,)`."""
    totals = []
    for _ in range(samples):
        z_mean, z_log_var, z = vae.encoder(x, training=False)
        totals.append(bce_per_image(x, vae.decoder(z, training=False)))
    return np.mean(totals, axis=0) + np.asarray(kl_per_image(z_mean, z_log_var))
