"""Training: seeds, budgets, one step, one epoch, and a compiled run with its guards."""

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaelib.callbacks import ProgressBar, StopOnNonFinite
from vaelib.finished import finished
from vaelib.losses import negative_elbo

Array = NDArray[Any]
Tensor = Any


@dataclass(frozen=True)
class Budget:
    """How long a run may take: images, epochs and images per step."""

    name: str
    images: int | None
    epochs: int
    batch_size: int


BUDGETS = {
    "quick": Budget("quick", images=4_000, epochs=10, batch_size=128),
    "full": Budget("full", images=None, epochs=30, batch_size=128),
}


def get_budget(name: str | Budget | None = None) -> Budget:
    """Return the budget "quick" (4,000 images, 10 epochs) or "full" (all images, 30 epochs).

    Args:
        name: "quick", "full", or a `Budget` of your own, which is handed back; `None` reads the
            environment variable `VAELIB_BUDGET` and takes "quick" where that is not set.

    Raises:
        ValueError: `name` is none of these.
    """
    if isinstance(name, Budget):
        return name
    name = name or os.environ.get("VAELIB_BUDGET", "quick")
    if name not in BUDGETS:
        raise ValueError(f'budget must be "quick" or "full". Received: budget={name!r}')
    return BUDGETS[name]


def set_seeds(seed: int) -> np.random.Generator:
    """Seed Python, NumPy and Keras, and return a NumPy Generator with the same seed."""
    keras.utils.set_random_seed(seed)
    return np.random.default_rng(seed)


def train(
    model: keras.Model,
    x: Array,
    y: Array | None = None,
    *,
    budget: str | Budget | None = None,
    learning_rate: float = 1e-3,
    held_out: Any = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> dict[str, list[float]]:
    """Compile a model of `vaelib.models` with Adam and train it within a budget.

    A progress bar shows epoch, loss and seconds left; a loss that is no number stops the run.

    Args:
        model: `VAE`, `Autoencoder`, or any model that brings its own loss.
        x: Images in [0, 1], `(n, height, width, channels)`.
        y: Images to give back, of x's shape, where they differ from `x` (a denoiser).
        budget: "quick", "full" or a `Budget`: see `get_budget`.
        learning_rate: Adam's.
        held_out: Images, or a pair `(x, y)`, to evaluate after each epoch.
        callbacks: More callbacks, such as `vaelib.callbacks.LiveFigure`.

    Returns:
        Each metric's value after each epoch, by name.

    Raises:
        TrainingDiverged: The loss stopped being a number, at the step that it names.
        ValueError: `x` are no such images, or `budget` is unknown.
    """
    limits = get_budget(budget)
    chosen = slice(limits.images)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate))
    history = model.fit(
        x[chosen],
        None if y is None else y[chosen],
        epochs=limits.epochs,
        batch_size=limits.batch_size,
        validation_data=held_out,
        callbacks=[StopOnNonFinite(), ProgressBar(), *callbacks],
        verbose=0,
    )
    return history.history


@finished
def training_step(
    model: keras.Model, x: Tensor, optimizer: keras.optimizers.Optimizer, loss_fn: Callable
) -> Tensor:
    """Take one gradient step on `loss_fn(x, model(x))`, in training mode.

    Args:
        model: A model whose every trainable variable is to be updated.
        x: A batch, `(batch, ...)`.
        optimizer: A Keras optimizer; it keeps its state from step to step.
        loss_fn: Takes `(x, model(x))` and returns a scalar.

    Returns:
        The loss before the step, a scalar.
    """
    forward = functools.partial(model, training=True)
    return _descend(lambda: loss_fn(x, forward(x)), model.trainable_variables, optimizer)


@finished
def train_epoch(vae: Any, dataset: tf.data.Dataset, optimizer: keras.optimizers.Optimizer) -> float:
    """Train for one pass over a dataset on the negative ELBO with beta 1, compiled.

    Args:
        vae: Anything with `encoder` (image to `[z_mean, z_log_var, z]`) and `decoder`.
        dataset: Batches of images, each `(batch, height, width, channels)`.
        optimizer: A Keras optimizer; hand over the same one for every epoch.

    Returns:
        Nats per image, averaged over the batches of this epoch.

    Raises:
        ValueError: `dataset` has no batches.
    """
    trained = _trainable(vae.encoder, vae.decoder)
    optimizer.build(trained)
    step = _compiled_step(vae.encoder, vae.decoder, optimizer, tuple(map(id, trained)))
    nats = [step(images) for images in dataset]
    if not nats:
        raise ValueError("dataset must hold at least one batch of images. Received: none")
    return float(np.mean(nats))


@functools.lru_cache(maxsize=2)
def _compiled_step(
    encoder: keras.Model, decoder: keras.Model, optimizer: Any, trainable: tuple[int, ...]
) -> Callable[[Tensor], Tensor]:
    """Trace one step for these models; the next epoch finds it here, with its graph."""

    @tf.function(reduce_retracing=True)
    def step(images: Tensor) -> Tensor:
        def loss() -> Tensor:
            z_mean, z_log_var, z = encoder(images, training=True)
            return negative_elbo(images, decoder(z, training=True), z_mean, z_log_var, 1.0)

        return _descend(loss, _trainable(encoder, decoder), optimizer)

    return step


def _trainable(*models: keras.Model) -> list[Any]:
    return [variable for model in models for variable in model.trainable_variables]


def _descend(loss_of: Callable[[], Tensor], variables: list[Any], optimizer: Any) -> Tensor:
    with tf.GradientTape() as record:
        loss = loss_of()
    optimizer.apply(record.gradient(loss, variables), variables)
    return loss
