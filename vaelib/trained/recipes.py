"""How each trained part is built and trained: from the bundled digits, with a seed."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers

from vaelib.data import load_digits
from vaelib.latent import add_noise
from vaelib.models import VAE, dense_decoder_model, dense_encoder_model
from vaelib.training import set_seeds

UNITS = (128, 64)
BATCH_SIZE = 32
LEARNING_RATE = 2e-3
NOISE_FACTOR = 0.5
SEED = 6


@dataclass(frozen=True)
class Part:
    """A part: how it is built, what it is trained on, and for how many epochs."""

    build: Callable[[], keras.Model]
    fit: Callable[[keras.Model, int], None]
    epochs: int
    quick_epochs: int


def build_vae(latent_dim: int, units: tuple[int, ...] = UNITS, beta: float = 1.0) -> keras.Model:
    """A dense VAE for 28 x 28 digits, not trained yet."""
    encoder = dense_encoder_model(latent_dim, units=units)
    return VAE(encoder, dense_decoder_model(latent_dim, units=units), beta=beta)


def build_denoiser() -> keras.Model:
    """A small convolutional network, image in and image out, whose middle is 7 x 7 x 16."""
    common = {"kernel_size": 3, "padding": "same", "activation": "relu"}
    halves = [layers.Conv2D(filters, strides=2, **common) for filters in (32, 16)]
    doubles = [layers.Conv2DTranspose(filters, strides=2, **common) for filters in (16, 32)]
    last = layers.Conv2D(1, **(common | {"activation": "sigmoid"}))
    return keras.Sequential(
        [keras.Input(shape=(28, 28, 1)), *halves, *doubles, last], name="denoiser"
    )


def train_part(name: str, quick: bool = False) -> keras.Model:
    """Build and train a part from its seed; `quick` takes about half the epochs."""
    part = PARTS[name]
    set_seeds(SEED)
    model = part.build()
    part.fit(model, part.quick_epochs if quick else part.epochs)
    return model


def _fit_vae(model: keras.Model, epochs: int) -> None:
    model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), jit_compile=False)
    model.fit(load_digits("bundled").x_train, epochs=epochs, batch_size=BATCH_SIZE, verbose=0)


def _fit_denoiser(model: keras.Model, epochs: int) -> None:
    """Fresh noise in every epoch, so that no noise can be learnt by heart."""
    clean, rng = load_digits("bundled").x_train, set_seeds(SEED)
    loss, adam = "binary_crossentropy", keras.optimizers.Adam(LEARNING_RATE)
    model.compile(adam, loss, jit_compile=False)
    for _ in range(epochs):
        noisy = add_noise(clean, NOISE_FACTOR, rng)
        model.fit(noisy, clean, batch_size=BATCH_SIZE, verbose=0)


PARTS = {
    "vae_2": Part(lambda: build_vae(2), _fit_vae, epochs=45, quick_epochs=25),
    "vae_16": Part(lambda: build_vae(16), _fit_vae, epochs=40, quick_epochs=25),
    "denoiser": Part(build_denoiser, _fit_denoiser, epochs=20, quick_epochs=8),
}
