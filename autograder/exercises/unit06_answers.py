"""Unit 06: wrong answers that students give, each with its hint; right ones in other clothes."""

import math

import numpy as np
from scipy import special

from autograder.exercises.unit06 import (
    VAE,
    active_units,
    importance_weighted_bound,
    negative_elbo,
    reconstruction_loss,
    train_epoch,
    trained_vae,
)
from autograder.specification import Exercise, Submitted


def whole(exercise: Exercise, name: str, text: str) -> None:
    """A right variant that is a cell of its own, where no swap and no function says it."""
    exercise.variants.append(Submitted(name, text=text))


# --- reconstruction_loss -------------------------------------------------------------------------

CLIPPED = "x_hat = ops.clip(x_hat, 1e-7, 1 - 1e-7)"
SUMMED = "ops.mean(ops.sum(bce, axis=(1, 2, 3)))"
BCE = "-(x * ops.log(x_hat) + (1 - x) * ops.log(1 - x_hat))"

reconstruction_loss.misconception(
    "mean-over-pixels",
    "Your loss is 784 times too small: an image of tossed coins should cost 543, not 0.69.",
    {SUMMED: "ops.mean(bce)"},
)
reconstruction_loss.misconception(
    "sum-over-batch",
    "Twice as many images make your loss twice as large.",
    {SUMMED: "ops.sum(bce)"},
)
reconstruction_loss.misconception(
    "one-loss-per-image",
    "One number per image comes back; a loss is one number for the batch.",
    {SUMMED: "ops.sum(bce, axis=(1, 2, 3))"},
)
reconstruction_loss.misconception(
    "times-784-twice",
    "Your loss is 784 times too large: the pixels are counted twice.",
    {SUMMED: "784 * ops.mean(ops.sum(bce, axis=(1, 2, 3)))"},
)
reconstruction_loss.misconception(
    "summed-over-rows-only",
    "Your loss is 28 times too small: one of the two image axes is averaged.",
    {SUMMED: "ops.mean(ops.sum(bce, axis=1))"},
)
reconstruction_loss.misconception(
    "arguments-swapped",
    "Your loss takes the logarithm of the image and weighs it with the probability.",
    {BCE: "-(x_hat * ops.log(ops.clip(x, 1e-7, 1 - 1e-7)) + "
          "(1 - x_hat) * ops.log(ops.clip(1 - x, 1e-7, 1)))"},
)
reconstruction_loss.misconception(
    "no-clipping",
    "Where a probability is exactly 0 or 1 your loss is infinite or NaN.",
    {CLIPPED: "pass"},
)
reconstruction_loss.misconception(
    "logits-for-probabilities",
    "Your loss squashes x_hat once more: a pixel of probability 0.02 is treated like one of 0.5.",
    {CLIPPED: "x_hat = ops.clip(ops.sigmoid(x_hat), 1e-7, 1 - 1e-7)"},
)
reconstruction_loss.misconception(
    "sign-flipped",
    "Your loss is negative: an optimizer would make the reconstructions worse and worse.",
    {BCE: "x * ops.log(x_hat) + (1 - x) * ops.log(1 - x_hat)"},
)
reconstruction_loss.misconception(
    "blank-pixels-forgotten",
    "A decoder that paints everything black pays nothing in your loss: only ink is priced.",
    {BCE: "-x * ops.log(x_hat)"},
)
reconstruction_loss.misconception(
    "squared-error",
    "Your loss of a certain, wrong pixel is 1, and not about 16 nats: that is another loss.",
    {BCE: "ops.square(x - x_hat)"},
)
reconstruction_loss.misconception(
    "bits-for-nats",
    "Your result is 1.4427 times too large: it is measured in bits, the course counts in nats.",
    {SUMMED: "ops.mean(ops.sum(bce, axis=(1, 2, 3))) / ops.log(2.0)"},
)
reconstruction_loss.misconception(
    "clipped-too-tightly",
    "A certain, wrong pixel costs about 7 in your loss, and not about 16: look at the clipping.",
    {CLIPPED: "x_hat = ops.clip(x_hat, 1e-3, 1 - 1e-3)"},
)


@reconstruction_loss.variant("keras-loss-summed")
def keras_loss(x, x_hat):
    import keras

    return keras.ops.mean(keras.ops.sum(keras.losses.binary_crossentropy(x, x_hat), axis=(1, 2)))


@reconstruction_loss.variant("pixels-times-the-mean")
def pixels_times_mean(x, x_hat):
    import keras

    bce = keras.losses.BinaryCrossentropy()(x, x_hat)
    return 28 * 28 * bce


@reconstruction_loss.variant("numpy")
def in_numpy(x, x_hat):
    p = np.clip(np.asarray(x_hat, dtype=float), 1e-7, 1 - 1e-7)
    x = np.asarray(x)
    return float(np.mean(np.sum(-x * np.log(p) - (1 - x) * np.log(1 - p), axis=(1, 2, 3))))


