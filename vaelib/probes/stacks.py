"""Ask for the slides' encoder: put secret weights into it and see what it computes.

Weights are found by their role and shape, never by the name or kind of a layer, so that any way
of writing the same stack gives the same numbers.
"""

import zlib

import numpy as np

BATCH = 8
SHOWN = 2
HEADS = ("z_mean", "z_log_var")


def draw_images(seed):
    """Secret images `(8, 28, 28, 1)`, centred at 0, so that no feature map is nearly all zeros."""
    rng = np.random.default_rng([seed, 0])
    return rng.uniform(-1.7, 1.7, (BATCH, 28, 28, 1)).astype(np.float32)


def draw_weight(seed, role, shape, head=""):
    """A secret value for a weight; `head` tells the two heads' weights apart, which look alike.

    Activations come out near 4, so that a normalisation's epsilon does not matter. Heads give
    numbers beyond 10 of either sign, which nothing behind them would leave alone.
    """
    key = zlib.crc32(f"{role} {tuple(shape)} {head}".encode())
    rng = np.random.default_rng([seed, key])
    gain = 1.0 if head else 4.0
    draws = {
        "kernel": lambda: rng.normal(0, gain / np.sqrt(np.prod(shape[:-1])), shape),
        "bias": lambda: _far(rng, shape) if head else rng.normal(0.5 * gain, 0.4 * gain, shape),
        "gamma": lambda: rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape),
        "beta": lambda: rng.normal(0, 0.7, shape),
        "moving_mean": lambda: rng.normal(0.6 * gain, 0.2 * gain, shape),
        "moving_variance": lambda: gain**2 * rng.uniform(0.4, 1.6, shape),
    }
    return draws[role]().astype(np.float32) if role in draws else None


def _far(rng, shape):
    signs = rng.permutation(np.resize([1.0, -1.0], shape)) * rng.choice([-1.0, 1.0])
    return signs * rng.uniform(15, 30, shape)


def encoder_layers(answer, latent_dim, seed):
    """Shapes, counts, and what the stack makes of secret images with secret weights.

    "z_mean", "z_log_var": the first rows in inference mode; "... in training": in training mode.
    """
    import keras

    inputs = keras.Input((28, 28, 1))
    z_mean, z_log_var, conv_shape = answer(inputs, latent_dim)
    heads = dict(zip(HEADS, (z_mean, z_log_var), strict=True))
    facts = {f"{name} shape": _sizes(head.shape) for name, head in heads.items()}
    facts["conv_shape"] = _sizes(conv_shape)
    model = keras.Model(inputs, [z_mean, z_log_var])
    facts["parameters"] = sum(int(np.prod(v.shape)) for v in model.weights)
    facts["trainable parameters"] = sum(int(np.prod(v.shape)) for v in model.trainable_weights)
    images = draw_images(seed)
    ways = _ways(model, images)
    reached = set.union(*ways.values())
    facts["weights without a gradient"] = len(model.trainable_weights) - len(reached)
    _fill(model, ways, latent_dim, seed)
    for call, mode in (({}, ""), ({"training": True}, " in training")):
        for name, output in zip(HEADS, model(images, **call), strict=True):
            facts[name + mode] = np.asarray(output)[:SHOWN].round(4)
    return facts


def _ways(model, images):
    """Which trainable weights each head has a gradient for, by their `id`."""
    import tensorflow as tf

    weights = model.trainable_weights
    with tf.GradientTape(persistent=True) as tape:
        heads = dict(zip(HEADS, model(images), strict=True))
    slopes = {n: tape.gradient(head, [w.value for w in weights]) for n, head in heads.items()}
    return {
        name: {id(w) for w, slope in zip(weights, found, strict=True) if slope is not None}
        for name, found in slopes.items()
    }


def _fill(model, ways, latent_dim, seed):
    """Assign secret weights; a weight on the way to one output alone belongs to that head."""
    for variable in model.weights:
        on = [name for name in HEADS if id(variable) in ways[name]]
        shape = tuple(variable.shape)
        if shape[-1] == 2 * latent_dim:  # both heads in one layer, cut apart afterwards
            half = (*shape[:-1], latent_dim)
            parts = [draw_weight(seed, variable.name, half, name) for name in HEADS]
            variable.assign(np.concatenate(parts, axis=-1))
            continue
        own = on[0] if len(on) == 1 and variable.name in ("kernel", "bias") else ""
        value = draw_weight(seed, variable.name, shape, own)
        if value is not None:
            variable.assign(value)


def _sizes(shape):
    """A shape as numbers, -1 where the size is open; what is no shape: its type's name."""
    try:
        return [-1 if size is None else int(size) for size in shape]
    except TypeError:
        return type(shape).__name__
