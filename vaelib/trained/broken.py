"""Six training runs with one mistake each, for readers to diagnose from the curves alone."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from vaelib.models import VAE, decoder_model, encoder_model
from vaelib.trained.fitting import History, fit, rounded
from vaelib.trained.recipes import build_vae
from vaelib.training import set_seeds

SEED = 6


class MeanOverPixels(VAE):
    """Averages the cross-entropy over the pixels, where a sum belongs."""

    def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
        kl = self.losses[0]
        return (super().compute_loss(*args, **kwargs) - kl) / 784 + kl


class KlSubtracted(VAE):
    """Rewards codes for lying far from the prior."""

    def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
        return super().compute_loss(*args, **kwargs) - 2 * self.losses[0]


def mean_over_pixels(epochs: int) -> History:
    history = fit(_rebuilt(MeanOverPixels), epochs, decimals=4)
    for name in ("reconstruction_loss", "val_reconstruction_loss"):
        history[name] = rounded(np.array(history[name]) / 784, 4)
    return history


def kl_subtracted(epochs: int) -> History:
    """With a usual learning rate, the loss is -inf within three epochs."""
    return fit(_rebuilt(KlSubtracted), epochs, learning_rate=1.1e-5)


def decoder_left_out(epochs: int) -> History:
    vae = _rebuilt(VAE)
    vae.decoder.trainable = False
    return fit(vae, epochs)


def learning_rate_too_large(epochs: int) -> History:
    """25 times the usual one; at 50 times, the loss is no number any more."""
    return fit(_rebuilt(VAE), epochs, learning_rate=0.05)


def moving_statistics_lag(epochs: int) -> History:
    """Three steps an epoch, of which each moves the statistics by one hundredth of the way."""
    set_seeds(SEED)
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    return fit(VAE(encoder, decoder_model(2, conv_shape)), epochs, batch_size=500)


def metrics_never_reset(epochs: int) -> History:
    """Epochs have equally many steps, so that a metric never reset is the mean of the epochs."""
    history = fit(_rebuilt(VAE), epochs)
    for name in ("loss", "reconstruction_loss", "kl_loss"):
        so_far = np.cumsum(history[name]) / np.arange(1, epochs + 1)
        history[name] = rounded(so_far)
    return history


RUNS: dict[str, Callable[[int], History]] = {
    "mean over pixels": mean_over_pixels,
    "decoder left out": decoder_left_out,
    "moving statistics lag": moving_statistics_lag,
    "KL subtracted": kl_subtracted,
    "metrics never reset": metrics_never_reset,
    "learning rate too large": learning_rate_too_large,
}


def _rebuilt(kind: type[VAE]) -> keras.Model:
    """An untrained dense VAE of this kind, with two latent dimensions."""
    set_seeds(SEED)
    plain = build_vae(2)
    return kind(plain.encoder, plain.decoder)
