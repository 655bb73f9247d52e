# %% role="setup"
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import vaelib

# %% exercise="standardize" role="answer"
def standardize(x: np.ndarray, epsilon: float) -> np.ndarray:
    """Return x with mean 0 and (nearly) standard deviation 1 in each column.

    x: `(batch, features)`. epsilon: added to the biased variance, under the root.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=0)
    var = np.mean((x - mean) ** 2, axis=0)
    return (x - mean) / np.sqrt(var + epsilon)
    ### END SOLUTION

# %% exercise="standardize" role="check"
vaelib.check("standardize", standardize)

# %% exercise="batch_norm_train" role="answer"
def batch_norm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    momentum: float,
    epsilon: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (y, new_moving_mean, new_moving_var); the arrays that came in stay as they are.

    x, y: `(batch, features)`. All other arrays: `(features,)`.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    y = gamma * x_hat + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var
    ### END SOLUTION

# %% exercise="batch_norm_train" role="check"
vaelib.check("batch_norm_train", batch_norm_train)

# %% exercise="batch_norm_infer" role="answer"
def batch_norm_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    epsilon: float,
) -> np.ndarray:
    """Return y `(batch, features)`, each row a function of that row alone."""
    ### BEGIN SOLUTION
    x_hat = (x - moving_mean) / np.sqrt(moving_var + epsilon)
    return gamma * x_hat + beta
    ### END SOLUTION

# %% exercise="batch_norm_infer" role="check"
vaelib.check("batch_norm_infer", batch_norm_infer)

# %% exercise="batch_norm_conv" role="answer"
def batch_norm_conv(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, epsilon: float
) -> np.ndarray:
    """Return y `(batch, height, width, channels)`, training mode, one statistic per channel.

    gamma, beta: `(channels,)`.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=(0, 1, 2))
    var = np.var(x, axis=(0, 1, 2))
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    return gamma * x_hat + beta
    ### END SOLUTION

# %% exercise="batch_norm_conv" role="check"
vaelib.check("batch_norm_conv", batch_norm_conv)

# %% exercise="encoder_layers" role="answer"
def encoder_layers(inputs: keras.KerasTensor, latent_dim: int) -> tuple:
    """Return (z_mean, z_log_var, conv_shape) of the slides' encoder.

    inputs: a Keras input `(batch, 28, 28, 1)`. z_mean, z_log_var: `(batch, latent)`.
    conv_shape: shape after the second convolution's normalisation, `(None, 7, 7, 64)`.
    """
    ### BEGIN SOLUTION
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(inputs)
    x = layers.BatchNormalization(name="norm_1")(x)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(name="norm_2")(x)
    conv_shape = x.shape
    x = layers.Flatten()(x)
    x = layers.Dense(20, activation="relu")(x)
    x = layers.BatchNormalization(name="norm_3")(x)
    z_mean = layers.Dense(latent_dim, name="mean_head")(x)
    z_log_var = layers.Dense(latent_dim, name="log_var_head")(x)
    return z_mean, z_log_var, conv_shape
    ### END SOLUTION

# %% exercise="encoder_layers" role="check"
vaelib.check("encoder_layers", encoder_layers)

# %% exercise="training_step" role="answer"
def training_step(model, x, optimizer, loss_fn):
    """Make one gradient step on `loss_fn(x, model(x))` and return that loss, one number.

    x: one batch, which the model should give back. The model is called in training mode.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        loss = loss_fn(x, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
    ### END SOLUTION

# %% exercise="training_step" role="check"
vaelib.check("training_step", training_step)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# Rubric.
# ### END SOLUTION
