"""Batch normalization in NumPy against Keras's layer."""

import keras
import numpy as np
import pytest

from vaelib import normalization as n

EPSILON = 1e-3


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def keras_layer(features, gamma, beta, moving_mean, moving_var, momentum=0.9):
    layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=EPSILON)
    layer.build((None, features))
    layer.set_weights([gamma, beta, moving_mean, moving_var])
    return layer


def parameters(rng, features=4):
    """Gamma, beta, moving mean, moving variance."""
    return rng.uniform(0.5, 2, (4, features))


def test_standardize_brings_each_feature_to_mean_0_and_variance_1(rng):
    y = n.standardize(rng.normal(5, 3, (50, 4)), 0.0)
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(0), 1)


def test_a_constant_feature_gives_zero():
    np.testing.assert_array_equal(n.standardize(np.full((3, 2), 7.0), 1e-3), 0)


@pytest.mark.parametrize("batch", [1, 2, 32])
def test_training_is_keras_training(rng, batch):
    x, held = rng.normal(1, 2, (batch, 4)), parameters(rng)
    layer = keras_layer(4, *held)
    expected = layer(x.astype("float32"), training=True)
    y, moving_mean, moving_var = n.batch_norm_train(x, *held, 0.9, EPSILON)
    np.testing.assert_allclose(y, expected, atol=1e-4)
    np.testing.assert_allclose(moving_mean, layer.moving_mean, rtol=1e-4)
    np.testing.assert_allclose(moving_var, layer.moving_variance, rtol=1e-4)


def test_training_leaves_the_callers_statistics_alone(rng):
    held = parameters(rng)
    before = held.copy()
    n.batch_norm_train(rng.normal(size=(8, 4)), *held, 0.9, EPSILON)
    np.testing.assert_array_equal(held, before)


def test_inference_is_keras_inference_and_each_row_is_its_own(rng):
    x, held = rng.normal(1, 2, (6, 4)), parameters(rng)
    y = n.batch_norm_infer(x, *held, EPSILON)
    np.testing.assert_allclose(y, keras_layer(4, *held)(x.astype("float32")), atol=1e-4)
    np.testing.assert_array_equal(n.batch_norm_infer(x[2:3], *held, EPSILON), y[2:3])


def test_feature_maps_have_one_statistic_per_channel(rng):
    x, (gamma, beta) = rng.normal(1, 2, (3, 5, 6, 2)), rng.uniform(0.5, 2, (2, 2))
    flat = n.batch_norm_train(x.reshape(-1, 2), gamma, beta, 0 * beta, 0 * beta, 0.9, EPSILON)[0]
    np.testing.assert_allclose(n.batch_norm_conv(x, gamma, beta, EPSILON), flat.reshape(x.shape))
