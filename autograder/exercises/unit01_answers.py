"""Unit 01: wrong answers that students give, each with its hint, and unusual right ones."""

import math

import numpy as np
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from autograder.exercises.unit01 import (
    build_autoencoder,
    hole_fraction,
    output_size,
    pca_reconstruct,
    reconstruction_error,
    scale_pixels,
)

# --- scale_pixels --------------------------------------------------------------------------------

SCALED = 'images[..., np.newaxis].astype("float32") / 255'

scale_pixels.misconception(
    "not-divided",
    "Your pixels still go up to 255.",
    {" / 255": ""},
)
scale_pixels.misconception(
    "integer-division",
    "All your pixels are 0 or 1; the greys are gone.",
    {SCALED: '(images[..., np.newaxis] // 255).astype("float32")'},
)
scale_pixels.misconception(
    "divided-twice",
    "Your brightest pixel is 0.0039, and full ink should be 1.",
    {" / 255": " / 255 / 255"},
)
scale_pixels.misconception(
    "divided-by-256",
    "Full ink, 255, does not become 1 in your result.",
    {" / 255": " / 256"},
)
scale_pixels.misconception(
    "divided-by-the-largest-pixel",
    "The same grey comes out differently in another image: what do you divide by?",
    {" / 255": " / images.max()"},
)
scale_pixels.misconception(
    "divided-only-if-above-1",
    "Images whose largest pixel is 1 come back as full ink: they were hardly inked at all.",
    {" / 255": " / (255 if images.max() > 1 else 1)"},
)
scale_pixels.misconception(
    "scaled-to-minus-one-and-one",
    "Paper becomes -1 in your result.",
    {" / 255": " / 127.5 - 1"},
)
scale_pixels.misconception(
    "inverted",
    "Ink and paper have changed places.",
    {SCALED: '1 - images[..., np.newaxis].astype("float32") / 255'},
)
scale_pixels.misconception(
    "standardised",
    "Your pixels have mean 0: they were standardised, and some are negative.",
    {" / 255": " / 255 - np.mean(images / 255)"},
)
scale_pixels.misconception(
    "channel-axis-missing",
    "Your images have no channel axis, and a convolution will refuse them.",
    {"[..., np.newaxis]": ""},
)
scale_pixels.misconception(
    "channel-axis-first",
    "Your channel axis stands before height and width.",
    {"[..., np.newaxis]": "[:, np.newaxis]"},
)
scale_pixels.misconception(
    "flattened",
    "Your images are rows of 784 numbers: height and width are gone.",
    {"images[..., np.newaxis]": "images.reshape(len(images), -1)"},
)
scale_pixels.misconception(
    "double-precision",
    "Your pixels are float64: right values, twice the memory, and not what Keras computes in.",
    {'.astype("float32")': '.astype("float64")'},
)
scale_pixels.misconception(
    "half-precision",
    "Your pixels are float16, and have lost their last digits.",
    {"return ": "return (", " / 255": " / 255).astype(np.float16)"},
)


@scale_pixels.variant("reshaped")
def scale_reshaped(images):
    return images.reshape(-1, 28, 28, 1).astype(np.float32) / 255.0


@scale_pixels.variant("expand-dims-last")
def scale_expanded(images):
    return np.expand_dims(np.multiply(images, 1 / 255, dtype=np.float32), axis=3)


@scale_pixels.variant("double-in-between")
def scale_through_double(images):
    return (images / 255)[:, :, :, None].astype("float32")


@scale_pixels.variant("tensorflow")
def scale_in_tensorflow(images):
    import tensorflow as tf

    return tf.cast(images[..., None], tf.float32) / 255.0


# --- output_size ---------------------------------------------------------------------------------

SAME, VALID = "math.ceil(size / stride)", "(size - kernel_size) // stride + 1"

