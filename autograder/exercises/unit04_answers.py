"""Unit 04: wrong answers of students, each with its hint, and right ones in other clothes."""

import numpy as np

from autograder.exercises.unit04 import (
    decoder_layers,
    decoder_model,
    encoder_model,
    gradients,
    interpolate,
    reparameterize,
    sampling,
)
from autograder.specification import Exercise, Submitted

# --- reparameterize ------------------------------------------------------------------------------

STD = "ops.exp(0.5 * z_log_var)"

reparameterize.misconception(
    "log-variance-as-std",
    "At a log-variance of 0 your code does not react to the noise at all.",
    {STD: "z_log_var"},
)
reparameterize.misconception(
    "variance-as-std",
    "At a log-variance of 2 your noise is stretched 7.39-fold; the standard deviation is 2.718.",
    {STD: "ops.exp(z_log_var)"},
)
reparameterize.misconception(
    "exponent-doubled",
    "At a log-variance of 1 your noise is stretched 7.39-fold: that is the variance, squared.",
    {STD: "ops.exp(2 * z_log_var)"},
)
reparameterize.misconception(
    "root-of-the-log-variance",
    "Where the log-variance is negative, your code is not a number.",
    {STD: "ops.sqrt(z_log_var)"},
)
reparameterize.misconception(
    "half-the-variance",
    "At a log-variance of 0 your noise is halved, though the standard deviation is 1 there.",
    {STD: "0.5 * ops.exp(z_log_var)"},
)
reparameterize.misconception(
    "spread-inverted",
    "The larger the log-variance, the closer your code stays to z_mean.",
    {STD: "ops.exp(-0.5 * z_log_var)"},
)
reparameterize.misconception(
    "noise-not-scaled",
    "Your code does not depend on the log-variance.",
    {f"{STD} * epsilon": "epsilon"},
)
reparameterize.misconception(
    "noise-ignored",
    "Whatever epsilon is, your code is z_mean.",
    {f" + {STD} * epsilon": ""},
)
reparameterize.misconception(
    "mean-scaled",
    "With epsilon = 0 the code should be z_mean, and yours is stretched.",
    {f"z_mean + {STD} * epsilon": f"(z_mean + epsilon) * {STD}"},
)
reparameterize.misconception(
    "noise-subtracted",
    "A positive epsilon pushes your code below z_mean.",
    {"z_mean +": "z_mean -"},
)
reparameterize.misconception(
    "inputs-swapped",
    "With epsilon = 0 your code is the log-variance.",
    {f"z_mean + {STD}": "z_log_var + ops.exp(0.5 * z_mean)"},
)
reparameterize.misconception(
    "summed-over-latent",
    "One number per image comes back; a code has one per latent dimension.",
    {f"{STD} * epsilon": f"{STD} * epsilon, axis=-1)", "return z_mean": "return ops.sum(z_mean"},
)


@reparameterize.variant("square-root-of-the-variance")
def root(z_mean, z_log_var, epsilon):
    return epsilon * np.sqrt(np.exp(z_log_var)) + z_mean


@reparameterize.variant("power")
def power(z_mean, z_log_var, epsilon):
    return np.add(np.multiply(np.exp(z_log_var) ** 0.5, epsilon), z_mean)


@reparameterize.variant("tensorflow")
def in_tensorflow(z_mean, z_log_var, epsilon):
    import tensorflow as tf

    return z_mean + tf.exp(z_log_var / 2) * epsilon


@reparameterize.variant("hand-loop")
def by_hand(z_mean, z_log_var, epsilon):
    import math

    rows = zip(z_mean, z_log_var, epsilon, strict=True)
    return [
        [m + math.exp(v / 2) * e for m, v, e in zip(*row, strict=True)] for row in rows
    ]


@reparameterize.variant("scipy-quantile")
def through_quantiles(z_mean, z_log_var, epsilon):
    from scipy.stats import norm

    return norm(z_mean, np.exp(0.5 * z_log_var)).ppf(norm.cdf(epsilon))


# --- reparameterization_gradients ----------------------------------------------------------------

SLOPE = "0.5 * ops.exp(0.5 * z_log_var) * epsilon"
ONES = "ops.ones_like(slope)"

