"""Unit 03: wrong answers that students give, each with its hint, and right ones that differ."""

import numpy as np

from autograder.exercises.unit03 import (
    batch_norm_conv,
    batch_norm_infer,
    batch_norm_train,
    encoder_layers,
    standardize,
    training_step,
)

# --- standardize ---------------------------------------------------------------------------------

DIVISOR = "np.sqrt(var + epsilon)"
MOMENTS = "mean = np.mean(x, axis=0)\n    var = np.mean((x - mean) ** 2, axis=0)"

standardize.misconception(
    "rows-for-columns",
    "Each of your rows has mean 0; it is the columns that should.",
    {"axis=0": "axis=1, keepdims=True"},
)
standardize.misconception(
    "one-statistic-for-all",
    "With one column you are right; with more, the columns keep means of their own.",
    {"axis=0": "axis=None"},
)
standardize.misconception(
    "no-epsilon",
    "A batch of one row gives NaN, and so does a column of equal numbers: 0 / 0.",
    {f"return (x - mean) / {DIVISOR}":
     'with np.errstate(all="ignore"):\n        return (x - mean) / np.sqrt(var)'},
)
standardize.misconception(
    "epsilon-outside-the-root",
    "Your columns come out too flat, most of all where they vary little: where does epsilon "
    "stand?",
    {DIVISOR: "(np.sqrt(var) + epsilon)"},
)
standardize.misconception(
    "epsilon-squared",
    "Columns that hardly vary come out too large: your epsilon is smaller than the one given.",
    {"var + epsilon": "var + epsilon**2"},
)
standardize.misconception(
    "unbiased-variance",
    "Your columns are too flat by sqrt((n - 1) / n) for n rows: by what is the sum of squares "
    "divided?",
    {"np.mean((x - mean) ** 2, axis=0)": "np.sum((x - mean) ** 2, axis=0) / max(len(x) - 1, 1)"},
)
standardize.misconception(
    "divided-by-variance",
    "Measured in centimetres or in metres, your result should be the same; it differs by 100.",
    {DIVISOR: "(var + epsilon)"},
)
standardize.misconception(
    "not-centred",
    "Your columns have the right spread and keep their mean.",
    {"return (x - mean)": "return x"},
)
standardize.misconception(
    "not-scaled",
    "Your columns have mean 0 and keep their spread.",
    {f" / {DIVISOR}": ""},
)
standardize.misconception(
    "multiplied-by-the-deviation",
    "Columns that vary much vary even more in your result.",
    {f"/ {DIVISOR}": f"* {DIVISOR}"},
)
standardize.misconception(
    "mean-of-absolute-deviations",
    "Your spread is an average distance from the mean, which is not the standard deviation.",
    {"(x - mean) ** 2": "abs(x - mean)", DIVISOR: "(var + epsilon)"},
)
standardize.misconception(
    "scaled-to-zero-one",
    "Your columns run from 0 to 1, whatever lies between: that is another way of scaling.",
    {"(x - mean)": "(x - np.min(x, axis=0))",
     DIVISOR: "(np.max(x, axis=0) - np.min(x, axis=0) + epsilon)"},
)
standardize.misconception(
    "in-place",
    "The numbers are right, but the caller's x is overwritten.",
    {"return (x - mean) / np.sqrt(var + epsilon)":
     "x -= mean.astype(x.dtype)\n    x /= np.sqrt(var + epsilon).astype(x.dtype)\n    return x"},
)


@standardize.variant("moments-of-tensorflow")
def with_moments(x, epsilon):
    import tensorflow as tf

    mean, variance = tf.nn.moments(x, axes=[0])
    return (x - mean) * tf.math.rsqrt(variance + epsilon)


@standardize.variant("mean-of-squares")
def mean_of_squares(x, epsilon):
    mean = x.mean(0)
    return (x - mean) * (np.square(x).mean(0) - mean**2 + epsilon) ** -0.5


@standardize.variant("column-by-column")
def column_by_column(x, epsilon):
    columns = []
    for column in np.asarray(x).T:
        mean = sum(column) / len(column)
        var = sum((value - mean) ** 2 for value in column) / len(column)
        columns.append([(value - mean) / (var + epsilon) ** 0.5 for value in column])
    return [list(row) for row in zip(*columns, strict=True)]


@standardize.variant("keras-ops")
def with_keras(x, epsilon):
    from keras import ops

    mean, var = ops.moments(x, axes=0, keepdims=True)
    return ops.subtract(x, mean) / ops.sqrt(ops.add(var, epsilon))


@standardize.variant("keras-layer")
def with_a_layer(x, epsilon):
    import keras

    layer = keras.layers.BatchNormalization(epsilon=epsilon, center=False, scale=False)
    return layer(x, training=True)


# --- batch_norm_train ----------------------------------------------------------------------------

