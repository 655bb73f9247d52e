"""Does a trained model come back from its file as what it was, whatever class it has?"""

from pathlib import Path

import keras
import numpy as np
import pytest

from vaelib.handin import load_trained, save_trained
from vaelib.models import VAE, decoder_model, encoder_model


@keras.saving.register_keras_serializable(package="tests")
class Brighter(keras.layers.Layer):
    """A layer of one's own."""

    def call(self, x):
        return x + 0.25


class Own(keras.Model):
    """A model whose class Keras cannot make again."""

    def __init__(self, encoder, decoder) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def call(self, x):
        return self.decoder(self.encoder(x)[2])


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((3, 28, 28, 1)).astype("float32")


@pytest.mark.parametrize("kind", [VAE, Own])
def test_parts(kind: type, images: np.ndarray, tmp_path: Path) -> None:
    """Do encoder and decoder come back, without the class of the whole?"""
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    model = kind(encoder, decoder_model(2, conv_shape))
    path = save_trained("trained_vae", model, tmp_path)
    assert path == tmp_path / "trained_vae.keras"
    back = load_trained(path, {})
    for own, loaded in zip(encoder(images)[:2], back.encoder(images)[:2], strict=True):
        np.testing.assert_array_equal(own, loaded)
    codes = np.ones((3, 2), "float32")
    np.testing.assert_array_equal(model.decoder(codes), back.decoder(codes))
    assert back(images, training=False).shape == images.shape


def test_own_layers(images: np.ndarray, tmp_path: Path) -> None:
    """Are the layers of a notebook found among its names, and missed where they are not?"""
    inputs = keras.Input((28, 28, 1))
    model = keras.Model(inputs, Brighter()(inputs))
    path = save_trained("trained_denoiser", model, tmp_path)
    back = load_trained(path, {"Brighter": Brighter, "x": 1})
    np.testing.assert_array_equal(model(images), back(images))


def test_nothing_to_save(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is it said, and no file left, where there is no model or none that can be saved?"""
    assert save_trained("trained_vae", None, tmp_path) is None
    assert "not there yet" in capsys.readouterr().out

    class Odd(keras.Model):
        def call(self, x):
            return x

    odd = Odd()
    odd.encoder = odd.decoder = lambda x: x
    assert save_trained("trained_vae", odd, tmp_path) is None
    assert "cannot be saved" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"\x00" * 1000])
def test_no_model(content: bytes, tmp_path: Path) -> None:
    """Is a file that holds no model refused?"""
    path = tmp_path / "trained_vae.keras"
    path.write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        load_trained(path, {})
