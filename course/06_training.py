# %% [markdown]
# # Train a variational autoencoder and read what its loss says
#
# Everything is on the table: batch normalisation (unit 03), the sampled code (unit 04), the KL
# divergence (unit 05). This unit puts it together, trains the result in well under a minute, and
# then breaks it in seven ways, because a VAE that fails rarely crashes. It only prints a number.
#
# **What you will build.** The loss, the model, the training loop, and a trained model whose latent
# plane you can walk through. And two gauges to judge it by.
#
# **What you will learn**
#
# - to read a loss in [nats](../../docs/glossary.md#nat): which values are possible, which are good;
# - to train a VAE with `fit` and with a loop of your own, and to check that every part learns;
# - to recognise [posterior collapse](../../docs/glossary.md#posterior-collapse) and to trade
#   reconstruction against KL on purpose;
# - to diagnose a broken run from its curves.
#
# **What you need.** Units 03 to 05; here their answers come from `vaelib`. All symbols are in the
# [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation).
#
# **Time.** 90 minutes.

# %% [markdown]
# The next cell imports TensorFlow. That takes 5 to 25 seconds, once. It also loads the real
# handwritten digits that come with scikit-learn, 1,493 to train on and 304 to be judged by: few
# enough to train on in seconds.

# %% role="setup"
import numpy as np

import vaelib
from vaelib.data import load_digits

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import keras
    import tensorflow as tf
    from keras import ops
    from vaelib.losses import kl_loss
    from vaelib.models import decoder_model, encoder_model
    from vaelib.models import dense_decoder_model, dense_encoder_model

keras.utils.set_random_seed(6)
digits = load_digits("bundled")
x_train, x_test = digits.x_train, digits.x_test

# %% [markdown]
# Figures, sliders and a few long demonstrations come from the course's own package.

# %% role="setup"
from vaelib import callbacks, losses, plots, widgets
from vaelib.demos import unit06 as demos
from vaelib.metrics import binarize, held_out_negative_elbo, posterior_means
from vaelib.trained import load_experiment, load_vae, yours_or_trained

plots.use_style()
rng = np.random.default_rng(6)

# %% [markdown]
# ## 1. Price one pixel, then 784 (11 minutes)
#
# The decoder does not draw an image. It names a probability of ink, $\hat x$, for each pixel. What
# should it pay when the pixel turns out to be $x$? As much as it is surprised, as in unit 05: an
# inked pixel costs $-\log \hat x$ nats, a blank one $-\log (1 - \hat x)$. A grey pixel counts as
# the mixture of both:
#
# $$\mathrm{bce}(x, \hat x) = -\bigl[ x \log \hat x + (1 - x) \log (1 - \hat x) \bigr]$$
#
# where $x$ is the pixel in $[0, 1]$ and $\hat x$ the decoder's probability. This is the
# [binary cross-entropy](../../docs/glossary.md#binary-cross-entropy).
#
# **Predict, then run.** At which $\hat x$ is a pixel of 0.3 cheapest, and is it free there?

# %% role="demo"
x_hat = np.linspace(0.02, 0.98, 25)
prices = {f"x = {x:g}": -(x * np.log(x_hat) + (1 - x) * np.log(1 - x_hat)) for x in (0, 0.3, 1)}
axes = plots.plot_lines(x_hat, prices, "Only black and white pixels can be had for nothing",
                        "the decoder's probability of ink", "binary cross-entropy, nats")
plots.show(axes, alt="Cost of one pixel over the decoder's probability. A blank and an inked pixel "
           "cost nothing when predicted with certainty; a pixel of 0.3 costs least at 0.3, and "
           "still 0.61 nats there.")

# %% [markdown]
# A grey pixel is cheapest where $\hat x = x$, and even there it costs its own entropy, 0.61 nats at
# 0.3. So the loss of a *perfect* decoder is not 0. How far from 0? Price the digits with
# themselves; and price them with a coin, $\hat x = 1/2$ everywhere.

# %% role="demo"
sure = np.clip(x_test, 1e-7, 1 - 1e-7)
floor = -np.sum(x_test * np.log(sure) + (1 - x_test) * np.log(1 - sure), axis=(1, 2, 3))
print(f"perfect decoder: {floor.mean():.2f} nats per image")
print(f"tossed coins:    {784 * np.log(2):.2f} nats per image, 784 ln 2")

