"""Models saved to `.keras` and loaded give the same predictions, byte for byte."""

import keras
import numpy as np
import pytest

from vaelib import models


@pytest.fixture
def x():
    return np.random.default_rng(1).random((40, 8, 8, 1)).astype("float32")


def slides_vae():
    encoder, conv_shape = models.encoder_model(2, (8, 8, 1))
    return models.VAE(encoder, models.decoder_model(2, conv_shape), beta=2.0)


def dense_vae():
    sizes = {"latent_dim": 3, "units": (16, 8)}
    encoder = models.dense_encoder_model(input_shape=(8, 8, 1), **sizes)
    return models.VAE(encoder, models.dense_decoder_model(image_shape=(8, 8, 1), **sizes))


def autoencoder():
    encoder = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    return models.Autoencoder(encoder, models.dense_decoder_model(2, (8, 8, 1), (8,)))


@pytest.mark.parametrize("build", [slides_vae, dense_vae, autoencoder])
def test_predictions_are_the_same_bytes(build, x, tmp_path):
    model = build()
    model(x, training=True)  # moves the batch normalization's statistics
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.predict(x, verbose=0).tobytes() == model.predict(x, verbose=0).tobytes()
    assert loaded(x).numpy().tobytes() == model(x).numpy().tobytes()


def test_an_untrained_model_can_be_saved(x, tmp_path):
    model = slides_vae()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.predict(x, verbose=0).tobytes() == model.predict(x, verbose=0).tobytes()
    assert loaded.beta == 2.0


def test_a_loaded_model_trains_on(x, tmp_path):
    model = dense_vae()
    model.compile(optimizer="adam")
    model.fit(x, epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    steps = int(loaded.optimizer.iterations)
    history = loaded.fit(x, epochs=1, verbose=0).history
    assert np.isfinite(history["loss"][0]) and int(loaded.optimizer.iterations) == 2 * steps


def test_halves_can_be_saved_alone(x, tmp_path):
    encoder = slides_vae().encoder
    encoder.save(tmp_path / "encoder.keras")
    loaded = keras.saving.load_model(tmp_path / "encoder.keras")
    for ours, theirs in zip(loaded(x), encoder(x), strict=True):
        np.testing.assert_array_equal(ours, theirs)
