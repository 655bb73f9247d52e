"""Held-out bounds of a model against models whose likelihood is known in closed form."""

import keras
import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit

from vaelib import metrics
from vaelib.layers import Sampling
from vaelib.metrics import evaluation

SLOPE = 2.0
"""Each pixel of the known model is 1 with probability `expit(SLOPE * z)`."""


class Known:
    """One latent dimension, four pixels, a fixed posterior for every image."""

    def __init__(self, z_mean=0.0, z_log_var=0.0):
        self.posterior = z_mean, z_log_var
        self.draw = Sampling(seed=1)
        self.largest = 0

    def encoder(self, x, training):
        parts = [keras.ops.full((len(x), 1), value, "float32") for value in self.posterior]
        return [*parts, self.draw(parts)]

    def decoder(self, z, training):
        self.largest = max(self.largest, len(z))
        pixels = keras.ops.sigmoid(SLOPE * keras.ops.repeat(z, 4, axis=1))
        return keras.ops.reshape(pixels, (-1, 2, 2, 1))


@pytest.fixture
def x():
    ink = np.array([0, 1, 2, 4])[:, None] > np.arange(4)
    return ink.reshape(4, 2, 2, 1).astype("float32")


def log_likelihood(image):
    """`log p(x)` of the known model, by quadrature."""
    ones = int(image.sum())

    def joint(z):
        p = expit(SLOPE * z)
        return stats.norm.pdf(z) * p**ones * (1 - p) ** (4 - ones)

    return np.log(quad(joint, -12, 12)[0])


def test_the_bound_comes_near_the_log_likelihood(x):
    bound = metrics.held_out_importance_bound(Known(), x, samples=4_000, batch_size=3, seed=2)
    np.testing.assert_allclose(bound, [log_likelihood(image) for image in x], atol=0.1)


def test_the_bound_weighs_by_prior_over_posterior(x):
    vae = Known(z_mean=0.7, z_log_var=0.4)
    bound = metrics.held_out_importance_bound(vae, x, samples=4_000, seed=3)
    np.testing.assert_allclose(bound, [log_likelihood(image) for image in x], atol=0.15)


def test_one_sample_is_the_negative_elbo(x):
    vae, many = Known(0.3, -0.5), np.repeat(x, 2_000, axis=0)
    bound = metrics.held_out_importance_bound(vae, many, samples=1, seed=4)
    held_out = metrics.held_out_negative_elbo(vae, many)
    assert -bound.mean() == pytest.approx(held_out.negative_elbo, abs=0.1)
    assert -bound.mean() > -np.mean([log_likelihood(image) for image in x])


def test_the_bounds_memory_is_bounded(x, monkeypatch):
    monkeypatch.setattr(evaluation, "ROWS", 50)
    vae = Known()
    bound = metrics.held_out_importance_bound(vae, x, samples=77, batch_size=4, seed=5)
    assert vae.largest <= 50 and bound.shape == (4,)


def test_the_negative_elbo_states_its_terms_apart(x):
    held_out = metrics.held_out_negative_elbo(Known(0.5, 0.2), np.repeat(x, 3_000, axis=0))
    assert held_out.kl == pytest.approx((0.5**2 + np.exp(0.2) - 1 - 0.2) / 2)
    assert held_out.negative_elbo == pytest.approx(held_out.reconstruction + held_out.kl)
    z = np.random.default_rng(1).normal(0.5, np.exp(0.1), 200_000)
    ink = x.reshape(4, 4).mean()
    expected = 4 * np.mean(np.log1p(np.exp(SLOPE * z)) - ink * SLOPE * z)
    assert held_out.reconstruction == pytest.approx(expected, rel=0.03)


def test_the_negative_elbo_averages_over_images_not_over_batches(x, monkeypatch):
    whole = metrics.held_out_negative_elbo(Known(0.5, -30.0), x)
    monkeypatch.setattr(evaluation, "ROWS", 3)
    assert metrics.held_out_negative_elbo(Known(0.5, -30.0), x) == pytest.approx(whole, rel=1e-5)


def test_more_samples_are_steadier(x):
    vae = Known()
    one, many = (
        np.std([metrics.held_out_negative_elbo(vae, x, n).negative_elbo for _ in range(20)])
        for n in (1, 16)
    )
    assert many < one / 2


def test_posterior_means_are_those_of_the_encoder(x):
    np.testing.assert_array_equal(
        metrics.posterior_means(Known(0.25).encoder, x), np.full((4, 1), 0.25, np.float32)
    )


def test_binarized_pixels_are_drawn_with_their_grey_as_probability():
    grey = np.tile(np.array([0.0, 0.3, 1.0], np.float32), (20_000, 1))
    drawn = metrics.binarize(grey, np.random.default_rng(3))
    assert set(np.unique(drawn)) == {0.0, 1.0} and drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.mean(axis=0), [0, 0.3, 1], atol=0.02)


@pytest.mark.parametrize(
    "evaluate", [metrics.held_out_negative_elbo, metrics.held_out_importance_bound]
)
def test_bad_input_is_named(x, evaluate):
    with pytest.raises(ValueError, match="^x must be images"):
        evaluate(Known(), x[..., 0])
    with pytest.raises(ValueError, match="samples must be an integer of at least 1"):
        evaluate(Known(), x, samples=0)