# %% [markdown]
# All that training can do happens between 543.43 and 50.08 nats. (On MNIST the lower end is 45.8.
# Somebody who reports 20 has a bug, and somebody who reports 0.3 has divided by 784; more about
# the second person in section 6.)
#
# Over an image the pixels are *summed*, because 784 surprises add. Over the batch the images are
# *averaged*:
#
# $$\mathcal{L}_{\mathrm{rec}} = \frac1B \sum_{i=1}^{B} \; \sum_{p=1}^{784}
#   \mathrm{bce}(x_{ip}, \hat x_{ip})$$
#
# where $B$ is the number of images in the batch and $p$ counts pixels.
#
# ### Exercise 1: `reconstruction_loss(x, x_hat)` (3 points)
#
# Return $\mathcal{L}_{\mathrm{rec}}$, one number. Both arguments are `(batch, 28, 28, 1)`. A
# sigmoid can round to exactly 0 or 1 in 32 bits, so first clip `x_hat` to $[10^{-7}, 1 - 10^{-7}]$.
# Use `ops` (`ops.log`, `ops.clip`, `ops.sum`, `ops.mean`), so that gradients pass.
#
# Worked number: two pixels $x = (1, 0.3)$ with $\hat x = (0.8, 0.3)$ cost $0.2231 + 0.6109 =
# 0.8340$ nats.

# %% exercise="reconstruction_loss" role="answer"
def reconstruction_loss(x: tf.Tensor, x_hat: tf.Tensor) -> tf.Tensor:
    """Return the binary cross-entropy in nats: summed over pixels, averaged over the batch."""
    ### BEGIN SOLUTION
    x_hat = ops.clip(x_hat, 1e-7, 1 - 1e-7)
    bce = -(x * ops.log(x_hat) + (1 - x) * ops.log(1 - x_hat))
    return ops.mean(ops.sum(bce, axis=(1, 2, 3)))
    ### END SOLUTION

# %% [markdown]
# Try it here first; this cell is yours and is not graded.

# %%
# two = (1, 1, 2, 1)
# reconstruction_loss(np.array([1, 0.3]).reshape(two), np.array([0.8, 0.3]).reshape(two))

# %% exercise="reconstruction_loss" role="check"
vaelib.check("reconstruction_loss", reconstruction_loss)

# %% [markdown]
# Before we train anything: what would a decoder pay that ignores its code and always draws the
# same picture? The best such picture is the average digit.

# %% role="demo"
loss = vaelib.yours_or_ours("reconstruction_loss", reconstruction_loss)
average_digit = np.repeat(x_train.mean(axis=0, keepdims=True), len(x_test), axis=0)
print(f"always the average digit: {float(loss(x_test, average_digit)):.1f} nats per image")

# %% [markdown]
# 160 nats. Keep that number: a VAE that ends there has learnt one picture and no code. (On MNIST's
# training images it is 206.0.)

# %% [markdown]
# ## 2. Add the two terms (4 minutes)
#
# Reconstruction alone would push the codes apart, KL alone would pile them up. Their sum is what a
# VAE minimises, the [negative ELBO](../../docs/glossary.md#negative-elbo):
#
# $$\mathcal{L} = \mathcal{L}_{\mathrm{rec}} + \beta \, \mathcal{L}_{\mathrm{KL}}$$
#
# where $\mathcal{L}_{\mathrm{KL}}$ is `kl_loss` of unit 05 and [β](../../docs/glossary.md#beta) its
# weight. With $\beta = 1$, $-\mathcal{L}$ is a lower bound on the log-probability of the images
# (above 1 a looser one, below 1 none): the **e**vidence **l**ower **bo**und.
#
# ### Exercise 2: `negative_elbo(x, x_hat, z_mean, z_log_var, beta)` (2 points)
#
# Return $\mathcal{L}$, one number. Worked number: the two pixels of exercise 1 with a code of mean
# 1 and log-variance 0 (KL 0.5) give 1.3340 at $\beta = 1$ and 2.8340 at $\beta = 4$.

# %% exercise="negative_elbo" role="answer"
def negative_elbo(
    x: tf.Tensor, x_hat: tf.Tensor, z_mean: tf.Tensor, z_log_var: tf.Tensor, beta: float
) -> tf.Tensor:
    """Return reconstruction plus beta times KL, nats per image."""
    ### BEGIN SOLUTION
    return reconstruction_loss(x, x_hat) + beta * kl_loss(z_mean, z_log_var)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# x, x_hat = np.array([1, 0.3]).reshape(1, 1, 2, 1), np.array([0.8, 0.3]).reshape(1, 1, 2, 1)
# negative_elbo(x, x_hat, np.array([[1.0]]), np.array([[0.0]]), 4.0)

# %% exercise="negative_elbo" role="check"
vaelib.check("negative_elbo", negative_elbo)

# %% [markdown]
# ## 3. Wrap both coders in a model (17 minutes)
#
# The slides join encoder and decoder to a `vae_model` with the functional API and hang the KL term
# on it with `add_loss`. Under Keras 3 that line is another one at which the slides stop:

