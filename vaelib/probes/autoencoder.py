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
    models = [isinstance(half, keras.Model) for half in (encoder, decoder)]
    if not all(models):
        return {"keras models": models}
    encoded, decoded = _apply(encoder, images), _apply(decoder, codes)
    return {
        "keras models": models,
        "every layer can learn": [_learns(half) for half in (encoder, decoder)],
        "shape of the codes": _shape(encoded),
        "shape of the images": _shape(decoded),
        **_about_pixels(decoder, codes, decoded),
        "variables without a gradient": _unreached(encoder, decoder, images),
    }


def code_layer(answer, latent_dim, images):
    """answer(latent_dim), twice: do both share weights, and is the encoder's last layer linear?

    Its kernel is one of those that end in `latent_dim`. What bends the codes bends them for all.
    """
    (encoder, decoder), others = answer(latent_dim), answer(latent_dim)
    before = _apply(encoder, images)
    shared = _weights(encoder, decoder) & _weights(*others)
    heads = [kernel for kernel in _kernels(encoder) if kernel.shape[-1] == latent_dim]
    codes = _bold(encoder, images)
    return {
        "shape of the codes": _shape(before),
        "weights of its own": not shared,
        "share of negative codes": np.mean(codes < 0),
        "largest code, weights times 30": codes.max(),
        "bend of the last layer": min((_bend(encoder, k, images) for k in heads), default=0.0),
    }


def _bend(model, kernel, inputs):
    """How far the output is from being linear in a kernel, relative to what the kernel does."""
    weight = np.asarray(kernel)
    down, none, up = (_with(model, [kernel], [f * weight], inputs) for f in (-10, 0, 30))
    return _mean(up + 3 * down - 4 * none) / (_mean(up - none) + 1e-6)


def _about_pixels(decoder, codes, decoded):
    """Facts that tell a sigmoid from other last layers; none where there are no images."""
    if isinstance(decoded, str) or decoded.ndim < 2:
        return {}
    sums = decoded.reshape(len(decoded), -1).sum(axis=1)
    bold = _bold(decoder, np.concatenate([codes, -codes]))
    return {
        "lowest pixel": decoded.min(),
        "highest pixel": decoded.max(),
        "share of pixels below 0": np.mean(decoded < 0),
        "lowest pixel, weights times 30": bold.min(),
        "highest pixel, weights times 30": bold.max(),
        "images whose pixels sum to 1": np.sum(np.abs(sums - 1) < 1e-3),
    }


def _weights(*halves):
    return {id(weight) for half in halves for weight in half.weights}


def _learns(half):
    """Whether nothing of a model is frozen."""
    return half.trainable and all(layer.trainable for layer in half.layers)


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
    """Output of a model whose every kernel is 30 times as large, or noise where it is 0."""
    kernels = _kernels(model)
    return _with(model, kernels, [30 * _lively(np.asarray(kernel)) for kernel in kernels], inputs)


def _lively(kernel):
    return kernel if kernel.any() else np.random.default_rng(0).normal(0, 0.1, kernel.shape)


def _with(model, variables, values, inputs):
    """Output of a model with other values; the model is as before when this returns."""
    before = [np.asarray(variable) for variable in variables]
    _assign(variables, values)
    result = _apply(model, inputs)
    _assign(variables, before)
    return result


def _assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


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