output_size.misconception(
    "same-rounded-down",
    "A side of 7 with stride 2 and same padding gives you 3: what happens to the last pixel?",
    {SAME: "size // stride"},
)
output_size.misconception(
    "same-with-floor-and-one",
    "A side of 28 with stride 2 and same padding gives you 15.",
    {SAME: "size // stride + 1"},
)
output_size.misconception(
    "same-keeps-the-size",
    "With same padding your side never shrinks, whatever the stride.",
    {SAME: "size"},
)
output_size.misconception(
    "same-by-half-a-kernel",
    "Your result is right for odd kernels and one off for even ones, whose two sides are not "
    "padded alike.",
    {SAME: "(size + 2 * (kernel_size // 2) - kernel_size) // stride + 1"},
)
output_size.misconception(
    "same-pads-too-little",
    "With kernels of 3 and more your same padding loses a pixel at the border.",
    {SAME: "math.ceil((size - 1) / stride)"},
)
output_size.misconception(
    "valid-without-one",
    "A kernel as large as the image fits once, and you count 0.",
    {" + 1": ""},
)
output_size.misconception(
    "valid-rounded-up",
    "Where the stride does not divide evenly, you count a position at which the kernel sticks out.",
    {VALID: "math.ceil((size - kernel_size) / stride) + 1"},
)
output_size.misconception(
    "valid-ignores-the-stride",
    "With valid padding your side is the same for every stride.",
    {VALID: "size - kernel_size + 1"},
)
output_size.misconception(
    "valid-ignores-the-kernel",
    "With valid padding a larger kernel should leave less; yours leaves the same.",
    {VALID: "size // stride"},
)
output_size.misconception(
    "valid-strides-first",
    "You subtract the kernel after dividing by the stride: pixels are taken from steps.",
    {VALID: "size // stride - kernel_size + 1"},
)
output_size.misconception(
    "paddings-exchanged",
    "Your two paddings have changed places: with stride 1, same should keep the side.",
    {SAME: VALID, VALID: SAME},
)
output_size.misconception(
    "part-of-a-name-accepted",
    "The padding \"sam\" is accepted: in a text, unlike in a tuple, `in` looks for a part.",
    {'padding == "same"': 'padding in ("same")'},
)
output_size.misconception(
    "any-padding-accepted",
    "A padding that does not exist is accepted without a word.",
    {'if padding == "valid":': "if padding:"},
)
output_size.misconception(
    "key-error-for-unknown",
    "A padding that does not exist raises an error of another kind than asked for.",
    {"raise ValueError": "raise KeyError"},
)
output_size.misconception(
    "float-returned",
    "Your sizes are right and are floats; a layer's size is an int.",
    {SAME: f"float({SAME})", VALID: f"float({VALID})"},
)