# %% role="demo"
encoder, conv_shape = encoder_model(2, (28, 28, 1))
decoder = decoder_model(2, conv_shape)
z_mean, z_log_var, z = encoder.output
vae_model = keras.Model(encoder.input, decoder(z))
try:
    vae_model.add_loss(kl_loss(z_mean, z_log_var))
except Exception as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# No message at all, only a type. `z_mean` is a symbol here, not a number, and Keras 3 no longer
# takes losses made of symbols. The way that works is a class that says itself what one step is:
#
# | method | Keras calls it in | it should |
# |:--|:--|:--|
# | `call(x, training)` | `predict` | encode, decode, return images |
# | `train_step(x)` | `fit`, per batch | compute the loss under a `tf.GradientTape`, update |
# | `test_step(x)` | `evaluate`, per batch | compute the loss, update nothing |
# | `metrics` (a property) | the start of every epoch | list the trackers that are to be reset |
#
# A [gradient tape](../../docs/glossary.md#gradient-tape) records what is computed under it, so that
# `tape.gradient` can go back through the record (unit 03). `train_step` runs the coders with
# `training=True`, so that batch normalisation learns its moving statistics; `test_step` runs them
# with `training=False`. Both return a dictionary of numbers to report. In both the code is
# *sampled*: an ELBO at `z_mean` is too good to be true.
#
# ### Exercise 3: `VAE(encoder, decoder)` (5 points)
#
# Complete the class. It keeps `encoder` and `decoder` under these names. `compile(optimizer=...)`
# is all it needs, then `fit(x)`, `evaluate(x)` and `predict(x)` work. `fit` and `evaluate` report
# `loss`, `reconstruction_loss` and `kl_loss`, where `loss` is the negative ELBO with $\beta = 1$;
# a `keras.metrics.Mean(name=...)` for each keeps the running average of an
# [epoch](../../docs/glossary.md#epoch).
#
# Worked number: with every weight at zero, each pixel gets probability ½ and each code is
# $\mathcal{N}(0, I)$. `evaluate` must then report 543.43, 543.43 and 0.