@reconstruction_loss.variant("flattened")
def flattened(x, x_hat):
    import tensorflow as tf

    x, x_hat = tf.reshape(x, (len(x), -1)), tf.reshape(x_hat, (len(x), -1))
    x_hat = tf.clip_by_value(x_hat, 1e-7, 1 - 1e-7)
    logs = x * tf.math.log(x_hat) + (1.0 - x) * tf.math.log(1.0 - x_hat)
    return -tf.reduce_mean(tf.reduce_sum(logs, -1))


@reconstruction_loss.variant("sum-over-batch-size")
def sum_over_size(x, x_hat):
    from keras import ops

    p = ops.maximum(ops.minimum(x_hat, 1 - 1e-7), 1e-7)
    total = ops.sum(x * ops.log(p) + (1 - x) * ops.log1p(-p))
    return -total / x.shape[0]


@reconstruction_loss.variant("through-logits")
def through_logits(x, x_hat):
    import tensorflow as tf

    p = np.clip(np.float64(x_hat), 1e-7, 1 - 1e-7)
    logits = tf.constant(np.log(p / (1 - p)))
    terms = tf.nn.sigmoid_cross_entropy_with_logits(np.float64(x), logits)
    return tf.reduce_mean(tf.reduce_sum(terms, [1, 2, 3])).numpy()


@reconstruction_loss.variant("image-by-image")
def image_by_image(x, x_hat):
    totals = []
    for image, drawn in zip(np.float64(x), np.float64(x_hat), strict=True):
        drawn = np.clip(drawn, 1e-7, 1 - 1e-7)
        totals.append(-np.sum(special.xlogy(image, drawn) + special.xlog1py(1 - image, -drawn)))
    return sum(totals) / len(totals)


# --- negative_elbo -------------------------------------------------------------------------------

BOTH = "reconstruction_loss(x, x_hat) + beta * kl_loss(z_mean, z_log_var)"

negative_elbo.misconception(
    "kl-subtracted",
    "Codes far from the prior make your loss smaller: they are paid for running away.",
    {" + beta": " - beta"},
)
negative_elbo.misconception(
    "beta-on-the-reconstruction",
    "At beta 0 your loss forgets the pixels, and the KL term stays.",
    {BOTH: "beta * reconstruction_loss(x, x_hat) + kl_loss(z_mean, z_log_var)"},
)
negative_elbo.misconception(
    "beta-ignored",
    "Your loss is the same for every beta.",
    {"beta * ": ""},
)
negative_elbo.misconception(
    "beta-on-both",
    "At beta 0 your loss is 0, whatever the images look like.",
    {BOTH: "beta * (reconstruction_loss(x, x_hat) + kl_loss(z_mean, z_log_var))"},
)
negative_elbo.misconception(
    "kl-forgotten",
    "The codes do not enter your loss at all.",
    {" + beta * kl_loss(z_mean, z_log_var)": ""},
)
negative_elbo.misconception(
    "sign-flipped",
    "Your result is the ELBO, which is to be made large; a loss is to be made small.",
    {BOTH: "-(reconstruction_loss(x, x_hat) + beta * kl_loss(z_mean, z_log_var))"},
)
negative_elbo.misconception(
    "codes-exchanged",
    "Your KL term treats means as log-variances: look at the order of the two.",
    {"kl_loss(z_mean, z_log_var)": "kl_loss(z_log_var, z_mean)"},
)
negative_elbo.misconception(
    "images-exchanged",
    "Your reconstruction term treats the image as the probability.",
    {"reconstruction_loss(x, x_hat)": "reconstruction_loss(x_hat, x)"},
)
negative_elbo.misconception(
    "mean-over-pixels",
    "Your reconstruction term is 784 times too small beside the KL term.",
    {"reconstruction_loss(x, x_hat)": "reconstruction_loss(x, x_hat) / 784"},
)
negative_elbo.misconception(
    "mean-over-latent",
    "Your KL term is too small by the number of latent dimensions.",
    {"kl_loss(z_mean, z_log_var)": "kl_loss(z_mean, z_log_var) / z_mean.shape[-1]"},
)


@negative_elbo.variant("numpy")
def elbo_in_numpy(x, x_hat, z_mean, z_log_var, beta):
    x_hat = np.clip(x_hat, 1e-7, 1 - 1e-7)
    pixels = -(x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat))
    kl = 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var)
    return np.mean(pixels.sum(axis=(1, 2, 3)) + beta * kl.sum(axis=1))


@negative_elbo.variant("tensorflow")
def elbo_in_tensorflow(x, x_hat, z_mean, z_log_var, beta):
    import keras
    import tensorflow as tf

    pixels = tf.reduce_sum(keras.losses.binary_crossentropy(x, x_hat), axis=(1, 2))
    kl = -0.5 * tf.reduce_sum(
        tf.cast(1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var), tf.float32), axis=1
    )
    return tf.reduce_mean(pixels) + beta * tf.reduce_mean(kl)


@negative_elbo.variant("calls-vaelib")
def calls_vaelib(x, x_hat, z_mean, z_log_var, beta):
    from vaelib import losses

    kl = np.float32(losses.kl_loss(z_mean, z_log_var))
    return beta * kl + losses.reconstruction_loss(x, x_hat)