@output_size.variant("negative-floor")
def negative_floor(size, kernel_size, stride, padding):
    if padding not in ("same", "valid"):
        raise ValueError("padding must be same or valid")
    return -(-(size if padding == "same" else size - kernel_size + 1) // stride)


@output_size.variant("counted")
def counted(size, kernel_size, stride, padding):
    match padding:
        case "same":
            return len(range(0, size, stride))
        case "valid":
            return len(range(0, size - kernel_size + 1, stride))
    raise ValueError(padding)


@output_size.variant("numpy-integer")
def numpy_integer(size, kernel_size, stride, padding):
    rooms = {"same": size, "valid": size - kernel_size + 1}
    if padding not in rooms:
        raise ValueError(f"unknown padding {padding}")
    return np.int64(np.ceil(rooms[padding] / stride))


@output_size.variant("asks-keras")
def asks_keras(size, kernel_size, stride, padding):
    from keras.src.ops.operation_utils import compute_conv_output_shape

    if padding not in ("same", "valid"):
        raise ValueError("padding")
    shape = (None, size, size, 1)
    kernel = (kernel_size, kernel_size)
    return compute_conv_output_shape(shape, 1, kernel, stride, padding)[1]


# --- build_autoencoder ---------------------------------------------------------------------------

CODE, LAST = "layers.Dense(latent_dim)", 'layers.Dense(28 * 28, activation="sigmoid")'
HIDDEN = 'layers.Dense(units, activation="relu")'
RESHAPED = "decoder.add(layers.Reshape((28, 28, 1)))"
SIGMOID = 'decoder.add(layers.Activation("sigmoid"))'

build_autoencoder.misconception(
    "relu-on-the-codes",
    "Hardly any of your codes is negative: half of the latent space is out of reach.",
    {CODE: 'layers.Dense(latent_dim, activation="relu")'},
)
build_autoencoder.misconception(
    "sigmoid-on-the-codes",
    "All your codes lie between 0 and 1.",
    {CODE: 'layers.Dense(latent_dim, activation="sigmoid")'},
)
build_autoencoder.misconception(
    "tanh-on-the-codes",
    "All your codes lie between -1 and 1.",
    {CODE: 'layers.Dense(latent_dim, activation="tanh")'},
)
build_autoencoder.misconception(
    "leaky-relu-on-the-codes",
    "Your code layer is not linear: something bends or bounds what comes out of it.",
    {CODE: 'layers.Dense(latent_dim, activation="leaky_relu")'},
)
build_autoencoder.misconception(
    "linear-pixels",
    "Your decoder gives pixels below 0, and with larger weights pixels far above 1.",
    {LAST: "layers.Dense(784)"},
)
build_autoencoder.misconception(
    "tanh-pixels",
    "Your decoder gives pixels down to -1; paper is 0 and ink is 1.",
    {LAST: 'layers.Dense(784, activation="tanh")'},
)
build_autoencoder.misconception(
    "relu-pixels",
    "Your decoder gives pixels of exactly 0, where nothing can be learnt, and some above 1.",
    {LAST: 'layers.Dense(784, activation="relu")'},
)
build_autoencoder.misconception(
    "softmax-over-pixels",
    "The pixels of your image sum to 1: they compete for ink.",
    {LAST: 'layers.Dense(784, activation="softmax")'},
)
build_autoencoder.misconception(
    "softmax-over-channels",
    "Every pixel of every image is exactly 1: the one channel competes with itself.",
    {
        RESHAPED: f"{RESHAPED}\n    softmax = lambda x: "
        "keras.ops.exp(x - keras.ops.logsumexp(x, axis=-1, keepdims=True))"
        "\n    decoder.add(layers.Lambda(softmax))"
    },
)
build_autoencoder.misconception(
    "relu-before-the-sigmoid",
    "No pixel of your decoder is below 0.5, however large the weights are: nothing stays paper.",
    {LAST: 'layers.Dense(784, activation="relu")', RESHAPED: f"{RESHAPED}\n    {SIGMOID}"},
)
build_autoencoder.misconception(
    "sigmoid-twice",
    "Your pixels stay between 0.5 and 0.73, however large the weights are.",
    {RESHAPED: f"{RESHAPED}\n    {SIGMOID}"},
)
build_autoencoder.misconception(
    "pixels-beyond-1",
    "Your pixels are above 0 as they should be, and run far past 1, where ink ends.",
    {RESHAPED: f"{RESHAPED}\n    decoder.add(layers.Rescaling(255.0))"},
)
build_autoencoder.misconception(
    "latent-dim-ignored",
    "Your codes have two numbers, whatever latent_dim is.",
    {CODE: "layers.Dense(2)", "keras.Input((latent_dim,))": "keras.Input((2,))"},
)
build_autoencoder.misconception(
    "decoder-ignores-latent-dim",
    "Your decoder refuses the codes of your encoder.",
    {"keras.Input((latent_dim,))": "keras.Input((32,))"},
)
build_autoencoder.misconception(
    "image-not-flattened",
    "Your encoder gives a code for each pixel: the image keeps its height and width.",
    {", layers.Flatten()": ""},
)
build_autoencoder.misconception(
    "channel-axis-missing",
    "Your decoder's images lack the channel axis that your encoder takes.",
    {"layers.Reshape((28, 28, 1))": "layers.Reshape((28, 28))"},
)
build_autoencoder.misconception(
    "flat-images",
    "Your decoder's images are rows of 784 numbers.",
    {RESHAPED: ""},
)
build_autoencoder.misconception(
    "halves-exchanged",
    "Your first result takes codes and your second takes images: the order is the other way.",
    {"return encoder, decoder": "return decoder, encoder"},
)
build_autoencoder.misconception(
    "whole-autoencoder-first",
    "Your first result gives images: it is both halves in one.",
    {"return encoder, decoder": "return keras.Sequential([encoder, decoder]), decoder"},
)
build_autoencoder.misconception(
    "gradient-cut",
    "No gradient reaches your encoder: the codes are cut off from it.",
    {CODE: f"{CODE})\n    encoder.add(layers.Lambda(keras.ops.stop_gradient)"},
)
build_autoencoder.misconception(
    "encoder-frozen",
    "Nothing in your encoder can learn: training would leave its weights as they are.",
    {"return encoder": "encoder.trainable = False\n    return encoder"},
)
build_autoencoder.misconception(
    "layers-shared-by-all-calls",
    "Build two autoencoders, train one, and the other has changed: they have layers in common.",
    {
        "for units in (128, 64)": "for hidden in SHARED",
        f"encoder.add({HIDDEN})": "encoder.add(hidden)",
        "def build_autoencoder": f"SHARED = [{HIDDEN} for units in (128, 64)]\n\n\n"
        "def build_autoencoder",
    },
)


@build_autoencoder.misconception(
    "fourteen-pixels",
    "Your decoder's images have a side of 14: a stride is missing.",
)
def fourteen_pixels(latent_dim):
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1))
    encoder = keras.Sequential([image, layers.Flatten(), layers.Dense(latent_dim)])
    decoder = keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 8, activation="relu"),
            layers.Reshape((7, 7, 8)),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        ]
    )
    return encoder, decoder