# %% exercise="VAE" role="answer"
class VAE(keras.Model):
    """A variational autoencoder, trained on the negative ELBO.

    encoder: model from images to `[z_mean, z_log_var, z]`, each `(batch, latent)`.
    decoder: model from codes `(batch, latent)` to images `(batch, 28, 28, 1)`.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **kwargs) -> None:
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.encoder = encoder
        self.decoder = decoder
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.loss_tracker, self.reconstruction_tracker, self.kl_tracker]

    def call(self, x, training=None):
        z_mean, z_log_var, z = self.encoder(x, training=training)
        return self.decoder(z, training=training)

    def terms(self, x, training):
        z_mean, z_log_var, z = self.encoder(x, training=training)
        x_hat = self.decoder(z, training=training)
        return reconstruction_loss(x, x_hat), kl_loss(z_mean, z_log_var)

    def report(self, reconstruction, kl):
        self.loss_tracker.update_state(reconstruction + kl)
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return {tracker.name: tracker.result() for tracker in self.metrics}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            reconstruction, kl = self.terms(x, training=True)
            loss = reconstruction + kl
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return self.report(reconstruction, kl)

    def test_step(self, x):
        reconstruction, kl = self.terms(x, training=False)
        return self.report(reconstruction, kl)
        ### END SOLUTION

# %% [markdown]
# Yours to try. The check after it builds small models and trains them, which takes a few seconds.

# %%
# vae = VAE(*(part(2) for part in (dense_encoder_model, dense_decoder_model)))
# vae.compile(optimizer="adam")
# vae.fit(x_train[:320], batch_size=32)

# %% exercise="VAE" role="check"
vaelib.check("VAE", VAE)

# %% [markdown]
# The zero-weights test costs nothing and finds more bugs than any curve. A mean over pixels reports
# 0.69, a mean over the wrong axis something in between, a lost minus sign is seen at once.

# %% role="demo"
Model = vaelib.yours_or_ours("VAE", VAE)
vae = Model(dense_encoder_model(2), dense_decoder_model(2))
vae.compile(optimizer="adam", jit_compile=False)
for weight in vae.encoder.weights + vae.decoder.weights:
    weight.assign(ops.zeros_like(weight))
vae.evaluate(x_test, verbose=0, return_dict=True)

# %% [markdown]
# Now with weights that can learn. The figure below is drawn again every second epoch while `fit`
# runs: on the left sixteen codes from $\mathcal{N}(0, I)$, decoded, the same sixteen every time; on
# the right the loss on the digits it trains on and, with markers, on
# [held-out](../../docs/glossary.md#held-out) digits. (`jit_compile=False` because compiling to XLA
# would take longer than the whole run.)
#
# **Predict** two things: the loss after the first epoch (543? 300? 200?), and whether the KL term
# goes up or down while the loss falls.

# %% role="demo"
keras.utils.set_random_seed(6)
vae = Model(dense_encoder_model(2, units=(256, 64)), dense_decoder_model(2, units=(256, 64)))
vae.compile(optimizer=keras.optimizers.Adam(2e-3), jit_compile=False)
history = vae.fit(x_train, validation_data=(x_test,), epochs=8, batch_size=32, verbose=0,
                  callbacks=[callbacks.LiveFigure(2, every=2)])

# %% [markdown]
# Most of the way is done in the first epoch. The KL term is hard to see in the figure, so here are
# the numbers, an epoch a column.

# %% role="demo"
for name, values in history.history.items():
    print(f"{name:23s}", *(f"{value:6.1f}" for value in values))

# %% [markdown]
# At first the codes lie anywhere, and the cheapest thing to do is to pull them in: the KL drops.
# From then on it *rises*, with a dip, while the loss falls. The model has found out that 4 nats
# spent on a code save 36 on the pixels. A falling loss with a rising KL is a VAE at work.

# %% [markdown]
# ## 4. Train one for keeps (13 minutes)
#
# Which coders? Here is the held-out negative ELBO per epoch for the slides' convolutional pair and
# for a plain dense pair of 256 and 64 units. Both runs were made beforehand, by
# `vaelib.trained.make`, since an epoch of the slides' pair takes three times as long.

# %% role="demo"
runs = load_experiment("histories")
curves = {"slides' pair, training": runs["slides"]["loss"],
          "slides' pair, held out": runs["slides"]["val_loss"],
          "dense pair, held out": runs["dense"]["val_loss"]}
axes = plots.plot_lines(np.arange(1, len(curves["dense pair, held out"]) + 1), curves,
                        "The slides' pair trains well and is judged badly for ten epochs",
                        "epoch", "negative ELBO, nats per image")
plots.show(axes, alt="Negative ELBO per epoch. The slides' pair falls quickly on training digits, "
           "but on held-out digits stays above 300 nats for several epochs and only then meets the "
           "dense pair near 125.")

# %% [markdown]
# The slides' pair is not slow to learn, it is slow to be *measured*: held-out digits are judged
# with the moving statistics of batch normalisation. These move by one hundredth of the way at each
# step, and 1,493 digits make only 47 steps an epoch (unit 03 has the arithmetic). On MNIST an epoch
# has 469 steps and nobody notices. The peak near the end is another matter: in that epoch the KL of
# the held-out digits is 335 nats, 5.6 before and after. One log-variance came out large, and the KL
# takes its exponential. With so few digits the dense pair is quicker, steadier and better.
#
# ### Exercise 4: `trained_vae` (4 points)
#
# Write `train()`: build a VAE with *two* latent dimensions, train it on `x_train`, return it. Any
# encoder and decoder will do. As a guide, the dense pair with `units=(256, 64)`, Adam at `2e-3`,
# batches of 32 and 20 epochs takes about ten seconds; the slides' pair wants 25 epochs, and half a
# minute.
#
# The check evaluates your model itself, on digits that are not in `x_train`: the negative ELBO must
# be 135.8 nats or less, with a KL between 3.6 and 7.5. What your own cells print counts for
# nothing.

# %% exercise="trained_vae" role="answer"
def train() -> keras.Model:
    """Return a VAE with two latent dimensions, trained on `x_train`."""
    ### BEGIN SOLUTION
    units = (256, 64)
    vae = VAE(dense_encoder_model(2, units=units), dense_decoder_model(2, units=units))
    adam = keras.optimizers.Adam(learning_rate=0.002)
    vae.compile(optimizer=adam, jit_compile=False)
    vae.fit(x_train, epochs=20, batch_size=32, verbose=0)
    return vae
    ### END SOLUTION


trained_vae = vaelib.attempt(train)

# %% [markdown]
# Yours to try. The last line keeps your model in a file; if you hand that in beside the notebook,
# grading judges it and does not train again.

# %%
# trained_vae.evaluate(x_test)
# vaelib.save_trained("trained_vae", trained_vae)

# %% exercise="trained_vae" role="check"
vaelib.check("trained_vae", trained_vae)

# %% [markdown]
# Three questions to a trained VAE. First: does it give back what it is shown? Held-out digits above
# their reconstructions.

# %% role="demo"
vae = yours_or_trained("trained_vae", trained_vae)
shown = x_test[:12]
rows = {"held out": shown, "decoded": vae.decoder(vae.encoder(shown)[2])}
plots.show(plots.plot_image_rows(rows, title="Two numbers keep some digits and blur others"),
           alt="Twelve held-out digits above their reconstructions: shapes such as 0, 3 and 6 come "
           "back smoother, others come back as a blend with a digit that lies next to them.")

# %% [markdown]
# Two numbers are not much to remember a digit by. Digits with a shape of their own come back, the
# others as a blend with their neighbours. Second: what does it draw when *nobody* shows it
# anything? Codes from the [prior](../../docs/glossary.md#prior), decoded.

# %% role="demo"
codes = rng.normal(size=(24, 2)).astype("float32")
plots.show(plots.plot_digits(vae.decoder(codes), columns=12, title="Digits that nobody wrote"),
           alt="Twenty-four images decoded from random codes of the unit Gaussian: many are clear "
           "digits, the others lie between two digits, and none is a mere smudge.")

# %% [markdown]
# This is what the plain autoencoder of unit 01 could not do: there, a random code fell into a hole.
# Here a code falls at worst between two digits. Third: where is everything? The whole latent plane
# at once, in steps of equal probability.

# %% role="demo"
plots.show(plots.plot_manifold(vae.decoder, n=15), alt="Map of 15 by 15 decoded codes: each digit "
           "has its own region, neighbouring images look alike, and there are no holes between.")

# %% [markdown]
# The same map to walk through. **Find** a border that the decoder crosses in one step, and a
# place where it cannot decide between three digits.

# %% role="demo"
widgets.latent_explorer(vae.decoder, posterior_means(vae.encoder, x_test), digits.y_test)

# %% [markdown]
# ## 5. Write the loop yourself (11 minutes)
#
# `fit` hides the loop. The slides write it out, and so should everyone, once. This is their loop in
# its essence, in our names:
#
# ```python
# for x in dataset:
#     with tf.GradientTape() as tape:
#         z_mean, z_log_var, z = encoder(x)
#         x_hat = decoder(z)
#         total = reconstruction_loss(x, x_hat) + kl_loss(z_mean, z_log_var)
#     weights = encoder.trainable_weights + decoder.trainable_weights
#     grads = tape.gradient(total, weights)
#     optimizer.apply_gradients(zip(grads, weights))
# ```
#
# It has the bug of unit 03 (which?), and it is slow: Python runs through every layer at every step.
# `@tf.function` before a function runs Python through it once, keeps the
# [graph](../../docs/glossary.md#graph) of what happened, and from then on runs only the graph.
# **Predict** the factor, then run.

# %% role="demo"
encoder, decoder = dense_encoder_model(2, units=(256, 64)), dense_decoder_model(2, units=(256, 64))
weights, adam = encoder.trainable_variables + decoder.trainable_variables, keras.optimizers.Adam()


def one_step(x):
    with tf.GradientTape() as tape:
        z_mean, z_log_var, z = encoder(x, training=True)
        loss = losses.negative_elbo(x, decoder(z, training=True), z_mean, z_log_var, 1.0)
    adam.apply(tape.gradient(loss, weights), weights)
    return loss


adam.build(weights)
eager = demos.seconds_per_call(one_step, x_train[:32])
compiled = demos.seconds_per_call(tf.function(one_step), tf.constant(x_train[:32]))
print(f"eager {1000 * eager:.1f} ms a step, compiled {1000 * compiled:.1f} ms: "
      f"{eager / compiled:.0f} times as fast")

# %% [markdown]
# With small layers nearly all the time went into Python. What is compiled sees Python only while it
# is [traced](../../docs/glossary.md#tracing): a `print` in it prints once, and NumPy noise in it is
# drawn once (unit 04).
#
# ### Exercise 5: `train_epoch(vae, dataset, optimizer)` (3 points)
#
# Take one step for each batch of images in `dataset` and return this epoch's loss, averaged over
# the batches, as a float. The loss is the negative ELBO with $\beta = 1$. Run both coders in
# training mode, compile the step, update every trainable variable of both. Use nothing of `vae` but
# `vae.encoder`, `vae.decoder` and their variables: it need not be a Keras model.
#
# Two traps. The optimizer makes variables of its own: call its `build` outside of the compiled
# function. And take the mean of this epoch's losses alone. Worked number: two batches with losses
# 200 and 100 make 150.0, also when the last batch has fewer images.

# %% exercise="train_epoch" role="answer"
def train_epoch(
    vae: keras.Model, dataset: tf.data.Dataset, optimizer: keras.optimizers.Optimizer
) -> float:
    """Train for one pass over `dataset`; return the mean of the batches' losses, nats per image."""
    ### BEGIN SOLUTION
    variables = vae.encoder.trainable_variables + vae.decoder.trainable_variables
    optimizer.build(variables)

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            z_mean, z_log_var, z = vae.encoder(x, training=True)
            x_hat = vae.decoder(z, training=True)
            loss = negative_elbo(x, x_hat, z_mean, z_log_var, 1.0)
        gradients = tape.gradient(loss, variables)
        optimizer.apply(gradients, variables)
        return loss

    losses = [step(x) for x in dataset]
    return float(np.mean(losses))
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# batches = tf.data.Dataset.from_tensor_slices(x_train).shuffle(1493).batch(32)
# train_epoch(load_vae(), batches, keras.optimizers.Adam(1e-3))

