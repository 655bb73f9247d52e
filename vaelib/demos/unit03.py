"""Demonstrations of unit 03: what batch normalisation does to features, modes and training."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vaelib.losses import bce_per_image
from vaelib.plots.canvas import INK, label
from vaelib.plots.lines import plot_lines

Array = NDArray[Any]
Step = Callable[..., Any]

SIZES = (256, 64, 16, 64, 256)
"""Units of the small dense autoencoder that is trained with and without normalisation."""


def hidden_features(images: Array, units: int, rng: np.random.Generator) -> Array:
    """Return what `units` untrained ReLU units make of images: `(n, units)`.

    Their weights differ in size, as weights do after some training.
    """
    flat = np.reshape(images, (len(images), -1))
    scales = np.geomspace(0.02, 0.5, units)
    weights = rng.normal(size=(flat.shape[1], units)) * scales
    return np.maximum(flat @ weights + 20 * scales, 0.0)


def plot_before_and_after(before: Array, after: Array) -> np.ndarray:
    """Draw the spread of each column, `(n, features)`, before and after normalisation.

    Returns:
        Both axes, `(2,)`.
    """
    _, axes = plt.subplots(1, 2, figsize=(8.6, 3.4), layout="constrained")
    spread = before.std(axis=0)
    before_claim = f"Before: spreads differ {spread.max() / spread.min():.0f}-fold"
    claims = before_claim, "After: mean 0 and spread 1 in each"
    for ax, values, claim in zip(axes, (before, after), claims, strict=True):
        ax.boxplot(values, showfliers=False, whis=(5, 95), medianprops={"color": "C1"})
        label(ax, claim, "unit", "its values over the batch")
    return axes


def inference_gap(
    train: Step, infer: Step, x: Array, batch_size: int, rng: np.random.Generator, trials: int = 40
) -> Array:
    """Measure how far training mode lies from inference mode, for random batches of one size.

    Args:
        train: A `batch_norm_train`.
        infer: A `batch_norm_infer`, given the mean and variance of all of `x`.
        x: Features to draw batches from, `(n, features)`.
        batch_size: Rows in a batch.
        rng: Draws the batches.
        trials: How many batches.

    Returns:
        Root mean square difference of the two outputs, in standard deviations, `(trials,)`.
    """
    ones, zeros, mean, var = np.ones(x.shape[1]), np.zeros(x.shape[1]), x.mean(0), x.var(0)
    gaps = []
    for _ in range(trials):
        batch = x[rng.choice(len(x), batch_size, replace=False)]
        y, _, _ = train(batch, ones, zeros, mean, var, 0.9, 1e-3)
        difference = np.asarray(y) - infer(batch, ones, zeros, mean, var, 1e-3)
        gaps.append(np.sqrt(np.mean(np.square(difference))))
    return np.array(gaps)


def image_loss(x: Any, x_hat: Any) -> Any:
    """Binary cross-entropy, summed over pixels and averaged over the batch, nats per image."""
    return keras.ops.mean(bce_per_image(x, x_hat))


def batches(x: Array, size: int, count: int, rng: np.random.Generator) -> Iterator[Any]:
    """Yield `count` random batches of `size` rows as tensors."""
    for _ in range(count):
        yield keras.ops.convert_to_tensor(x[rng.choice(len(x), size, replace=False)])


def small_autoencoder(encoder_layers: Step, momentum: float = 0.9) -> keras.Model:
    """Build the slides' encoder, its `z_mean` only, with a small dense decoder behind it.

    Args:
        encoder_layers: As in the exercise.
        momentum: Given to every batch normalisation, so that few steps are enough to see it.
    """
    inputs = keras.Input((28, 28, 1))
    z_mean, _, _ = encoder_layers(inputs, 2)
    hidden = layers.Dense(64, activation="relu")(z_mean)
    pixels = layers.Dense(784, activation="sigmoid")(hidden)
    model = keras.Model(inputs, layers.Reshape((28, 28, 1))(pixels))
    for norm in normalizations(model):
        norm.momentum = momentum
    return model


def normalizations(model: keras.Model) -> list[layers.BatchNormalization]:
    """The batch normalisations of a model, in order."""
    found = (layer for layer in model._flatten_layers() if "moving_mean" in vars(layer))
    return [layer for layer in found if isinstance(layer, layers.BatchNormalization)]


@dataclass(frozen=True)
class Watched:
    """What was seen of a model's last normalisation after each training step, each `(steps,)`.

    Attributes:
        moving_mean: Its moving mean, averaged over its units.
        moving_variance: Its moving variance, averaged over its units.
        losses: Loss of each step, nats per image.
        momentum: The layer's.
    """

    moving_mean: Array
    moving_variance: Array
    losses: Array
    momentum: float

    @property
    def batch_mean(self) -> Array:
        """Mean of each batch: what must have come in for the moving mean to move as it did."""
        before = np.concatenate([[0.0], self.moving_mean[:-1]])
        return before + (self.moving_mean - before) / (1 - self.momentum)


def watch_last_normalization(
    model: keras.Model, step: Step, given: Iterator[Any], learning_rate: float = 1e-2
) -> Watched:
    """Train with `step` and Adam on the batches `given`, and watch the last normalisation.

    Args:
        model: As `small_autoencoder` returns it.
        step: A `training_step`.
        given: Batches of images, `(batch, 28, 28, 1)`.
        learning_rate: Adam's.
    """
    norm, optimizer = normalizations(model)[-1], keras.optimizers.Adam(learning_rate)
    seen = []
    for x in given:
        loss = float(np.asarray(step(model, x, optimizer, image_loss)))
        seen.append((np.mean(norm.moving_mean), np.mean(norm.moving_variance), loss))
    means, variances, losses = np.array(seen).T
    return Watched(means, variances, losses, norm.momentum)


def dense_autoencoder(normalized: bool) -> keras.Model:
    """Build a dense autoencoder of six layers, with normalisation behind each or without any."""
    inputs = keras.Input((784,))
    x = inputs
    for units in SIZES:
        x = layers.Dense(units, activation="relu")(x)
        x = layers.BatchNormalization()(x) if normalized else x
    return keras.Model(inputs, layers.Dense(784, activation="sigmoid")(x))


def losses_by_rate(
    step: Step, images: Array, rates: Sequence[float], steps: int = 60
) -> dict[tuple[float, bool], Array]:
    """Train the dense autoencoder at each learning rate, with and without normalisation.

    Args:
        step: A `training_step`.
        images: `(n, 28, 28, 1)`.
        rates: Learning rates for plain gradient descent.
        steps: Batches of 64 images.

    Returns:
        For each pair (rate, normalised) the loss at each step, nats per image, `(steps,)`.
    """
    flat, found = images.reshape(len(images), -1), {}
    for rate in rates:
        for normalized in (False, True):
            keras.utils.set_random_seed(3)
            model, optimizer = dense_autoencoder(normalized), keras.optimizers.SGD(rate)
            given = batches(flat, 64, steps, np.random.default_rng(3))
            losses = [float(np.asarray(step(model, x, optimizer, image_loss))) for x in given]
            found[rate, normalized] = np.array(losses)
    return found


def average_image_loss(images: Array) -> float:
    """Loss of a model that answers every image with the average of all, nats per image."""
    average = np.broadcast_to(images.mean(axis=0), images.shape)
    return float(image_loss(images, average))


def plot_losses_by_rate(
    losses: Mapping[tuple[float, bool], Array], reference: float
) -> Sequence[Axes]:
    """Draw the losses of `losses_by_rate`, a panel for each learning rate.

    Args:
        losses: What `losses_by_rate` returns.
        reference: Loss of the average image, drawn as a line to compare with.

    Returns:
        The axes, one for each rate.
    """
    rates = sorted({rate for rate, _ in losses})
    figure = plt.figure(figsize=(8.6, 3.7), layout="constrained")
    axes = figure.subplots(1, len(rates), sharey=True, squeeze=False)[0]
    for ax, rate in zip(axes, rates, strict=True):
        _plot_rate(ax, rate, losses[rate, False], losses[rate, True], reference)
    axes[0].set_ylabel("loss, nats per image")
    axes[-1].legend(loc="center right")
    ends = [min(losses[rate, kind][-5:].mean() for rate in rates) for kind in (True, False)]
    claim = "At its best rate the network ends at {:.0f} nats with batch norm, at {:.0f} without"
    figure.suptitle(claim.format(*ends), x=0.02, ha="left")
    return list(axes)


def _plot_rate(ax: Axes, rate: float, plain: Array, normalized: Array, reference: float) -> None:
    series = {"without": plain, "with batch norm": normalized}
    steps = np.arange(1, 1 + len(plain))
    plot_lines(steps, series, f"Learning rate {rate:g}", "step", "", "y", ax)
    for line in ax.lines:
        line.set_marker("")
    ax.axhline(reference, color=INK, linestyle=":", label="average image")
    ax.legend().set_visible(False)
