"""Makes model files to hand in: `python -m tests.hostile.modelfiles vae|denoiser FOLDER CANARY`.

A program of its own, so that neither the grader of the class nor its tests import Keras.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from autograder import coursetext
from autograder.answers import Solutions
from tests.hostile.kit import ROOT
from vaelib.handin import save_trained
from vaelib.models import VAE, dense_decoder_model, dense_encoder_model
from vaelib.trained import load_denoiser, load_vae


def trained(unit: str, exercise: str) -> keras.Model:
    """What the solution of a unit trains."""
    solutions = Solutions(coursetext.read(ROOT / "course" / f"{unit}.py"))
    return solutions.namespace[exercise]


def untrained(latent_dim: int = 2, size: int = 28) -> keras.Model:
    """A VAE with the weights that it began with."""
    shape, units = (size, size, 1), (16,)
    encoder = dense_encoder_model(latent_dim, shape, units=units)
    return VAE(encoder, dense_decoder_model(latent_dim, shape, units=units))


def constant(model: keras.Model) -> keras.Model:
    """A model that gives the same for whatever it is given."""
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape, weight.dtype))
    return model


def ending_in(decoder: Callable[[Any], Any], vae: keras.Model) -> keras.Model:
    """A VAE with one more step behind its decoder."""
    codes = keras.Input((2,))
    return VAE(vae.encoder, keras.Model(codes, decoder(vae.decoder(codes))))


def by_code(canary: str) -> layers.Layer:
    """A layer whose code, kept in the file, leaves something in a folder."""
    command = f"touch {canary}/lambda /tmp/lambda"
    code = f"lambda x: (__import__('os').system({command!r}), x)[1]"
    return layers.Lambda(eval(code), output_shape=(28, 28, 1))


def vaes(canary: str) -> dict[str, keras.Model]:
    """What is handed in as `trained_vae`."""
    right = trained("06_training", "trained_vae")
    return {
        "vae": right,
        "vae_untrained": untrained(),
        "vae_constant": constant(untrained()),
        "vae_of_three": untrained(latent_dim=3),
        "vae_of_32_pixels": untrained(size=32),
        "vae_of_the_course": load_vae(2),
        "vae_with_code": ending_in(by_code(canary), right),
    }


def denoisers(canary: str) -> dict[str, keras.Model]:
    """What is handed in as `trained_denoiser`."""
    return {
        "denoiser": trained("07_applications", "trained_denoiser"),
        "denoiser_constant": constant(load_denoiser()),
        "denoiser_of_the_course": load_denoiser(),
    }


def main(kind: str, folder: Path, canary: str) -> None:
    """Write all files of a kind into a folder."""
    made = {"vae": vaes, "denoiser": denoisers}[kind]
    for name, model in made(canary).items():
        save_trained(name, model, folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
