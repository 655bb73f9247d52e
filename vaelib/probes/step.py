"""Ask for one training step: secret weights in, loss and weights out."""

import numpy as np

MOMENTUM = 0.9
EPSILON = 0.01


def linear(answer, x, kernel, bias, optimizer, learning_rate, steps):
    """Steps on one dense layer: the loss of each step, the weights after the last."""
    import keras

    layer = keras.layers.Dense(kernel.shape[1])
    model = keras.Sequential([keras.Input((x.shape[1],)), layer])
    layer.set_weights([kernel, bias])
    facts = _train(answer, model, x, optimizer, learning_rate, steps)
    return {**facts, "kernel": layer.kernel, "bias": layer.bias}


def normalized(answer, x, first, gamma, beta, second, last, optimizer, learning_rate, steps):
    """Steps on dense, batch normalisation, dense and a frozen dense layer."""
    import keras

    dense, frozen = (keras.layers.Dense(w.shape[1], use_bias=False) for w in (first, last))
    norm = keras.layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON)
    hidden = keras.layers.Dense(second.shape[1], use_bias=False)
    inputs = keras.Input((x.shape[1],))
    x = keras.ops.convert_to_tensor(x)
    model = keras.Model(inputs, frozen(hidden(norm(dense(inputs)))))
    frozen.trainable = False
    for layer, weight in ((dense, first), (hidden, second), (frozen, last)):
        layer.set_weights([weight])
    norm.gamma.assign(gamma)
    norm.beta.assign(beta)
    facts = _train(answer, model, x, optimizer, learning_rate, steps)
    moving = {"moving mean": norm.moving_mean, "moving variance": norm.moving_variance}
    kernels = {"first kernel": dense.kernel, "second kernel": hidden.kernel}
    frozen_kernel = {"frozen kernel": frozen.kernel}
    return {**facts, **moving, "gamma": norm.gamma, "beta": norm.beta, **kernels, **frozen_kernel}


def _train(answer, model, x, optimizer, learning_rate, steps):
    """The loss of each step, and how many steps the optimizer counted."""
    import keras

    made = {
        "sgd": lambda: keras.optimizers.SGD(learning_rate),
        "momentum": lambda: keras.optimizers.SGD(learning_rate, momentum=MOMENTUM),
        "adam": lambda: keras.optimizers.Adam(learning_rate),
    }[optimizer]()
    given = _lenient(model)
    made.build(model.trainable_variables)  # a compiled answer may create no variables later on
    losses = [_plain(answer(given, x, made, _loss)) for _ in range(steps)]
    return {"loss": losses, "updates": int(np.asarray(made.iterations))}


def _lenient(inner):
    """The same model, but model(x, True) is as good as model(x, training=True)."""
    import keras

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = inner

        @property
        def layers(self):
            return inner.layers

        def __call__(self, inputs, training=None, **kwargs):
            return super().__call__(inputs, training=training, **kwargs)

        def call(self, inputs, training=None):
            return self.inner(inputs, training=training)

    model = Model()
    model(np.zeros((1, inner.input_shape[-1]), np.float32))  # which builds it, as a student's is
    return model


def _loss(x, x_hat):
    """A weighted squared error, averaged: another number where its arguments are exchanged."""
    from keras import ops

    return ops.mean(ops.square(ops.subtract(x_hat, x)) * ops.exp(x))


def _plain(loss):
    """A loss as a float; nan for what is no number."""
    try:
        return float(np.asarray(loss))
    except (TypeError, ValueError):
        return float("nan")
