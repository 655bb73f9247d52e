"""The variational autoencoder as a Keras model."""

import inspect
from typing import Any

import keras
from keras import ops

from vaelib.finished import finished
from vaelib.losses import kl_per_image, reconstruction_loss
from vaelib.models.base import ImageModel

Tensor = Any

TERMS = ("reconstruction", "kl")
"""Terms of the loss, each reported as `<term>_loss`."""


@keras.saving.register_keras_serializable(package="vaelib")
@finished
class VAE(ImageModel):
    """Variational autoencoder, trained on the negative ELBO.

    `compile(optimizer=...)` needs no loss. `fit` and `evaluate` report `loss`,
    `reconstruction_loss` and `kl_loss`, in nats per image; z is sampled in both. `predict`
    decodes `z_mean`, so that it gives the same bytes at every call. Where `fit` is given `y`, the
    model learns to give `y` back from `x`: a denoiser.

    Args:
        encoder: Model from an image to `[z_mean, z_log_var, z]`, each `(batch, latent)`.
        decoder: Model from `(batch, latent)` to the probabilities of an image's pixels.
        beta: Weight of the KL term, at least 0; 1 gives the negative ELBO.

    Call arguments:
        inputs: Images in [0, 1], `(batch, height, width, channels)`.

    Returns:
        Reconstructions from a sampled z, of the inputs' shape.

    Formula:
        `loss = reconstruction_loss + beta * kl_loss` (Kingma and Welling 2014, equation 10;
        Higgins and others 2017 for beta).

    Example:
        >>> encoder, conv_shape = encoder_model(2, (28, 28, 1))
        >>> vae = VAE(encoder, decoder_model(2, conv_shape))
        >>> vae.compile(optimizer="adam")
        >>> vae.fit(x_train, epochs=5, batch_size=128)
    """

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, beta: float = 1.0, **kwargs: Any
    ) -> None:
        _check_posterior(encoder)
        _check_beta(beta)
        super().__init__(encoder, decoder, **kwargs)
        self.beta = float(beta)
        self.trackers = [keras.metrics.Mean(name=f"{term}_loss") for term in TERMS]

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        *posterior, code = self.encoder(inputs, training=training)
        self.add_loss(ops.mean(kl_per_image(*posterior)))
        return self.decoder(code, training=training)

    def compute_loss(  # Keras hands over the images and what `call` made of them
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        """Return the negative ELBO with beta on its KL term, plus the layers' own penalties."""
        kl, *penalties = self.losses
        reconstruction = reconstruction_loss(x if y is None else y, y_pred)
        for tracker, term in zip(self.trackers, (reconstruction, kl), strict=True):
            tracker.update_state(term, sample_weight=ops.shape(x)[0])
        return sum(penalties, reconstruction + self.beta * kl)

    def predict_step(self, data: Any) -> Tensor:
        """Decode `z_mean` of a batch of images."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.decoder(self.encoder(images, training=False)[0], training=False)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "beta": self.beta}


def _check_posterior(encoder: keras.Model) -> None:
    try:
        shapes = encoder.output_shape
    except AttributeError:  # a subclassed model, which tells its shapes later
        return
    if not isinstance(shapes, list | tuple) or len(shapes) != 3 or len(set(shapes)) != 1:
        raise ValueError(
            "encoder must give [z_mean, z_log_var, z], three outputs of one shape "
            f"(batch, latent). Received: outputs of shape {shapes}"
        )


def _check_beta(beta: float) -> None:
    if not beta >= 0:
        raise ValueError(f"beta must be at least 0. Received: beta={beta}")


# Keras reads the parameters of `__init__` to rebuild models, and must see them past the bar.
VAE.__init__.__signature__ = inspect.signature(VAE.__init__)  # type: ignore[attr-defined]