gradients.misconception(
    "half-missing",
    "Your second gradient is twice what a small step of the log-variance shows.",
    {SLOPE: SLOPE.removeprefix("0.5 * ")},
)
gradients.misconception(
    "gradient-by-std",
    "Your second gradient is the one by the standard deviation: it does not change with z_log_var.",
    {SLOPE: "epsilon"},
)
gradients.misconception(
    "half-epsilon",
    "Your second gradient does not change with z_log_var, and the noise is stretched by it.",
    {SLOPE: "0.5 * epsilon"},
)
gradients.misconception(
    "gradient-by-variance",
    "Your second gradient gets smaller where the spread grows: is it taken by the variance itself?",
    {SLOPE: "0.5 * epsilon * ops.exp(-0.5 * z_log_var)"},
)
gradients.misconception(
    "variance-as-std",
    "Your second gradient grows too fast with the log-variance.",
    {STD: "ops.exp(z_log_var)"},
)
gradients.misconception(
    "log-variance-as-std",
    "At a log-variance of 0 your second gradient is 0 as well.",
    {STD: "z_log_var"},
)
gradients.misconception(
    "noise-left-out",
    "Your second gradient is positive for every noise; where epsilon is negative, a wider spread "
    "moves the code down.",
    {SLOPE: SLOPE.removesuffix(" * epsilon")},
)
gradients.misconception(
    "order-exchanged",
    "Your first result depends on the noise: that is the other gradient.",
    {f"{ONES}, slope": f"slope, {ONES}"},
)
gradients.misconception(
    "mean-gradient-scaled",
    "Your first gradient depends on the spread; how far does z go when z_mean moves by one?",
    {ONES: STD},
)
gradients.misconception(
    "one-number",
    "Your first result is a single number; each element of z has a gradient of its own.",
    {ONES: "1.0"},
)
gradients.misconception(
    "nothing-through-the-noise",
    "Your second gradient is 0 everywhere, as if the spread did not matter to z.",
    {SLOPE: "0.0 * z_log_var"},
)
gradients.misconception(
    "code-for-gradient",
    "Your first result is 0: a code that follows its mean has another slope than that.",
    {ONES: "ops.zeros_like(slope)"},
)


@gradients.variant("tape")
def with_tape(z_log_var, epsilon):
    import tensorflow as tf

    mean, log_var = tf.zeros_like(z_log_var), tf.constant(z_log_var)
    with tf.GradientTape() as tape:
        tape.watch([mean, log_var])
        z = mean + tf.exp(log_var / 2) * epsilon
    return tape.gradient(z, [mean, log_var])


@gradients.variant("numpy")
def in_numpy(z_log_var, epsilon):
    return np.ones_like(epsilon), np.sqrt(np.exp(z_log_var)) * epsilon / 2


@gradients.variant("half-of-what-was-added")
def half_of_the_step(z_log_var, epsilon):
    z = np.exp(np.asarray(z_log_var) / 2) * epsilon
    return np.full(z.shape, 1), (z - 0.0) / 2


@gradients.variant("finite-differences")
def differences(z_log_var, epsilon):
    def z(step):
        return np.exp((np.float64(z_log_var) + step) / 2) * epsilon

    return np.ones(z_log_var.shape), (z(1e-5) - z(-1e-5)) / 2e-5


# --- Sampling ------------------------------------------------------------------------------------

CALL = "call(self, inputs: tuple) -> ArrayLike"
SEEDS = "self.noise = keras.random.SeedGenerator(seed)"
NOISE = "keras.random.normal(ops.shape(z_mean), seed=self.noise)"
DRAW = f"epsilon = {NOISE}"
CODE = f"return z_mean + {STD} * epsilon"

