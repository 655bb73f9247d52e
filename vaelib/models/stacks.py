"""The slides' convolutional encoder and decoder, for any latent size and image size."""

from typing import Any

import keras
from keras import layers

from vaelib.arguments import Shape, check_count
from vaelib.finished import finished
from vaelib.fused import FusedBatchNormalization
from vaelib.layers import Sampling

Tensor = Any

FILTERS = (32, 64)
"""Channels of the encoder's two convolutions; the decoder takes them in reverse."""

HIDDEN_UNITS = 20


@finished
def encoder_layers(inputs: Tensor, latent_dim: int) -> tuple[Tensor, Tensor, Shape]:
    """Apply the slides' encoder: two strided convolutions, a dense layer, and two linear heads.

    Batch normalisation follows each layer but the heads, which are free to be any number.

    Args:
        inputs: A Keras input, `(batch, height, width, channels)`; height and width are multiples
            of 4, because two strides of 2 halve them twice.
        latent_dim: Number of latent dimensions, at least 1.

    Returns:
        `(z_mean, z_log_var, conv_shape)`: two tensors `(batch, latent)`, and the shape after the
        last convolution, `(None, 7, 7, 64)` for 28 x 28, which the decoder starts from.

    Raises:
        ValueError: `latent_dim` is below 1, or the inputs' shape is no multiple of 4.
    """
    latent_dim = check_count(latent_dim, "latent_dim")
    _check_input_shape(tuple(inputs.shape)[1:], "inputs")
    maps = inputs
    for filters in FILTERS:
        maps = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(maps)
        maps = FusedBatchNormalization()(maps)
    conv_shape = tuple(maps.shape)
    x = layers.Dense(HIDDEN_UNITS, activation="relu")(layers.Flatten()(maps))
    x = layers.BatchNormalization()(x)
    heads = [layers.Dense(latent_dim, name=name)(x) for name in ("z_mean", "z_log_var")]
    return heads[0], heads[1], conv_shape


@finished
def encoder_model(latent_dim: int, input_shape: Shape) -> tuple[keras.Model, Shape]:
    """Build the encoder: an image in, its posterior and one code drawn from it out.

    Args:
        latent_dim: Number of latent dimensions, at least 1.
        input_shape: `(height, width, channels)`; height and width are multiples of 4.

    Returns:
        `(model, conv_shape)`. The model gives `[z_mean, z_log_var, z]`, each `(batch, latent)`;
        `z` is drawn from that same `z_mean` and `z_log_var`.

    Raises:
        ValueError: `latent_dim` is below 1, or `input_shape` is no multiple of 4.
    """
    _check_input_shape(tuple(input_shape), "input_shape")
    inputs = keras.Input(tuple(input_shape))
    z_mean, z_log_var, conv_shape = encoder_layers(inputs, latent_dim)
    z = Sampling(name="z")((z_mean, z_log_var))
    return keras.Model(inputs, [z_mean, z_log_var, z], name="encoder"), conv_shape


@finished
def decoder_layers(inputs: Tensor, conv_shape: Shape, channels: int = 1) -> Tensor:
    """Apply the slides' decoder: a dense layer, then three transposed convolutions.

    Args:
        inputs: A Keras input of codes, `(batch, latent)`.
        conv_shape: The encoder's `(None, height, width, filters)`, `(None, 7, 7, 64)` for 28 x 28.
        channels: Channels of the images, 1 for grey ones.

    Returns:
        Probabilities of the pixels, `(batch, 4 * height, 4 * width, channels)`, in (0, 1).

    Raises:
        ValueError: `conv_shape` is not four numbers, the first of them `None`.
    """
    height, width, filters = _check_conv_shape(conv_shape)
    x = layers.Dense(height * width * filters, activation="relu")(inputs)
    x = layers.Reshape((height, width, filters))(layers.BatchNormalization()(x))
    for size in reversed(FILTERS):
        x = layers.Conv2DTranspose(size, 3, strides=2, padding="same", activation="relu")(x)
        x = FusedBatchNormalization()(x)
    return layers.Conv2DTranspose(channels, 3, padding="same", activation="sigmoid")(x)


@finished
def decoder_model(latent_dim: int, conv_shape: Shape, channels: int = 1) -> keras.Model:
    """Build the decoder: a code in, the probabilities of an image's pixels out.

    Args:
        latent_dim: Number of latent dimensions, at least 1.
        conv_shape: The encoder's `(None, height, width, filters)`.
        channels: Channels of the images, 1 for grey ones.

    Returns:
        A model from `(batch, latent)` to `(batch, 4 * height, 4 * width, channels)`.

    Raises:
        ValueError: `latent_dim` is below 1, or `conv_shape` is not an encoder's.
    """
    inputs = keras.Input((check_count(latent_dim, "latent_dim"),))
    return keras.Model(inputs, decoder_layers(inputs, conv_shape, channels), name="decoder")


def _check_input_shape(shape: Shape, name: str) -> None:
    positive = len(shape) == 3 and all(isinstance(n, int) and n > 0 for n in shape)
    if not positive or shape[0] % 4 or shape[1] % 4:  # type: ignore[operator]
        raise ValueError(
            f"{name} must be images (height, width, channels) whose height and width are "
            f"multiples of 4, such as (28, 28, 1). Received: {name} of shape {shape}"
        )


def _check_conv_shape(conv_shape: Shape) -> tuple[int, int, int]:
    sizes = tuple(conv_shape)[1:]
    if len(sizes) != 3 or not all(isinstance(n, int) and n > 0 for n in sizes):
        raise ValueError(
            "conv_shape must be (None, height, width, filters), as encoder_layers returns it, "
            f"such as (None, 7, 7, 64). Received: conv_shape={conv_shape}"
        )
    return sizes  # type: ignore[return-value]
