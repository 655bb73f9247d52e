# %% [markdown]
# # Draw a code, and send the gradient back through the draw
#
# The encoder of [unit 03](../03_batch_norm/03_batch_norm.ipynb) ends in two numbers per latent
# dimension, a mean and a log-variance. The decoder wants one: a code. Between them stands a draw
# from a normal distribution, and a gradient cannot pass a random number generator. This unit
# gets it past.
#
# **What you will build.** The `Sampling` layer, around it the encoder, and the decoder that turns
# codes back into images: all parts of a VAE but its loss.
#
# **What you will learn**
#
# - to write a draw as noise that is moved and stretched (the
#   [reparameterization trick](../../docs/glossary.md#reparameterization-trick));
# - to compute by hand the gradient that comes back through a draw;
# - to write a random Keras layer that stays random once it is compiled;
# - to build an encoder with three outputs and a decoder that mirrors it.
#
# **What you need.** Log-variances (unit 02), batch normalisation and the encoder layers (unit 03).
# All symbols are in the [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation).
#
# **Time.** 60 minutes.

# %% [markdown]
# The next cell imports TensorFlow. That takes 5 to 25 seconds, once; everything after it is quick.

# %% role="setup"
import numpy as np
from numpy.typing import ArrayLike

import vaelib

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import keras
    import tensorflow as tf
    from keras import layers, ops
    from vaelib.models import encoder_layers

rng = np.random.default_rng(4)

# %% [markdown]
# Figures, sliders and a trained model come from the course's own package.

# %% role="setup"
from vaelib import plots
from vaelib.data import load_digits
from vaelib.demos import unit04 as demos
from vaelib.layers import reparameterize as ours
from vaelib.trained import load_vae

plots.use_style()

# %% [markdown]
# ## 1. Draw in two steps (9 minutes)
#
# The encoder says: this image's code is $\mathcal{N}(1, 4)$, so $\mu = 1$ and, as
# $\log 4 = 1.386$ is the log-variance, $\sigma = 2$. A draw from it can be made in two steps.
# First draw noise $\epsilon$ from $\mathcal{N}(0, 1)$, which knows nothing of the image. Then
# stretch it by the standard deviation and move it by the mean:
#
# $$z = \mu + \sigma \, \epsilon, \qquad \sigma = e^{\frac12 \log \sigma^2}$$
#
# where $\mu$ is `z_mean`, $\log \sigma^2$ is `z_log_var` and $\epsilon$ is `epsilon`. Nothing is
# summed or averaged; every element of $z$ has its own three numbers. With $\epsilon = -0.5$ the
# code is $1 + 2 \cdot (-0.5) = 0$. The figure does this to ten draws of noise at once.

# %% role="demo"
figure = demos.plot_moved_noise([(0.0, np.log(4)), (1.0, np.log(4)), (-2.0, -2.0)])
plots.show(figure, alt="Ten draws of noise in a row, and below them the same ten as draws of three "
           "other normals: stretched to standard deviation 2, moved to mean 1, squeezed at -2. "
           "The noise -0.5 becomes -1, then 0, then -2.18.")

# %% [markdown]
# All randomness sits in the first row. What the encoder controls, stretching and moving, is plain
# arithmetic. **Move the sliders and find** a log-variance at which $\epsilon = -0.5$ lands at 2
# when the mean is 3, and say what a log-variance of -3 does to the ten codes.

# %% role="demo"
demos.noise_explorer()

# %% [markdown]
# <details><summary>What the sliders should have told you</summary>
#
# The draw has to go one unit to the left with half a unit of noise, so the standard deviation is 2
# and the log-variance $\log 4 \approx 1.4$. At -3 the standard deviation is 0.22: all ten
# codes huddle at the mean, and the encoder is nearly an ordinary one again.
# </details>
#
# ### Exercise 1: `reparameterize(z_mean, z_log_var, epsilon)` (2 points)
#
# All three arguments are `(batch, latent)`; return $z$, of the same shape. Write it with `ops`
# (`ops.exp`), so that gradients can pass.
#
# Worked number: mean 1, log-variance $\log 4$ and noise -0.5 give 0.