batch_norm_train.misconception(
    "moving-statistics-in-training",
    "The moving statistics come out right, but your y depends on them: which rows is a batch in "
    "training measured against?",
    {"(x - mean) / np.sqrt(var + epsilon)": "(x - moving_mean) / np.sqrt(moving_var + epsilon)"},
)
batch_norm_train.misconception(
    "new-moving-statistics-in-training",
    "Your y changes with the momentum; only the moving statistics may.",
    {"x_hat = (x - mean) / np.sqrt(var + epsilon)": "",
     "y = gamma * x_hat + beta": "",
     "return y, new_mean, new_var":
     "x_hat = (x - new_mean) / np.sqrt(new_var + epsilon)\n"
     "    return gamma * x_hat + beta, new_mean, new_var"},
)
batch_norm_train.misconception(
    "momentum-reversed",
    "At a momentum of 0.9 the old value should count nine times as much as this batch, and with "
    "you it is the other way round.",
    {"momentum * moving": "(1 - momentum) * moving", "+ (1 - momentum) *": "+ momentum *"},
)
batch_norm_train.misconception(
    "history-forgotten",
    "Your moving statistics are those of the last batch alone.",
    {"momentum * moving_mean + (1 - momentum) * mean": "mean",
     "momentum * moving_var + (1 - momentum) * var": "var"},
)
batch_norm_train.misconception(
    "moving-statistics-stand-still",
    "Your moving statistics come back as they went in.",
    {"momentum * moving_mean + (1 - momentum) * mean": "moving_mean",
     "momentum * moving_var + (1 - momentum) * var": "moving_var"},
)
batch_norm_train.misconception(
    "plain-sum",
    "Your moving statistics grow from batch to batch: the weights of old and new do not add up "
    "to 1.",
    {"(1 - momentum) * ": ""},
)
batch_norm_train.misconception(
    "gamma-and-beta-swapped",
    "At gamma 1 and beta 0 your y would be 1 everywhere: what multiplies, and what is added?",
    {"gamma * x_hat + beta": "beta * x_hat + gamma"},
)
batch_norm_train.misconception(
    "shift-before-scale",
    "Your columns have mean gamma times beta: the order of the two last operations matters.",
    {"gamma * x_hat + beta": "gamma * (x_hat + beta)"},
)
batch_norm_train.misconception(
    "no-scale-and-shift",
    "Your y has mean 0 and spread 1 whatever gamma and beta are.",
    {"gamma * x_hat + beta": "x_hat"},
)
batch_norm_train.misconception(
    "no-epsilon",
    "A batch of one row gives NaN: 0 / 0.",
    {f"x_hat = (x - mean) / {DIVISOR}":
     'with np.errstate(all="ignore"):\n        x_hat = (x - mean) / np.sqrt(var)'},
)
batch_norm_train.misconception(
    "epsilon-outside-the-root",
    "Your y is too flat, most of all in columns that vary little: where does epsilon stand?",
    {"np.sqrt(var + epsilon)": "(np.sqrt(var) + epsilon)"},
)
batch_norm_train.misconception(
    "divided-by-variance",
    "A column that varies twice as much comes out half as wide; it should come out the same.",
    {"np.sqrt(var + epsilon)": "(var + epsilon)"},
)
batch_norm_train.misconception(
    "unbiased-everywhere",
    "Your variance is too large by n / (n - 1) for n rows, in y and in the moving variance.",
    {"np.var(x, axis=0)": "np.sum((x - mean) ** 2, axis=0) / max(len(x) - 1, 1)"},
)
batch_norm_train.misconception(
    "unbiased-moving-variance",
    "Your y is right; your moving variance takes in a batch variance that is too large by "
    "n / (n - 1). Some libraries do that, and here it is the same variance as in y.",
    {"(1 - momentum) * var": "(1 - momentum) * var * len(x) / max(len(x) - 1, 1)"},
)
batch_norm_train.misconception(
    "standard-deviation-kept",
    "Your y is right; what you keep for later is a mean of standard deviations, not of variances.",
    {"(1 - momentum) * var": "(1 - momentum) * np.sqrt(var)"},
)
batch_norm_train.misconception(
    "epsilon-kept",
    "Your y is right; your moving variance is too large by a little that depends on epsilon.",
    {"(1 - momentum) * var": "(1 - momentum) * (var + epsilon)"},
)
batch_norm_train.misconception(
    "statistics-of-y",
    "Your moving mean drifts towards beta: whose statistics are to be kept?",
    {"(1 - momentum) * mean": "(1 - momentum) * np.mean(y, axis=0)",
     "(1 - momentum) * var": "(1 - momentum) * np.var(y, axis=0)"},
)
batch_norm_train.misconception(
    "rows-for-columns",
    "Your statistics are one per row of the batch; one per column is wanted.",
    {"mean = np.mean(x, axis=0)\n    var = np.var(x, axis=0)":
     "mean = np.mean(x, axis=1, keepdims=True)\n    var = np.var(x, axis=1, keepdims=True)"},
)
batch_norm_train.misconception(
    "one-statistic-for-all",
    "With one column you are right; with more, all of them share one mean and one variance.",
    {"axis=0": "axis=None"},
)
batch_norm_train.misconception(
    "caller-overwritten",
    "The numbers are right, but an array that was handed in comes back changed.",
    {"new_mean = momentum * moving_mean + (1 - momentum) * mean":
     "moving_mean[:] = momentum * moving_mean + (1 - momentum) * mean",
     "new_var = momentum * moving_var + (1 - momentum) * var":
     "moving_var[:] = momentum * moving_var + (1 - momentum) * var",
     "return y, new_mean, new_var": "return y, moving_mean, moving_var"},
)
batch_norm_train.misconception(
    "results-in-another-order",
    "Your three results are right and come in another order.",
    {"return y, new_mean, new_var": "return y, new_var, new_mean"},
)
batch_norm_train.misconception(
    "y-alone",
    "One array comes back where three are expected: nobody could go on with the moving statistics.",
    {"return y, new_mean, new_var": "return y"},
)


