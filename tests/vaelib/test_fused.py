"""Fused batch normalization against Keras's own layer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vaelib.fused import FusedBatchNormalization


@pytest.fixture
def pair():
    """Our layer and Keras's, with the same scale and offset."""
    layers = [FusedBatchNormalization(momentum=0.9), keras.layers.BatchNormalization(momentum=0.9)]
    rng = np.random.default_rng(3)
    gamma, beta = rng.uniform(0.5, 2, (2, 3))
    for layer in layers:
        layer.build((None, 5, 4, 3))
        layer.gamma.assign(gamma)
        layer.beta.assign(beta)
    return layers


@pytest.fixture
def maps():
    return tf.constant(np.random.default_rng(8).normal(2, 3, (6, 5, 4, 3)), tf.float32)


def test_training_gives_keras_results_and_moving_statistics(pair, maps):
    for _ in range(3):
        ours, theirs = (layer(maps, training=True) for layer in pair)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    for ours, theirs in zip(pair[0].weights, pair[1].weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_inference_gives_keras_results_and_moves_nothing(pair, maps):
    for layer in pair:
        layer(maps, training=True)
    before = pair[0].get_weights()
    np.testing.assert_allclose(*(layer(maps) for layer in pair), atol=1e-5)
    for old, new in zip(before, pair[0].get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_keras_gradients(pair, maps, training):
    found = []
    for layer in pair:
        with tf.GradientTape() as tape:
            tape.watch(maps)
            loss = tf.reduce_sum(layer(maps, training=training) ** 3)
        found.append(tape.gradient(loss, [maps, layer.gamma.value, layer.beta.value]))
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)


def test_a_frozen_layer_uses_its_moving_statistics(pair, maps):
    pair[0].trainable = False
    np.testing.assert_array_equal(pair[0](maps, training=True), pair[0](maps))


def test_flat_features_are_handed_to_keras():
    x = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")
    ours, theirs = FusedBatchNormalization(), keras.layers.BatchNormalization()
    np.testing.assert_array_equal(ours(x, training=True), theirs(x, training=True))