@build_autoencoder.misconception(
    "fifty-six-pixels",
    "Your decoder's images have a side of 56: there is one stride too many.",
)
def fifty_six_pixels(latent_dim):
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1))
    encoder = keras.Sequential([image, layers.Flatten(), layers.Dense(latent_dim)])
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(7 * 7 * 4)])
    decoder.add(layers.Reshape((7, 7, 4)))
    for filters in (4, 4):
        decoder.add(layers.Conv2DTranspose(filters, 3, 2, padding="same", activation="relu"))
    decoder.add(layers.Conv2DTranspose(1, 3, 2, padding="same", activation="sigmoid"))
    return encoder, decoder


@build_autoencoder.misconception(
    "valid-padding",
    "Your decoder's images have a side of 31: look at the padding of its convolutions.",
)
def valid_padding(latent_dim):
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1))
    encoder = keras.Sequential([image, layers.Flatten(), layers.Dense(latent_dim)])
    decoder = keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 4, activation="relu"),
            layers.Reshape((7, 7, 4)),
            layers.Conv2DTranspose(4, 3, strides=2, padding="valid", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="valid", activation="sigmoid"),
        ]
    )
    return encoder, decoder


@build_autoencoder.variant("convolutions-functional")
def convolutions(latent_dim):
    import keras
    from keras import layers

    image = x = keras.Input((28, 28, 1), name="image")
    for filters in (8, 16):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    code = layers.Dense(latent_dim, name="code")(layers.Flatten()(x))
    z = keras.Input((latent_dim,))
    x = layers.Reshape((7, 7, 16))(layers.Dense(7 * 7 * 16, activation="relu")(z))
    x = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(x)
    return keras.Model(image, code), keras.Model(z, x)


@build_autoencoder.variant("upsampling-and-batch-normalization")
def upsampling(latent_dim):
    import keras
    from keras import layers

    encoder = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (8, 16):
        encoder.add(layers.Conv2D(filters, 3, padding="same"))
        encoder.add(layers.BatchNormalization())
        encoder.add(layers.ReLU())
        encoder.add(layers.MaxPooling2D())
    encoder.add(layers.Flatten())
    encoder.add(layers.Dense(latent_dim, activation="linear"))
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(7 * 7 * 8)])
    decoder.add(layers.Reshape((7, 7, 8)))
    for filters in (8, 4):
        decoder.add(layers.UpSampling2D())
        decoder.add(layers.Conv2D(filters, 3, padding="same", activation="gelu"))
        decoder.add(layers.BatchNormalization())
    decoder.add(layers.Conv2D(1, 3, padding="same"))
    decoder.add(layers.Activation("sigmoid"))
    return [encoder, decoder]


@build_autoencoder.variant("subclassed")
def subclassed(latent_dim):
    import keras
    from keras import layers, ops

    class Encoder(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = layers.Dense(32, activation="tanh")
            self.code = layers.Dense(latent_dim)

        def call(self, inputs):
            return self.code(self.hidden(ops.reshape(inputs, (-1, 784))))

    class Decoder(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = layers.Dense(32, activation="relu")
            self.pixels = layers.Dense(784)

        def call(self, inputs):
            pixels = ops.sigmoid(self.pixels(self.hidden(inputs)))
            return ops.reshape(pixels, (-1, 28, 28, 1))

    return Encoder(), Decoder()


@build_autoencoder.variant("linear-and-dropout")
def linear_and_dropout(latent_dim):
    import keras
    from keras import layers

    encoder = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dropout(0.2), layers.Dense(latent_dim)]
    )
    decoder = keras.Sequential(
        [keras.Input((latent_dim,)), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28, 1))]
    )
    return encoder, decoder