negative_elbo.variant(
    "terms-in-the-other-order",
    {BOTH: "beta * kl_loss(z_mean, z_log_var) + reconstruction_loss(x, x_hat)"},
)

# --- VAE -----------------------------------------------------------------------------------------

LOSS = "loss = reconstruction + kl"
APPLY = "self.optimizer.apply(gradients, self.trainable_variables)"
TRAIN_TERMS = "self.terms(x, training=True)"
TEST_TERMS = "self.terms(x, training=False)"
PAIR = "reconstruction_loss(x, x_hat), kl_loss(z_mean, z_log_var)"
TRACKERS = "[self.loss_tracker, self.reconstruction_tracker, self.kl_tracker]"
REPORTED = "{tracker.name: tracker.result() for tracker in self.metrics}"

VAE.misconception(
    "mean-over-pixels",
    "With all weights zero your model reports a loss of 0.69, and not of 543.",
    {PAIR: "reconstruction_loss(x, x_hat) / 784, kl_loss(z_mean, z_log_var)"},
)
VAE.misconception(
    "kl-averaged-over-latent",
    "The KL term that your model reports is too small by the number of latent dimensions.",
    {PAIR: "reconstruction_loss(x, x_hat), kl_loss(z_mean, z_log_var) / z_mean.shape[-1]"},
)
VAE.misconception(
    "kl-subtracted",
    "The loss that your model reports is smaller than its reconstruction term.",
    {LOSS: "loss = reconstruction - kl",
     "update_state(reconstruction + kl)": "update_state(reconstruction - kl)"},
)
VAE.misconception(
    "kl-left-out-of-the-loss",
    "Your model reports a loss that equals its reconstruction term.",
    {LOSS: "loss = reconstruction",
     "update_state(reconstruction + kl)": "update_state(reconstruction)"},
)
VAE.misconception(
    "decoder-left-out",
    "Half of your model never learns: only one of the two coders is updated.",
    {"self.trainable_variables": "self.encoder.trainable_variables"},
)
VAE.misconception(
    "encoder-left-out",
    "The encoder of your model never learns: its weights are the same before and after fit.",
    {"self.trainable_variables": "self.decoder.trainable_variables"},
)
VAE.misconception(
    "mean-for-z-in-evaluation",
    "Your evaluation gives the same number twice and does not react to the spread of the codes.",
    {"        x_hat = self.decoder(z, training=training)":
     "        x_hat = self.decoder(z if training else z_mean, training=training)"},
)
VAE.misconception(
    "mean-for-z-in-training",
    "In fit, your loss does not react to the spread of the codes; evaluate does.",
    {"        x_hat = self.decoder(z, training=training)":
     "        x_hat = self.decoder(z_mean if training else z, training=training)"},
)
VAE.misconception(
    "mean-for-z-everywhere",
    "Neither in fit nor in evaluate does your loss react to the spread of the codes.",
    {"        x_hat = self.decoder(z, training=training)":
     "        x_hat = self.decoder(z_mean, training=training)"},
)
VAE.misconception(
    "draw-with-the-variance",
    "The codes that reach your decoder scatter more widely than the posterior says.",
    {"        x_hat = self.decoder(z, training=training)":
     "        z = z_mean + ops.exp(z_log_var) * tf.random.normal(tf.shape(z_mean))\n"
     "        x_hat = self.decoder(z, training=training)"},
)
VAE.misconception(
    "gradient-of-one-term",
    "Your model reports the loss with its KL term, and steps as if there were none.",
    {"tape.gradient(loss, ": "tape.gradient(reconstruction, "},
)
VAE.misconception(
    "encoder-learns-from-the-kl-alone",
    "No pixel pulls at your encoder: somewhere behind z the gradient is cut.",
    {"        x_hat = self.decoder(z, training=training)":
     "        x_hat = self.decoder(ops.stop_gradient(z), training=training)"},
)
VAE.misconception(
    "metrics-reset-at-every-step",
    "What fit reports for an epoch are the losses of its last batch.",
    {"        with tf.GradientTape() as tape:":
     "        for tracker in self.metrics:\n            tracker.reset_state()\n"
     "        with tf.GradientTape() as tape:"},
)
VAE.misconception(
    "training-without-training-mode",
    "Batch normalisation in your coders still has the moving statistics it was born with.",
    {TRAIN_TERMS: TEST_TERMS},
)
VAE.misconception(
    "encoder-not-in-training-mode",
    "After fit, the decoder has new moving statistics, and the encoder those it was born with.",
    {"self.encoder(x, training=training)\n        x_hat": "self.encoder(x)\n        x_hat"},
)
VAE.misconception(
    "decoder-not-in-training-mode",
    "After fit, the encoder has new moving statistics, and the decoder those it was born with.",
    {"        x_hat = self.decoder(z, training=training)": "        x_hat = self.decoder(z)"},
)
VAE.misconception(
    "prediction-in-training-mode",
    "Predicting changes your model: moving statistics move while it only draws images.",
    {"self.encoder(x, training=training)\n        return": "self.encoder(x, training=True)\n"
     "        return",
     "return self.decoder(z, training=training)": "return self.decoder(z, training=True)"},
)
VAE.misconception(
    "reported-after-the-step",
    "What fit reports of a batch is what it costs after the step, and not before.",
    {APPLY: f"{APPLY}\n        reconstruction, kl = self.terms(x, training=True)"},
)
VAE.misconception(
    "evaluation-in-training-mode",
    "Evaluating your model changes it: moving statistics move while it is only looked at.",
    {TEST_TERMS: TRAIN_TERMS},
)
VAE.misconception(
    "metrics-not-listed",
    "Your trackers are never reset: the second evaluation still carries the first one along.",
    {f"return {TRACKERS}": "return []",
     "for tracker in self.metrics": f"for tracker in {TRACKERS}"},
)
VAE.misconception(
    "terms-not-reported",
    "Your model reports its loss and keeps silent about the two terms.",
    {f"return {REPORTED}": 'return {"loss": self.loss_tracker.result()}'},
)
VAE.misconception(
    "no-test-step",
    "Your model cannot be evaluated: it does not say what a step on test images is.",
    {"def test_step(self": "def testing_step(self"},
)
VAE.misconception(
    "no-call",
    "Your model cannot predict: it does not say what it makes of an image.",
    {"def call(self": "def run(self"},
)
VAE.misconception(
    "optimizer-of-its-own",
    "The optimizer that compile was given never counts a step: another one does its work.",
    {"        self.decoder = decoder":
     "        self.decoder = decoder\n        self.own = keras.optimizers.Adam(0.02)",
     "self.optimizer.apply": "self.own.apply"},
)
VAE.misconception(
    "nothing-updated",
    "Your model computes gradients, and no variable moves.",
    {APPLY: "self.optimizer.build(self.trainable_variables)"},
)
VAE.misconception(
    "summed-over-the-batch",
    "The terms that your model reports are as many times too large as a batch has images.",
    {PAIR: "32 * reconstruction_loss(x, x_hat), 32 * kl_loss(z_mean, z_log_var)"},
)
VAE.misconception(
    "predicts-codes",
    "predict gives codes where it should give images.",
    {"return self.decoder(z, training=training)": "return z"},
)
VAE.misconception(
    "coders-under-other-names",
    "Others look for the two coders under the names encoder and decoder, and find none.",
    {"self.encoder": "self.enc", "self.decoder": "self.dec"},
)

