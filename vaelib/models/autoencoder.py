"""The plain autoencoder: a code is a point, not a distribution."""

from math import prod
from typing import Any

import keras
from keras import layers, ops

from vaelib.arguments import check_count
from vaelib.finished import finished
from vaelib.losses import reconstruction_error
from vaelib.models.base import ImageModel

Tensor = Any

IMAGE_SHAPE = (28, 28, 1)
UNITS = (128, 64)
"""Hidden layers from the image to the code: two dense ones train in seconds."""


@finished
def build_autoencoder(latent_dim: int) -> tuple[keras.Model, keras.Model]:
    """Build the two halves of a plain autoencoder for digits.

    Args:
        latent_dim: Number of latent dimensions, at least 1.

    Returns:
        `(encoder, decoder)`: a model from `(batch, 28, 28, 1)` to codes `(batch, latent)`, linear
        in its last layer, and one from codes to images with values in (0, 1).

    Raises:
        ValueError: `latent_dim` is below 1.
    """
    latent_dim = check_count(latent_dim, "latent_dim")
    down, up = ([layers.Dense(u, "relu") for u in units] for units in (UNITS, UNITS[::-1]))
    pixels = [layers.Dense(prod(IMAGE_SHAPE), "sigmoid"), layers.Reshape(IMAGE_SHAPE)]
    encoder = keras.Sequential([layers.Flatten()] + down + [layers.Dense(units=latent_dim)])
    decoder = keras.Sequential(up + pixels)
    encoder.build((None, *IMAGE_SHAPE))
    decoder.build((None, latent_dim))
    return encoder, decoder


@keras.saving.register_keras_serializable(package="vaelib")
class Autoencoder(ImageModel):
    """Autoencoder, trained on the squared error, summed over pixels and averaged over the batch.

    That is the error which PCA makes least among linear maps, so the two can be compared at equal
    latent size. `compile(optimizer=...)` needs no loss. Where `fit` is given `y`, the model
    learns to give `y` back from `x`: a denoiser.

    Args:
        encoder: Model from an image to a code, `(batch, latent)`.
        decoder: Model from `(batch, latent)` to an image.

    Call arguments:
        inputs: Images in [0, 1], `(batch, height, width, channels)`.

    Returns:
        Reconstructions, of the inputs' shape.

    Example:
        >>> model = Autoencoder(*build_autoencoder(latent_dim=2))
        >>> model.compile(optimizer="adam")
        >>> model.fit(x_train, epochs=5, batch_size=128)
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **kwargs: Any) -> None:
        outputs = len(getattr(encoder, "outputs", None) or [None])
        if outputs != 1:
            raise ValueError(
                "encoder must give one output, a code (batch, latent); VAE takes one that gives "
                f"[z_mean, z_log_var, z]. Received: an encoder with {outputs} outputs"
            )
        super().__init__(encoder, decoder, **kwargs)

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        return self.decoder(self.encoder(inputs, training=training), training=training)

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        """Return the squared error per image, plus the layers' own penalties."""
        target = x if y is None else y
        return sum(self.losses, ops.mean(reconstruction_error(target, y_pred)))