# %% exercise="train_epoch" role="check"
vaelib.check("train_epoch", train_epoch)

# %% [markdown]
# Four epochs with your own loop, on a fresh model:

# %% role="demo"
one_epoch = vaelib.yours_or_ours("train_epoch", train_epoch)
fresh = Model(dense_encoder_model(2, units=(256, 64)), dense_decoder_model(2, units=(256, 64)))
batches, adam = tf.data.Dataset.from_tensor_slices(x_train).batch(32), keras.optimizers.Adam(2e-3)
for epoch in range(1, 5):
    print(f"epoch {epoch}: {one_epoch(fresh, batches, adam):.1f} nats")

# %% [markdown]
# The same numbers as `fit`, but for the luck of the draw. (The loop of the slides lacks
# `training=True` in both calls. It prints a fine loss all the same, so nobody noticed.)

# %% [markdown]
# ## 6. Collapse on purpose, and cure (14 minutes)
#
# Now for the person who reports a loss of 0.3.
#
# ### Bug museum: one image for every input
#
# This is the training loss of a guide to custom Keras models; a reader reported that its VAE gave
# the same image for every input
# ([tensorflow issue 32127](https://github.com/tensorflow/tensorflow/issues/32127)). In our names:

# %% role="demo"
def museum_loss(x, x_hat, z_mean, z_log_var):
    reconstruction = ops.mean(ops.square(x - x_hat))
    terms = z_log_var - ops.square(z_mean) - ops.exp(z_log_var) + 1
    return reconstruction - 0.5 * ops.mean(terms)