whole(
    VAE,
    "compute-loss-and-add-loss",
    """
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.rec = keras.metrics.Mean(name="reconstruction_loss")
        self.kl = keras.metrics.Mean(name="kl_loss")

    def call(self, inputs, training=None):
        z_mean, z_log_var, z = self.encoder(inputs, training=training)
        self.add_loss(kl_loss(z_mean, z_log_var))
        return self.decoder(z, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        reconstruction = reconstruction_loss(x, y_pred)
        self.rec.update_state(reconstruction)
        self.kl.update_state(self.losses[0])
        return reconstruction + sum(self.losses)
""",
)
whole(
    VAE,
    "as-in-the-keras-example",
    """
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.total_loss_tracker = keras.metrics.Mean(name="loss")
        self.reconstruction_loss_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_loss_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.total_loss_tracker, self.reconstruction_loss_tracker, self.kl_loss_tracker]

    def _loss(self, data, training):
        z_mean, z_log_var, z = self.encoder(data, training=training)
        reconstruction = self.decoder(z, training=training)
        reconstruction_loss = tf.reduce_mean(
            tf.reduce_sum(keras.losses.binary_crossentropy(data, reconstruction), axis=(1, 2))
        )
        kl_loss = -0.5 * (1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var))
        kl_loss = tf.reduce_mean(tf.reduce_sum(kl_loss, axis=1))
        return reconstruction_loss + kl_loss, reconstruction_loss, kl_loss

    def _update(self, losses):
        for tracker, value in zip(self.metrics, losses):
            tracker.update_state(value)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        if isinstance(data, tuple):
            data = data[0]
        with tf.GradientTape() as tape:
            losses = self._loss(data, True)
        grads = tape.gradient(losses[0], self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        return self._update(losses)

    def test_step(self, data):
        return self._update(self._loss(data[0] if isinstance(data, tuple) else data, False))

    def call(self, x):
        return self.decoder(self.encoder(x)[0])
""",
)
whole(
    VAE,
    "loss-layer-inside",
    """
class KL(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.tracker = keras.metrics.Mean(name="kl_loss")

    def call(self, z_mean, z_log_var):
        value = ops.mean(ops.sum(ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var, -1)) / 2
        self.tracker.update_state(value)
        self.add_loss(value)
        return value

class Reconstruction(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.tracker = keras.metrics.Mean(name="reconstruction_loss")

    def call(self, x, x_hat):
        value = reconstruction_loss(x, x_hat)
        self.tracker.update_state(value)
        self.add_loss(value)
        return value

class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.kl, self.reconstruction = KL(), Reconstruction()

    def call(self, x, training=False):
        z_mean, z_log_var, z = self.encoder(x, training=training)
        x_hat = self.decoder(z, training=training)
        self.kl(z_mean, z_log_var)
        self.reconstruction(x, x_hat)
        return x_hat

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.sum(self.losses)
""",
)
whole(
    VAE,
    "extra-metrics-and-beta",
    """
class VAE(keras.Model):
    def __init__(self, encoder, decoder, beta=1.0, name="vae"):
        super().__init__(name=name)
        self.encoder, self.decoder, self.beta = encoder, decoder, beta
        names = ("loss", "reconstruction_loss", "kl_loss", "largest_log_var")
        self.kept = {n: keras.metrics.Mean(name=n) for n in names}

    @property
    def metrics(self):
        return list(self.kept.values())

    def compile(self, optimizer="adam"):
        super().compile(optimizer=optimizer)

    def call(self, x, training=None):
        return self.decoder(self.encoder(x, training=training)[-1], training=training)

    def step(self, x, training):
        mean, log_var, z = self.encoder(x, training=training)
        parts = {"reconstruction_loss": reconstruction_loss(x, self.decoder(z, training=training)),
                 "kl_loss": kl_loss(mean, log_var), "largest_log_var": ops.max(log_var)}
        parts["loss"] = parts["reconstruction_loss"] + self.beta * parts["kl_loss"]
        return parts

    def log(self, parts):
        for name, value in parts.items():
            self.kept[name].update_state(value)
        return {name: metric.result() for name, metric in self.kept.items()}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            parts = self.step(x, training=True)
        weights = self.encoder.trainable_weights + self.decoder.trainable_weights
        self.optimizer.apply(tape.gradient(parts["loss"], weights), weights)
        return self.log(parts)

    def test_step(self, x):
        return self.log(self.step(x, training=False))
""",
)
whole(
    VAE,
    "draws-its-own-code",
    """
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.r = keras.metrics.Mean("reconstruction_loss")
        self.k = keras.metrics.Mean("kl_loss")
        self.l = keras.metrics.Mean("loss")

    def call(self, x, training=None):
        mean, log_var, _ = self.encoder(x, training=training)
        z = mean + tf.exp(log_var / 2) * tf.random.normal(tf.shape(mean))
        return self.decoder(z, training=training)

    def _go(self, x, training):
        mean, log_var, _ = self.encoder(x, training=training)
        z = mean + tf.exp(log_var / 2) * tf.random.normal(tf.shape(mean))
        return negative_elbo(x, self.decoder(z, training=training), mean, log_var, 1.0), \\
            kl_loss(mean, log_var)

    def _seen(self, loss, kl):
        self.l.update_state(loss); self.k.update_state(kl); self.r.update_state(loss - kl)
        return {"loss": self.l.result(), "reconstruction_loss": self.r.result(),
                "kl_loss": self.k.result()}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            loss, kl = self._go(x, True)
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables),
                             self.trainable_variables)
        return self._seen(loss, kl)

    def test_step(self, x):
        return self._seen(*self._go(x, False))
""",
)