# %% exercise="reparameterize" role="answer"
def reparameterize(z_mean: ArrayLike, z_log_var: ArrayLike, epsilon: ArrayLike) -> ArrayLike:
    """Turn noise into codes: draws of N(z_mean, exp(z_log_var)), `(batch, latent)`.

    epsilon: draws of N(0, 1). All three arguments are `(batch, latent)`.
    """
    ### BEGIN SOLUTION
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
    ### END SOLUTION

# %% [markdown]
# Try it here before you check it: remove the `#`. The cell is yours, and it is not graded.

# %%
# reparameterize(np.array([[1.0]]), np.array([[np.log(4)]]), np.array([[-0.5]]))

# %% exercise="reparameterize" role="check"
vaelib.check("reparameterize", reparameterize)

# %% [markdown]
# ## 2. Send a gradient through (12 minutes)
#
# Why two steps, if NumPy can draw from $\mathcal{N}(1, 4)$ in one? Say the decoder would like the
# code to be 3, and its loss is $(z - 3)^2$. A
# [gradient tape](../../docs/glossary.md#gradient-tape) records what happens to the mean and the
# log-variance, and is then asked for both gradients. **Predict** what it answers.

# %% role="demo"
z_mean, z_log_var = tf.constant([[1.0]]), tf.constant([[np.log(4)]], tf.float32)
with tf.GradientTape() as tape:
    tape.watch([z_mean, z_log_var])
    z = tf.constant(rng.normal(z_mean, 2.0), tf.float32)  # in one step, by NumPy
    loss = tf.square(z - 3)
print("gradients:", tape.gradient(loss, [z_mean, z_log_var]))

# %% [markdown]
# Nothing. The number came out of a generator, and no operation on the tape leads from it to the
# mean. In a VAE this means: the reconstruction loss does not train the encoder at all. Now in two
# steps, with $\epsilon = -0.5$ from outside and vaelib's version of your function (`ours`).

# %% role="demo"
epsilon = tf.constant([[-0.5]])
with tf.GradientTape() as tape:
    tape.watch([z_mean, z_log_var])
    loss = tf.square(ours(z_mean, z_log_var, epsilon) - 3)
by_mean, by_log_var = tape.gradient(loss, [z_mean, z_log_var])
print(f"gradient by z_mean:    {float(by_mean[0, 0]):+.3f}")
print(f"gradient by z_log_var: {float(by_log_var[0, 0]):+.3f}")

# %% [markdown]
# Check them by hand. The code is 0, so the loss falls at a rate of 6 as $z$ moves to the right. $z$
# moves with the mean one to one: -6. The noise is negative, so *less* spread would move $z$ to the
# right: the second gradient is positive, and descent will lower the log-variance. By the chain rule
# all that is left to find is how $z$ answers to each of the two:
#
# $$\frac{\partial z}{\partial \mu}, \qquad \frac{\partial z}{\partial \log \sigma^2}
#   \qquad \text{of} \qquad z = \mu + e^{\frac12 \log \sigma^2} \epsilon$$
#
# This is the [pathwise gradient](../../docs/glossary.md#pathwise-gradient): it follows one draw
# along its path, with the noise held fixed.

# %% [markdown]
# ### Exercise 2: `reparameterization_gradients(z_log_var, epsilon)` (2 points)
#
# Return both derivatives as a pair, element by element, each of the arguments' shape
# `(batch, latent)`. (The mean is no argument. Find out why while you differentiate.)
#
# Worked number: log-variance $\log 4$ and noise -0.5 give $(1, -0.5)$. With the -6 from above this
# is the -6 and the +3 of the tape.

# %% exercise="reparameterization_gradients" role="answer"
def reparameterization_gradients(
    z_log_var: ArrayLike, epsilon: ArrayLike
) -> tuple[ArrayLike, ArrayLike]:
    """Return dz/dz_mean and dz/dz_log_var, element by element, each `(batch, latent)`."""
    ### BEGIN SOLUTION
    slope = 0.5 * ops.exp(0.5 * z_log_var) * epsilon
    return ops.ones_like(slope), slope
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# reparameterization_gradients(np.array([[np.log(4)]]), np.array([[-0.5]]))

