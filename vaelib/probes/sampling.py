"""Ask a sampling layer: what it draws, whether the noise is fresh, what gradients come back."""

import numpy as np

ALONE = 16
"""Calls with a batch of one image; 16 draws have a std within a factor of 2 of their own."""

QUIET = 4
"""Calls of a compiled function; where most calls compile anew, TensorFlow complains on stderr."""


def moments(answer, z_mean, z_log_var, copies):
    """Where the draws lie and how they spread, `(batch, latent)`: `copies` draws in one call."""
    given = answer()(_pair(z_mean, z_log_var, copies))
    if isinstance(given, tuple | list):
        return {"tensors that come back": len(given)}
    z = _copies(given, z_mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = (z.mean(axis=0) - z_mean) / (z.std(axis=0) / np.sqrt(copies))
    return {
        "tensors that come back": 1,
        "draws differ": bool(np.any(z.std(axis=0) > 0)),
        "std": z.std(axis=0),
        "mean minus z_mean, in standard errors": off,
    }


def noise(answer, z_mean, z_log_var, copies):
    """Shape and independence of the noise, in eager and in compiled calls of one layer.

    Draws are taken relative to their own mean and spread, so that these do not matter here.
    """
    import tensorflow as tf

    layer = answer()
    pair = [tf.constant(part) for part in _pair(z_mean, z_log_var, copies)]
    compiled = tf.function(lambda mean, log_var: layer((mean, log_var)), autograph=False)
    first, *later = (_standard(_copies(layer(tuple(pair)), z_mean)) for _ in range(3))
    alone = np.stack([_copies(layer((pair[0][:1], pair[1][:1])), z_mean[:1]) for _ in range(ALONE)])
    traced, again = [_copies(compiled(*pair), z_mean) for _ in range(QUIET)][-2:]
    rows = first.reshape(-1, first.shape[-1])
    half = len(rows) // 2
    return {
        "std in compiled calls": traced.std(axis=0),
        "correlation of two calls": [np.mean(first * other) for other in later],
        "correlation of two compiled calls": np.mean(_standard(traced) * _standard(again)),
        "correlation of two rows": [
            np.mean(rows[0::2] * rows[1::2]),
            np.mean(rows[:half] * rows[half : 2 * half]),
        ],
        "std of one image's draws, relative": alone.std(axis=0) / np.exp(z_log_var[:1] / 2),
        "correlation of two dimensions": np.mean(rows * np.roll(rows, 1, axis=1), axis=0),
        "kurtosis": np.mean(first**4),
        "share of draws within half a standard deviation": np.mean(np.abs(first) < 0.5),
    }


def gradients(answer, z_mean, z_log_var):
    """Gradients of the sum of z by both inputs, each `(batch, latent)`, held against the z drawn.

    "z minus twice its gradient by z_log_var" is z_mean for every z = mean + exp(log-var / 2) noise.
    """
    import tensorflow as tf

    mean, log_var = tf.constant(z_mean), tf.constant(z_log_var)
    with tf.GradientTape() as tape:
        tape.watch([mean, log_var])
        z = answer()((mean, log_var))
    by_mean, by_log_var = tape.gradient(z, [mean, log_var])
    rest = None if by_log_var is None else np.asarray(z) - 2 * np.asarray(by_log_var) - z_mean
    return {
        "z_mean gets a gradient": by_mean is not None,
        "z_log_var gets a gradient": by_log_var is not None,
        "gradient by z_mean": by_mean,
        "z minus twice its gradient by z_log_var, from z_mean": rest,
    }


def rebuilt(answer, z_mean, z_log_var, copies):
    """Spread `(batch, latent)` of a layer that was made anew from the configuration of another."""
    layer = answer()
    twin = type(layer).from_config(layer.get_config())
    return {"std after a rebuild": _copies(twin(_pair(z_mean, z_log_var, copies)), z_mean).std(0)}


def model(answer, z_mean, z_log_var, copies):
    """Inside a functional model: shapes at several batch sizes, spread in both modes.

    "std with an open batch size": in a graph that is traced before the batch size is known.
    """
    import keras
    import tensorflow as tf

    inputs = [keras.Input((z_mean.shape[1],)) for _ in range(2)]
    made = keras.Model(inputs, answer()(tuple(inputs)))
    facts = {"shapes": str([tuple(made([z_mean[:n], z_log_var[:n]]).shape) for n in (1, 2, 3)])}
    pair = list(_pair(z_mean, z_log_var, copies))
    for training, mode in ((True, "training"), (False, "inference")):
        facts[f"std in {mode}"] = _copies(made(pair, training=training), z_mean).std(axis=0)
    graph = tf.function(lambda *inputs: made(list(inputs)), autograph=False)
    compiled = graph.get_concrete_function(*[tf.TensorSpec((None, z_mean.shape[1]))] * 2)
    z = _copies(compiled(*map(tf.constant, pair)), z_mean)
    return {**facts, "std with an open batch size": z.std(axis=0)}


def _pair(z_mean, z_log_var, copies):
    """Both arrays, `copies` times under each other."""
    return np.tile(z_mean, (copies, 1)), np.tile(z_log_var, (copies, 1))


def _copies(z, z_mean):
    """Draws as float64 `(copies, batch, latent)`."""
    return np.asarray(z, dtype=np.float64).reshape(-1, *z_mean.shape)


def _standard(z):
    """Draws relative to mean and spread over the copies; NaN where there is no spread."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (z - z.mean(axis=0)) / z.std(axis=0)
