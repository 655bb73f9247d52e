"""Train a model on the bundled digits and keep its curves."""

from typing import Any

import keras
import numpy as np

from vaelib.data import load_digits
from vaelib.trained.recipes import BATCH_SIZE, LEARNING_RATE

History = dict[str, list[float]]


def fit(
    vae: keras.Model,
    epochs: int,
    x: np.ndarray | None = None,
    learning_rate: float = LEARNING_RATE,
    batch_size: int = BATCH_SIZE,
    decimals: int = 2,
) -> History:
    """Train on the bundled digits, or on `x`, and return what `fit` reports, rounded."""
    digits = load_digits("bundled")
    vae.compile(optimizer=keras.optimizers.Adam(learning_rate), jit_compile=False)
    history = vae.fit(
        digits.x_train if x is None else x,
        validation_data=(digits.x_test,),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    ).history
    return {name: rounded(values, decimals) for name, values in history.items()}


def rounded(values: Any, decimals: int = 2) -> list[float]:
    """Plain numbers with as many decimals as a figure can show."""
    return [round(float(value), decimals) for value in values]