# %% exercise="reparameterization_gradients" role="check"
vaelib.check("reparameterization_gradients", reparameterization_gradients)

# %% [markdown]
# There is a second way to a gradient, and it needs no path. What training wants is the gradient of
# an *average*, $\mathbb{E}[f(z)]$, and a large $f(z)$ at a draw is a reason to make that draw less
# likely. The [score-function estimator](../../docs/glossary.md#score-function-estimator) says so:
#
# | estimator | what one draw says of $\partial \, \mathbb{E}[f(z)] / \partial \mu$ | needs |
# |:--|:--|:--|
# | pathwise | $f'(z) \cdot \partial z / \partial \mu$ | the derivative of $f$ |
# | score function | $f(z) \cdot \partial \log q(z) / \partial \mu$ | values of $f$ |
#
# where $q$ is the density of $z$, and $\partial \log q(z) / \partial \mu = \epsilon / \sigma$.
# Both estimators are right on average. Take $f(z) = z^2$ and $q = \mathcal{N}(1, 1)$, where
# $\mathbb{E}[z^2] = \mu^2 + 1$ and the true gradient is $2 \mu = 2$. **Predict**: which of the two
# scatters more, and by how much?

# %% role="demo"
epsilon = rng.normal(size=20_000)
z = 1.0 + epsilon
pathwise, score = 2 * z, z**2 * epsilon  # f'(z) * 1, and f(z) * epsilon / 1
print(f"pathwise:       {pathwise.mean():.2f} on average, variance {pathwise.var():5.2f}")
print(f"score function: {score.mean():.2f} on average, variance {score.var():5.2f}")

# %% [markdown]
# Same average, and seven times the variance, so seven times as many draws for the same precision.
# (By hand: 4 against 30.) In more than one dimension it gets worse. With
# $f(z) = \sum_j z_j^2$ the gradient with respect to the first mean is still 2:

# %% role="demo"
estimates = {d: demos.gradient_estimates(d, 20_000, rng) for d in (1, 4, 16, 64)}
for latent_dim, (pathwise, score) in estimates.items():
    print(f"latent_dim {latent_dim:2d}: {score.var() / pathwise.var():5.0f} times the variance")
figure = plots.plot_gradient_variance(*estimates[16], exact=2.0)
plots.show(figure, alt="Two histograms of gradient estimates from single draws at 16 latent "
           "dimensions: the pathwise ones stand in a narrow peak around the true gradient 2, the "
           "score-function ones spread over a hundred in both directions.")

# %% [markdown]
# The figure shows 16 dimensions: the score function needs hundreds of draws where a path needs one,
# and at 64 dimensions thousands. It has no idea *which* dimension made $f$ large, and blames all of
# them. A VAE takes a single draw per image and step, and this is why that is enough. (Where no path
# exists, as with discrete codes or the rewards of a game, the score function is what one has.)

# %% [markdown]
# ## 3. Make it a layer (13 minutes)
#
# A layer has to draw its own noise, and here Keras and TensorFlow have two traps ready. The first
# one: `keras.random.normal` takes a `seed`, which may be an integer or a `SeedGenerator`. Three
# draws with each: **predict** the two lines.

# %% role="demo"
stream = keras.random.SeedGenerator(7)
for name, seed in {"seed=7": 7, "SeedGenerator(7)": stream}.items():
    numbers = [float(keras.random.normal((), seed=seed)) for call in range(3)]
    print(f"{name:17s}", *(f"{number:+.3f}" for number in numbers))

# %% [markdown]
# With an integer, three calls give three times the same number: in every step of training, each
# place in the batch would get the same push. A
# [`SeedGenerator`](../../docs/glossary.md#seed-generator) remembers how far it has got, from call
# to call. The second trap is NumPy. Here is a layer that looks fine, called four times
# [eagerly](../../docs/glossary.md#eager-and-compiled) and four times compiled.