sampling.misconception(
    "log-variance-as-std",
    "Your draws do not spread at all where the log-variance is 0.",
    {STD: "z_log_var"},
)
sampling.misconception(
    "variance-as-std",
    "Your draws spread too far for positive log-variances and too little for negative ones.",
    {STD: "ops.exp(z_log_var)"},
)
sampling.misconception(
    "exponent-doubled",
    "At a log-variance of 1 your draws spread by 7.39 and not by 1.65.",
    {STD: "ops.exp(2 * z_log_var)"},
)
sampling.misconception(
    "noise-not-scaled",
    "Your draws spread by 1, whatever the log-variance is.",
    {f"{STD} * epsilon": "epsilon"},
)
sampling.misconception(
    "inputs-swapped",
    "Your draws gather around the log-variance.",
    {"z_mean, z_log_var = inputs": "z_log_var, z_mean = inputs"},
)
sampling.misconception(
    "mean-scaled",
    "The mean of your draws moves when only the log-variance does.",
    {CODE: f"return (z_mean + epsilon) * {STD}"},
)
sampling.misconception(
    "uniform-from-0-to-1",
    "Your draws all lie on one side of z_mean.",
    {"random.normal(": "random.uniform("},
)
sampling.misconception(
    "uniform-of-unit-variance",
    "Your noise has no tails: its spread is right, and no draw is ever far from z_mean.",
    {NOISE: NOISE.replace("normal(", "uniform(").replace(", seed", ", -3**0.5, 3**0.5, seed")},
)
sampling.misconception(
    "plus-or-minus-one",
    "Each element takes two values only, one standard deviation to the left and to the right.",
    {NOISE: f"ops.sign({NOISE})"},
)
sampling.misconception(
    "truncated",
    "Your draws never go far: tails are cut off, and so the spread is too small.",
    {"random.normal(": "random.truncated_normal("},
)
sampling.misconception(
    "shared-over-dimensions",
    "In each row, the noise of one latent dimension tells that of another: each needs its own.",
    {"ops.shape(z_mean)": "(ops.shape(z_mean)[0], 1)"},
)
sampling.misconception(
    "shared-over-rows",
    "Equal rows of a batch get equal codes: one noise vector serves all images.",
    {"ops.shape(z_mean)": "(1, ops.shape(z_mean)[1])"},
)
sampling.misconception(
    "same-noise-at-every-call",
    "Later calls repeat the noise of the first: does your layer begin the same stream anew at "
    "each call?",
    {"seed=self.noise": "seed=42"},
)
sampling.misconception(
    "frozen-by-tracing",
    "Run eagerly, your layer is fine; once compiled, it repeats the first noise for ever.",
    {NOISE: 'np.random.normal(size=z_mean.shape).astype("float32")'},
)
sampling.misconception(
    "static-batch-size",
    "Your layer breaks in a model, where the batch size is not known yet (None).",
    {"ops.shape(z_mean)": "[int(size) for size in z_mean.shape]"},
)
sampling.misconception(
    "open-batch-taken-for-one",
    "In a compiled model the batch size is open (None) while your layer is traced; all rows of a "
    "batch get the same noise then.",
    {"ops.shape(z_mean)": "(z_mean.shape[0] or 1, z_mean.shape[1])"},
)
sampling.misconception(
    "stop-gradient",
    "Your codes are right, and no gradient comes back through them to the log-variance.",
    {"* epsilon": "* epsilon\n        z = z_mean + ops.stop_gradient(z - z_mean)\n        return z",
     "return z_mean + ops.exp": "z = z_mean + ops.exp"},
)
sampling.misconception(
    "no-gradient-at-all",
    "Your codes are right, and neither of the two inputs gets a gradient.",
    {CODE: f"return ops.stop_gradient(z_mean + {STD} * epsilon)"},
)
sampling.misconception(
    "mean-in-inference",
    "Called as it is, your layer draws nothing: unless it is told to train, it returns z_mean.",
    {CALL: "call(self, inputs, training=False)",
     CODE: f"return z_mean + {STD} * epsilon if training else z_mean"},
)
sampling.misconception(
    "mean-in-training",
    "In training, the codes have no spread: your layer returns z_mean there.",
    {CALL: "call(self, inputs, training=False)",
     CODE: f"return z_mean if training else z_mean + {STD} * epsilon"},
)
sampling.misconception(
    "two-positional-arguments",
    "Your layer cannot be called with one pair; Keras passes a layer's inputs as one argument.",
    {CALL: "call(self, z_mean, z_log_var)", "z_mean, z_log_var = inputs": ""},
)
sampling.misconception(
    "no-rebuild",
    "A saved model cannot be loaded: Keras passes name and dtype back, and your layer takes none.",
    {", **kwargs": "", "super().__init__(**kwargs)": "super().__init__()"},
)

