"""Ask for the model and for the training loop: secret coders in, reported losses and weights out.

The coders are tiny: one hidden layer of HIDDEN units and batch normalisation each. With the last
kernels at zero their outputs are constants, so that every term of the loss is known beforehand;
with a saturated decoder all depends on the sign of the sampled code.
"""

from contextlib import contextmanager

import numpy as np

NAMES = ("loss", "reconstruction_loss", "kl_loss")
HIDDEN = 6
SIDE = 28
STEPS = 40
CODE = (-7.4, 4.0)
"""Mean and log-variance of codes of which about one in six is positive."""
COPIES = 8
"""How often each image is shown where the share of positive codes counts."""


def model(answer, z_mean, z_log_var, logits, images, others):
    """Known losses, fresh noise and metrics, what fit and evaluate move, one batch overfitted.

    z_mean, z_log_var: what the encoder says of every image, `(latent,)`.
    logits: of the pixels of each column of the decoder's image, `(28,)`.
    images, others: `(n, 28, 28, 1)` with n a multiple of 32.
    """
    facts, vae = _compiled(answer, len(z_mean))
    if not all(facts.values()):
        return facts
    with _quiet():
        facts |= _evaluations(vae, z_mean, z_log_var, logits, images, others)
        return {**facts, **_fitting(vae, images[:32])}


def evaluation(answer, z_mean, z_log_var, logits, images, others):
    """The same without training."""
    facts, vae = _compiled(answer, len(z_mean))
    if not all(facts.values()):
        return facts
    with _quiet():
        return {**facts, **_evaluations(vae, z_mean, z_log_var, logits, images, others)}


def known_steps(answer, z_mean, z_log_var, logits, images, learning_rate):
    """What fit reports of an epoch that moves nothing, and where one step on one batch leads."""
    import keras

    facts, vae = _compiled(answer, len(z_mean))
    if not all(facts.values()):
        return {}
    vae.compile(optimizer=keras.optimizers.SGD(0.0))
    vae.jit_compile = False
    settings = {"batch_size": 32, "verbose": 0, "shuffle": False}
    with _quiet():
        _make_constant(vae, z_mean, z_log_var, logits)
        history = vae.fit(images, **settings).history
        facts = {"reported by fit": [history.get(name, [np.nan])[-1] for name in NAMES]}
        vae.optimizer.learning_rate.assign(learning_rate)
        history = vae.fit(images[:32], **settings).history
        facts["reported by fit of a step"] = [history.get(name, [np.nan])[-1] for name in NAMES]
        facts |= _biases(vae)
        vae.optimizer.learning_rate.assign(0.0)
        _make_saturated(vae, *CODE)
        history = vae.fit(np.tile(images, (COPIES, 1, 1, 1)), **settings).history
        return {**facts, "reconstruction loss in fit": history.get(NAMES[1], [np.nan])[-1]}


def _compiled(answer, latent):
    """Whether the answer is a model that keeps its coders, and the model, compiled."""
    import keras

    encoder, decoder, _ = _coders(latent)
    vae = answer(encoder, decoder)
    kept = getattr(vae, "encoder", None) is encoder and getattr(vae, "decoder", None) is decoder
    facts = {"is a keras.Model": isinstance(vae, keras.Model), "keeps both coders": kept}
    if all(facts.values()):
        vae.compile(optimizer=keras.optimizers.Adam(0.02))
        vae.jit_compile = False
    return facts, vae


def _evaluations(vae, z_mean, z_log_var, logits, images, others):
    """What evaluate reports where it is known, or depends on the draw of z alone."""
    zeros = [np.zeros(n, np.float32) for n in (len(z_mean), len(z_mean), SIDE)]
    _make_constant(vae, *zeros)
    facts = {"all weights zero": _evaluate(vae, images)}
    _make_constant(vae, z_mean, z_log_var, logits)
    facts["constant coders"] = _evaluate(vae, images)
    facts["evaluated again, on other images"] = _evaluate(vae, others)
    predicted = vae.predict(images[:2], verbose=0)
    predicted = predicted[0] if isinstance(predicted, tuple | list) else predicted
    facts["shape of the predictions"] = np.shape(predicted)
    if np.shape(predicted) == images[:2].shape:
        facts["first row of the first prediction"] = np.ravel(predicted)[:SIDE]
    _make_saturated(vae, *CODE)
    before, many = _values(vae), np.tile(images, (COPIES, 1, 1, 1))
    first, second = (_evaluate(vae, many)[1] for _ in range(2))
    facts["reconstruction loss through a sampled z"] = first
    facts["difference of two evaluations"] = abs(first - second)
    facts["variables moved by evaluate"] = len(before) - _unmoved(vae, before)
    before = _values(vae)
    vae.predict(images, verbose=0)
    facts["variables moved by predict"] = len(before) - _unmoved(vae, before)
    return facts


