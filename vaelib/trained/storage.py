"""Weights as half-precision numbers in one `.npz`: half the size, and no digit looks different."""

from pathlib import Path

import keras
import numpy as np

FOLDER = Path(__file__).parent


def save_weights(model: keras.Model, path: Path) -> None:
    """Write a model's weights, random streams left out, in the order in which Keras lists them."""
    weights = [np.asarray(weight, dtype=np.float16) for weight in _weights(model)]
    np.savez_compressed(path, *weights)


def load_weights(model: keras.Model, path: Path) -> None:
    """Give a model the weights in `path`; ValueError where they belong to another model."""
    with np.load(path, allow_pickle=False) as file:
        stored = [file[name] for name in file.files]
    weights = _weights(model)
    if [weight.shape for weight in weights] != [value.shape for value in stored]:
        raise ValueError(
            f"{path.name} holds the weights of another model; make it anew with "
            f"python -m vaelib.trained.make. Received: {len(stored)} arrays for "
            f"{len(weights)} weights"
        )
    for weight, value in zip(weights, stored, strict=True):
        weight.assign(value.astype(np.float32))


def _weights(model: keras.Model) -> list[keras.Variable]:
    return [weight for weight in model.weights if "seed_generator" not in weight.path]