# --- train_epoch ---------------------------------------------------------------------------------

EPOCH_LOSS = "negative_elbo(x, x_hat, z_mean, z_log_var, 1.0)"
EPOCH_APPLY = "optimizer.apply(gradients, variables)"
EPOCH_MEAN = "float(np.mean(losses))"
VARIABLES = "vae.encoder.trainable_variables + vae.decoder.trainable_variables"

train_epoch.misconception(
    "no-training-mode",
    "After your epoch, batch normalisation still has the moving statistics it was born with.",
    {"vae.encoder(x, training=True)": "vae.encoder(x)",
     "vae.decoder(z, training=True)": "vae.decoder(z)"},
)
train_epoch.misconception(
    "decoder-not-in-training-mode",
    "After your epoch, one of the two coders has the moving statistics it was born with.",
    {"vae.decoder(z, training=True)": "vae.decoder(z)"},
)
train_epoch.misconception(
    "decoder-left-out",
    "Your epoch updates the encoder and leaves the other half of the model as it was.",
    {VARIABLES: "vae.encoder.trainable_variables"},
)
train_epoch.misconception(
    "encoder-left-out",
    "Your epoch updates the decoder and leaves the other half of the model as it was.",
    {VARIABLES: "vae.decoder.trainable_variables"},
)
train_epoch.misconception(
    "not-compiled",
    "Python runs through your encoder at every batch: the step is not compiled.",
    {"    @tf.function\n": ""},
)
train_epoch.misconception(
    "sum-over-batches",
    "Your result grows with the number of batches.",
    {EPOCH_MEAN: "float(np.sum(losses))"},
)
train_epoch.misconception(
    "last-batch-only",
    "Your result is the loss of the last batch, and not the mean of all.",
    {EPOCH_MEAN: "float(losses[-1])"},
)
train_epoch.misconception(
    "mean-over-images",
    "Your mean gives a smaller last batch less weight than the others; every batch should count "
    "alike.",
    {EPOCH_MEAN: "float(np.average(losses, weights=[len(x) for x in dataset]))"},
)
train_epoch.misconception(
    "loss-remembered-across-epochs",
    "Your second epoch reports a mean that still has the first epoch in it.",
    {"    losses = [step(x) for x in dataset]":
     "    losses = optimizer.__dict__.setdefault('seen', [])\n"
     "    losses.extend(step(x) for x in dataset)"},
)
train_epoch.misconception(
    "nothing-updated",
    "Your epoch computes gradients, and no variable moves.",
    {EPOCH_APPLY: "tf.identity(loss)"},
)
train_epoch.misconception(
    "fresh-optimizer",
    "The optimizer that you are given never counts a step: another one does its work.",
    {"    optimizer.build(variables)":
     "    optimizer = keras.optimizers.SGD(float(optimizer.learning_rate))\n"
     "    optimizer.build(variables)"},
)
train_epoch.misconception(
    "mean-for-z",
    "Your loss does not react to the spread of the codes: nothing is drawn.",
    {"vae.decoder(z, training=True)": "vae.decoder(z_mean, training=True)"},
)
train_epoch.misconception(
    "encoder-learns-from-the-kl-alone",
    "No pixel pulls at the encoder in your epoch: somewhere behind z the gradient is cut.",
    {"vae.decoder(z, training=True)": "vae.decoder(ops.stop_gradient(z), training=True)"},
)
train_epoch.misconception(
    "kl-forgotten",
    "The encoder's two heads get no pull towards the prior from your loss.",
    {EPOCH_LOSS: "reconstruction_loss(x, x_hat)"},
)
train_epoch.misconception(
    "mean-over-pixels",
    "Your loss is a fraction of a nat where hundreds are expected: the pixels are averaged.",
    {EPOCH_LOSS: "reconstruction_loss(x, x_hat) / 784 + kl_loss(z_mean, z_log_var)"},
)
train_epoch.misconception(
    "kl-averaged-over-latent",
    "The pull of the prior on the encoder's heads is too weak by the number of latent dimensions.",
    {EPOCH_LOSS: "negative_elbo(x, x_hat, z_mean, z_log_var, 1.0 / z_mean.shape[-1])"},
)
train_epoch.misconception(
    "relies-on-the-model",
    "Your loop calls the model itself; it is given something that has an encoder, a decoder and "
    "variables, and cannot be called.",
    {"x_hat = vae.decoder(z, training=True)": "x_hat = vae(x, training=True)"},
)
train_epoch.misconception(
    "first-batch-only",
    "Your epoch makes one update, however many batches there are.",
    {"[step(x) for x in dataset]": "[step(x) for x in dataset.take(1)]"},
)