sampling.variant("seeded", {"SeedGenerator(seed)": "SeedGenerator(1337)"})
sampling.variant("seed-in-every-layer-alike", {"seed: int | None = None": "seed=7"})
sampling.variant("tensorflow-noise", {SEEDS: "pass", NOISE: "tf.random.normal(tf.shape(z_mean))"})
sampling.variant(
    "tensorflow-generator",
    {SEEDS: "self.noise = tf.random.Generator.from_non_deterministic_state()",
     NOISE: "self.noise.normal(tf.shape(z_mean))"},
)
sampling.variant("global-stream", {SEEDS: "self.seed = seed", ", seed=self.noise": ""})
sampling.variant(
    "batch-and-latent-apart",
    {DRAW: "batch, latent = tf.shape(z_mean)[0], z_mean.shape[1]\n"
           "        epsilon = tf.random.normal((batch, latent), dtype=z_mean.dtype)"},
)
sampling.variant(
    "noise-moved-by-tensorflow",
    {NOISE: "tf.random.normal(tf.shape(z_mean), z_mean, tf.sqrt(tf.exp(z_log_var)))",
     CODE: "return epsilon"},
)
sampling.variant(
    "generator-made-in-build",
    {SEEDS: "self.seed = seed",
     f"def {CALL}": "def build(self, shapes):\n"
     "        self.noise = keras.random.SeedGenerator(self.seed)\n\n"
     f"    def {CALL}"},
)
sampling.variant(
    "training-flag-ignored", {CALL: "call(self, inputs, training=None)"}
)
sampling.variant(
    "calls-the-earlier-answer", {CODE: "return reparameterize(z_mean, z_log_var, epsilon)"}
)
sampling.variant(
    "own-configuration",
    {SEEDS: f"self.seed = seed\n        {SEEDS}",
     CODE: f"{CODE}\n\n    def get_config(self):\n"
           '        return {**super().get_config(), "seed": self.seed}\n\n'
           "    def compute_output_shape(self, input_shape):\n"
           "        return input_shape[0]"},
)


def whole(exercise: Exercise, name: str, text: str) -> None:
    """A right variant that is a cell of its own, where no swap and no function says it."""
    exercise.variants.append(Submitted(name, text=text))


whole(
    sampling,
    "nothing-but-call",
    """
from keras.layers import Layer

class Sampling(Layer):
    def call(self, inputs):
        mu, log_var = inputs
        return mu + tf.exp(log_var * 0.5) * tf.random.normal(shape=tf.shape(mu))
""",
)
whole(
    sampling,
    "registered-for-saving",
    """
@keras.saving.register_keras_serializable(package="homework", name="HomeworkSampling")
class Sampling(keras.layers.Layer):
    def __init__(self, **kwargs):
        super(Sampling, self).__init__(**kwargs)
        self.generator = keras.random.SeedGenerator()

    def call(self, inputs):
        z_mean, z_log_var = inputs
        shape = (ops.shape(z_mean)[0], ops.shape(z_mean)[1])
        noise = keras.random.normal(shape=shape, mean=0.0, stddev=1.0, seed=self.generator)
        return ops.add(z_mean, ops.multiply(ops.sqrt(ops.exp(z_log_var)), noise))
""",
)

# --- encoder_model -------------------------------------------------------------------------------

STACK = "encoder_layers(images, latent_dim)"
PAIR = "(z_mean, z_log_var)"
DRAWN = 'z = Sampling(name="draw")((z_mean, z_log_var))'