def _fitting(vae, batch):
    """What fit reports, moves and learns on one batch given again and again."""
    _make_random(vae)
    before = _values(vae)
    updates = int(np.asarray(vae.optimizer.iterations))
    history = vae.fit(np.tile(batch, (STEPS, 1, 1, 1)), epochs=2, batch_size=32, verbose=0).history
    terms = [history.get(name, [np.nan])[-1] for name in NAMES]
    moving = {k: v for k, v in before.items() if "moving" in k}
    return {
        "names in the history": [name in history for name in NAMES],
        "loss minus its terms, relative": (terms[0] - terms[1] - terms[2]) / max(1, abs(terms[0])),
        "trainable variables that fit leaves": _unmoved(vae, before) - _unmoved(vae, moving),
        "moving statistics that fit leaves": _unmoved(vae, moving),
        "updates counted by the optimizer": int(np.asarray(vae.optimizer.iterations)) - updates,
        "loss on one batch after 80 steps": terms[0],
        "reconstruction after 80 steps": _evaluate(vae, batch)[1],
    }


def _biases(vae):
    """The biases that are all there is to constant coders."""
    mean, log_var, last = _heads(vae)
    return {
        "bias of z_mean": mean.bias.numpy(),
        "bias of z_log_var": log_var.bias.numpy(),
        "biases of the middle row": last.bias.numpy()[14 * SIDE : 15 * SIDE],
    }


def epoch(answer, z_mean, z_log_var, logits, images, size, learning_rate):
    """Known means and updates, compiled steps, and what an epoch moves.

    images: `(n, 28, 28, 1)`; size: images in a batch, of which the last may have fewer.
    """
    import keras

    vae, facts = _first_epoch(answer, z_mean, z_log_var, logits, images, size, learning_rate)
    still = keras.optimizers.SGD(0.0)
    with _quiet():
        _make_saturated(vae)
        facts["mean through a sampled z"] = answer(vae, _batches(images, 4 * size), still)
        return {**facts, **_two_steps(answer, vae, images[:4])}


def first_epoch(answer, z_mean, z_log_var, logits, images, size, learning_rate):
    """The same as far as constant coders go."""
    return _first_epoch(answer, z_mean, z_log_var, logits, images, size, learning_rate)[1]


def _first_epoch(answer, z_mean, z_log_var, logits, images, size, learning_rate):
    import keras

    encoder, decoder, calls = _coders(len(z_mean))
    vae = _Bare(encoder, decoder)
    optimizer = keras.optimizers.SGD(0.0)
    _make_constant(vae, z_mean, z_log_var, logits)
    with _quiet():
        facts = {"mean": answer(vae, _batches(images, size), optimizer)}
        facts["updates counted by the optimizer"] = int(np.asarray(optimizer.iterations))
        facts["calls of the encoder from Python"] = calls[0]
        optimizer.learning_rate.assign(learning_rate)
        facts["mean of a second epoch"] = answer(vae, _batches(images[:4], 4), optimizer)
    return vae, {**facts, **_biases(vae)}


def _two_steps(answer, vae, images):
    """What two steps from random weights leave as it was."""
    import keras

    _make_random(vae)
    before = _values(vae)
    answer(vae, _batches(images, 2), keras.optimizers.Adam(0.01))
    moving = {k: v for k, v in before.items() if "moving" in k}
    return {
        "trainable variables left": _unmoved(vae, before) - _unmoved(vae, moving),
        "moving statistics left": _unmoved(vae, moving),
    }


class _Bare:
    """No model: an encoder, a decoder and their variables, and nothing else to rely on."""

    def __init__(self, encoder, decoder):
        self.encoder, self.decoder = encoder, decoder
        self.trainable_variables = encoder.trainable_variables + decoder.trainable_variables
        self.trainable_weights = self.trainable_variables
        self.variables = self.weights = encoder.variables + decoder.variables