@train_epoch.variant("metric-and-apply-gradients")
def with_metric(vae, dataset, optimizer):
    import keras
    import tensorflow as tf

    mean = keras.metrics.Mean()
    weights = vae.trainable_variables
    optimizer.build(weights)

    @tf.function(reduce_retracing=True)
    def one_step(batch):
        with tf.GradientTape() as tape:
            mu, log_var, code = vae.encoder(batch, training=True)
            image = vae.decoder(code, training=True)
            pixels = tf.reduce_sum(keras.losses.binary_crossentropy(batch, image), axis=(1, 2))
            kl = tf.reduce_sum(mu**2 + tf.exp(log_var) - log_var - 1, axis=1) / 2
            total = tf.reduce_mean(pixels + kl)
        grads = tape.gradient(total, weights)
        optimizer.apply_gradients(zip(grads, weights, strict=True))
        return total

    for batch in dataset:
        mean.update_state(one_step(batch))
    return float(mean.result())


train_epoch.variant("without-build", {"    optimizer.build(variables)\n": ""})
train_epoch.variant(
    "three-calls-of-the-encoder",
    {"z_mean, z_log_var, z = vae.encoder(x, training=True)":
     "z_mean = vae.encoder(x, training=True)[0]\n"
     "            z_log_var = vae.encoder(x, training=True)[1]\n"
     "            z = vae.encoder(x, training=True)[2]"},
)
train_epoch.variant(
    "two-gradients",
    {"gradients = tape.gradient(loss, variables)":
     "parts = [vae.encoder.trainable_variables, vae.decoder.trainable_variables]\n"
     "        gradients = [g for part in tape.gradient(loss, parts) for g in part]"},
)
train_epoch.variant("numpy-scalar", {EPOCH_MEAN: "np.mean([float(loss) for loss in losses])"})


@train_epoch.variant("whole-epoch-compiled")
def whole_epoch(vae, dataset, optimizer):
    import tensorflow as tf

    from vaelib.losses import kl_loss, reconstruction_loss

    variables = vae.encoder.trainable_variables + vae.decoder.trainable_variables
    optimizer.build(variables)

    @tf.function
    def run():
        total, count = 0.0, 0.0
        for x in dataset:
            with tf.GradientTape() as tape:
                z_mean, z_log_var, z = vae.encoder(x, training=True)
                x_hat = vae.decoder(z, training=True)
                loss = reconstruction_loss(x, x_hat) + kl_loss(z_mean, z_log_var)
            optimizer.apply(tape.gradient(loss, variables), variables)
            total, count = total + loss, count + 1.0
        return total / count

    return float(run())


