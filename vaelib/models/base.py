"""What Autoencoder and VAE share: two fitting halves, checked images, `.keras` files."""

from typing import Any

import keras

from vaelib.arguments import Shape, check_images, fits


class ImageModel(keras.Model):
    """An encoder and a decoder that fit each other, trained to give images back.

    `fit`, `evaluate` and `predict` take images as floats in [0, 1] of shape
    `(n, height, width, channels)`, or a `tf.data.Dataset` of such batches, and raise ValueError
    for anything else.

    Args:
        encoder: Model whose first output is a code, `(batch, latent)`.
        decoder: Model from `(batch, latent)` to the encoder's images.

    Raises:
        ValueError: The decoder does not fit the encoder.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **kwargs: Any) -> None:
        check_pair(encoder, decoder)
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.built = bool(encoder.built and decoder.built)

    def fit(self, x: Any = None, y: Any = None, **kwargs: Any) -> keras.callbacks.History:
        """Train on images `x`, to give back `y` where that is given (a denoiser) and `x` else."""
        self._check(x=x, y=y)
        return super().fit(x, y, **kwargs)

    def evaluate(self, x: Any = None, y: Any = None, **kwargs: Any) -> Any:
        """Return the loss and its terms, in nats per image, averaged over images `x`."""
        self._check(x=x, y=y)
        return super().evaluate(x, y, **kwargs)

    def predict(self, x: Any, **kwargs: Any) -> Any:
        """Return reconstructions of images `x`, of x's shape, the same at every call."""
        self._check(x=x)
        return super().predict(x, **kwargs)

    def get_config(self) -> dict[str, Any]:
        parts = {"encoder": self.encoder, "decoder": self.decoder}
        return {
            **super().get_config(),
            **{name: keras.saving.serialize_keras_object(part) for name, part in parts.items()},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "ImageModel":
        parts = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in ("encoder", "decoder")
        }
        return cls(**{**config, **parts})

    def _check(self, **images: Any) -> None:
        shape = _shape(self.encoder, "input_shape")
        for name, value in images.items():
            if value is not None:
                check_images(value, name, shape)


def check_pair(encoder: keras.Model, decoder: keras.Model) -> None:
    """ValueError unless `decoder` takes the encoder's codes and gives the encoder's images."""
    for name, model in {"encoder": encoder, "decoder": decoder}.items():
        if not isinstance(model, keras.Layer):
            raise ValueError(f"{name} must be a keras.Model. Received: {name}={model!r}")
    _check_fit(
        "take the encoder's codes", _shape(encoder, "output_shape"), _shape(decoder, "input_shape")
    )
    _check_fit(
        "give the encoder's images", _shape(encoder, "input_shape"), _shape(decoder, "output_shape")
    )


def _check_fit(what: str, wanted: Shape | None, received: Shape | None) -> None:
    if wanted is not None and received is not None and not fits(received, wanted):
        raise ValueError(
            f"decoder must {what}, of shape (batch, {str(wanted)[1:-1].rstrip(',')}). "
            f"Received: a decoder for (batch, {str(received)[1:-1].rstrip(',')})"
        )


def _shape(model: keras.Model, side: str) -> Shape | None:
    """Return one image's or code's shape; None where a subclassed model does not tell it."""
    try:
        shape = getattr(model, side)
    except AttributeError:
        return None
    first = shape[0] if isinstance(shape, list) else shape
    return tuple(first)[1:]
