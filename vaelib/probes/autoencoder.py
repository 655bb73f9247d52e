"""Probes of unit 01: pixels, and the two halves of an autoencoder."""

import numpy as np

STEP = 31
"""Every 31st pixel is reported: all columns occur, and a record stays small."""


def pixels(answer, images):
    """answer(images): shape and type of the result, every 31st pixel, and the caller's array."""
    given = images.copy()
    result = np.asarray(answer(given))
    return {
        "pixels": result.reshape(-1)[::STEP],
        "shape": list(result.shape),
        "dtype": str(result.dtype),
        "images unchanged": np.array_equal(given, images),
    }


def halves(answer, latent_dim, images, codes):
    """answer(latent_dim): what the two models are, what they make of images and of codes."""
    import keras

    encoder, decoder = answer(latent_dim)
    encoded, decoded = _apply(encoder, images), _apply(decoder, codes)
    return {
        "keras models": [isinstance(half, keras.Model) for half in (encoder, decoder)],
        "shape of the codes": _shape(encoded),
        "shape of the images": _shape(decoded),
        **_about_pixels(decoder, codes, decoded),
        "variables without a gradient": _unreached(encoder, decoder, images),
    }


def code_layer(answer, latent_dim, images):
    """answer(latent_dim): is the encoder's last layer linear?

    Its kernel is one of those that end in `latent_dim`. What bends the codes bends them for all.
    """
    encoder, _ = answer(latent_dim)
    before = _apply(encoder, images)
    heads = [kernel for kernel in _kernels(encoder) if kernel.shape[-1] == latent_dim]
    codes = _bold(encoder, images)
    return {
        "shape of the codes": _shape(before),
        "share of negative codes": np.mean(codes < 0),
        "largest code, weights times 30": codes.max(),
        "bend of the last layer": min((_bend(encoder, k, images) for k in heads), default=0.0),
    }


def _bend(model, kernel, inputs):
    """How far the output is from being linear in a kernel, relative to what the kernel does."""
    down, none, up = (_scaled(model, [kernel], inputs, factor) for factor in (-10, 0, 30))
    return _mean(up + 3 * down - 4 * none) / (_mean(up - none) + 1e-6)


def _about_pixels(decoder, codes, decoded):
    """Facts that tell a sigmoid from other last layers; none where there are no images."""
    if isinstance(decoded, str) or decoded.ndim < 2:
        return {}
    sums = decoded.reshape(len(decoded), -1).sum(axis=1)
    return {
        "lowest pixel": decoded.min(),
        "highest pixel": decoded.max(),
        "share of pixels below 0": np.mean(decoded < 0),
        "highest pixel, weights times 30": _bold(decoder, codes).max(),
        "images whose pixels sum to 1": np.sum(np.abs(sums - 1) < 1e-3),
    }


def _unreached(encoder, decoder, images):
    """How many trainable variables of both halves no gradient reaches; -1 where they do not fit."""
    import tensorflow as tf

    variables = [*encoder.trainable_variables, *decoder.trainable_variables]
    with tf.GradientTape() as tape:
        try:
            loss = tf.reduce_sum(tf.square(decoder(encoder(images))))
        except Exception:
            return -1
    return sum(gradient is None for gradient in tape.gradient(loss, [v.value for v in variables]))


def _kernels(model):
    """Weights of layers, without biases and the scales of normalisation."""
    return [variable for variable in model.trainable_variables if len(variable.shape) > 1]


def _bold(model, inputs):
    """Output of a model whose every kernel is 30 times as large."""
    return _scaled(model, _kernels(model), inputs, 30)


def _scaled(model, variables, inputs, factor):
    """Output of a model with some variables scaled; the model is as before when this returns."""
    weights = [np.asarray(variable) for variable in variables]
    for variable, weight in zip(variables, weights, strict=True):
        variable.assign(factor * weight)
    result = _apply(model, inputs)
    for variable, weight in zip(variables, weights, strict=True):
        variable.assign(weight)
    return result


def _apply(model, inputs):
    """Output of a model as an array; a few words where it refuses its input."""
    try:
        return np.asarray(model(inputs))
    except Exception:
        return f"no result: input of shape {inputs.shape} is refused"


def _shape(result):
    return result if isinstance(result, str) else list(result.shape)


def _mean(values):
    return np.mean(np.abs(values))