encoder_model.misconception(
    "code-first",
    "Your first output changes from call to call: it is the one that is drawn.",
    {"[z_mean, z_log_var, z]": "[z, z_mean, z_log_var]"},
)
encoder_model.misconception(
    "heads-exchanged",
    "z gathers around your second output and spreads by your first one.",
    {"[z_mean, z_log_var, z]": "[z_log_var, z_mean, z]"},
)
encoder_model.misconception(
    "three-encoders",
    "z_mean and z_log_var come from two networks that share no weight: encoder_layers builds new "
    "layers at every call.",
    {f"z_mean, z_log_var, conv_shape = {STACK}":
     f"z_mean, z_log_var, conv_shape = ({STACK}[i] for i in range(3))"},
)
encoder_model.misconception(
    "only-the-code",
    "One output comes back; the loss of unit 05 will ask for the other two.",
    {"[z_mean, z_log_var, z]": "z"},
)
encoder_model.misconception(
    "without-the-code",
    "Two outputs come back, and none of them is a draw.",
    {"[z_mean, z_log_var, z]": "[z_mean, z_log_var]"},
)
encoder_model.misconception(
    "shared-head",
    "For every image, your z_mean and your z_log_var are one and the same number.",
    {DRAWN: f"z_log_var = z_mean\n    {DRAWN}"},
)
encoder_model.misconception(
    "other-heads",
    "z belongs to other heads than the z_mean and z_log_var beside it, with weights of their own.",
    {DRAWN: "flat = layers.Flatten()(images)\n    z = Sampling()((layers.Dense(latent_dim)(flat), "
            "layers.Dense(latent_dim)(flat)))"},
)
encoder_model.misconception(
    "mean-for-code",
    "z is z_mean: in your model nothing is drawn.",
    {DRAWN: "z = layers.Identity()(z_mean)"},
)
encoder_model.misconception(
    "spread-given-away",
    "Your second output has no negative numbers: it is a spread already, no log-variance.",
    {"[z_mean, z_log_var, z]": "[z_mean, ops.exp(0.5 * z_log_var), z]"},
)
encoder_model.misconception(
    "squeezed-heads",
    "No z_mean and no z_log_var ever leaves the range from -1 to 1.",
    {DRAWN: f'z_mean, z_log_var = ops.tanh(z_mean), ops.tanh(z_log_var)\n    {DRAWN}'},
)
encoder_model.misconception(
    "same-noise-at-every-call",
    "Twice the same images give twice the same codes.",
    {DRAWN: "z = layers.Lambda(lambda m: m[0] + ops.exp(0.5 * m[1]) * keras.random.normal("
            "ops.shape(m[0]), seed=1))((z_mean, z_log_var))"},
)
encoder_model.misconception(
    "gradient-cut",
    "z is drawn rightly, and it would train no weight: its gradient ends at the draw.",
    {"[z_mean, z_log_var, z]": "[z_mean, z_log_var, ops.stop_gradient(z)]"},
)
encoder_model.misconception(
    "latent-dim-ignored",
    "Your codes have two dimensions, whatever latent_dim says.",
    {STACK: "encoder_layers(images, 2)"},
)
encoder_model.misconception(
    "input-shape-ignored",
    "Your model takes 28 x 28 images, whatever input_shape says.",
    {"shape=input_shape": "shape=(28, 28, 1)"},
)
encoder_model.misconception(
    "model-alone",
    "Only a model comes back; the decoder will need to know where the convolutions ended.",
    {", conv_shape\n": "\n"},
)
encoder_model.misconception(
    "batch-axis-dropped",
    "Your conv_shape has three entries; the first one, for the batch, is gone.",
    {"z]), conv_shape": "z]), conv_shape[1:]"},
)
encoder_model.misconception(
    "shape-of-the-image",
    "Your conv_shape is the shape of what goes into the encoder.",
    {"z]), conv_shape": "z]), images.shape"},
)
encoder_model.misconception(
    "shape-flattened",
    "Your conv_shape is one number; a decoder that unfolds it must know height and width.",
    {"z]), conv_shape": "z]), conv_shape[1] * conv_shape[2] * conv_shape[3]"},
)

encoder_model.variant(
    "names-and-tuple", {"[z_mean, z_log_var, z])": "(z_mean, z_log_var, z), name='encoder')"}
)
encoder_model.variant(
    "vaelib-layer", {DRAWN: f"from vaelib.layers import Sampling as Draw\n    z = Draw()({PAIR})"}
)
encoder_model.variant("pair-as-list", {DRAWN: "z = Sampling()([z_mean, z_log_var])"})
encoder_model.variant(
    "results-in-a-list",
    {"return keras": "return [keras", "z]), conv_shape": "z]), list(conv_shape)]"},
)
encoder_model.variant(
    "slides-stack-written-out",
    {f"z_mean, z_log_var, conv_shape = {STACK}":
        "x = layers.Conv2D(32, 3, 2, padding='same', activation='relu')(images)\n"
        "    x = layers.BatchNormalization()(x)\n"
        "    x = layers.Conv2D(64, 3, 2, padding='same', activation='relu')(x)\n"
        "    x = features = layers.BatchNormalization()(x)\n"
        "    x = layers.Dense(20, activation='relu')(layers.Flatten()(x))\n"
        "    x = layers.BatchNormalization()(x)\n"
        "    z_mean, z_log_var = layers.Dense(latent_dim)(x), layers.Dense(latent_dim)(x)\n"
        "    conv_shape = features.shape"},
)
whole(
    encoder_model,
    "subclassed",
    """
class Encoder(keras.Model):
    def __init__(self, latent_dim, input_shape):
        super().__init__()
        inputs = keras.Input(input_shape)
        z_mean, z_log_var, self.conv_shape = encoder_layers(inputs, latent_dim)
        self.heads = keras.Model(inputs, [z_mean, z_log_var])
        self.sampling = Sampling()

    def call(self, x, training=False):
        z_mean, z_log_var = self.heads(x, training=training)
        return z_mean, z_log_var, self.sampling((z_mean, z_log_var))

def encoder_model(latent_dim, input_shape):
    model = Encoder(latent_dim, input_shape)
    return model, model.conv_shape
""",
)