# %% role="demo"
class NumpySampling(keras.layers.Layer):
    def call(self, inputs):
        z_mean, z_log_var = inputs
        return ours(z_mean, z_log_var, rng.normal(size=z_mean.shape).astype("float32"))

layer, pair = NumpySampling(), (tf.zeros((1, 1)), tf.zeros((1, 1)))
for name, draw in {"eager": layer, "compiled": tf.function(layer)}.items():
    print(f"{name:9s}", *(f"{float(draw(pair)[0, 0]):+.3f}" for call in range(4)))

# %% [markdown]
# To compile a function, TensorFlow runs it once and writes down the TensorFlow operations
# ([tracing](../../docs/glossary.md#tracing)). Later calls replay the list. NumPy is not on it: what
# came out of NumPy during tracing stands there as a constant, and the noise is frozen. Training
# with `fit` compiles. If the size of the batch is written into the code, such a VAE trains with one
# fixed push for each place in the batch, and no error, no warning and no loss curve tells. You find
# it only if you compare two compiled calls.

# %% [markdown]
# ### Exercise 3: `Sampling` (4 points)
#
# Write the layer: `Sampling()((z_mean, z_log_var))` returns codes $z$, `(batch, latent)`.
#
# - The noise is $\mathcal{N}(0, 1)$, fresh and independent for every element, at every call, eager
#   and compiled, in training and in inference.
# - The batch may have any size. In a model it is not known yet, and `z_mean.shape` says `None`;
#   `ops.shape(z_mean)` gives a shape that one can draw with.
# - Gradients reach both inputs.
# - `Sampling.from_config(layer.get_config())` makes such a layer again; saving a model needs that.
#   Keras does the work, as long as `__init__` passes `**kwargs` on.
#
# Worked number: 10,000 draws with mean 1 and log-variance $\log 4$ have a mean of $1 \pm 0.06$ and
# a standard deviation of $2 \pm 0.04$ (three standard errors). The check looks at draws in this
# way, too. It knows no seed, and does not ask for yours.

# %% exercise="Sampling" role="answer"
class Sampling(keras.layers.Layer):
    """Draw one code for each row of `(z_mean, z_log_var)`, each `(batch, latent)`.

    seed: where this layer's own stream of noise starts; None picks a start at random.
    """

    def __init__(self, seed: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.noise = keras.random.SeedGenerator(seed)
        ### END SOLUTION

    def call(self, inputs: tuple) -> ArrayLike:
        ### BEGIN SOLUTION
        z_mean, z_log_var = inputs
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.noise)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon
        ### END SOLUTION

# %% [markdown]
# Yours to try, twice, to see whether anything moves:

# %%
# Sampling()((np.ones((2, 3)), np.zeros((2, 3))))

# %% exercise="Sampling" role="check"
vaelib.check("Sampling", Sampling)

# %% [markdown]
# The slides call the layer in another way, `Sampling()(mu, sigma)`. (They call the log-variance
# `sigma`; unit 02 has said what there is to say.) **Predict** what Keras 3 makes of that, then
# look at 10,000 draws of the layer as it should be called.

# %% role="demo"
layer = vaelib.yours_or_ours("Sampling", Sampling)()
mean, log_var = np.ones((10_000, 1)), np.full((10_000, 1), np.log(4))
try:
    layer(mean, log_var)
except TypeError as error:
    print("TypeError:", str(error).splitlines()[0])
figure = plots.plot_samples_against_density(np.ravel(layer((mean, log_var))), 1.0, 2.0)
plots.show(figure, alt="Histogram of 10,000 draws of the layer under the normal density with mean "
           "1 and standard deviation 2: bars and curve agree, also in the tails.")

# %% [markdown]
# A Keras layer takes its inputs as *one* argument; hence the pair and the double brackets. Called
# in this way, the layer fills the bell that its two numbers name, tails included.

