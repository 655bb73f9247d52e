"""Held-out negative ELBO: the slides' model by epochs, a dense model at latent 16 by seconds."""

import math
import time
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from report import Row

from vaelib.data import Digits
from vaelib.metrics import (
    HeldOut,
    active_units,
    binarize,
    held_out_importance_bound,
    held_out_negative_elbo,
    posterior_means,
)
from vaelib.models import (
    VAE,
    decoder_model,
    dense_decoder_model,
    dense_encoder_model,
    encoder_model,
)
from vaelib.training import set_seeds

LATENT_16_TARGETS = {90: 102, 600: 96}
SLIDES_TARGETS = {8: 150, 30: 147}
PUBLISHED = "published, 5,000 samples: VAE 86.8, IWAE-50 84.8"


class ClockedCosine(keras.callbacks.Callback):
    """Warm up, then lower the learning rate along a cosine that ends when the time is over.

    The schedule follows the clock, not the steps, so that a slow machine ends with a low rate too.

    Args:
        peak: Highest learning rate.
        seconds: Training time, the compilation included; evaluation is not counted.
        warm_up: Share of the time in which the rate rises.
    """

    def __init__(self, peak: float, seconds: float, warm_up: float = 0.03) -> None:
        super().__init__()
        self.peak, self.seconds, self.warm_up = peak, seconds, warm_up

    def on_train_begin(self, logs: Any = None) -> None:
        self.start = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        share = min(1.0, (time.perf_counter() - self.start) / self.seconds)
        cosine = (1 + math.cos(math.pi * share)) / 2
        self.model.optimizer.learning_rate = self.peak * min(cosine, share / self.warm_up + 0.01)
        self.model.stop_training = share >= 1


def slides_quality(digits: Digits, epochs: int) -> Iterator[Row]:
    """Train the slides' model, latent 2, for some epochs, and evaluate it after each.

    The learning rate falls along a cosine to 0 at the last epoch: while it is high, the moving
    statistics of batch normalization lag behind the weights, and single epochs evaluate badly.
    """
    set_seeds(1)
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    vae = VAE(encoder, decoder_model(2, conv_shape))
    steps = epochs * math.ceil(len(digits.x_train) / 128)
    vae.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps))
    )
    for epoch in range(1, epochs + 1):
        vae.fit(digits.x_train, batch_size=128, epochs=1, verbose=0)
        held_out = held_out_negative_elbo(vae, digits.x_test)
        target = _target(SLIDES_TARGETS, epochs) if epoch == epochs else ""
        yield _elbo_row("slides", f"latent 2, epoch {epoch} of {epochs}", held_out, target)


def latent_16_quality(digits: Digits, seconds: float, samples: int, images: int) -> Iterator[Row]:
    """Train a dense model, latent 16, for a stated time, and evaluate it by both bounds."""
    set_seeds(1)
    vae = VAE(
        dense_encoder_model(16, activation="gelu"), dense_decoder_model(16, activation="gelu")
    )
    vae.compile(optimizer=keras.optimizers.Adam(1e-3))
    clock = ClockedCosine(2e-3, seconds)
    history = vae.fit(digits.x_train, batch_size=128, epochs=10_000, verbose=0, callbacks=[clock])
    what = f"latent 16, {seconds:.0f} s, {len(history.epoch)} epochs"
    target = _target(LATENT_16_TARGETS, seconds)
    yield _elbo_row("latent 16", what, held_out_negative_elbo(vae, digits.x_test), target)
    units = active_units(posterior_means(vae.encoder, digits.x_test), 0.01)
    yield Row("latent 16", "active units", f"{units} of 16")
    yield from _bounds_on_binarized_digits(vae, digits.x_test, samples, images)


def _bounds_on_binarized_digits(
    vae: VAE, x_test: np.ndarray, samples: int, images: int
) -> Iterator[Row]:
    """Evaluate by both bounds on digits that are drawn black and white once, seed 0."""
    x = binarize(x_test[:images], np.random.default_rng(0))
    yield _elbo_row("latent 16", f"{len(x)} binarised digits", held_out_negative_elbo(vae, x), "")
    nats = -held_out_importance_bound(vae, x, samples=samples, seed=0)
    error = nats.std() / np.sqrt(len(nats))
    what = f"{len(x)} binarised digits, {samples} samples"
    yield Row("latent 16", what, f"{nats.mean():.2f} nats", "", f"+- {error:.2f}; {PUBLISHED}")


def _elbo_row(part: str, what: str, held_out: HeldOut, target: str) -> Row:
    terms = f"reconstruction {held_out.reconstruction:.2f} + KL {held_out.kl:.2f}"
    return Row(part, what, f"{held_out.negative_elbo:.2f} nats", target, terms)


def _target(targets: dict[int, int], limit: float) -> str:
    return f"<= {targets[int(limit)]}" if limit in targets else ""