# --- decoder_layers ------------------------------------------------------------------------------

FIRST = "h = layers.Dense(rows * columns * filters, activation=\"relu\")(inputs)"
NORM = "    h = layers.BatchNormalization()(h)\n"
RESHAPE = "    h = layers.Reshape((rows, columns, filters))(h)\n"
WIDE = "layers.Conv2DTranspose(64, 3, strides=2, padding=\"same\", activation=\"relu\")(h)"
NARROW = "layers.Conv2DTranspose(32, 3, strides=2, padding=\"same\", activation=\"relu\")(h)"
SIGMOID = '", activation="sigmoid")(h)'
LAST = 'layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(h)'

decoder_layers.misconception(
    "linear-output",
    "Some of your pixels are negative or brighter than 1: nothing keeps the last layer in range.",
    {', activation="sigmoid"': ""},
)
decoder_layers.misconception(
    "relu-output",
    "Your pixels are never negative, and nothing keeps them below 1.",
    {'"sigmoid"': '"relu"'},
)
decoder_layers.misconception(
    "tanh-output",
    "Your pixels run from -1 to 1; they should be probabilities.",
    {'"sigmoid"': '"tanh"'},
)
decoder_layers.misconception(
    "dense-without-relu",
    "Negative sums pass your first layer as they are.",
    {'filters, activation="relu")': "filters)"},
)
decoder_layers.misconception(
    "dropout-between",
    "In training, one code gives another image at every call: something in the stack is random.",
    {LAST: LAST.replace("(h)", "(layers.Dropout(0.5)(h))")},
)
decoder_layers.misconception(
    "convolutions-without-relu",
    "Negative sums pass your transposed convolutions as they are.",
    {'padding="same", activation="relu")': 'padding="same")'},
)
decoder_layers.misconception(
    "stride-missing",
    "Your image is half as high and half as wide as it should be.",
    {NARROW: NARROW.replace("strides=2, ", "")},
)
decoder_layers.misconception(
    "stride-too-many",
    "Your image is twice as high and twice as wide as it should be.",
    {LAST: LAST.replace("3, ", "3, strides=2, ")},
)
decoder_layers.misconception(
    "padding-valid",
    "Your image is a few pixels too large: transposed convolutions grow at their rims.",
    {'padding="same", ': ""},
)
decoder_layers.misconception(
    "filters-in-encoder-order",
    "Your number of weights belongs to 32 filters before 64; a decoder goes the way back.",
    {WIDE: NARROW, NARROW: WIDE},
)
decoder_layers.misconception(
    "batch-norm-left-out",
    "Your stack has fewer weights than it should, and all of them are trainable.",
    {NORM: ""},
)
decoder_layers.misconception(
    "batch-norm-after-reshape",
    "Your first normalisation has one statistic for each filter, not one for each unit.",
    {NORM + RESHAPE: RESHAPE + NORM},
)
decoder_layers.misconception(
    "ordinary-convolutions",
    "Your image gets smaller from layer to layer; the decoder has to make it larger.",
    {"Conv2DTranspose": "Conv2D"},
)
decoder_layers.misconception(
    "three-channels",
    "Your image has three channels; the digits are grey.",
    {"Conv2DTranspose(1,": "Conv2DTranspose(3,"},
)
decoder_layers.misconception(
    "conv-shape-ignored",
    "Your decoder starts at 7 x 7 x 64, whatever conv_shape says.",
    {"conv_shape[1:]": "7, 7, 64"},
)
decoder_layers.misconception(
    "height-and-width-exchanged",
    "On images that are not square, your height and your width have changed places.",
    {"rows, columns, filters = conv": "columns, rows, filters = conv"},
)