# %% [markdown]
# ## 4. Complete the encoder (9 minutes)
#
# The [encoder](../../docs/glossary.md#encoder) is now two things in a row: the layers of unit 03
# (imported above as `encoder_layers`), and the draw. The model gives back all three of `z_mean`,
# `z_log_var` and `z`: the decoder needs the third, and the KL term of unit 05 the other two.
#
#     image -> encoder_layers -+-> z_mean -----+-----------> first output
#                              |               +-> Sampling -> z, third output
#                              +-> z_log_var --+-----------> second output
#
# ### Exercise 4: `encoder_model(latent_dim, input_shape)` (3 points)
#
# Return `(model, conv_shape)`. The model's outputs are `[z_mean, z_log_var, z]` in this order, and
# $z$ is drawn from the very `z_mean` and `z_log_var` that stand beside it. `conv_shape` is the
# third thing that `encoder_layers(inputs, latent_dim)` returns. Use your `Sampling`, or `Sampling`
# of `vaelib.layers` if yours is not done.
#
# Worked number: `encoder_model(2, (28, 28, 1))` has 82,104 parameters (`model.count_params()`), and
# its `conv_shape` is `(None, 7, 7, 64)`. The draw adds none: noise is not learnt.

# %% exercise="encoder_model" role="answer"
def encoder_model(latent_dim: int, input_shape: tuple) -> tuple[keras.Model, tuple]:
    """Return `(model, conv_shape)`; the model turns images into `[z_mean, z_log_var, z]`.

    input_shape: height, width and channels of one image. Each output is `(batch, latent)`.
    """
    ### BEGIN SOLUTION
    images = keras.Input(shape=input_shape)
    z_mean, z_log_var, conv_shape = encoder_layers(images, latent_dim)
    z = Sampling(name="draw")((z_mean, z_log_var))
    return keras.Model(images, [z_mean, z_log_var, z]), conv_shape
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# encoder_model(2, (28, 28, 1))[0].count_params()

# %% exercise="encoder_model" role="check"
vaelib.check("encoder_model", encoder_model)

# %% [markdown]
# The slides' training loop fetches the three outputs with three calls, `encoder(x)[0]`,
# `encoder(x)[1]` and `encoder(x)[2]`. **Predict** which of the three numbers change from call to
# call.

# %% role="demo"
digits = load_digits("bundled")
encoder, _ = vaelib.yours_or_ours("encoder_model", encoder_model)(1, (28, 28, 1))
for _ in range(3):
    mean, log_var, z = (float(output[0, 0]) for output in encoder(digits.x_test[:1]))
    print(f"z_mean {mean:+.4f}   z_log_var {log_var:+.4f}   z {z:+.4f}")

# %% [markdown]
# Mean and log-variance stay, and each call draws a $z$ of its own. So nothing is wrong with the
# slides' numbers: they use only the third $z$, and two draws are thrown away. But all the
# convolutions run three times, and in training mode batch normalisation updates its moving
# statistics three times a step. One call is enough: `z_mean, z_log_var, z = encoder(x)`.

# %% [markdown]
# ### Bug museum: twins at the end of an encoder
#
# A program that makes photographs talk contains a VAE for the movements of the head. In February
# 2025 a reader reported a slip at the end of its encoder,
# [SadTalker issue 969](https://github.com/OpenTalker/SadTalker/issues/969). Here it is in Keras
# and in our own words. **Find the line that is wrong.** Would you see it from the shapes? From the
# loss?

# %% role="demo"
def museum_heads(features, latent_dim):
    heads = {name: layers.Dense(latent_dim, name=name) for name in ("mean", "log_var")}
    z_mean = heads["mean"](features)
    z_log_var = heads["mean"](features)
    return z_mean, z_log_var

# %% [markdown]
# If you have found it, say what the next cell will print. If not, it will tell you.

# %% role="demo"
for name, output in zip(("z_mean", "z_log_var"), museum_heads(np.eye(3), 2), strict=True):
    print(f"{name:9s}", *np.round(np.ravel(output), 3))

# %% [markdown]
# <details><summary>The answer, after you have one of your own</summary>
#
# The log-variance is computed by the head for the mean. Shapes fit, nothing crashes, the loss
# falls. The second head exists, is saved with the model, and never gets a gradient: one look at
# which weights change during training would have shown it. The reader who reported it wondered how
# much it matters, as both numbers are 0 once training has converged. They are, but only for a code
# that says nothing about its image.
#
# </details>

