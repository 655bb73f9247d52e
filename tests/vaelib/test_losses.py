"""Losses against SciPy and against numbers that can be worked by hand."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import xlogy

from vaelib import losses

DTYPES = [pytest.param(np.float32, 1e-5, id="float32"), pytest.param(np.float64, 1e-9, id="64")]


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def images(rng, dtype=np.float64, n=3):
    return rng.uniform(0, 1, (2, n, 8, 4, 1)).astype(dtype)


@pytest.mark.parametrize(("dtype", "rtol"), DTYPES)
def test_reconstruction_loss_is_the_sum_over_pixels_and_the_mean_over_the_batch(rng, dtype, rtol):
    x, x_hat = images(rng, dtype)
    each = -xlogy(x, x_hat) - xlogy(1.0 - x, 1.0 - x_hat)
    expected = each.reshape(3, -1).sum(1).mean()
    np.testing.assert_allclose(losses.reconstruction_loss(x, x_hat), expected, rtol=rtol)


def test_all_zero_weights_give_784_ln_2():
    x = np.zeros((2, 28, 28, 1), np.float32)
    assert float(losses.reconstruction_loss(x, x + 0.5)) == pytest.approx(543.43, abs=0.005)


def test_grey_pixels_have_a_least_loss_above_zero(rng):
    x = images(rng)[0]
    entropy = stats.entropy(np.stack([x, 1 - x])).reshape(3, -1).sum(1).mean()
    np.testing.assert_allclose(losses.reconstruction_loss(x, x), entropy, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sure_and_wrong_probabilities_stay_finite(dtype):
    x = np.ones((1, 1, 1, 1), dtype)
    assert float(losses.reconstruction_loss(x, 0 * x)) == pytest.approx(-np.log(1e-7), rel=1e-6)
    assert float(losses.reconstruction_loss(0 * x, x)) == pytest.approx(-np.log(1e-7), rel=0.02)


def test_reconstruction_error_is_the_squared_norm_of_each_image(rng):
    x, x_hat = images(rng)
    expected = np.linalg.norm((x - x_hat).reshape(3, -1), axis=1) ** 2
    np.testing.assert_allclose(losses.reconstruction_error(x, x_hat), expected)


def test_kl_loss_is_scipys_divergence_by_quadrature(rng):
    z_mean, z_log_var = rng.normal(size=(2, 4, 3))
    z = np.linspace(-40, 40, 40_001)[:, None, None]
    q = stats.norm(z_mean, np.exp(z_log_var / 2))
    integrand = q.pdf(z) * (q.logpdf(z) - stats.norm.logpdf(z))
    expected = np.trapezoid(integrand, z[:, 0, 0], axis=0).sum(1).mean()
    np.testing.assert_allclose(losses.kl_loss(z_mean, z_log_var), expected, rtol=1e-7)


def test_kl_keeps_its_digits_where_the_variance_is_nearly_one():
    z_log_var = np.full((1, 1), 1e-5, np.float32)
    assert float(losses.kl_loss(0 * z_log_var, z_log_var)) == pytest.approx(2.5e-11, rel=0.5)


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_negative_elbo_weighs_the_kl_term(rng, beta):
    (x, x_hat), (z_mean, z_log_var) = images(rng), rng.normal(size=(2, 3, 2))
    terms = losses.reconstruction_loss(x, x_hat), losses.kl_loss(z_mean, z_log_var)
    expected = float(terms[0]) + beta * float(terms[1])
    ours = losses.negative_elbo(x, x_hat, z_mean, z_log_var, beta)
    assert ours.shape == () and float(ours) == pytest.approx(expected)


def test_gradients_reach_every_argument(rng):
    arguments = [tf.Variable(each) for each in (*images(rng), *rng.normal(size=(2, 3, 2)))]
    with tf.GradientTape() as tape:
        loss = losses.negative_elbo(*arguments, 1.0)
    for gradient in tape.gradient(loss, arguments[1:]):
        assert np.all(np.isfinite(gradient)) and np.any(gradient)


def test_implied_beta_is_the_weight_of_a_mean(rng):
    z_mean, z_log_var = rng.normal(size=(2, 5, 8))
    mean = float(losses.kl_loss(z_mean, z_log_var)) * losses.implied_beta(8)
    per_element = (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var) / 2
    assert mean == pytest.approx(per_element.mean())


@pytest.mark.parametrize("latent_dim", [0, -3, 1.5])
def test_implied_beta_names_a_bad_latent_dim(latent_dim):
    with pytest.raises(ValueError, match=f"Received: latent_dim={latent_dim}"):
        losses.implied_beta(latent_dim)


@pytest.mark.parametrize("loss", [losses.reconstruction_error, losses.reconstruction_loss])
def test_images_without_their_channel_axis_are_not_broadcast(rng, loss):
    x, x_hat = images(rng)
    with pytest.raises(ValueError, match="x and x_hat must have the same shape"):
        loss(x, x_hat[..., 0])
