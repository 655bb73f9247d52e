# %% [markdown]
# # Compress

# %% role="setup"
import math

import keras
import numpy as np
from keras import layers

import vaelib

# %% exercise="scale_pixels" role="answer"
def scale_pixels(images):
    ### BEGIN SOLUTION
    return images[..., np.newaxis].astype("float32") / 255
    ### END SOLUTION

# %% exercise="scale_pixels" role="check"
vaelib.check("scale_pixels", scale_pixels)

# %% exercise="output_size" role="answer"
def output_size(size, kernel_size, stride, padding):
    ### BEGIN SOLUTION
    if padding == "same":
        return math.ceil(size / stride)
    if padding == "valid":
        return (size - kernel_size) // stride + 1
    raise ValueError(f"padding must be 'same' or 'valid', not {padding!r}")
    ### END SOLUTION

# %% exercise="output_size" role="check"
vaelib.check("output_size", output_size)

# %% exercise="build_autoencoder" role="answer"
def build_autoencoder(latent_dim):
    ### BEGIN SOLUTION
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(latent_dim),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(128, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    return encoder, decoder
    ### END SOLUTION

# %% exercise="build_autoencoder" role="check"
vaelib.check("build_autoencoder", build_autoencoder)

# %% exercise="reconstruction_error" role="answer"
def reconstruction_error(x, x_hat):
    ### BEGIN SOLUTION
    return np.sum((x - x_hat) ** 2, axis=(1, 2, 3))
    ### END SOLUTION

# %% exercise="reconstruction_error" role="check"
vaelib.check("reconstruction_error", reconstruction_error)

# %% exercise="pca_reconstruct" role="answer"
def pca_reconstruct(x_train, x_test, k):
    ### BEGIN SOLUTION
    centre = x_train.mean(axis=0)
    _, _, directions = np.linalg.svd(x_train - centre, full_matrices=False)
    components = directions[:k]
    codes = (x_test - centre) @ components.T
    return centre + codes @ components
    ### END SOLUTION

# %% exercise="pca_reconstruct" role="check"
vaelib.check("pca_reconstruct", pca_reconstruct)

# %% exercise="hole_fraction" role="answer"
def hole_fraction(codes, candidates, radius):
    ### BEGIN SOLUTION
    distances = np.linalg.norm(candidates[:, None] - codes[None], axis=-1)
    return float(np.mean(distances.min(axis=1) > radius))
    ### END SOLUTION

# %% exercise="hole_fraction" role="check"
vaelib.check("hole_fraction", hole_fraction)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# Rubric.
# ### END SOLUTION
