"""A dense encoder and decoder: fewer operations a step than the slides' convolutions."""

from collections.abc import Sequence
from math import prod

import keras
from keras import layers

from vaelib.arguments import check_count
from vaelib.layers import Sampling

UNITS = (512, 256)


def dense_encoder_model(
    latent_dim: int,
    input_shape: tuple[int, ...] = (28, 28, 1),
    units: Sequence[int] = UNITS,
    activation: str = "relu",
) -> keras.Model:
    """Build a dense encoder from an image to `[z_mean, z_log_var, z]`, each `(batch, latent)`.

    Args:
        latent_dim: Number of latent dimensions, at least 1.
        input_shape: Shape of one image.
        units: Sizes of the hidden layers, from the image to the code.
        activation: Name of the hidden layers' activation.

    Raises:
        ValueError: `latent_dim` is below 1.
    """
    latent_dim = check_count(latent_dim, "latent_dim")
    inputs = keras.Input(tuple(input_shape))
    x = layers.Flatten()(inputs)
    for size in units:
        x = layers.Dense(size, activation=activation)(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    z = Sampling(name="z")((z_mean, z_log_var))
    return keras.Model(inputs, [z_mean, z_log_var, z], name="encoder")


def dense_decoder_model(
    latent_dim: int,
    image_shape: tuple[int, ...] = (28, 28, 1),
    units: Sequence[int] = UNITS,
    activation: str = "relu",
) -> keras.Model:
    """Build a dense decoder from a code, `(batch, latent)`, to the probabilities of its pixels.

    Args:
        latent_dim: Number of latent dimensions, at least 1.
        image_shape: Shape of one image.
        units: Sizes of the hidden layers, from the image to the code: used in reverse.
        activation: Name of the hidden layers' activation.

    Raises:
        ValueError: `latent_dim` is below 1.
    """
    inputs = keras.Input((check_count(latent_dim, "latent_dim"),))
    x = inputs
    for size in reversed(units):
        x = layers.Dense(size, activation=activation)(x)
    x = layers.Dense(prod(image_shape), activation="sigmoid")(x)
    return keras.Model(inputs, layers.Reshape(tuple(image_shape))(x), name="decoder")