# --- trained_vae ---------------------------------------------------------------------------------

FIT = "vae.fit(x_train, epochs=20, batch_size=32, verbose=0)"
PLAIN = "vae = VAE(dense_encoder_model(2, units=units), dense_decoder_model(2, units=units))"


def weighted(beta: float) -> str:
    """The model of the solution with another weight on its KL term."""
    return (
        "from vaelib.models import VAE as Model\n"
        "    coders = dense_encoder_model(2, units=units), dense_decoder_model(2, units=units)\n"
        f"    vae = Model(*coders, beta={beta})"
    )



trained_vae.misconception(
    "not-trained",
    "On digits it has not seen, your model does as badly as one that was never trained.",
    {FIT: "vae.fit(x_train[:32], epochs=1, verbose=0)"},
)
trained_vae.misconception(
    "one-epoch",
    "Your model has begun to learn, and was stopped long before it was done.",
    {FIT: "vae.fit(x_train, epochs=2, batch_size=64, verbose=0)"},
)
trained_vae.misconception(
    "codes-collapsed",
    "Your model draws the same image for every digit: no dimension of its codes is active.",
    {PLAIN: weighted(784.0),
     "epochs=20": "epochs=4"},
)
trained_vae.misconception(
    "codes-not-held-together",
    "The codes of your model cost far more nats than two dimensions should: what holds them "
    "together?",
    {PLAIN: weighted(0.0)},
)
trained_vae.misconception(
    "out-of-bounds",
    "Your model answers with NaN: in its training some number grew beyond all bounds.",
    {"learning_rate=0.002": "learning_rate=100.0", "epochs=20": "epochs=1"},
)
trained_vae.misconception(
    "other-latent-size",
    "Your codes have another number of latent dimensions than the map of section 4 can show.",
    {"dense_encoder_model(2,": "dense_encoder_model(16,",
     "dense_decoder_model(2,": "dense_decoder_model(16,", "epochs=20": "epochs=12"},
)
trained_vae.misconception(
    "history-for-model",
    "What you have handed in is the record of a training, and not the model.",
    {f"{FIT}\n    return vae": "return vae.fit(x_train[:64], epochs=1, verbose=0)"},
)
trained_vae.misconception(
    "part-of-vaelib",
    "This is the trained part that comes with the course; train one of your own.",
    {f"{FIT}\n    return vae": "from vaelib.trained import load_vae\n    return load_vae(2)"},
)
trained_vae.variant(
    "other-sizes-and-rate",
    {"units = (256, 64)": "units = (128, 64)", "epochs=20": "epochs=24"},
)
trained_vae.variant(
    "own-loop",
    {FIT: "batches = tf.data.Dataset.from_tensor_slices(x_train).shuffle(1493).batch(32)\n"
          "    vae.optimizer.build(vae.trainable_variables)\n"
          "    step = tf.function(vae.train_step)\n"
          "    for _ in range(18):\n"
          "        for batch in batches:\n"
          "            step(batch)"},
)
whole(
    trained_vae,
    "vaelib-model-and-defaults",
    """
from vaelib.models import VAE as CourseVAE

trained_vae = CourseVAE(dense_encoder_model(2), dense_decoder_model(2))
trained_vae.compile(optimizer="adam", jit_compile=False)
trained_vae.fit(x_train, epochs=20, batch_size=32, verbose=0, validation_data=(x_test,))
""",
)

# --- importance_weighted_bound -------------------------------------------------------------------

SHIFT = "largest = np.max(log_weights, axis=0)"
BOUND = "largest + np.log(np.mean(weights, axis=0))"

importance_weighted_bound.misconception(
    "mean-of-logs",
    "Your bound is the average of k ELBOs, and more draws do not tighten it.",
    {BOUND: "np.mean(log_weights, axis=0)"},
)


@importance_weighted_bound.misconception(
    "no-shift",
    "Log-weights of -1500 give -inf in your bound, and 900 gives inf.",
)
def without_shift(log_weights):
    with np.errstate(all="ignore"):
        return np.log(np.mean(np.exp(log_weights), axis=0))


@importance_weighted_bound.misconception(
    "no-shift-in-64-bits",
    "Log-weights of -540 still come out right; those of -1500 give -inf and those of 900 give inf.",
)
def without_shift_in_64_bits(log_weights):
    with np.errstate(all="ignore"):
        return np.log(np.mean(np.exp(np.float64(log_weights)), axis=0))


@importance_weighted_bound.misconception(
    "largest-magnitude-taken-off",
    "Log-weights far above 0 come out right, and those far below give -inf in your bound.",
)
def largest_magnitude(log_weights):
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(log_weights), axis=0)
        return largest + np.log(np.mean(np.exp(log_weights - largest), axis=0))