# %% [markdown]
# What the slip costs, in one picture:

# %% role="demo"
plots.show(demos.plot_shared_head(), alt="Plane of means and standard deviations. A shared head "
           "reaches only one rising curve in it: codes on the left are all narrow, codes on the "
           "right all wide, and the two other points marked cannot be named.")

# %% [markdown]
# An encoder with separate heads can name every point of this plane, one with a shared head only the
# curve. Nobody chose that codes on the right should be vague. Your check feeds images to your model
# and compares the first two outputs, so this mistake at least will not pass.

# %% [markdown]
# ## 5. Build the way back (8 minutes)
#
# The [decoder](../../docs/glossary.md#decoder) undoes the encoder's shapes in reverse order: from
# `latent` numbers to 7 x 7 x 64, then twice as large, and twice as large again. What makes an
# image larger is a [transposed convolution](../../docs/glossary.md#transposed-convolution): every
# pixel stamps the kernel, multiplied by its own value, into the output, and with stride 2 the
# stamps stand two pixels apart. In one dimension, with the pixels $(1, 2)$ and the kernel
# $(1, 10, 100)$:
#
#     pixel 1 stamps    1   10  100
#     pixel 2 stamps            2    20  200
#     sum               1   10  102  20  200    "same" keeps the first 2 x 2 = 4
#
# Keras agrees, digit for digit:

# %% role="demo"
stamp = layers.Conv1DTranspose(1, 3, strides=2, padding="same", use_bias=False)
stamp.build((None, 2, 1))
stamp.set_weights([np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1)])
print(np.ravel(stamp(np.array([1.0, 2.0]).reshape(1, 2, 1))))

# %% [markdown]
# ### Exercise 5: `decoder_layers(inputs, conv_shape)` (3 points)
#
# Apply the slides' stack to `inputs`, codes of shape `(batch, latent)`, and return the tensor of
# images. `conv_shape` is what `encoder_model` returned; its first entry is the batch. All kernels
# are 3 x 3, all paddings "same".
#
# | layer | activation | output for `conv_shape` `(None, 7, 7, 64)` |
# |:--|:--|:--|
# | dense, 7 · 7 · 64 units (the product of `conv_shape` without the batch) | ReLU | 3,136 |
# | batch normalisation | | 3,136 |
# | reshape | | 7 x 7 x 64 |
# | transposed convolution, 64 filters, stride 2 | ReLU | 14 x 14 x 64 |
# | batch normalisation | | 14 x 14 x 64 |
# | transposed convolution, 32 filters, stride 2 | ReLU | 28 x 28 x 32 |
# | batch normalisation | | 28 x 28 x 32 |
# | transposed convolution, 1 filter, stride 1 | sigmoid | 28 x 28 x 1 |
#
# The last activation makes each pixel a probability (of ink), $1 / (1 + e^{-a})$ for the
# convolution's number $a$.
#
# Worked number: with `latent_dim` 2 the stack has 78,017 parameters, and 6,464 of them are moving
# statistics, which no gradient trains.

# %% exercise="decoder_layers" role="answer"
def decoder_layers(inputs: keras.KerasTensor, conv_shape: tuple) -> keras.KerasTensor:
    """Apply the decoder's layers to codes `(batch, latent)`; return images of probabilities.

    conv_shape: where the encoder's convolutions ended, such as `(None, 7, 7, 64)`.
    """
    ### BEGIN SOLUTION
    rows, columns, filters = conv_shape[1:]
    h = layers.Dense(rows * columns * filters, activation="relu")(inputs)
    h = layers.BatchNormalization()(h)
    h = layers.Reshape((rows, columns, filters))(h)
    h = layers.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu")(h)
    h = layers.BatchNormalization()(h)
    h = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(h)
    h = layers.BatchNormalization()(h)
    return layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(h)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# decoder_layers(keras.Input((2,)), (None, 7, 7, 64)).shape

# %% exercise="decoder_layers" role="check"
vaelib.check("decoder_layers", decoder_layers)