# %% [markdown]
# **Find what is wrong**, and say which of the two terms will win.
#
# <details><summary>The answer, after you have one of your own</summary>
#
# `ops.mean` over an image divides the reconstruction by 784, `ops.mean` over the codes divides the
# KL by `latent_dim`, which is 2 here, and 32 in the guide. Against the right loss the KL term
# weighs 392 times too much. (In the squared error, too, a mean is no log-likelihood: what variance
# does it assume?) A code that carries any information is now far too dear, so all codes become
# $\mathcal{N}(0, I)$, and the decoder, which learns nothing from them, draws the same image.
# </details>
#
# ### A collapse to order
#
# Dividing the reconstruction by 784 is multiplying β by 784, up to the scale of the whole. So
# collapse is easy to order. **Predict** two numbers before you run this, the KL and the
# reconstruction of held-out digits (section 1 has it); and how decoded digits will differ.

# %% role="demo"
from vaelib.models import VAE as BetaVAE

keras.utils.set_random_seed(6)
pair = dense_encoder_model(2, units=(256, 64)), dense_decoder_model(2, units=(256, 64))
collapsed = BetaVAE(*pair, beta=784)
collapsed.compile(optimizer=keras.optimizers.Adam(2e-3), jit_compile=False)
collapsed.fit(x_train, epochs=6, batch_size=32, verbose=0)
held_out = held_out_negative_elbo(collapsed, x_test)
print(f"KL {held_out.kl:.3f} nats, reconstruction {held_out.reconstruction:.1f} nats")

# %% [markdown]
# KL zero, and about 160 nats: the price of the average digit. (On MNIST the same run ends at about
# 206, for the same reason.) The samples look as expected:

# %% role="demo"
rows = {"β = 784": collapsed.decoder(codes[:12]), "β = 1": vae.decoder(codes[:12])}
plots.show(plots.plot_image_rows(rows, title="Twelve codes, decoded by two models"),
           alt="Twelve random codes decoded by a collapsed model, which draws the same blurred "
           "average every time, and by a sound one, which draws twelve different digits.")

# %% [markdown]
# The cure here is to sum.
#
# ### Count what is awake
#
# In larger models collapse also happens dimension by dimension: the model
# uses some and leaves others at $\mathcal{N}(0, 1)$. Nothing in the loss says how many. Count them.
# A dimension is [active](../../docs/glossary.md#active-unit) if its mean depends on the image:
#
# $$A = \#\,\bigl\{\, j : \operatorname{Var}_x \bigl( \mu_j(x) \bigr) > \text{threshold} \,\bigr\}$$
#
# where $\mu_j(x)$ is `z_mean[:, j]` and the variance runs over the images; 0.01 is the customary
# threshold.
#
# ### Exercise 6: `active_units(z_means, threshold)` (1 point)
#
# `z_means` is `(n, latent)`, one row per image. Return the count as an `int`. Worked number: the
# means `[[1.0, 0.3], [-1.0, 0.3]]` with threshold 0.01 have one active unit; the second is always
# 0.3, which says nothing about the image.

