# %% [markdown]
# # Draw a code, and send the gradient back through the draw

# %% role="setup"
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from numpy.typing import ArrayLike

import vaelib
from vaelib.models import encoder_layers

rng = np.random.default_rng(4)

# %% exercise="reparameterize" role="answer"
def reparameterize(z_mean: ArrayLike, z_log_var: ArrayLike, epsilon: ArrayLike) -> ArrayLike:
    """Turn noise into codes: draws of N(z_mean, exp(z_log_var)), `(batch, latent)`.

    epsilon: draws of N(0, 1). All three arguments are `(batch, latent)`.
    """
    ### BEGIN SOLUTION
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
    ### END SOLUTION

# %% exercise="reparameterize" role="check"
vaelib.check("reparameterize", reparameterize)

# %% exercise="reparameterization_gradients" role="answer"
def reparameterization_gradients(
    z_log_var: ArrayLike, epsilon: ArrayLike
) -> tuple[ArrayLike, ArrayLike]:
    """Return dz/dz_mean and dz/dz_log_var, element by element, each `(batch, latent)`."""
    ### BEGIN SOLUTION
    std = ops.exp(0.5 * z_log_var)
    return ops.ones_like(std), 0.5 * std * epsilon
    ### END SOLUTION

# %% exercise="reparameterization_gradients" role="check"
vaelib.check("reparameterization_gradients", reparameterization_gradients)

# %% exercise="Sampling" role="answer"
class Sampling(keras.layers.Layer):
    """Draw one code for each row of `(z_mean, z_log_var)`, each `(batch, latent)`.

    seed: where this layer's own stream of noise starts; None picks a start at random.
    """

    def __init__(self, seed: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.noise = keras.random.SeedGenerator(seed)
        ### END SOLUTION

    def call(self, inputs):
        ### BEGIN SOLUTION
        z_mean, z_log_var = inputs
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.noise)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon
        ### END SOLUTION

# %% exercise="Sampling" role="check"
vaelib.check("Sampling", Sampling)

# %% exercise="encoder_model" role="answer"
def encoder_model(latent_dim: int, input_shape: tuple) -> tuple[keras.Model, tuple]:
    """Return `(model, conv_shape)`; the model turns images into `[z_mean, z_log_var, z]`.

    input_shape: height, width and channels of one image. z is drawn by your `Sampling`.
    """
    ### BEGIN SOLUTION
    images = keras.Input(shape=input_shape)
    z_mean, z_log_var, conv_shape = encoder_layers(images, latent_dim)
    z = Sampling(name="draw")((z_mean, z_log_var))
    return keras.Model(images, [z_mean, z_log_var, z]), conv_shape
    ### END SOLUTION

# %% exercise="encoder_model" role="check"
vaelib.check("encoder_model", encoder_model)

# %% exercise="decoder_layers" role="answer"
def decoder_layers(inputs: keras.KerasTensor, conv_shape: tuple) -> keras.KerasTensor:
    """Apply the decoder's layers to codes `(batch, latent)`; return images of probabilities.

    conv_shape: where the encoder's convolutions ended, such as `(None, 7, 7, 64)`.
    """
    ### BEGIN SOLUTION
    rows, columns, filters = conv_shape[1:]
    h = layers.Dense(rows * columns * filters, activation="relu")(inputs)
    h = layers.BatchNormalization()(h)
    h = layers.Reshape((rows, columns, filters))(h)
    h = layers.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu")(h)
    h = layers.BatchNormalization()(h)
    h = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(h)
    h = layers.BatchNormalization()(h)
    return layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(h)
    ### END SOLUTION

# %% exercise="decoder_layers" role="check"
vaelib.check("decoder_layers", decoder_layers)

# %% exercise="decoder_model" role="answer"
def decoder_model(latent_dim: int, conv_shape: tuple) -> keras.Model:
    """Return the model from codes `(batch, latent)` to images, made of your `decoder_layers`."""
    ### BEGIN SOLUTION
    codes = keras.Input(shape=(latent_dim,))
    return keras.Model(codes, decoder_layers(codes, conv_shape))
    ### END SOLUTION

# %% exercise="decoder_model" role="check"
vaelib.check("decoder_model", decoder_model)

# %% exercise="interpolate" role="answer"
def interpolate(z_a: ArrayLike, z_b: ArrayLike, steps: int) -> ArrayLike:
    """Return `steps` codes on the straight line from z_a to z_b, `(steps, latent)`, ends included."""
    ### BEGIN SOLUTION
    share = np.linspace(0.0, 1.0, steps)[:, np.newaxis]
    return (1 - share) * z_a + share * z_b
    ### END SOLUTION

# %% exercise="interpolate" role="check"
vaelib.check("interpolate", interpolate)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# Rubric.
# ### END SOLUTION