# %% [markdown]
# ### Exercise 6: `decoder_model(latent_dim, conv_shape)` (1 point)
#
# Wrap the layers into a `keras.Model` that takes codes `(batch, latent)` and gives images. Mind
# what goes in: a decoder has never seen the image.
#
# Worked number: `decoder_model(2, (None, 7, 7, 64)).output_shape` is `(None, 28, 28, 1)`.

# %% exercise="decoder_model" role="answer"
def decoder_model(latent_dim: int, conv_shape: tuple) -> keras.Model:
    """Return the model from codes `(batch, latent)` to images, made of your `decoder_layers`."""
    ### BEGIN SOLUTION
    codes = keras.Input(shape=(latent_dim,))
    return keras.Model(codes, decoder_layers(codes, conv_shape))
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# decoder_model(2, (None, 7, 7, 64)).output_shape

# %% exercise="decoder_model" role="check"
vaelib.check("decoder_model", decoder_model)

# %% [markdown]
# What does it draw? Ten codes from $\mathcal{N}(0, I)$, decoded by a fresh decoder and by one that
# has been trained. (Unit 06 trains yours. Until then a trained model comes with the course; its
# layers are dense ones, which train faster.)

# %% role="demo"
fresh = vaelib.yours_or_ours("decoder_model", decoder_model)(2, (None, 7, 7, 64))
z = rng.normal(size=(10, 2)).astype("float32")
rows = {"fresh": fresh(z), "trained": load_vae(2).decoder(z)}
figure = plots.plot_image_rows(rows, title="The same ten codes: training makes the digits")
plots.show(figure, alt="Two rows of ten decoded codes: the untrained decoder gives plain grey "
           "squares, the trained one digits, most of which can be read.")

# %% [markdown]
# And what does the draw do in a trained model, here with 16 latent dimensions? One test digit, its
# reconstruction from `z_mean`, and from eight draws of your layer.

# %% role="demo"
vae, image = load_vae(16), digits.x_test[digits.y_test == 3][:1]
z_mean, z_log_var, _ = vae.encoder(image)
layer = vaelib.yours_or_ours("Sampling", Sampling)()
z = layer((np.repeat(z_mean, 8, axis=0), np.repeat(z_log_var, 8, axis=0)))
shown = np.concatenate([image, vae.decoder(z_mean), vae.decoder(z)])
names = ["image", "z_mean", *(f"draw {number}" for number in range(1, 9))]
figure = plots.plot_digits(shown, names, title="Eight draws of one code, all decoded alike")
plots.show(figure, alt="A test digit 3, its reconstruction from the mean, and eight from draws "
           "around the mean: the strokes differ a little, and every one is a 3.")

# %% [markdown]
# Eight different codes, and nearly always a 3, with slightly other strokes. That is what the draw
# is for: during training the decoder never meets the same code of an image twice, so a whole
# neighbourhood has to decode to it. The holes of unit 01 have no room left between neighbourhoods
# that touch.

# %% [markdown]
# ## 6. Walk between two codes (4 minutes)
#
# If neighbourhoods touch, one should be able to walk from one image to another:
#
# $$z(t) = (1 - t) \, z_a + t \, z_b, \qquad t \in [0, 1]$$
#
# where $z_a$ and $z_b$ are the two codes and $t$ is the share of the way.
#
# ### Exercise 7: `interpolate(z_a, z_b, steps)` (1 point)
#
# Return `steps` codes, evenly spaced on that line, as rows of a `(steps, latent)` array. The first
# is `z_a`, the last `z_b`; `steps` is at least 2.
#
# Worked number: the 3 codes from $(0, 0)$ to $(1, 2)$ are $(0, 0)$, $(0.5, 1)$ and $(1, 2)$.

# %% exercise="interpolate" role="answer"
def interpolate(z_a: ArrayLike, z_b: ArrayLike, steps: int) -> ArrayLike:
    """Return `steps` codes on the line from z_a to z_b, both included: `(steps, latent)`."""
    ### BEGIN SOLUTION
    share = np.linspace(0.0, 1.0, steps)[:, np.newaxis]
    return (1 - share) * z_a + share * z_b
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# interpolate(np.array([0.0, 0.0]), np.array([1.0, 2.0]), 3)

