"""Bad input to the models: each message names the argument, what came and what would do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vaelib import models

CONV_SHAPE = (None, 7, 7, 64)


@pytest.fixture(scope="module")
def vae():
    encoder = models.dense_encoder_model(2, (8, 8, 1), (4,))
    vae = models.VAE(encoder, models.dense_decoder_model(2, (8, 8, 1), (4,)))
    vae.compile(optimizer="adam")
    return vae


@pytest.mark.parametrize("latent_dim", [0, -2, 2.5, "two"])
@pytest.mark.parametrize(
    "build",
    [
        models.build_autoencoder,
        models.dense_encoder_model,
        models.dense_decoder_model,
        lambda n: models.encoder_layers(keras.Input((28, 28, 1)), n),
        lambda n: models.encoder_model(n, (28, 28, 1)),
        lambda n: models.decoder_model(n, CONV_SHAPE),
    ],
)
def test_latent_dim(build, latent_dim):
    message = rf"latent_dim must be an integer of at least 1\. Received: latent_dim={latent_dim!r}"
    with pytest.raises(ValueError, match=message):
        build(latent_dim)


@pytest.mark.parametrize("input_shape", [(30, 28, 1), (28, 28), (28, 28, 0), (None, None, 1)])
def test_input_shape(input_shape):
    with pytest.raises(ValueError, match=r"input_shape must be images .* Received: input_shape"):
        models.encoder_model(2, input_shape)


@pytest.mark.parametrize("conv_shape", [(7, 7, 64), (None, 7, 7, None), (None, 28, 28)])
def test_conv_shape(conv_shape):
    with pytest.raises(ValueError, match=r"conv_shape must be \(None, height, width, filters\)"):
        models.decoder_model(2, conv_shape)


@pytest.mark.parametrize(
    ("decoder", "message"),
    [
        (models.dense_decoder_model(3, (8, 8, 1)), r"codes, of shape \(batch, 2\).*\(batch, 3\)"),
        (models.dense_decoder_model(2, (9, 8, 1)), r"images, of shape \(batch, 8, 8, 1\).*9, 8, 1"),
    ],
)
def test_a_decoder_that_does_not_fit(vae, decoder, message):
    with pytest.raises(ValueError, match=f"^decoder must .*{message}"):
        models.VAE(vae.encoder, decoder)


def test_a_decoder_that_does_not_fit_an_autoencoder():
    encoder, _ = models.build_autoencoder(2)
    with pytest.raises(ValueError, match=r"^decoder must take .*\(batch, 2\).*\(batch, 3\)"):
        models.Autoencoder(encoder, models.dense_decoder_model(3))


def test_an_autoencoder_of_distributions(vae):
    with pytest.raises(ValueError, match="^encoder must give one output.*with 3 outputs"):
        models.Autoencoder(vae.encoder, vae.decoder)


def test_an_encoder_without_a_distribution():
    with pytest.raises(ValueError, match=r"^encoder must give \[z_mean, z_log_var, z\]"):
        models.VAE(*models.build_autoencoder(2))


def test_halves_that_are_no_models(vae):
    with pytest.raises(ValueError, match="^decoder must be a keras.Model. Received: decoder=None"):
        models.VAE(vae.encoder, None)


def test_negative_beta(vae):
    with pytest.raises(ValueError, match="^beta must be at least 0. Received: beta=-1"):
        models.VAE(vae.encoder, vae.decoder, beta=-1)


FINE = np.zeros((4, 8, 8, 1), np.float32)
BAD_IMAGES = [
    pytest.param(FINE[..., 0], r"of shape \(n, 8, 8, 1\).*shape \(4, 8, 8\)", id="rank"),
    pytest.param(FINE[:, :4], r"of shape \(n, 8, 8, 1\).*shape \(4, 4, 8, 1\)", id="size"),
    pytest.param(FINE.astype("uint8"), r"floats in \[0, 1\].*dtype uint8", id="dtype"),
    pytest.param(FINE + 255, r"in \[0, 1\].*pixels from 255.0 to 255.0", id="range"),
    pytest.param(FINE - 0.1, r"in \[0, 1\].*pixels from -0.1", id="negative"),
    pytest.param(FINE * np.nan, r"in \[0, 1\].*pixels from nan", id="nan"),
    pytest.param(FINE[:0], r"at least one image.*0 images", id="empty"),
    pytest.param(tf.constant(FINE) + 2, r"in \[0, 1\].*pixels from 2.0", id="tensor"),
    pytest.param(
        tf.data.Dataset.from_tensors(FINE[..., 0]), r"of shape \(n, 8, 8, 1\)", id="dataset"
    ),
]


@pytest.mark.parametrize(("images", "message"), BAD_IMAGES)
@pytest.mark.parametrize("verb", ["fit", "evaluate", "predict"])
def test_images(vae, verb, images, message):
    with pytest.raises(ValueError, match=f"(?s)^x must .*{message}"):
        getattr(vae, verb)(images)


def test_images_to_give_back(vae):
    with pytest.raises(ValueError, match="^y must "):
        vae.fit(FINE, FINE * 255 + 2)