decoder_layers.variant(
    "activations-apart",
    {
        FIRST: "h = layers.ReLU()(layers.Dense(rows * columns * filters)(inputs))",
        ', activation="sigmoid")(h)': ")(h)\n    return layers.Activation('sigmoid')(h)",
        "return layers.Conv2DT": "h = layers.Conv2DT",
    },
)
decoder_layers.variant(
    "sigmoid-by-ops", {"return layers": "return ops.sigmoid(layers", SIGMOID: '")(h))'}
)
decoder_layers.variant(
    "size-by-numpy", {"rows * columns * filters,": "int(np.prod(conv_shape[1:])),"}
)
decoder_layers.variant(
    "named-layers",
    {
        "Dense(rows * columns * filters,": "Dense(units=rows * columns * filters, name='grow',",
        "Reshape((rows, columns, filters))": "Reshape(conv_shape[1:], name='unfold')",
    },
)


@decoder_layers.variant("sequential")
def as_sequential(inputs, conv_shape):
    from keras import Sequential, layers

    def up(filters):
        return layers.Conv2DTranspose(filters, (3, 3), (2, 2), "same", activation="relu")

    size = conv_shape[1] * conv_shape[2] * conv_shape[3]
    stack = [layers.Dense(size, "relu"), layers.BatchNormalization()]
    stack += [layers.Reshape(conv_shape[1:])]
    stack += [up(64), layers.BatchNormalization(), up(32), layers.BatchNormalization()]
    stack += [layers.Conv2DTranspose(1, 3, strides=1, padding="same", activation="sigmoid")]
    return Sequential(stack)(inputs)


# --- decoder_model -------------------------------------------------------------------------------

SHAPE = "shape=(latent_dim,)"

decoder_model.misconception(
    "input-of-an-image",
    "Your decoder wants an image; what a decoder starts from is a code.",
    {SHAPE: "shape=(28, 28, 1)"},
)
decoder_model.misconception(
    "latent-dim-ignored",
    "Your decoder takes codes of two dimensions, whatever latent_dim says.",
    {SHAPE: "shape=(2,)"},
)
decoder_model.misconception(
    "tensor-for-model",
    "A tensor comes back and not a model: what goes in, and what comes out?",
    {"keras.Model(codes, decoder_layers(codes, conv_shape))": "decoder_layers(codes, conv_shape)"},
)
decoder_model.misconception(
    "conv-shape-ignored",
    "Your decoder gives 28 x 28 pixels, whatever conv_shape says.",
    {"codes, conv_shape": "codes, (None, 7, 7, 64)"},
)
decoder_model.misconception(
    "thresholded",
    "All your pixels are 0 or 1 exactly, and a step has no gradient.",
    {"decoder_layers(codes, conv_shape)": "ops.round(decoder_layers(codes, conv_shape))"},
)
decoder_model.misconception(
    "flat-images",
    "Your images are flat rows of pixels; height, width and channel got lost.",
    {"decoder_layers(codes, conv_shape)": "layers.Flatten()(decoder_layers(codes, conv_shape))"},
)
decoder_model.misconception(
    "with-conv-shape",
    "Two things come back where one model is wanted.",
    {"conv_shape))": "conv_shape)), conv_shape"},
)

decoder_model.variant(
    "named", {SHAPE: "(latent_dim,), name='z'", "conv_shape))": "conv_shape), name='decoder')"}
)
decoder_model.variant(
    "vaelib-layers",
    {
        "return": "from vaelib.models import decoder_layers as stack\n    return",
        "decoder_layers(codes, conv_shape)": "stack(codes, conv_shape)",
    },
)


@decoder_model.variant("sequential")
def sequential_decoder(latent_dim, conv_shape):
    from keras import Input, Sequential, layers

    rows, columns, filters = conv_shape[1:]
    return Sequential(
        [
            Input((latent_dim,)),
            layers.Dense(rows * columns * filters, activation="relu"),
            layers.Reshape((rows, columns, filters)),
            layers.Conv2DTranspose(64, 3, 2, "same", activation="relu"),
            layers.Conv2DTranspose(32, 3, 2, "same", activation="relu"),
            layers.Conv2DTranspose(1, 3, 1, "same", activation="sigmoid"),
        ]
    )