@build_autoencoder.variant("own-biases")
def biased(latent_dim):
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1))
    hidden = layers.Dense(48, activation="elu")(layers.Flatten()(image))
    code = layers.Dense(latent_dim, bias_initializer="random_normal")(hidden)
    z = keras.Input((latent_dim,))
    dark = keras.initializers.Constant(-1.5)
    pixels = layers.Dense(784, activation="sigmoid", bias_initializer=dark)(z)
    return keras.Model(image, code), keras.Model(z, layers.Reshape((28, 28, 1))(pixels))


@build_autoencoder.variant("last-kernels-begin-at-0")
def begins_at_zero(latent_dim):
    import keras
    from keras import layers

    encoder = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten()])
    encoder.add(layers.Dense(24, activation="relu"))
    encoder.add(layers.Dense(latent_dim, kernel_initializer="zeros"))
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(24, activation="relu")])
    decoder.add(layers.Dense(784, activation="sigmoid", kernel_initializer="zeros"))
    decoder.add(layers.Reshape((28, 28, 1)))
    return encoder, decoder


# --- reconstruction_error ------------------------------------------------------------------------

SUMMED = "np.sum((x - x_hat) ** 2, axis=(1, 2, 3))"

reconstruction_error.misconception(
    "mean-over-pixels",
    "Your error is the same for a stamp and for a poster: pixels are averaged.",
    {"np.sum(": "np.mean("},
)
reconstruction_error.misconception(
    "sum-over-the-batch",
    "One number comes back for the whole batch, and it grows with the number of images.",
    {"axis=(1, 2, 3)": "axis=None"},
)
reconstruction_error.misconception(
    "mean-over-the-batch",
    "One number comes back: images are averaged, where each should keep its own error.",
    {SUMMED: f"np.mean({SUMMED})"},
)
reconstruction_error.misconception(
    "everything-averaged",
    "One small number comes back: images and pixels are averaged alike.",
    {SUMMED: "np.mean((x - x_hat) ** 2)"},
)
reconstruction_error.misconception(
    "root-of-the-sum",
    "Your error is a distance; what stands under its root is asked for.",
    {SUMMED: f"np.sqrt({SUMMED})"},
)
reconstruction_error.misconception(
    "absolute-values",
    "Twice the deviation only doubles your error, and should make it four times as large.",
    {"(x - x_hat) ** 2": "np.abs(x - x_hat)"},
)
reconstruction_error.misconception(
    "square-of-the-sum",
    "Deviations of opposite sign cancel each other in your sum.",
    {SUMMED: "np.sum(x - x_hat, axis=(1, 2, 3)) ** 2"},
)
reconstruction_error.misconception(
    "not-squared",
    "Your error can be negative, as if an image could be better than itself.",
    {"(x - x_hat) ** 2": "(x - x_hat)"},
)
reconstruction_error.misconception(
    "half",
    "Your error is half of what is expected; the one half of some textbooks is not asked for.",
    {SUMMED: f"0.5 * {SUMMED}"},
)
reconstruction_error.misconception(
    "last-axis-only",
    "Your result still has height and width.",
    {"axis=(1, 2, 3)": "axis=-1"},
)
reconstruction_error.misconception(
    "channel-axis-left",
    "Your result has a channel axis left.",
    {"axis=(1, 2, 3)": "axis=(1, 2)"},
)
reconstruction_error.misconception(
    "batch-axis-summed",
    "Your result is an image: your sum runs over the wrong axis.",
    {"axis=(1, 2, 3)": "axis=0"},
)
reconstruction_error.misconception(
    "relative-error",
    "Your error is a share of the image's own ink.",
    {SUMMED: f"{SUMMED} / np.sum(x**2, axis=(1, 2, 3))"},
)


@reconstruction_error.variant("every-axis-but-the-first")
def every_other_axis(x, x_hat):
    return np.square(x - x_hat).sum(axis=tuple(range(1, x.ndim)))


@reconstruction_error.variant("flattened-einsum")
def flattened(x, x_hat):
    gap = np.reshape(x - x_hat, (len(x), -1))
    return np.einsum("np,np->n", gap, gap)


@reconstruction_error.variant("tensorflow")
def error_in_tensorflow(x, x_hat):
    import tensorflow as tf

    return tf.reduce_sum(tf.math.squared_difference(x, x_hat), axis=[1, 2, 3])


