"""Do the demonstrations of unit 03 show what its text says that they show?"""

from collections.abc import Iterator

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vaelib.data import load_digits
from vaelib.demos import unit03 as demos
from vaelib.models import encoder_layers
from vaelib.normalization import batch_norm_infer, batch_norm_train, standardize
from vaelib.training import training_step

IMAGES = load_digits("bundled").x_train[:200]


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def features() -> np.ndarray:
    return demos.hidden_features(IMAGES, units=8, rng=np.random.default_rng(3))


def test_hidden_features_differ_in_spread_and_none_is_dead() -> None:
    spread = features().std(axis=0)
    assert features().shape == (200, 8)
    assert spread.max() > 8 * spread.min() > 0
    axes = demos.plot_before_and_after(features(), standardize(features(), 1e-3))
    assert "fold" in axes[0].get_title(loc="left")


def test_gap_halves_with_four_times_the_batch() -> None:
    gaps = [
        np.median(demos.inference_gap(
            batch_norm_train, batch_norm_infer, features(), size, np.random.default_rng(3), 200
        ))
        for size in (8, 32)
    ]
    assert 1.5 < gaps[0] / gaps[1] < 2.6


def inference_step(model, x, optimizer, loss_fn):  # type: ignore[no-untyped-def]
    """The slides' loop in effect: every layer stays in inference mode."""
    for norm in demos.normalizations(model):
        norm.trainable = False
    return training_step(model, x, optimizer, loss_fn)


@pytest.mark.parametrize(("step", "moves"), [(training_step, True), (inference_step, False)])
def test_moving_mean_moves_in_training_mode_only(step, moves) -> None:  # type: ignore[no-untyped-def]
    keras.utils.set_random_seed(3)
    model = demos.small_autoencoder(encoder_layers)
    given = demos.batches(IMAGES, 16, 2, np.random.default_rng(3))
    watched = demos.watch_last_normalization(model, step, given)
    assert (watched.moving_mean != 0).all() == moves
    assert (watched.moving_variance != 1).all() == moves
    np.testing.assert_allclose(watched.batch_mean[0], 10 * watched.moving_mean[0])
    assert np.isfinite(watched.losses).all()


def test_three_normalisations_of_the_encoder_are_found() -> None:
    model = demos.small_autoencoder(encoder_layers, momentum=0.7)
    assert [norm.momentum for norm in demos.normalizations(model)] == [0.7] * 3


def test_losses_by_rate_have_a_run_for_each_rate_and_kind() -> None:
    losses = demos.losses_by_rate(training_step, IMAGES, (0.01,), steps=2)
    assert {key: len(values) for key, values in losses.items()} == {
        (0.01, False): 2, (0.01, True): 2
    }
    (ax,) = demos.plot_losses_by_rate(losses, demos.average_image_loss(IMAGES))
    assert "nats with batch norm" in ax.get_figure().get_suptitle()


def test_average_image_loss_lies_below_a_coin_toss() -> None:
    assert 100 < demos.average_image_loss(IMAGES) < 784 * np.log(2)