# %% exercise="active_units" role="answer"
def active_units(z_means: np.ndarray, threshold: float) -> int:
    """Return how many latent dimensions vary over the data by more than `threshold`."""
    ### BEGIN SOLUTION
    variances = np.var(z_means, axis=0)
    return int(np.sum(variances > threshold))
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# active_units(np.array([[1.0, 0.3], [-1.0, 0.3]]), 0.01)

# %% exercise="active_units" role="check"
vaelib.check("active_units", active_units)

# %% [markdown]
# The collapsed model, yours, and one with 16 dimensions that comes with the course:

# %% role="demo"
count = vaelib.yours_or_ours("active_units", active_units)
for name, model in {"collapsed": collapsed, "latent 2": vae, "latent 16": load_vae(16)}.items():
    means = posterior_means(model.encoder, x_test)
    print(f"{name:10s} {count(means, 0.01):2d} of {means.shape[1]} dimensions are active")

# %% [markdown]
# Between collapse and a plain autoencoder lies everything else. β decides: a small one buys
# reconstruction ([distortion](../../docs/glossary.md#distortion)) with nats in the code
# ([rate](../../docs/glossary.md#rate)). Seven models with 16 latent dimensions, trained beforehand:

# %% role="demo"
trade = load_experiment("rate_distortion")
axes = plots.plot_rate_distortion(trade["rates"], trade["distortions"], trade["betas"])
plots.show(axes, alt="Reconstruction loss against KL for seven values of beta from 0.03 to 30: a "
           "falling curve from a large code with sharp digits to no code with 160 nats.")

# %% [markdown]
# A point on the dotted line has the same ELBO as the best model; only that model touches it, and
# its β is 1 or close to it. The others are no mistakes. For smooth maps one takes β above 1, for
# faithful copies one below. But *compare* models by the ELBO, with β back at 1: a loss with
# another β is in another currency.

# %% role="demo"
print("  beta    KL  reconstruction    sum  active")
for beta, rate, distortion, active in zip(*trade.values(), strict=True):
    print(f"{beta:6g} {rate:5.1f} {distortion:15.1f} {rate + distortion:6.1f} {active:7.0f}")

# %% [markdown]
# There is the collapse by dimension: at β = 3 all sixteen are awake, at 10 eleven, at 30 none. The
# loss alone says nothing of the kind.

# %% [markdown]
# ## 7. Tighten the bound (8 minutes)
#
# The ELBO is a bound on $\log p(x)$. How loose is it? Draw $k$ codes for an image and weigh each by
# $w_s = p(x, z_s) / q(z_s \mid x)$. The average of the weights estimates $p(x)$ itself, so
#
# $$\log \frac1k \sum_{s=1}^{k} w_s$$
#
# is a bound too, the [importance-weighted bound](../../docs/glossary.md#importance-weighted-bound).
# On average it is the ELBO at $k = 1$; as $k$ grows it climbs to $\log p(x)$. Published results use
# 5,000.
#
# The weights arrive as logarithms, and there is the catch: $e^{-110}$ is 0 in 32 bits, and
# $\log 0$ is no bound. Subtract the largest log-weight first, and add it again at the end.
#
# ### Exercise 7: `importance_weighted_bound(log_weights)` (3 points)
#
# `log_weights` is `(k, batch)`; return `(batch,)`, finite for log-weights of -1,500 and of 900.
# Worked number: log-weights -1 and -3 of one image give -1.566219. (Their mean, -2, is the average
# of two one-draw ELBOs and never higher.)

# %% exercise="importance_weighted_bound" role="answer"
def importance_weighted_bound(log_weights: np.ndarray) -> np.ndarray:
    """Return the log of the mean of the weights for each image, in nats: `(batch,)`."""
    ### BEGIN SOLUTION
    largest = np.max(log_weights, axis=0)
    weights = np.exp(log_weights - largest)
    return largest + np.log(np.mean(weights, axis=0))
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# importance_weighted_bound(np.array([[-1.0], [-3.0]]))

# %% exercise="importance_weighted_bound" role="check"
vaelib.check("importance_weighted_bound", importance_weighted_bound)

# %% [markdown]
# How much do more draws gain? A probability belongs to black and white images, so each pixel is
# first [drawn as 0 or 1](../../docs/glossary.md#binarisation) with its grey value as the
# probability.

# %% role="demo"
bound = vaelib.yours_or_ours("importance_weighted_bound", importance_weighted_bound)
log_weights = demos.log_importance_weights(load_vae(16), binarize(x_test[:100], rng), 300, rng)
ks = [1, 3, 10, 30, 100, 300]
bounds = [-np.mean(bound(log_weights[:k])) for k in ks]
axes = plots.plot_lines(ks, {"latent 16": bounds}, "More draws, a tighter bound on the same model",
                        "draws per image, k", "negative bound, nats per image", "x")