# %% exercise="interpolate" role="check"
vaelib.check("interpolate", interpolate)

# %% [markdown]
# Nothing in the formula says that it must be codes. So we walk twice from a 3 to a 0: once between
# their codes, decoding on the way, and once between the images themselves, pixel by pixel.

# %% role="demo"
walk = vaelib.yours_or_ours("interpolate", interpolate)
other = digits.x_test[digits.y_test == 0][:1]
z_a, z_b = (np.asarray(vae.encoder(each)[0])[0] for each in (image, other))
codes = np.asarray(walk(z_a, z_b, 9), dtype="float32")
pixels = np.asarray(walk(image.ravel(), other.ravel(), 9)).reshape(-1, 28, 28)
rows = {"between\ncodes": vae.decoder(codes), "between\npixels": pixels}
claim = "Between codes lie digits, between images a double exposure"
figure = plots.plot_image_rows(rows, title=claim)
plots.show(figure, alt="Two ways from a 3 to a 0 in nine steps. Between codes the strokes bend "
           "from one digit into the other; between pixels the middle images are both at half "
           "strength.")

# %% [markdown]
# Half way between two images lies a double exposure; half way between two codes lies a picture that
# could be somebody's handwriting.

# %% [markdown]
# ## Reflection (2 points, 5 minutes)
#
# A colleague finds the sampled $z$ "too noisy for training" and lets the layer return `z_mean`
# while the model trains; it draws only when the model is used. In five to eight sentences: which
# gradients does `z_log_var` still get, and where will they drive it, given the KL term of unit 05,
# which is smallest at log-variance 0? What has the decoder learnt about codes near `z_mean`? Which
# figure of this course would show your colleague the result?

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric (2 points; half points are fine)**
#
# - 0.5: without the draw, z does not depend on `z_log_var`, so the reconstruction loss gives it no
#   gradient at all; only the KL term does.
# - 0.5: the KL term alone drives every log-variance to 0 (standard deviation 1), whatever the image
#   is: the spread says nothing, and does not fit the means.
# - 0.5: the decoder has met each image's `z_mean` only, points and no neighbourhoods: it is an
#   autoencoder again (with a pull on the means), and draws with standard deviation 1 land between
#   the codes, where it never was.
# - 0.5: a figure that would show it: decoded draws around one code (no longer the same digit),
#   holes in the latent scatter of unit 01, the walk between codes, samples from the prior.
#
# A good answer separates what is lost for the encoder (a spread that means something) from what is
# lost for the decoder (a smooth neighbourhood). Full points also for other figures, if the answer
# says what one would see there.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - A draw is noise that is stretched and moved. Randomness enters from the side, and gradients pass
#   along the path: 1 for the mean, half of what the noise added for the log-variance.
# - A random layer needs a stream that remembers (`SeedGenerator`) and noise that TensorFlow draws.
#   Integers repeat, and NumPy is frozen by tracing.
# - The encoder gives `[z_mean, z_log_var, z]` in one call. The decoder mirrors its shapes, and ends
#   in probabilities.
#
# **Two things to try**
#
# - Replace NumPy's draw in section 2 by `tf.random.normal((1, 1), z_mean, 2.0)`. Do gradients come
#   back? (Then look up in its source how TensorFlow moves and stretches.)
# - Give `demos.gradient_estimates` a rival: subtract a constant from $f(z)$ in the score function.
#   The average stays. For which constant is the variance smallest?
#
# **To read on**
#
# - [Kingma and Welling 2014](https://arxiv.org/abs/1312.6114), section 2.4: the trick, in one page.
# - [Rezende, Mohamed and Wierstra 2014](https://arxiv.org/abs/1401.4082): the same idea, found at
#   the same time, for deep latent Gaussian models.
# - [Mohamed et al. 2020](https://arxiv.org/abs/1906.10652): all three families of Monte Carlo
#   gradients, and when each has the smaller variance.
# - [Keras on randomness](https://keras.io/api/random/seed_generator/): what `SeedGenerator`
#   promises.
