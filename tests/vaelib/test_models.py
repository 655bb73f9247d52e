"""The slides' models, the dense pair, Autoencoder and VAE: shapes, counts, gradients, errors."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vaelib import models
from vaelib.losses import kl_loss, reconstruction_loss

BATCH_NORM = keras.layers.BatchNormalization


@pytest.fixture
def x():
    """Blurred squares, float32 `(32, 8, 8, 1)`."""
    rng = np.random.default_rng(1)
    images = np.zeros((32, 8, 8, 1), np.float32)
    for image, corner in zip(images, rng.integers(0, 5, (32, 2)), strict=True):
        image[corner[0] : corner[0] + 4, corner[1] : corner[1] + 4] = 0.9
    return images


def slides_vae(**kwargs):
    encoder, conv_shape = models.encoder_model(2, (8, 8, 1))
    return models.VAE(encoder, models.decoder_model(2, conv_shape), **kwargs)


def dense_vae(latent_dim=2, **kwargs):
    encoder = models.dense_encoder_model(latent_dim, (8, 8, 1), (32,))
    return models.VAE(encoder, models.dense_decoder_model(latent_dim, (8, 8, 1), (32,)), **kwargs)


@pytest.mark.parametrize("latent_dim", [1, 2, 16])
def test_the_slides_models_have_the_slides_shapes_and_parameters(latent_dim):
    encoder, conv_shape = models.encoder_model(latent_dim, (28, 28, 1))
    decoder = models.decoder_model(latent_dim, conv_shape)
    assert conv_shape == (None, 7, 7, 64)
    assert encoder.output_shape == [(None, latent_dim)] * 3
    assert decoder.output_shape == (None, 28, 28, 1)
    stack = 9 * 32 + 32 + 4 * 32 + 9 * 32 * 64 + 64 + 4 * 64 + 3136 * 20 + 20 + 4 * 20
    assert encoder.count_params() == stack + 2 * (20 + 1) * latent_dim
    maps = 9 * 64 * 64 + 64 + 4 * 64 + 9 * 64 * 32 + 32 + 4 * 32 + 9 * 32 + 1
    assert decoder.count_params() == (latent_dim + 1) * 3136 + 4 * 3136 + maps


@pytest.mark.parametrize("input_shape", [(8, 8, 1), (32, 16, 3), (64, 64, 1)])
def test_the_slides_models_take_any_image_size(input_shape):
    encoder, conv_shape = models.encoder_model(3, input_shape)
    decoder = models.decoder_model(3, conv_shape, channels=input_shape[2])
    assert decoder.output_shape == (None, *input_shape)
    assert models.VAE(encoder, decoder)(np.zeros((2, *input_shape), np.float32)).shape[0] == 2


def test_encoder_layers_have_free_heads_of_their_own():
    inputs = keras.Input((28, 28, 1))
    z_mean, z_log_var, _ = models.encoder_layers(inputs, 3)
    model = keras.Model(inputs, [z_mean, z_log_var])
    heads = [model.get_layer(name) for name in ("z_mean", "z_log_var")]
    assert heads[0].kernel is not heads[1].kernel
    assert [head.activation for head in heads] == [keras.activations.linear] * 2
    assert sum(isinstance(layer, BATCH_NORM) for layer in model.layers) == 3


def test_z_is_drawn_from_that_same_mean_and_log_variance(x):
    encoder, _ = models.encoder_model(1, (8, 8, 1))
    encoder.get_layer("z_log_var").bias.assign([-4.0])
    z_mean, z_log_var, z = (each.numpy() for each in encoder(np.repeat(x[:1], 4_000, 0)))
    assert z.mean() == pytest.approx(z_mean[0, 0], abs=5 * z.std() / np.sqrt(4_000))
    assert z.std() == pytest.approx(np.exp(z_log_var[0, 0] / 2), rel=0.1)


@pytest.mark.parametrize("latent_dim", [1, 5])
def test_build_autoencoder_codes_are_free_and_images_are_probabilities(latent_dim):
    encoder, decoder = models.build_autoencoder(latent_dim)
    assert (encoder.input_shape, encoder.output_shape) == ((None, 28, 28, 1), (None, latent_dim))
    assert encoder.layers[-1].activation is keras.activations.linear
    images = decoder(np.random.default_rng(0).normal(0, 3, (4, latent_dim))).numpy()
    assert images.shape == (4, 28, 28, 1) and 0 < images.min() and images.max() < 1


def test_the_slides_model_overfits_one_batch_and_trains_its_batch_norm(x):
    vae = slides_vae()
    vae.compile(optimizer=keras.optimizers.Adam(1e-2))
    history = vae.fit(x, epochs=50, batch_size=32, verbose=0).history["loss"]
    floor = float(reconstruction_loss(x, x))
    assert history[-1] - floor < (history[0] - floor) / 3
    for layer in [*vae.encoder.layers, *vae.decoder.layers]:
        if isinstance(layer, BATCH_NORM):
            assert np.any(layer.moving_mean) and np.any(layer.moving_variance != 1)


def test_fit_and_evaluate_report_the_three_losses(x):
    vae = dense_vae(beta=3.0)
    vae.compile(optimizer="adam")
    logs = [{k: v[-1] for k, v in vae.fit(x, epochs=1, verbose=0).history.items()}]
    logs.append(vae.evaluate(x, verbose=0, return_dict=True))
    for log in logs:
        assert set(log) == {"loss", "reconstruction_loss", "kl_loss"}
        assert log["loss"] == pytest.approx(log["reconstruction_loss"] + 3 * log["kl_loss"])


def test_evaluate_averages_over_images_not_over_batches(x):
    vae = dense_vae()
    vae.compile(optimizer="adam")
    z_mean, z_log_var, _ = vae.encoder(x)
    reported = vae.evaluate(x, batch_size=20, verbose=0, return_dict=True)["kl_loss"]
    assert reported == pytest.approx(float(kl_loss(z_mean, z_log_var)), rel=1e-5)


def test_z_stays_sampled_in_evaluation_and_predict_is_its_mean(x):
    vae = dense_vae()
    vae.compile(optimizer="adam")
    vae.encoder.get_layer("z_log_var").bias.assign([2.0, 2.0])
    assert np.any(vae(x, training=False) != vae(x, training=False))
    assert vae.evaluate(x, verbose=0)[1] != vae.evaluate(x, verbose=0)[1]
    expected = vae.decoder(vae.encoder(x)[0])
    np.testing.assert_allclose(vae.predict(x, verbose=0), expected, atol=1e-6)


def test_every_variable_gets_a_gradient(x):
    vae = slides_vae()
    vae.compile(optimizer="adam")
    with tf.GradientTape() as tape:
        loss = vae.compute_loss(x, y_pred=vae(x, training=True))
    gradients = tape.gradient(loss, vae.trainable_variables)
    assert len(gradients) == len(vae.encoder.trainable_variables + vae.decoder.trainable_variables)
    for gradient in gradients:
        assert gradient is not None and np.all(np.isfinite(gradient))


def test_y_makes_a_denoiser(x):
    vae = dense_vae(beta=0.0)
    vae.compile(optimizer="adam")
    target = np.zeros_like(x)
    loss = vae.evaluate(x, target, verbose=0, return_dict=True)["loss"]
    x_hat = vae.predict(x, verbose=0)
    assert loss == pytest.approx(float(reconstruction_loss(target, x_hat)), rel=0.3)


def test_penalties_of_layers_are_part_of_the_loss(x):
    encoder = models.dense_encoder_model(2, (8, 8, 1), (4,))
    inputs = keras.Input((2,))
    penalised = keras.layers.Dense(64, activation="sigmoid", bias_regularizer="l2")
    outputs = keras.layers.Reshape((8, 8, 1))(penalised(inputs))
    vae = models.VAE(encoder, keras.Model(inputs, outputs))
    vae.compile(optimizer="adam")
    penalised.bias.assign(np.ones(64))
    log = vae.evaluate(x, verbose=0, return_dict=True)
    penalty = log["loss"] - log["reconstruction_loss"] - log["kl_loss"]
    assert penalty == pytest.approx(0.01 * 64, rel=1e-3)


def test_autoencoder_minimises_the_squared_error(x):
    encoder = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(4)]
    )
    model = models.Autoencoder(encoder, models.dense_decoder_model(4, (8, 8, 1), (32,)))
    model.compile(optimizer=keras.optimizers.Adam(1e-2))
    history = model.fit(x, epochs=20, verbose=0).history["loss"]
    error = np.square(model.predict(x, verbose=0) - x).sum(axis=(1, 2, 3)).mean()
    assert model.evaluate(x, verbose=0) == pytest.approx(error, rel=1e-5) and error < history[0]