@reconstruction_error.variant("norm-squared-image-by-image")
def image_by_image(x, x_hat):
    return [np.linalg.norm(a - b) ** 2 for a, b in zip(x, x_hat, strict=True)]


@reconstruction_error.variant("pixels-times-the-mean")
def pixels_times_mean(x, x_hat):
    from keras import ops

    return ops.mean(ops.square(x - x_hat), axis=(1, 2, 3)) * x[0].size


# --- pca_reconstruct -----------------------------------------------------------------------------

CENTRE = "centre = x_train.mean(axis=0)"
BACK = "centre + codes @ components"

pca_reconstruct.misconception(
    "not-centred",
    "Moving all images by the same amount changes your reconstruction errors.",
    {CENTRE: "centre = 0.0"},
)
pca_reconstruct.misconception(
    "centred-with-the-test-mean",
    "Your reconstruction of one image depends on which other test images stand beside it.",
    {"(x_test - centre)": "(x_test - x_test.mean(axis=0))"},
)
pca_reconstruct.misconception(
    "test-mean-throughout",
    "The average of your reconstructions is that of the test images, even with one component.",
    {CENTRE: f"{CENTRE}; x_train = x_train - centre; centre = x_test.mean(axis=0)",
     "svd(x_train - centre,": "svd(x_train,"},
)
pca_reconstruct.misconception(
    "fitted-on-the-test-images",
    "Your components come from the very images that they are judged on.",
    {CENTRE: "x_train = x_test\n    centre = x_train.mean(axis=0)"},
)
pca_reconstruct.misconception(
    "mean-not-added-back",
    "Your reconstructions lie around 0: something that was taken away is not given back.",
    {BACK: "codes @ components"},
)
pca_reconstruct.misconception(
    "test-images-not-centred",
    "The training mean itself is not reconstructed as itself.",
    {"(x_test - centre)": "x_test"},
)
pca_reconstruct.misconception(
    "trailing-components",
    "Your components are those along which the data varies least.",
    {"directions[:k]": "directions[::-1][:k]"},
)
pca_reconstruct.misconception(
    "columns-for-rows",
    "Your components are not unit vectors at right angles: they are taken along the other axis of "
    "the factor.",
    {"directions[:k]": "directions[:, :k].T @ np.eye(len(directions), x_train.shape[1])"},
)
pca_reconstruct.misconception(
    "one-component-too-many",
    "Your reconstructions are closer to the images than k components can come.",
    {"directions[:k]": "directions[: k + 1]"},
)
pca_reconstruct.misconception(
    "first-pixels",
    "You keep the first k pixels, and not the directions in which the images differ.",
    {"directions[:k]": "np.eye(x_train.shape[1])[:k]"},
)
pca_reconstruct.misconception(
    "codes-returned",
    "Your result has k columns: these are the codes, on the way there.",
    {BACK: "codes"},
)
pca_reconstruct.misconception(
    "training-images-returned",
    "Your result has as many rows as there are training images.",
    {"(x_test - centre)": "(x_train - centre)"},
)
pca_reconstruct.misconception(
    "standardised",
    "Every pixel counts alike in your components, also one that hardly varies.",
    {
        "x_train - centre,": "(x_train - centre) / x_train.std(axis=0),",
        "(x_test - centre)": "((x_test - centre) / x_train.std(axis=0))",
        BACK: "centre + (codes @ components) * x_train.std(axis=0)",
    },
)
pca_reconstruct.misconception(
    "whitened",
    "Your reconstructions lie too close to the mean: the codes were scaled on the way.",
    {"codes @ components": "codes / np.sqrt(1 + np.arange(k)) / 2 @ components"},
)


@pca_reconstruct.variant("eigenvectors-of-the-covariance")
def eigenvectors(x_train, x_test, k):
    mean = np.mean(x_train, axis=0)
    values, vectors = np.linalg.eigh(np.cov(x_train - mean, rowvar=False))
    chosen = vectors[:, np.argsort(values)[::-1][:k]]
    return (x_test - mean) @ chosen @ chosen.T + mean


@pca_reconstruct.variant("scikit-learn")
def with_scikit_learn(x_train, x_test, k):
    from sklearn.decomposition import PCA

    model = PCA(n_components=k).fit(x_train)
    return model.inverse_transform(model.transform(x_test))


