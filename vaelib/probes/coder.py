"""Ask for the encoder with its draw, and for the slides' decoder with secret weights in it."""

import zlib

import numpy as np

DRAWS = 600


def encoder_model(answer, latent_dim, images, seed):
    """Shapes, and whether z is drawn from the z_mean and z_log_var that come with it.

    images: `(n, height, width, channels)`, each given many times in one batch. All weights are
    replaced by secret ones first, with large biases at the heads, so that small or equal weights
    of a fresh model hide nothing.
    """
    given = answer(latent_dim, tuple(int(size) for size in images.shape[1:]))
    facts = {"results": len(given) if isinstance(given, tuple | list) else 1}
    if facts["results"] != 2:
        return facts
    model, conv_shape = given
    facts["conv_shape"] = _sizes(conv_shape)
    facts["model input"] = _sizes(getattr(model, "input_shape", (None, *images.shape[1:])))
    if facts["model input"] != _sizes((None, *images.shape[1:])):
        return facts
    rng = np.random.default_rng(seed)
    outputs = model(images)
    facts["shapes of the outputs"] = _shapes(outputs)
    if facts["shapes of the outputs"] != str([(len(images), latent_dim)] * 3):
        return facts
    for variable in model.trainable_variables:
        shape = tuple(variable.shape)
        head = variable.name == "bias" and shape[0] in (latent_dim, 2 * latent_dim)
        scale = 1 / np.sqrt(np.prod(shape[:-1])) if len(shape) > 1 else 1.5 if head else 0.1
        values = (variable.name == "gamma") + rng.normal(0, scale, shape)
        variable.assign(values.astype(np.float32))
    return {**facts, **_draws(model, images), **_heads(model, images)}


def _draws(model, images):
    """The noise in z: (z - z_mean) / std over many draws, and its correlation in two calls."""
    batch = np.repeat(images, DRAWS // len(images), axis=0)
    calls = [[np.asarray(part, dtype=np.float64) for part in model(batch)] for _ in range(2)]
    noise = [(z - mean) * np.exp(-0.5 * log_var) for mean, log_var, z in calls]
    by_image = [part.reshape(len(images), -1, part.shape[-1]) for part in noise]
    centred = [part - part.mean(axis=1, keepdims=True) for part in by_image]
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.sqrt(np.mean(centred[0] ** 2) * np.mean(centred[1] ** 2))
        return {
            "first two outputs, difference of two calls": [
                np.abs(a - b).max() for a, b in zip(*calls, strict=True)
            ][:2],
            "z differs from z_mean": np.any(calls[0][2] != calls[0][0]),
            "mean of (z - z_mean) / std": noise[0].mean(axis=0),
            "std of (z - z_mean) / std": noise[0].std(axis=0),
            "correlation of two calls": np.mean(centred[0] * centred[1]) / scale,
        }


def _heads(model, images):
    """Range of both heads on exaggerated images, and what the outputs' gradients reach."""
    import tensorflow as tf

    weights = model.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        outputs = model(images)
    by_mean, by_log_var, by_z = (tape.gradient(output, weights) for output in outputs)
    both = [a is not None and b is not None for a, b in zip(by_mean, by_log_var, strict=True)]
    heads = [np.asarray(part) for part in model(30 * images)[:2]]
    return {
        "difference of z_mean and z_log_var": np.abs(heads[0] - heads[1]).max(),
        "share of negative z_mean and z_log_var": [np.mean(head < 0) for head in heads],
        "largest z_mean and z_log_var": [np.abs(head).max() for head in heads],
        "weights that z has no gradient for": sum(each is None for each in by_z),
        "weights that z_mean and z_log_var share": sum(both),
    }


def decoder_layers(answer, latent_dim, conv_shape, codes, seed):
    """Shapes, counts, and the images `(batch, height, width)` of codes under secret weights."""
    import keras

    inputs = keras.Input((latent_dim,))
    model = keras.Model(inputs, answer(inputs, tuple(conv_shape)))
    for variable in model.weights:
        value = draw_weight(seed, variable.name, tuple(variable.shape))
        if value is not None:
            variable.assign(value)
    facts = {
        "output shape": _sizes(model.output_shape),
        "parameters": sum(int(np.prod(v.shape)) for v in model.weights),
        "trainable parameters": sum(int(np.prod(v.shape)) for v in model.trainable_weights),
        "images": np.asarray(model(codes))[..., 0].round(4),
    }
    if not len(codes):
        return facts
    first, second = (np.asarray(model(codes, training=True)) for _ in range(2))
    return {**facts, "difference of two calls in training": np.abs(first - second).max()}


def decoder_model(answer, latent_dim, conv_shape, codes):
    """Shapes at several batch sizes, range of the pixels, whether the code matters.

    Then with all kernels 30 times as large, which takes pixels to both ends of their range.
    """
    import keras

    model = answer(latent_dim, tuple(conv_shape))
    facts = {"type": "keras.Model" if isinstance(model, keras.Model) else type(model).__name__}
    if facts["type"] != "keras.Model":
        return facts
    images = np.asarray(model(codes))
    facts["shapes of the images"] = str([images.shape, tuple(model(codes[:1]).shape)])
    facts["open batch size"] = getattr(model, "input_shape", (None,))[0] is None
    facts["weights to train"] = len(model.trainable_variables)
    facts["difference of two calls"] = np.abs(np.asarray(model(codes)) - images).max()
    facts["darkest and brightest pixel"] = [images.min(), images.max()]
    facts["difference of two images"] = np.abs(images[0] - images[-1]).max()
    near, far = (np.asarray(model(size * codes)) for size in (30, 60))
    facts["difference of two far images"] = np.abs(far - near).max()
    for variable in model.trainable_variables:
        variable.assign((30 if variable.name == "kernel" else 1) * variable)
    facts["darkest pixel, weights times 30"] = np.asarray(model(codes)).min()
    return facts


def draw_weight(seed, role, shape):
    """A secret value for a weight, by role and shape; layers' names and kinds do not matter.

    Activations come out near 4, so that a normalisation's epsilon does not matter; the last
    kernel is small, so that no pixel is saturated.
    """
    rng = np.random.default_rng([seed, zlib.crc32(f"{role} {shape}".encode())])
    last = shape in ((1,), (3, 3, 1, 32))
    gain = 0.3 if last else 4.0
    draws = {
        "kernel": lambda: rng.normal(0, gain / np.sqrt(np.prod(shape) / max(shape[-2:])), shape),
        "bias": lambda: rng.normal(0, 0.4 * gain, shape),
        "gamma": lambda: rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape),
        "beta": lambda: rng.normal(0, 0.7, shape),
        "moving_mean": lambda: rng.normal(1.6, 0.8, shape),
        "moving_variance": lambda: rng.uniform(3.2, 12.8, shape),
    }
    return draws[role]().astype(np.float32) if role in draws else None


def _shapes(outputs):
    """Shapes of a list of outputs as text; what is no list: its type's name."""
    if not isinstance(outputs, tuple | list):
        return f"one output of shape {tuple(outputs.shape)}"
    return str([tuple(int(size) for size in output.shape) for output in outputs])


def _sizes(shape):
    """A shape as numbers, -1 where the size is open; what is no shape: its type's name."""
    try:
        return [-1 if size is None else int(size) for size in shape]
    except TypeError:
        return type(shape).__name__