whole(
    decoder_model,
    "subclassed",
    """
class Decoder(keras.Model):
    def __init__(self, latent_dim, conv_shape):
        super().__init__()
        z = keras.Input((latent_dim,))
        self.inner = keras.Model(z, decoder_layers(z, conv_shape))

    def call(self, z):
        return self.inner(z)

def decoder_model(latent_dim, conv_shape):
    return Decoder(latent_dim, conv_shape)
""",
)

# --- interpolate ---------------------------------------------------------------------------------

LINE = "np.linspace(0.0, 1.0, steps)"

interpolate.misconception(
    "both-ends-missing",
    "Your first code is not z_a and your last is not z_b.",
    {LINE: "np.linspace(0.0, 1.0, steps + 2)[1:-1]"},
)
interpolate.misconception(
    "last-end-missing",
    "Your first code is z_a, and your last one has not arrived at z_b.",
    {LINE: "np.linspace(0.0, 1.0, steps, endpoint=False)"},
)
interpolate.misconception(
    "first-end-missing",
    "Your last code is z_b, and your first one has left z_a already.",
    {LINE: "np.linspace(0.0, 1.0, steps + 1)[1:]"},
)
interpolate.misconception(
    "steps-counted-between",
    "One code too many comes back: is steps a number of codes, or of gaps?",
    {LINE: "np.linspace(0.0, 1.0, steps + 1)"},
)
interpolate.misconception(
    "ends-added-to-steps",
    "Two codes too many come back: the ends count among the steps.",
    {LINE: "np.linspace(0.0, 1.0, steps + 2)"},
)
interpolate.misconception(
    "backwards",
    "Your line starts at z_b and ends at z_a.",
    {"(1 - share) * z_a + share * z_b": "share * z_a + (1 - share) * z_b"},
)
interpolate.misconception(
    "axes-exchanged",
    "Your codes stand in columns; a row should be a code.",
    {"return (1 - share) * z_a + share * z_b": "return ((1 - share) * z_a + share * z_b).T"},
)
interpolate.misconception(
    "not-evenly-spaced",
    "Your codes lie on the line, and the gaps between them grow.",
    {"[:, np.newaxis]": "[:, np.newaxis] ** 2"},
)
interpolate.misconception(
    "rescaled-to-one-length",
    "Your codes lie on a circle: all have length 1.",
    {
        "return (1 - share)": "z = (1 - share)",
        "share * z_b": "share * z_b\n    return z / np.linalg.norm(z, axis=1, keepdims=True)",
    },
)
interpolate.misconception(
    "only-the-midpoint",
    "One code comes back, half way; a whole line was asked for.",
    {"return (1 - share) * z_a + share * z_b": "return (z_a + z_b) / 2"},
)
interpolate.misconception(
    "difference-only",
    "Your line starts at 0: it has the right direction and another origin.",
    {"(1 - share) * z_a + share * z_b": "share * (z_b - z_a)"},
)


@interpolate.variant("numpy-linspace")
def with_linspace(z_a, z_b, steps):
    return np.linspace(z_a, z_b, num=steps, axis=0)


@interpolate.variant("loop")
def loop(z_a, z_b, steps):
    return [z_a + i / (steps - 1) * (z_b - z_a) for i in range(steps)]


@interpolate.variant("tensorflow")
def interpolate_in_tensorflow(z_a, z_b, steps):
    import tensorflow as tf

    return tf.linspace(tf.constant(z_a), tf.constant(z_b), steps)


@interpolate.variant("outer-product")
def outer(z_a, z_b, steps):
    return z_a + np.outer(np.arange(steps) / (steps - 1), np.subtract(z_b, z_a))


@interpolate.variant("keras-ops")
def with_keras_ops(z_a, z_b, steps):
    from keras import ops

    t = ops.reshape(ops.arange(steps, dtype="float32") / (steps - 1), (-1, 1))
    return ops.stack([ops.cast(z_a, "float32")] * steps) * (1 - t) + t * ops.cast(z_b, "float32")