@pca_reconstruct.variant("keras-ops")
def pca_with_keras(x_train, x_test, k):
    from keras import ops

    mean = ops.mean(x_train, axis=0)
    components = ops.linalg.svd(x_train - mean, full_matrices=False)[2][:k]
    return mean + ops.matmul(ops.matmul(x_test - mean, ops.transpose(components)), components)


@pca_reconstruct.variant("projection-matrix")
def projection(x_train, x_test, k):
    mean = x_train.mean(0, keepdims=True)
    u = np.linalg.svd((x_train - mean).T)[0][:, :k]
    return [mean[0] + u @ (u.T @ (row - mean[0])) for row in x_test]


# --- hole_fraction -------------------------------------------------------------------------------

NEAREST = "distances.min(axis=1) > radius"

hole_fraction.misconception(
    "covered-share",
    "Your result is the share of candidates that do have a code near them.",
    {"> radius": "<= radius"},
)
hole_fraction.misconception(
    "arguments-exchanged",
    "You count codes without a candidate near them.",
    {"distances.min(axis=1)": "distances.min(axis=0)"},
)
hole_fraction.misconception(
    "one-far-code-is-enough",
    "For you a candidate lies in a hole as soon as one single code is far away.",
    {"distances.min(axis=1)": "distances.max(axis=1)"},
)
hole_fraction.misconception(
    "pairs-counted",
    "You count pairs of a candidate and a code, not candidates.",
    {"distances.min(axis=1)": "distances"},
)
hole_fraction.misconception(
    "distance-on-average",
    "You ask how far away the codes are on average, where one near code would do.",
    {"distances.min(axis=1)": "distances.mean(axis=1)"},
)
hole_fraction.misconception(
    "distance-to-the-mean-code",
    "You measure the distance to the middle of all codes, where there may be none.",
    {"- codes[None]": "- codes.mean(axis=0)[None, None]"},
)
hole_fraction.misconception(
    "first-code-only",
    "Only the first code is looked at, the others might as well not be there.",
    {"- codes[None]": "- codes[None, :1]"},
)
hole_fraction.misconception(
    "squared-distance",
    "A squared distance is held against a radius that is not squared.",
    {NEAREST: "distances.min(axis=1) ** 2 > radius"},
)
hole_fraction.misconception(
    "city-block-distance",
    "Your distance is that of a taxi in a grid of streets, not that of a straight line.",
    {"axis=-1)": "ord=1, axis=-1)"},
)
hole_fraction.misconception(
    "largest-coordinate",
    "Your neighbourhood is a square, not a circle.",
    {"axis=-1)": "ord=np.inf, axis=-1)"},
)
hole_fraction.misconception(
    "counted",
    "Your result is a number of candidates, not their share.",
    {"np.mean(": "np.sum("},
)
hole_fraction.misconception(
    "percent",
    "Your result is a hundred times too large.",
    {"float(np.mean(": "float(100 * np.mean("},
)
hole_fraction.misconception(
    "one-entry-per-candidate",
    "One yes or no per candidate comes back, where one number is asked for.",
    {f"float(np.mean({NEAREST}))": NEAREST},
)


@hole_fraction.variant("radius-included")
def radius_included(codes, candidates, radius):
    return np.mean(cdist(candidates, codes).min(axis=1) >= radius)


@hole_fraction.variant("tree")
def with_tree(codes, candidates, radius):
    return float((KDTree(codes).query(candidates)[0] > radius).mean())


@hole_fraction.variant("loops")
def hole_loops(codes, candidates, radius):
    holes = 0
    for candidate in candidates:
        near = [math.dist(candidate, code) <= radius for code in codes]
        holes += not any(near)
    return holes / len(candidates)


@hole_fraction.variant("squared-against-squared")
def squared(codes, candidates, radius):
    gap = np.square(candidates).sum(1)[:, None] - 2 * candidates @ codes.T
    gap = gap + np.square(codes).sum(1)
    return np.float32(np.all(gap > radius**2, axis=1).sum() / candidates.shape[0])


@hole_fraction.variant("tensorflow")
def holes_in_tensorflow(codes, candidates, radius):
    import tensorflow as tf

    gaps = tf.norm(tf.expand_dims(candidates, 1) - tf.expand_dims(codes, 0), axis=-1)
    alone = tf.reduce_min(gaps, axis=1) > radius
    return tf.reduce_mean(tf.cast(alone, tf.float32))