@batch_norm_train.variant("calls-the-earlier-answer")
def through_standardize(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    y = standardize(x, epsilon) * gamma + beta
    keep = 1 - momentum
    return [y, moving_mean * momentum + x.mean(0) * keep, moving_var * momentum + x.var(0) * keep]


@batch_norm_train.variant("step-towards-the-batch")
def step_towards(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    rate, mean, var = 1 - momentum, np.average(x, axis=0), np.std(x, axis=0) ** 2
    scale = gamma / np.sqrt(epsilon + var)
    new_mean = moving_mean - rate * (moving_mean - mean)
    return x * scale + (beta - mean * scale), new_mean, moving_var + (var - moving_var) * rate


@batch_norm_train.variant("tensorflow")
def train_in_tensorflow(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    import tensorflow as tf

    mean, var = tf.nn.moments(tf.constant(x), axes=[0])
    y = tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)
    new_mean = tf.add(momentum * moving_mean, (1 - momentum) * mean)
    new_var = tf.add(momentum * moving_var, (1 - momentum) * var)
    return y, new_mean, new_var


@batch_norm_train.variant("mean-of-squares")
def train_mean_of_squares(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    from keras import ops

    mean = ops.mean(x, axis=0)
    var = ops.mean(ops.square(x), axis=0) - ops.square(mean)
    y = gamma * (x - mean) * ops.rsqrt(var + epsilon) + beta
    pairs = ((moving_mean, mean), (moving_var, var))
    return (y, *(momentum * old + (1 - momentum) * now for old, now in pairs))


@batch_norm_train.variant("column-by-column")
def train_by_column(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    y, means, variances = np.empty_like(x), [], []
    for j in range(x.shape[1]):
        column = [float(value) for value in x[:, j]]
        mean = sum(column) / len(column)
        var = sum((value - mean) ** 2 for value in column) / len(column)
        y[:, j] = [gamma[j] * (value - mean) / (var + epsilon) ** 0.5 + beta[j] for value in column]
        means.append(momentum * moving_mean[j] + (1 - momentum) * mean)
        variances.append(momentum * moving_var[j] + (1 - momentum) * var)
    return y, means, variances


@batch_norm_train.variant("copies-first")
def copies_first(x, gamma, beta, moving_mean, moving_var, momentum, epsilon):
    moving_mean, moving_var = np.array(moving_mean, float), np.array(moving_var, float)
    mean, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    moving_mean *= momentum
    moving_mean += (1 - momentum) * mean[0]
    moving_var *= momentum
    moving_var += (1 - momentum) * var[0]
    return np.float32(gamma * ((x - mean) / (var + epsilon) ** 0.5) + beta), moving_mean, moving_var


# --- batch_norm_infer ----------------------------------------------------------------------------

batch_norm_infer.misconception(
    "batch-statistics",
    "The same row gives another y in other company: your result depends on the batch.",
    {"(x - moving_mean) / np.sqrt(moving_var + epsilon)":
     "(x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + epsilon)"},
)
batch_norm_infer.misconception(
    "batch-mean-only",
    "Your result is centred by the batch: a batch of one row always gives beta.",
    {"x - moving_mean": "x - np.mean(x, axis=0)"},
)
batch_norm_infer.misconception(
    "no-epsilon",
    "Your result is too large, most of all in columns of small variance.",
    {"moving_var + epsilon": "moving_var"},
)
batch_norm_infer.misconception(
    "epsilon-outside-the-root",
    "Your result is too small, most of all in columns of small variance: where does epsilon "
    "stand?",
    {"np.sqrt(moving_var + epsilon)": "(np.sqrt(moving_var) + epsilon)"},
)
batch_norm_infer.misconception(
    "divided-by-variance",
    "Columns of moving variance 4 shrink to a quarter, and should to a half.",
    {"np.sqrt(moving_var + epsilon)": "(moving_var + epsilon)"},
)
batch_norm_infer.misconception(
    "variance-squared",
    "You divide by too much where the moving variance is above 1: it is a variance already, no "
    "standard deviation.",
    {"moving_var + epsilon": "moving_var**2 + epsilon"},
)
batch_norm_infer.misconception(
    "gamma-and-beta-swapped",
    "A row equal to the moving mean gives gamma, and should give beta.",
    {"gamma * x_hat + beta": "beta * x_hat + gamma"},
)
batch_norm_infer.misconception(
    "shift-before-scale",
    "A row equal to the moving mean gives gamma times beta.",
    {"gamma * x_hat + beta": "gamma * (x_hat + beta)"},
)
batch_norm_infer.misconception(
    "no-scale-and-shift",
    "Your result is the same for every gamma and beta.",
    {"gamma * x_hat + beta": "x_hat"},
)
batch_norm_infer.misconception(
    "not-centred",
    "A row equal to the moving mean should give beta, whatever the mean is.",
    {"(x - moving_mean)": "x"},
)


@batch_norm_infer.variant("one-multiplication")
def folded(x, gamma, beta, moving_mean, moving_var, epsilon):
    scale = gamma / np.sqrt(moving_var + epsilon)
    return x * scale + (beta - moving_mean * scale)


@batch_norm_infer.variant("tensorflow")
def infer_in_tensorflow(x, gamma, beta, moving_mean, moving_var, epsilon):
    import tensorflow as tf

    return tf.nn.batch_normalization(x, moving_mean, moving_var, beta, gamma, epsilon)


@batch_norm_infer.variant("row-by-row")
def row_by_row(x, gamma, beta, moving_mean, moving_var, epsilon):
    std = [(v + epsilon) ** 0.5 for v in moving_var]
    columns = range(x.shape[1])
    return [
        [gamma[j] * (row[j] - moving_mean[j]) / std[j] + beta[j] for j in columns] for row in x
    ]


@batch_norm_infer.variant("keras-layer")
def infer_with_a_layer(x, gamma, beta, moving_mean, moving_var, epsilon):
    import keras

    layer = keras.layers.BatchNormalization(epsilon=epsilon)
    layer.build(x.shape)
    layer.set_weights([gamma, beta, moving_mean, moving_var])
    return layer(x)


# --- batch_norm_conv -----------------------------------------------------------------------------

batch_norm_conv.misconception(
    "batch-axis-only",
    "Every pixel position has statistics of its own in your result: a shifted digit would be "
    "normalised in another way.",
    {"axis=(0, 1, 2)": "axis=0"},
)
batch_norm_conv.misconception(
    "each-image-alone",
    "Each image of your result has mean beta by itself; it is the batch as a whole that should.",
    {"axis=(0, 1, 2)": "axis=(1, 2), keepdims=True"},
)
batch_norm_conv.misconception(
    "channels-mixed",
    "With one channel you are right; with more, all channels share one mean and one variance.",
    {"axis=(0, 1, 2)": "axis=None"},
)
batch_norm_conv.misconception(
    "channels-first",
    "Your statistics belong to rows of pixels: which axis holds the channels here?",
    {"axis=(0, 1, 2)": "axis=(0, 2, 3), keepdims=True"},
)
batch_norm_conv.misconception(
    "each-pixel-alone",
    "Your statistics run over the channels of one pixel, and should run over pixels of one "
    "channel.",
    {"axis=(0, 1, 2)": "axis=-1, keepdims=True"},
)
batch_norm_conv.misconception(
    "each-image-over-channels",
    "Your result normalises every image as a whole, all channels together.",
    {"axis=(0, 1, 2)": "axis=(1, 2, 3), keepdims=True"},
)
batch_norm_conv.misconception(
    "epsilon-outside-the-root",
    "Your result is too flat, most of all in channels that vary little: where does epsilon stand?",
    {"np.sqrt(var + epsilon)": "(np.sqrt(var) + epsilon)"},
)
batch_norm_conv.misconception(
    "no-epsilon",
    "Your result is too large, most of all in channels that vary little.",
    {"var + epsilon": "var"},
)
batch_norm_conv.misconception(
    "divided-by-variance",
    "A channel that varies twice as much comes out half as wide; it should come out the same.",
    {"np.sqrt(var + epsilon)": "(var + epsilon)"},
)
batch_norm_conv.misconception(
    "unbiased-variance",
    "Your result is a little too flat, and less so the more pixels there are: by what is the sum "
    "of squares divided?",
    {"np.var(x, axis=(0, 1, 2))":
     "np.sum((x - mean) ** 2, axis=(0, 1, 2)) / (x[..., 0].size - 1)"},
)
batch_norm_conv.misconception(
    "gamma-and-beta-swapped",
    "At gamma 1 and beta 0 your y would be 1 everywhere: what multiplies, and what is added?",
    {"gamma * x_hat + beta": "beta * x_hat + gamma"},
)
batch_norm_conv.misconception(
    "shift-before-scale",
    "Your channels have mean gamma times beta: the order of the two last operations matters.",
    {"gamma * x_hat + beta": "gamma * (x_hat + beta)"},
)


@batch_norm_conv.variant("pixels-as-rows")
def pixels_as_rows(x, gamma, beta, epsilon):
    return (standardize(x.reshape(-1, x.shape[-1]), epsilon) * gamma + beta).reshape(x.shape)


@batch_norm_conv.variant("moments-of-tensorflow")
def conv_in_tensorflow(x, gamma, beta, epsilon):
    import tensorflow as tf

    mean, var = tf.nn.moments(x, [0, 1, 2])
    return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)


@batch_norm_conv.variant("channel-by-channel")
def channel_by_channel(x, gamma, beta, epsilon):
    y = np.zeros(x.shape)
    for c in range(x.shape[3]):
        channel = x[:, :, :, c]
        centred = channel - channel.mean()
        y[..., c] = gamma[c] * centred / (np.mean(centred**2) + epsilon) ** 0.5 + beta[c]
    return y


@batch_norm_conv.variant("keras-layer")
def conv_with_a_layer(x, gamma, beta, epsilon):
    import keras

    layer = keras.layers.BatchNormalization(epsilon=epsilon)
    layer.build(x.shape)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer(x, training=True)


@batch_norm_conv.variant("negative-axes")
def negative_axes(x, gamma, beta, epsilon):
    mean = x.mean(axis=(-4, -3, -2), keepdims=True)
    var = np.square(x).mean(axis=(-4, -3, -2), keepdims=True) - mean**2
    return gamma.reshape(1, 1, 1, -1) * (x - mean) / np.sqrt(var + epsilon) + beta


# --- encoder_layers ------------------------------------------------------------------------------

FIRST = 'layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")'
SECOND = 'layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")'
NORMS = [f'    x = layers.BatchNormalization(name="norm_{n}")(x)\n' for n in (1, 2, 3)]
DENSE = '    x = layers.Dense(20, activation="relu")(x)\n'

encoder_layers.misconception(
    "heads-with-relu",
    "Your codes are never negative: half of the latent space is out of reach.",
    {"layers.Dense(latent_dim,": 'layers.Dense(latent_dim, activation="relu",'},
)
encoder_layers.misconception(
    "heads-with-tanh",
    "Your codes never leave the interval from -1 to 1.",
    {"layers.Dense(latent_dim,": 'layers.Dense(latent_dim, activation="tanh",'},
)
encoder_layers.misconception(
    "log-variance-made-positive",
    "Your z_mean is right and your z_log_var is never negative: a variance below 1 could not be "
    "said.",
    {'layers.Dense(latent_dim, name="log_var_head")':
     'layers.Dense(latent_dim, activation="softplus", name="log_var_head")'},
)
encoder_layers.misconception(
    "one-shared-head",
    "z_mean and z_log_var are the same numbers: one head does both jobs.",
    {'layers.Dense(latent_dim, name="log_var_head")(x)': "z_mean"},
)
encoder_layers.misconception(
    "heads-in-a-row",
    "Your z_log_var is computed from z_mean, and should have the same input.",
    {'name="log_var_head")(x)': 'name="log_var_head")(z_mean)'},
)
encoder_layers.misconception(
    "normalisation-after-the-heads",
    "Your z_mean and z_log_var are normalised themselves: no image could say how sure it is.",
    {'name="mean_head")(x)':
     'name="mean_head")(x)\n    z_mean = layers.BatchNormalization()(z_mean)',
     'name="log_var_head")(x)':
     'name="log_var_head")(x)\n    z_log_var = layers.BatchNormalization()(z_log_var)'},
)
encoder_layers.misconception(
    "last-normalisation-left-out",
    "80 parameters fewer than expected: one layer of 20 has nothing behind it.",
    {NORMS[2]: ""},
)
encoder_layers.misconception(
    "first-normalisation-left-out",
    "128 parameters fewer than expected: what belongs behind each convolution?",
    {NORMS[0]: ""},
)
encoder_layers.misconception(
    "no-normalisation",
    "464 parameters fewer than expected: your network has no layer of this unit's kind.",
    {norm: "" for norm in NORMS},
)
encoder_layers.misconception(
    "normalised-before-relu",
    "Sizes and counts are right; your normalisation sees negative numbers, and should come after "
    "the activation.",
    {'padding="same", activation="relu")': 'padding="same")',
     DENSE + NORMS[2]: "    x = layers.Dense(20)(x)\n" + NORMS[2] + "    x = layers.ReLU()(x)\n",
     NORMS[0]: NORMS[0] + "    x = layers.ReLU()(x)\n",
     NORMS[1]: NORMS[1] + "    x = layers.ReLU()(x)\n"},
)
encoder_layers.misconception(
    "normalised-before-the-layer",
    "Your first normalisation sees the pixels themselves: it has 4 parameters, and should have "
    "128.",
    {"(inputs)": '(layers.BatchNormalization(name="norm_0")(inputs))', NORMS[0]: ""},
)
encoder_layers.misconception(
    "normalised-flat",
    "You normalise 3136 columns after Flatten: that is one statistic per pixel, not per channel.",
    {NORMS[1]: "", "    x = layers.Flatten()(x)\n": "    x = layers.Flatten()(x)\n" + NORMS[1]},
)
encoder_layers.misconception(
    "normalisation-frozen",
    "Nothing about your normalisation can be trained, and it does not look at the batch either.",
    {'layers.BatchNormalization(': 'layers.BatchNormalization(trainable=False, '},
)
encoder_layers.misconception(
    "no-scale-and-shift",
    "Your normalisation standardises and leaves it at that: g and b are missing.",
    {'layers.BatchNormalization(': 'layers.BatchNormalization(center=False, scale=False, '},
)
encoder_layers.misconception(
    "layer-normalisation",
    "Your normalisation keeps no moving statistics: it works on each image alone.",
    {'layers.BatchNormalization(': 'layers.LayerNormalization('},
)
encoder_layers.misconception(
    "always-training",
    "In inference your normalisation still depends on the batch.",
    {'")(x)\n    x = layers.Conv2D': '")(x, training=True)\n    x = layers.Conv2D',
     '")(x)\n    conv_shape': '")(x, training=True)\n    conv_shape',
     '")(x)\n    z_mean': '")(x, training=True)\n    z_mean'},
)
encoder_layers.misconception(
    "dense-left-out",
    "Your heads sit right on the 3136 flat numbers: a layer between is missing.",
    {DENSE + NORMS[2]: ""},
)
encoder_layers.misconception(
    "dense-without-relu",
    "The layer of 20 lets negative numbers through.",
    {DENSE: "    x = layers.Dense(20)(x)\n"},
)
encoder_layers.misconception(
    "convolutions-without-relu",
    "Your convolutions let negative numbers through.",
    {'padding="same", activation="relu")': 'padding="same")'},
)
encoder_layers.misconception(
    "no-strides",
    "Your feature maps keep 28 x 28 pixels: nothing halves them.",
    {"strides=2, ": ""},
)
encoder_layers.misconception(
    "one-stride",
    "Your feature maps have 14 x 14 pixels: halved once, not twice.",
    {SECOND: SECOND.replace("strides=2, ", "")},
)
encoder_layers.misconception(
    "valid-padding",
    "Your feature maps have 6 x 6 pixels: the border got lost on the way.",
    {'padding="same"': 'padding="valid"'},
)
encoder_layers.misconception(
    "filters-exchanged",
    "Your last feature map has 32 channels: which convolution has more filters?",
    {"Conv2D(32": "Conv2D(WIDE", "Conv2D(64": "Conv2D(32", "Conv2D(WIDE": "Conv2D(64"},
)
encoder_layers.misconception(
    "larger-kernels",
    "Shapes are right, and the kernels have more than 3 x 3 weights.",
    {"Conv2D(32, 3": "Conv2D(32, 5", "Conv2D(64, 3": "Conv2D(64, 5"},
)
encoder_layers.misconception(
    "pooling-for-strides",
    "Shapes and counts are right; your feature maps are halved by something else than a stride.",
    {"strides=2, ": "", NORMS[0]: NORMS[0] + "    x = layers.MaxPooling2D()(x)\n",
     NORMS[1]: NORMS[1] + "    x = layers.MaxPooling2D()(x)\n"},
)
encoder_layers.misconception(
    "latent-dim-ignored",
    "Your heads have 2 units whatever latent_dim is.",
    {"layers.Dense(latent_dim": "layers.Dense(2"},
)
encoder_layers.misconception(
    "flat-conv-shape",
    "Your conv_shape is flat: the decoder could not know how to fold 3136 numbers.",
    {"    conv_shape = x.shape\n    x = layers.Flatten()(x)\n":
     "    x = layers.Flatten()(x)\n    conv_shape = x.shape\n"},
)
encoder_layers.misconception(
    "conv-shape-without-batch",
    "Your conv_shape has three entries: the batch axis is missing.",
    {"conv_shape = x.shape": "conv_shape = x.shape[1:]"},
)
encoder_layers.misconception(
    "conv-shape-of-the-input",
    "Your conv_shape is that of the image, before any convolution.",
    {"conv_shape = x.shape": "conv_shape = inputs.shape"},
)


@encoder_layers.variant("own-names")
def own_names(inputs, latent_dim):
    from keras import layers

    first = layers.Conv2D(filters=32, kernel_size=(3, 3), strides=(2, 2), padding="same", name="a")
    h = first(inputs)
    h = layers.BatchNormalization(name="b")(layers.Activation("relu")(h))
    h = layers.Conv2D(64, 3, 2, "same", activation="relu", name="c")(h)
    h = layers.BatchNormalization(name="d")(h)
    shape = list(h.shape)
    h = layers.Dense(20, activation="relu", name="e")(layers.Reshape((-1,))(h))
    h = layers.BatchNormalization(name="f")(h)
    heads = [layers.Dense(latent_dim, name=name)(h) for name in ("g", "h")]
    return *heads, shape


@encoder_layers.variant("sequential")
def sequential(inputs, latent_dim):
    import keras
    from keras import layers

    trunk = keras.Sequential([
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.Conv2D(64, 3, strides=2, padding="same", activation="relu"),
        layers.BatchNormalization(),
    ])
    head = keras.Sequential([
        layers.Flatten(), layers.Dense(20, activation="relu"), layers.BatchNormalization()
    ])
    maps = trunk(inputs)
    h = head(maps)
    return layers.Dense(latent_dim)(h), layers.Dense(latent_dim)(h), tuple(maps.shape)


@encoder_layers.variant("subclassed")
def subclassed(inputs, latent_dim):
    import keras

    class Block(keras.layers.Layer):
        def __init__(self, layer):
            super().__init__()
            self.layer = layer
            self.norm = keras.layers.BatchNormalization()

        def call(self, x, training=None):
            return self.norm(keras.ops.relu(self.layer(x)), training=training)

    conv = keras.layers.Conv2D
    x = Block(conv(32, 3, strides=2, padding="same"))(inputs)
    x = Block(conv(64, 3, strides=2, padding="same"))(x)
    conv_shape = (None, *(int(size) for size in x.shape[1:]))
    x = Block(keras.layers.Dense(20))(keras.layers.Flatten()(x))
    log_var = keras.layers.Dense(latent_dim, activation="linear")(x)
    return [keras.layers.Dense(latent_dim, activation=None)(x), log_var, conv_shape]


@encoder_layers.variant("one-layer-cut-in-two")
def cut_in_two(inputs, latent_dim):
    import keras
    from keras import layers

    x = inputs
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, strides=2, padding="same")(x)
        x = layers.BatchNormalization(epsilon=1e-5, momentum=0.9)(keras.activations.relu(x))
    conv_shape = keras.ops.shape(x)
    x = layers.BatchNormalization()(layers.Dense(20, "relu")(layers.Flatten()(x)))
    both = layers.Dense(2 * latent_dim)(x)
    return both[:, :latent_dim], both[:, latent_dim:], conv_shape


@encoder_layers.variant("log-variance-head-first")
def log_var_first(inputs, latent_dim):
    import tensorflow as tf

    layer = tf.keras.layers
    x = layer.BatchNormalization()(layer.Conv2D(32, 3, 2, "same", activation="relu")(inputs))
    x = layer.BatchNormalization()(layer.Conv2D(64, 3, 2, "same", activation=tf.nn.relu)(x))
    flat = layer.Flatten()(x)
    h = layer.BatchNormalization()(layer.Dense(20, activation="relu")(flat))
    z_log_var = layer.Dense(latent_dim, name="z_log_var")(h)
    return layer.Dense(latent_dim, name="z_mean")(h), z_log_var, x.shape


# --- training_step -------------------------------------------------------------------------------

CALL = "model(x, training=True)"
GRADIENTS = "recording.gradient(loss, model.trainable_variables)"

training_step.misconception(
    "not-in-training-mode",
    "The moving mean is still 0 and the moving variance still 1 after your step: nobody told the "
    "model that this is training.",
    {CALL: "model(x)"},
)
training_step.misconception(
    "last-layer-only",
    "The last trainable weights move, and those before them stand still.",
    {"model.trainable_variables": "model.trainable_variables[-1:]"},
)
training_step.misconception(
    "kernels-only",
    "The kernels move, and bias, gamma and beta stand still.",
    {"    gradients =":
     "    kernels = [v for v in model.trainable_variables if len(v.shape) > 1]\n    gradients =",
     "model.trainable_variables)": "kernels)"},
)
training_step.misconception(
    "own-optimizer",
    "Your weights move as another optimizer would move them, not the one that is given.",
    {"optimizer.apply(": "keras.optimizers.SGD(0.01).apply("},
)
training_step.misconception(
    "plain-descent-by-hand",
    "Your step is right for plain gradient descent and wrong for other optimizers: is the given "
    "one asked at all?",
    {"    optimizer.apply(gradients, model.trainable_variables)\n":
     "    rate = optimizer.learning_rate\n"
     "    for variable, gradient in zip(model.trainable_variables, gradients):\n"
     "        variable.assign_sub(rate * gradient)\n"},
)
training_step.misconception(
    "optimizer-made-anew",
    "The first step is right, the second is not: your optimizer has forgotten the first.",
    {"optimizer.apply(": "type(optimizer).from_config(optimizer.get_config()).apply("},
)
training_step.misconception(
    "arguments-exchanged",
    "Your loss weighs the wrong one of the two: what does loss_fn expect first?",
    {f"loss_fn(x, {CALL})": f"loss_fn({CALL}, x)"},
)
training_step.misconception(
    "uphill",
    "The loss you return is right, and the step goes uphill.",
    {GRADIENTS: f"[-g for g in {GRADIENTS}]"},
)
training_step.misconception(
    "no-step",
    "The loss you return is right, and no weight has moved.",
    {"    optimizer.apply(gradients, model.trainable_variables)\n": ""},
)
training_step.misconception(
    "loss-after-the-step",
    "The loss you return belongs to the weights after the step.",
    {"return loss": f"return loss_fn(x, {CALL})"},
)
training_step.misconception(
    "two-steps",
    "Your weights have moved too far: more than one step a call.",
    {"    optimizer.apply(gradients, model.trainable_variables)\n":
     "    optimizer.apply(gradients, model.trainable_variables)\n" * 2},
)
training_step.misconception(
    "loss-not-returned",
    "The step is right, and its loss does not come back as one number.",
    {"return loss": "return None"},
)
training_step.misconception(
    "loss-times-batch",
    "Your loss grows with the batch: it is added up once more.",
    {"loss = loss_fn(x, ": "loss = len(x) * loss_fn(x, "},
)
training_step.misconception(
    "called-twice",
    "Your moving statistics move twice in one step: how often is the model called?",
    {"loss = loss_fn": f"{CALL}\n        loss = loss_fn"},
)
training_step.misconception(
    "trained-in-inference-afterwards",
    "Your step uses the moving statistics; they only move because the model is called again.",
    {CALL: "model(x, training=False)", "return loss": f"{CALL}\n    return loss"},
)
training_step.misconception(
    "gradients-clipped",
    "Large gradients arrive smaller than they are: something is cut before the step.",
    {GRADIENTS: f"[tf.clip_by_value(g, -0.05, 0.05) for g in {GRADIENTS}]"},
)


@training_step.variant("apply-gradients")
def apply_gradients(model, x, optimizer, loss_fn):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        x_hat = model(x, True)
        loss = loss_fn(x, x_hat)
    weights = model.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return float(loss)


@training_step.variant("compiled")
def compiled(model, x, optimizer, loss_fn):
    import tensorflow as tf

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            loss = loss_fn(x, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    optimizer.build(model.trainable_variables)
    return step(tf.convert_to_tensor(x)).numpy()


@training_step.variant("watched-by-hand")
def watched(model, x, optimizer, loss_fn):
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
        for variable in model.trainable_variables:
            tape.watch(variable.value)
        loss = loss_fn(x, model(inputs=x, training=True))
    pairs = [(tape.gradient(loss, v), v) for v in model.trainable_variables]
    optimizer.apply_gradients(pairs)
    return loss.numpy()


@training_step.variant("train-on-batch")
def train_on_batch(model, x, optimizer, loss_fn):
    if getattr(model, "optimizer", None) is not optimizer:
        model.compile(optimizer=optimizer, loss=loss_fn, run_eagerly=True)
    return model.train_on_batch(x, x)


@training_step.variant("traced-as-a-whole")
def traced(model, x, optimizer, loss_fn):
    import tensorflow as tf

    def step(model, x, optimizer, loss_fn):
        with tf.GradientTape() as tape:
            loss = loss_fn(x, model(x, training=True)) + sum(model.losses)
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    memory = traced.__dict__
    return memory.setdefault("step", tf.function(step))(model, x, optimizer, loss_fn)


@training_step.variant("tensorflow-gradients")
def with_tape_methods(model, x, optimizer, loss_fn):
    import tensorflow as tf

    tape = tf.GradientTape()
    with tape:
        loss = tf.convert_to_tensor(loss_fn(x, model(x, training=True)))
    slopes = tape.gradient(loss, [v.value for v in model.trainable_variables])
    optimizer.apply(slopes, trainable_variables=model.trainable_variables)
    return np.asarray(loss)
