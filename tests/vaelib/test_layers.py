"""The reparameterization trick: moments, gradients, fresh noise, and bad input."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vaelib.layers import Sampling, reparameterization_gradients, reparameterize

SHAPES = [pytest.param((1, 1), id="one"), pytest.param((7, 3), id="several")]


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def posterior(shape, z_mean=0.0, z_log_var=0.0):
    return tf.fill(shape, z_mean), tf.fill(shape, z_log_var)


@pytest.mark.parametrize("shape", SHAPES)
def test_reparameterize_scales_by_the_standard_deviation(rng, shape):
    z_mean, z_log_var, epsilon = rng.normal(size=(3, *shape))
    expected = z_mean + np.sqrt(np.exp(z_log_var)) * epsilon
    np.testing.assert_allclose(reparameterize(z_mean, z_log_var, epsilon), expected, rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_reparameterization_gradients_are_tensorflows(rng, shape):
    z_mean, z_log_var, epsilon = (tf.Variable(each) for each in rng.normal(size=(3, *shape)))
    with tf.GradientTape() as tape:
        z = reparameterize(z_mean, z_log_var, epsilon)
    expected = tape.gradient(z, [z_mean, z_log_var])
    for ours, theirs in zip(
        reparameterization_gradients(z_log_var, epsilon), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_sampling_has_the_posteriors_moments():
    z = Sampling(seed=1)(posterior((20_000, 3), 1.5, -1.0)).numpy()
    std = np.exp(-0.5)
    np.testing.assert_allclose(z.mean(0), 1.5, atol=5 * std / np.sqrt(20_000))
    np.testing.assert_allclose(z.std(0), std, atol=5 * std / np.sqrt(40_000))
    correlation = np.corrcoef(z.T)[np.triu_indices(3, 1)]
    np.testing.assert_allclose(correlation, 0, atol=5 / np.sqrt(20_000))


@pytest.mark.parametrize("compile_", [lambda f: f, tf.function], ids=["eager", "compiled"])
def test_sampling_draws_fresh_noise_at_every_call(compile_):
    draw = compile_(Sampling(seed=1))
    first, second = (draw(posterior((4, 2))).numpy() for _ in range(2))
    assert len(np.unique([first, second])) == 16


def test_two_layers_draw_different_noise():
    first, second = (Sampling()(posterior((4, 2))).numpy() for _ in range(2))
    assert not np.any(first == second)


def test_sampling_takes_any_batch_size():
    inputs = [keras.Input((3,)), keras.Input((3,))]
    model = keras.Model(inputs, Sampling()(inputs))
    assert model.output_shape == (None, 3)
    for batch in (1, 5):
        assert model(posterior((batch, 3))).shape == (batch, 3)


def test_gradients_reach_both_inputs():
    z_mean, z_log_var = (tf.Variable(part) for part in posterior((5, 2)))
    with tf.GradientTape() as tape:
        z = Sampling(seed=3)((z_mean, z_log_var))
    to_mean, to_log_var = tape.gradient(z, [z_mean, z_log_var])
    np.testing.assert_allclose(to_mean, 1)
    np.testing.assert_allclose(to_log_var, z / 2, rtol=1e-6)


def test_sampling_rebuilds_from_its_config():
    layer = Sampling(seed=5, name="z")
    twin = Sampling.from_config(layer.get_config())
    assert (twin.seed, twin.name) == (5, "z")
    np.testing.assert_array_equal(layer(posterior((2, 2))), twin(posterior((2, 2))))


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param(posterior((4, 2))[:1], id="one tensor"),
        pytest.param((tf.zeros((4, 2)), tf.zeros((4, 3))), id="two latent sizes"),
        pytest.param((tf.zeros((4, 2)),) * 3, id="three tensors"),
    ],
)
def test_sampling_names_the_inputs_that_it_cannot_take(inputs):
    with pytest.raises(ValueError, match=r"inputs=\(z_mean, z_log_var\).*Received: \d of shapes"):
        Sampling()(inputs)