plots.show(axes, alt="The negative importance-weighted bound of one model falls as the number of "
           "draws grows from 1 to 300, quickly at first and then ever more slowly.")

# %% [markdown]
# The model did not change, only how carefully it is measured. When a paper reports 84.8 nats on
# MNIST and you get 97, ask first whether you have measured the same thing: how many draws, and of
# which pixels.

# %% [markdown]
# ## 8. Diagnose six broken runs (7 minutes)
#
# Six runs with two latent dimensions, twelve epochs each. In all of them something is wrong, and
# it is the kind of wrong that raises no error. Solid lines are what `fit` reports on training
# digits, the dashed line with markers is the loss on held-out digits.
#
# The suspects, in alphabetical order: *the decoder's variables are left out*; *the KL term is
# subtracted*; *the learning rate is 25 times too large*; *the metrics are never reset*; *the
# moving statistics of batch normalisation lag behind*; *the reconstruction is averaged over
# pixels*. Write down a letter for each before you open the answers.

# %% role="demo"
runs = load_experiment("broken_runs")
plots.show(demos.plot_broken_runs(runs), alt="Training curves of six broken runs, A to F, each "
           "with total loss, held-out loss and KL over twelve epochs; every mistake leaves its own "
           "mark.")

# %% [markdown]
# <details><summary>The answers, with what gives each away</summary>
#
# | run | mistake | what gives it away |
# |:--|:--|:--|
# | A | averaged over pixels | the scale: 0.21, where 160 is the average digit; KL 0 |
# | B | decoder left out | stuck at 543, the price of tossed coins, with a KL of 0.1 |
# | C | moving statistics lag | smooth training, and held-out digits 150 nats behind |
# | D | KL subtracted | falls below 50 nats, where no loss can be, while KL explodes |
# | E | metrics never reset | training *above* held-out by 20 nats or more in every single epoch |
# | F | learning rate too large | off the chart ($2 \cdot 10^9$), then ups and downs; KL 240 |
#
# In E the model is sound: each point is the mean of all epochs so far, so the past is dragged
# along. In F an early step threw the codes so far from the prior that they never came back.
# </details>

# %% [markdown]
# ## Reflection (2 points, 5 minutes)
#
# A friend trains a VAE on the same digits and writes: "My loss is 0.21 after ten epochs and yours
# is 119, so mine is 500 times better. Only, all samples look alike. Should I train longer?" Answer
# in at most 120 words: what the number 0.21 tells you (what would tossed coins give on that
# scale?), what has happened to the codes and how your friend could measure it, whether longer
# training helps, and what to change.

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric.** Half a point for each of the four.
#
# - The scale: 0.21 is a mean over 784 pixels, about 165 nats per image; tossed coins give
#   ln 2 = 0.69 on that scale. So the friend's model is *worse*, near the price of the average digit
#   (160 nats, or 0.204), and the two numbers cannot be compared as they stand.
# - What happened: posterior collapse. The KL term weighs 784 times too much, all codes are
#   $\mathcal{N}(0, I)$, the decoder ignores them. Measured by the KL (about 0) or the number of
#   active units (0).
# - Longer training does not help: it is the minimum of that loss, not a stage on the way.
# - The change: sum the reconstruction over pixels (equivalently, divide the KL by 784), and the KL
#   over latent dimensions. Also right: check with all weights at zero, which must give 543.43.
#
# Answers that only say "posterior collapse" without a number get 1 point at most.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - The negative ELBO is reconstruction, summed over pixels, plus KL, summed over latent, averaged
#   over the batch. On these digits it lies between 543 (coins) and 50 (grey pixels); 160 is the
#   average digit, and below 120 a model with two latent dimensions is good.
# - A VAE that fails prints a number like any other. Zero weights, KL, active units and held-out
#   digits tell what the number hides.
# - β trades reconstruction against KL; models are compared at β = 1, on held-out digits, with
#   sampled codes.
#
# **Two things to try**
#
# - `load_digits("mnist")` and the slides' pair. Where does the held-out curve start now, and why?
# - Train on 100 digits for 60 epochs. Which curve shows the
#   [overfitting](../../docs/glossary.md#overfitting), and does the KL?
#
# **To read on**
#
# - [Kingma and Welling 2014](https://arxiv.org/abs/1312.6114): the paper; equation 10 is
#   exercise 2.
# - [Alemi and others 2018](https://arxiv.org/abs/1711.00464), *Fixing a broken ELBO*: rate,
#   distortion, and what β moves.
# - [Burda and others 2016](https://arxiv.org/abs/1509.00519): section 7 of this unit, and active
#   units.
# - [Keras's own VAE example](https://keras.io/examples/generative/vae/): the same class in forty
#   lines. Compare its losses with yours, axis by axis.
