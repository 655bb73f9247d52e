"""The slides' own training loop, eager, to measure against: nothing here is to be imitated.

It keeps what the slides do: the encoder is called three times, the KL term is a mean, and the
model is called without `training=True`. The KL term is added inside a layer, because Keras 3
takes no symbolic tensor in `model.add_loss`.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from vaelib.models import decoder_model, encoder_model


class AddKL(keras.layers.Layer):
    """Add the slides' KL term to the model's losses, and hand z on."""

    def call(self, inputs: Any) -> Any:
        z_mean, z_log_var, z = inputs
        each = 1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var)
        self.add_loss(-0.5 * tf.reduce_mean(each))
        return z


def with_keras_batch_norm(model: keras.Model) -> keras.Model:
    """Copy a model with Keras's own batch normalization in place of the fused one."""

    def plain(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            return keras.layers.BatchNormalization.from_config(config)
        return layer.__class__.from_config(config)

    return keras.models.clone_model(model, clone_function=plain)


def slides_model(encoder_calls: int = 3) -> keras.Model:
    """Build the slides' model, latent 2, with the encoder called once or three times."""
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    encoder = with_keras_batch_norm(encoder)
    decoder = with_keras_batch_norm(decoder_model(2, conv_shape))
    inputs = keras.Input((28, 28, 1))
    calls = [encoder(inputs) for _ in range(encoder_calls)]
    parts = [calls[index % encoder_calls][index] for index in range(3)]
    return keras.Model(inputs, decoder(AddKL()(parts)))


def eager_step(encoder_calls: int = 3) -> Callable[[Any], float]:
    """Return one step of the slides' loop: a batch in, the loss out."""
    model = slides_model(encoder_calls)
    optimizer = keras.optimizers.Adam(1e-3)
    cross_entropy = keras.losses.BinaryCrossentropy()

    def step(images: Any) -> float:
        with tf.GradientTape() as tape:
            x_hat = model(images)
            flat = tf.reshape(images, [-1]), tf.reshape(x_hat, [-1])
            loss = cross_entropy(*flat) * 784 + sum(model.losses)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        return float(loss)

    return step