def _coders(latent):
    """An encoder, a decoder, and a list with the number of times Python ran the encoder."""
    import keras
    from keras import layers

    calls = [0]

    class Noise(layers.Layer):
        def __init__(self):
            super().__init__()
            self.seed_generator = keras.random.SeedGenerator()

        def call(self, inputs):
            calls[0] += 1
            z_mean, z_log_var = inputs
            epsilon = keras.random.normal(keras.ops.shape(z_mean), seed=self.seed_generator)
            return z_mean + keras.ops.exp(0.5 * z_log_var) * epsilon

    images = keras.Input((SIDE, SIDE, 1))
    hidden = layers.Dense(HIDDEN, activation="tanh")(layers.Flatten()(images))
    hidden = layers.BatchNormalization()(hidden)
    heads = [layers.Dense(latent, name=name)(hidden) for name in ("z_mean", "z_log_var")]
    encoder = keras.Model(images, [*heads, Noise()(heads)])
    codes = keras.Input((latent,))
    hidden = layers.Dense(HIDDEN, activation="tanh", name="first")(codes)
    hidden = layers.BatchNormalization()(hidden)
    pixels = layers.Dense(SIDE * SIDE, activation="sigmoid", name="last")(hidden)
    decoder = keras.Model(codes, layers.Reshape((SIDE, SIDE, 1))(pixels))
    calls[0] = 0
    return encoder, decoder, calls


def _heads(vae):
    return (*map(vae.encoder.get_layer, ("z_mean", "z_log_var")), vae.decoder.get_layer("last"))


def _make_constant(vae, z_mean, z_log_var, logits):
    """All weights zero but three biases: every image gets this posterior and this image."""
    for variable in _values(vae, False).values():
        variable.assign(np.zeros(variable.shape))
    mean, log_var, last = _heads(vae)
    mean.bias.assign(z_mean)
    log_var.bias.assign(z_log_var)
    last.bias.assign(np.tile(logits, SIDE))


def _make_saturated(vae, z_mean=0.0, z_log_var=0.0):
    """One posterior for all images, and every pixel's logit 3 or -3 by the sign of z's first entry.

    z_mean, z_log_var: of every entry of z.
    """
    for variable in _values(vae, False).values():
        variable.assign(np.zeros(variable.shape))
    kernel = np.zeros(vae.decoder.get_layer("first").kernel.shape)
    kernel[0] = 1e4
    vae.decoder.get_layer("first").kernel.assign(kernel)
    for head, value in zip(_heads(vae), (z_mean, z_log_var), strict=False):
        head.bias.assign(np.full(head.bias.shape, value))
    _heads(vae)[2].kernel.assign(np.full((HIDDEN, SIDE * SIDE), 3 / HIDDEN))
    for name, variable in _values(vae, False).items():
        if "gamma" in name or "moving_variance" in name:
            variable.assign(np.ones(variable.shape))


def _make_random(vae):
    """Random weights, but heads at zero: the KL has no slope, so pixels alone move the encoder."""
    rng = np.random.default_rng(1)
    for name, variable in _values(vae, False).items():
        start = 1.0 if "gamma" in name or "moving_variance" in name else 0.0
        spread = 0.0 if "moving" in name else 0.2
        variable.assign(rng.normal(start, spread, variable.shape))
    for head in _heads(vae)[:2]:
        for variable in (head.kernel, head.bias):
            variable.assign(np.zeros(variable.shape))


@contextmanager
def _quiet():
    """TensorFlow warns of functions traced anew, which is what many small models amount to."""
    import tensorflow as tf

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


def _batches(images, size):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(images).batch(size)


def _evaluate(vae, images):
    """What evaluate reports under the three names, nan where a name is missing."""
    reported = vae.evaluate(images, batch_size=32, return_dict=True, verbose=0)
    return [float(reported.get(name, np.nan)) for name in NAMES]


def _values(vae, copied=True):
    """Each weight of both coders by a name of its own: a copy, or the variable itself."""
    named = {}
    for part in ("encoder", "decoder"):
        coder = getattr(vae, part)
        kept = [v for v in coder.variables if v.name != "seed_generator_state"]
        named |= {f"{part} {i} {v.name}": v for i, v in enumerate(kept)}
    return {k: v.numpy() if copied else v for k, v in named.items()}


def _unmoved(vae, before):
    """How many of these variables still have the values they had."""
    now = _values(vae)
    return sum(np.array_equal(now[name], value) for name, value in before.items())