importance_weighted_bound.misconception(
    "sum-for-mean",
    "Two equal log-weights give more than one of them alone: draws are added, not averaged.",
    {"np.mean(weights, axis=0)": "np.sum(weights, axis=0)"},
)
importance_weighted_bound.misconception(
    "shift-not-added-back",
    "Your bound is the same for log-weights of -110 and of 95: something was taken off for good.",
    {BOUND: "np.log(np.mean(weights, axis=0))"},
)
importance_weighted_bound.misconception(
    "wrong-axis",
    "Your result has one entry for each draw, and not one for each image.",
    {"axis=0": "axis=1",
     "log_weights - largest": "log_weights - largest[:, None]"},
)
importance_weighted_bound.misconception(
    "mean-over-images",
    "One number comes back where every image should have its own bound.",
    {f"return {BOUND}": f"return np.mean({BOUND})"},
)
importance_weighted_bound.misconception(
    "largest-weight",
    "Your bound looks at the best draw alone.",
    {BOUND: "largest"},
)


@importance_weighted_bound.misconception(
    "smallest-taken-off",
    "Draws of one image that lie far apart give inf in your bound: which one do you take off?",
)
def smallest_off(log_weights):
    with np.errstate(all="ignore"):
        smallest = np.min(log_weights, axis=0)
        return smallest + np.log(np.mean(np.exp(log_weights - smallest), axis=0))


@importance_weighted_bound.misconception(
    "one-shift-for-all",
    "Log-weights that lie far below another image's give -inf in your bound.",
)
def one_shift(log_weights):
    with np.errstate(all="ignore"):
        largest = np.max(log_weights)
        return largest + np.log(np.mean(np.exp(log_weights - largest), axis=0))


importance_weighted_bound.misconception(
    "sign-flipped",
    "Your result is the negative of the bound.",
    {f"return {BOUND}": f"return -({BOUND})"},
)


@importance_weighted_bound.variant("logsumexp-minus-log-k")
def with_logsumexp(log_weights):
    return special.logsumexp(log_weights, axis=0) - np.log(np.shape(log_weights)[0])


@importance_weighted_bound.variant("tensorflow")
def bound_in_tensorflow(log_weights):
    import tensorflow as tf

    k = tf.cast(tf.shape(log_weights)[0], log_weights.dtype)
    return tf.reduce_logsumexp(log_weights, axis=0) - tf.math.log(k)


@importance_weighted_bound.variant("keras-ops")
def bound_in_keras(log_weights):
    from keras import ops

    return ops.logsumexp(log_weights, axis=0) - math.log(len(log_weights))


@importance_weighted_bound.variant("hand-loop")
def bound_by_hand(log_weights):
    result = []
    for column in np.transpose(log_weights):
        top = max(column)
        result.append(top + math.log(sum(math.exp(v - top) for v in column) / len(column)))
    return result


@importance_weighted_bound.variant("logaddexp")
def with_logaddexp(log_weights):
    return np.logaddexp.reduce(np.float64(log_weights), axis=0) - np.log(len(log_weights))


# --- active_units --------------------------------------------------------------------------------

VARIANCES = "np.var(z_means, axis=0)"
COUNT = "int(np.sum(variances > threshold))"

active_units.misconception(
    "std-for-variance",
    "Your count is too high: dimensions count whose variance is below the threshold.",
    {VARIANCES: "np.std(z_means, axis=0)"},
)
active_units.misconception(
    "variance-over-latent",
    "Your count can exceed the number of latent dimensions: it counts images.",
    {VARIANCES: "np.var(z_means, axis=1)"},
)
active_units.misconception(
    "mean-square",
    "A dimension that gives every image the same mean counts as active.",
    {VARIANCES: "np.mean(np.square(z_means), axis=0)"},
)
active_units.misconception(
    "one-row",
    "Your count is 0 whatever comes in: a single image has no variance.",
    {VARIANCES: "np.var(z_means[:1], axis=0)"},
)
active_units.misconception(
    "inactive-counted",
    "You count the dimensions that are asleep.",
    {"variances > threshold": "variances < threshold"},
)
active_units.misconception(
    "share-for-count",
    "Your result is a share between 0 and 1; the question is how many.",
    {COUNT: "np.mean(variances > threshold)"},
)
active_units.misconception(
    "mask-for-count",
    "A list of yes and no comes back, where one number is asked for.",
    {COUNT: "variances > threshold"},
)
active_units.misconception(
    "variance-of-everything",
    "Your count is all or nothing, as if one variance were taken over images and dimensions.",
    {VARIANCES: "np.full(z_means.shape[1], np.var(z_means))"},
)


@active_units.variant("by-hand")
def units_by_hand(z_means, threshold):
    centred = z_means - z_means.mean(0)
    return (np.einsum("nl,nl->l", centred, centred) / len(z_means) > threshold).sum()


@active_units.variant("unbiased")
def unbiased(z_means, threshold):
    return len([v for v in np.var(z_means, axis=0, ddof=1) if v >= threshold])


@active_units.variant("covariance")
def with_covariance(z_means, threshold):
    return np.count_nonzero(np.atleast_1d(np.diag(np.atleast_2d(np.cov(z_means.T)))) > threshold)


@active_units.variant("tensorflow")
def units_in_tensorflow(z_means, threshold):
    import tensorflow as tf

    variances = tf.math.reduce_variance(z_means, axis=0)
    return int(tf.reduce_sum(tf.cast(variances > threshold, tf.int32)))
