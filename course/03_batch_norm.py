# %% [markdown]
# # Standardise every layer's input, and train faster and steadier
#
# A layer learns best when its inputs have a familiar size, but the layers before it keep changing
# that size. Batch normalisation restores it behind every layer, for every batch. It is three
# formulas long, and most of the bugs it causes come from a fourth thing: it works differently in
# training and afterwards.
#
# **What you will build.** Batch normalisation in NumPy, the encoder that the VAE of unit 06 uses,
# and one correct training step.
#
# **What you will learn**
#
# - to standardise a batch, and to say over which axes;
# - to tell training mode from inference mode, and to measure the gap between the two;
# - to count the parameters of a network with batch normalisation, trained and not trained;
# - to spot a training loop that never normalises anything.
#
# **What you need.** Convolutions (unit 01), mean and standard deviation (unit 02).
# All symbols are in the [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation).
#
# **Time.** 45 minutes.

# %% [markdown]
# Run the imports first, and read on meanwhile: TensorFlow takes 5 to 25 seconds to load.

# %% role="setup"
from collections.abc import Callable

import numpy as np

import vaelib

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import keras
    import tensorflow as tf
    from keras import layers, ops

keras.utils.set_random_seed(3)

# %% [markdown]
# Figures, sliders and digits come from the course's own package.

# %% role="setup"
from vaelib import plots, widgets
from vaelib.data import load_digits
from vaelib.demos import unit03 as demos

plots.use_style()

# %% [markdown]
# ## 1. Standardise one column by hand (5 minutes)
#
# Here is one number per image for a batch of four: 2, 4, 4, 10. To
# [standardise](../../docs/glossary.md#standardise) it is to ask of each number how many standard
# deviations it lies from the mean. The slides write
#
# $$z = \frac{x - m}{s}$$
#
# with $m$ the mean over the batch and $s$ the standard deviation over the batch. (This $z$ is a
# score; the codes that are called $z$ in the other units come later.)
#
# | step | 2 | 4 | 4 | 10 | |
# |---|---|---|---|---|---|
# | $x - m$ | −3 | −1 | −1 | 5 | $m = 20 / 4 = 5$ |
# | squared | 9 | 1 | 1 | 25 | $s^2 = 36 / 4 = 9$, so $s = 3$ |
# | $z$ | −1 | −1/3 | −1/3 | 5/3 | mean 0, standard deviation 1 |
#
# Note the 36 **/ 4**: we divide by the size of the batch, not by one less. That is the
# [biased variance](../../docs/glossary.md#biased-variance), which is also what `np.var` and Keras
# compute. The same in code:

# %% role="demo"
column = np.array([2.0, 4.0, 4.0, 10.0])
z = (column - column.mean()) / column.std()
z

# %% [markdown]
# A real batch has many columns, one per feature, and each gets a mean and a standard deviation of
# its own. And some column will one day be constant: then $s = 0$, and $0 / 0$ spoils the network
# for good. So a small $\epsilon$ is added to the variance, *under* the root:
#
# $$z = \frac{x - m}{\sqrt{s^2 + \epsilon}}$$
#
# ### Exercise 1: `standardize(x, epsilon)` (2 points)
#
# Write this formula for `x` of shape `(batch, features)`: mean and variance are taken **per
# feature, over the batch**.
#
# *Worked number:* the column 1, 3 has mean 2 and variance 1. With $\epsilon = 3$ the root is 2,
# and the result is −0.5, 0.5.

# %% exercise="standardize" role="answer"
def standardize(x: np.ndarray, epsilon: float) -> np.ndarray:
    """Return x with mean 0 and (nearly) standard deviation 1 in each column.

    x: `(batch, features)`. epsilon: added to the biased variance, under the root.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=0)
    var = np.mean((x - mean) ** 2, axis=0)
    return (x - mean) / np.sqrt(var + epsilon)
    ### END SOLUTION

# %% [markdown]
# Try it on the worked number, or on columns of your own; then check it.

# %%
# standardize(np.array([[1.0], [3.0]]), epsilon=3.0)

# %% exercise="standardize" role="check"
vaelib.check("standardize", standardize)

# %% [markdown]
# Now eight units of an untrained layer, on 1,000 handwritten digits. Their weights differ in size,
# and so do their outputs. **Predict:** what will the right-hand picture look like?

# %% role="demo"
images = load_digits("bundled").x_train[:1000]
features = demos.hidden_features(images, units=8, rng=np.random.default_rng(3))
ours = vaelib.yours_or_ours("standardize", standardize)
plots.show(
    demos.plot_before_and_after(features, ours(features, 1e-3)),
    alt="Box plots of eight units: before, their spreads differ many-fold; afterwards all have "
    "mean 0 and spread 1.",
)

# %% [markdown]
# The next layer sees eight features of one size, whatever the weights before it do. What
# standardising does *not* change is the shape: a unit that is skewed to the left stays so.

# %% [markdown]
# ## 2. Give the scale back: g and b (3 minutes)
#
# Mean 0 and standard deviation 1 is a good place to start, and not always the best place to stay.
# So batch normalisation ends with a scale and a shift, one of each per feature:
#
# $$y = g \, z + b$$
#
# Both are [trainable parameters](../../docs/glossary.md#trainable-parameter): they start at $g =
# 1$ and $b = 0$, and gradient descent moves them like any weight. The literature and Keras write
# $\gamma$ (`gamma`) and $\beta$ (`beta`) for them, and so do the exercises; this $\beta$ has
# nothing to do with the one that weighs a loss in unit 06.
#
# **Predict:** with which $g$ and $b$ does the column 2, 4, 4, 10 come back as it was?

# %% role="demo"
g, b = column.std(), column.mean()
g * z + b

# %% [markdown]
# With $g = s$ and $b = m$ nothing has happened. So the network has lost no ability; but the size of
# a feature is now set by two numbers, and no longer by hundreds of weights that all serve another
# purpose too. Ask Keras what it keeps for a layer of 20 units:

# %% role="demo"
norm = layers.BatchNormalization()
norm.build((None, 20))
{weight.name: (tuple(weight.shape), weight.trainable) for weight in norm.weights}

# %% [markdown]
# Four numbers per feature, and only two of them are trained. The other two are the subject of the
# next section.

# %% [markdown]
# ## 3. Tell the two modes apart (10 minutes)
#
# **Predict:** a trained network gets a single image, a batch of one. What does the formula above
# give for it, if $m$ and $s$ are the batch's own?
#
# <details><summary>Answer</summary>
#
# The mean of one number is that number: $x - m = 0$, and $y = b$. Every image would look the same.
#
# </details>

# %% [markdown]
# So a layer of [batch normalisation](../../docs/glossary.md#batch-normalisation) has two modes:
#
# - in [training mode](../../docs/glossary.md#training-mode) it uses the mean and the variance of
#   the batch at hand, **and** makes a note of them;
# - in [inference mode](../../docs/glossary.md#inference-mode) it uses those notes, and nothing
#   else.
#
# The notes are [moving averages](../../docs/glossary.md#moving-average). Each batch moves them a
# little, by a share that the [momentum](../../docs/glossary.md#momentum) sets:
#
# $$\text{new} = \text{momentum} \cdot \text{old} + (1 - \text{momentum}) \cdot \text{batch}$$
#
# ### Exercise 2: `batch_norm_train(...)` (4 points)
#
# `batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum, epsilon)` returns
# `(y, new_moving_mean, new_moving_var)`. `y` is scaled and shifted after it was
# standardised with the **batch's** statistics; the two others follow the formula above, with the
# same batch mean and the same (biased) batch variance. Leave the caller's arrays as they are.
#
# *Worked number:* the column 2, 4, 4, 10 with $\gamma = 2$, $\beta = 1$, $\epsilon = 0$ gives
# $y$ = −1, 1/3, 1/3, 13/3. From a moving mean of 0 and a moving variance of 1, a momentum of 0.9
# leads to $0.9 \cdot 0 + 0.1 \cdot 5 = 0.5$ and $0.9 \cdot 1 + 0.1 \cdot 9 = 1.8$.

# %% exercise="batch_norm_train" role="answer"
def batch_norm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    momentum: float,
    epsilon: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (y, new_moving_mean, new_moving_var); the arrays that came in stay as they are.

    x, y: `(batch, features)`. All other arrays: `(features,)`.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    y = gamma * x_hat + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var
    ### END SOLUTION

# %% [markdown]
# The worked number again, to play with:

# %%
# one = np.ones(1)
# batch_norm_train(np.array([[2.0], [4.0], [4.0], [10.0]]), 2 * one, one, 0 * one, one, 0.9, 0.0)

# %% exercise="batch_norm_train" role="check"
vaelib.check("batch_norm_train", batch_norm_train)

# %% [markdown]
# ### Exercise 3: `batch_norm_infer(...)` (2 points)
#
# `batch_norm_infer(x, gamma, beta, moving_mean, moving_var, epsilon)` returns the `y` of the same
# layer in inference mode: the moving statistics take the place of the batch's. Every row
# of the result depends on that row alone.
#
# *Worked number:* $x = 9$ with a moving mean of 5 and a moving variance of 4 lies two standard
# deviations out; $\gamma = 2$ and $\beta = 1$ make $y = 2 \cdot 2 + 1 = 5$.

# %% exercise="batch_norm_infer" role="answer"
def batch_norm_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    moving_mean: np.ndarray,
    moving_var: np.ndarray,
    epsilon: float,
) -> np.ndarray:
    """Return y `(batch, features)`, each row a function of that row alone."""
    ### BEGIN SOLUTION
    x_hat = (x - moving_mean) / np.sqrt(moving_var + epsilon)
    return gamma * x_hat + beta
    ### END SOLUTION

# %% [markdown]
# Try a batch of one row; then check.

# %%
# one = np.ones(1)
# batch_norm_infer(np.array([[9.0]]), 2 * one, one, 5 * one, 4 * one, epsilon=0.0)

# %% exercise="batch_norm_infer" role="check"
vaelib.check("batch_norm_infer", batch_norm_infer)

# %% [markdown]
# ### How far apart are the two?
#
# Take one image and put it into two batches, with other company each time. **Predict:** in which
# mode does the image's own output change?

# %% role="demo"
train = vaelib.yours_or_ours("batch_norm_train", batch_norm_train)
infer = vaelib.yours_or_ours("batch_norm_infer", batch_norm_infer)
kept = np.ones(8), np.zeros(8), features.mean(axis=0), features.var(axis=0)
for company in (features[1:8], features[8:15]):
    batch = np.vstack([features[:1], company])
    print("training ", np.round(train(batch, *kept, 0.9, 1e-3)[0][0, :4], 2))
    print("inference", np.round(infer(batch, *kept, 1e-3)[0, :4], 2))

# %% [markdown]
# In training mode an image's output depends on its neighbours in the batch. That is a kind of
# noise: it can help a network not to learn its images by heart, and it is gone in inference mode.
# How much noise it is depends on the batch size. Here the notes are perfect (they are the
# statistics of all 1,000 images), so what you see is the batches' share alone. Move the slider:

# %% role="demo"
def gap(batch_size: int) -> np.ndarray:
    return demos.inference_gap(train, infer, features, batch_size, np.random.default_rng(3))


widgets.batch_size_explorer(gap)

# %% [markdown]
# The same without a kernel, for all sizes at once:

# %% role="demo"
batch_sizes = (2, 4, 8, 16, 32, 64, 128, 256)
plots.show(
    plots.plot_inference_gap(batch_sizes, [gap(size) for size in batch_sizes]),
    alt="The gap between training and inference mode shrinks steadily as the batch size grows.",
)

# %% [markdown]
# The gap is in standard deviations: two images to a batch are off by about three quarters of one,
# 128 by a tenth. Four times the batch halves it, as you know from the mean of a sample. With
# batches below 16 or so, what a network was trained with is not what it will meet later.

# %% [markdown]
# ## 4. Normalise feature maps, channel by channel (4 minutes)
#
# A convolution slides one filter over the whole picture, so all the numbers in one
# [channel](../../docs/glossary.md#channel) were made by the same weights. They belong together,
# and share one mean and one variance: taken over the batch **and** over all pixels, per channel.
#
# **Predict:** feature maps of shape `(64, 14, 14, 32)`: how many means, and each over how many
# numbers?
#
# <details><summary>Answer</summary>
#
# 32 means, one per channel, each over $64 \cdot 14 \cdot 14 = 12{,}544$ numbers. That is why small
# batches hurt a convolution's statistics less than a dense layer's.
#
# </details>
#
# ### Exercise 4: `batch_norm_conv(x, gamma, beta, epsilon)` (2 points)
#
# `x` is `(batch, height, width, channels)`; training mode, no notes. `gamma` and `beta` are
# `(channels,)`.
#
# *Worked number:* two images of 1 × 2 pixels and one channel, (1, 3) and (5, 7): the mean over all
# four numbers is 4, the variance 5; with $\epsilon = 4$, $\gamma = 3$ and $\beta = 0$ the first
# image becomes (−3, −1).

# %% exercise="batch_norm_conv" role="answer"
def batch_norm_conv(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, epsilon: float
) -> np.ndarray:
    """Return y `(batch, height, width, channels)`, training mode, one statistic per channel.

    gamma, beta: `(channels,)`.
    """
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=(0, 1, 2))
    var = np.var(x, axis=(0, 1, 2))
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    return gamma * x_hat + beta
    ### END SOLUTION

# %% [markdown]
# Try the worked number; then check.

# %%
# maps = np.array([1.0, 3.0, 5.0, 7.0]).reshape(2, 1, 2, 1)
# batch_norm_conv(maps, 3 * np.ones(1), np.zeros(1), epsilon=4.0)

# %% exercise="batch_norm_conv" role="check"
vaelib.check("batch_norm_conv", batch_norm_conv)

# %% [markdown]
# ## 5. Build the slides' encoder (6 minutes)
#
# From here on Keras does the arithmetic. The encoder of the slides squeezes an image through two
# convolutions and a dense layer, each followed by batch normalisation, and ends in two
# [heads](../../docs/glossary.md#head): one for the mean of the code, one for its log-variance.
#
# | layer | settings | output shape |
# |---|---|---|
# | input | | (28, 28, 1) |
# | Conv2D | 32 filters, 3 × 3, strides 2, padding same, ReLU | (14, 14, 32) |
# | BatchNormalization | | (14, 14, 32) |
# | Conv2D | 64 filters, 3 × 3, strides 2, padding same, ReLU | (7, 7, 64) |
# | BatchNormalization | | (7, 7, 64), the `conv_shape` |
# | Flatten | | (3136,) |
# | Dense | 20 units, ReLU | (20,) |
# | BatchNormalization | | (20,) |
# | Dense, Dense | `latent_dim` units each, linear, side by side | `z_mean`, `z_log_var` |
#
# The heads are *linear* and have nothing behind them: a mean may be any number, and so may a
# log-variance. ReLU would forbid half of them; another normalisation would fix what each image is
# meant to say for itself. (The slides call the second head `sigma`. It is $\log \sigma^2$, as unit
# 02 has shown, so here it is `z_log_var`.)
#
# ### Exercise 5: `encoder_layers(inputs, latent_dim)` (4 points)
#
# Apply these layers to the Keras input `inputs` and return `(z_mean, z_log_var, conv_shape)`.
# `conv_shape` is the shape before Flatten, batch axis included: `(None, 7, 7, 64)`. The decoder of
# unit 04 starts from it.
#
# *Worked number:* the first convolution has $3 \cdot 3 \cdot 1 \cdot 32 + 32 = 320$ parameters,
# its normalisation $4 \cdot 32 = 128$.

# %% exercise="encoder_layers" role="answer"
def encoder_layers(inputs: keras.KerasTensor, latent_dim: int) -> tuple:
    """Return (z_mean, z_log_var, conv_shape) of the slides' encoder.

    inputs: a Keras input `(batch, 28, 28, 1)`. z_mean, z_log_var: `(batch, latent)`.
    conv_shape: shape after the second convolution's normalisation, `(None, 7, 7, 64)`.
    """
    ### BEGIN SOLUTION
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(inputs)
    x = layers.BatchNormalization(name="norm_1")(x)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(name="norm_2")(x)
    conv_shape = x.shape
    x = layers.Flatten()(x)
    x = layers.Dense(20, activation="relu")(x)
    x = layers.BatchNormalization(name="norm_3")(x)
    z_mean = layers.Dense(latent_dim, name="mean_head")(x)
    z_log_var = layers.Dense(latent_dim, name="log_var_head")(x)
    return z_mean, z_log_var, conv_shape
    ### END SOLUTION

# %% [markdown]
# Look at the shapes you get; then check.

# %%
# encoder_layers(keras.Input((28, 28, 1)), latent_dim=2)

# %% exercise="encoder_layers" role="check"
vaelib.check("encoder_layers", encoder_layers)

# %% [markdown]
# **Predict** before you run: of the parameters of the three normalisations (32, 64 and 20
# features), how many are trained, and how many are not?

# %% role="demo"
stack = vaelib.yours_or_ours("encoder_layers", encoder_layers)
pixels = keras.Input((28, 28, 1))
encoder = keras.Model(pixels, stack(pixels, 2)[:2])
trained = sum(ops.size(weight) for weight in encoder.trainable_weights)
print(f"{encoder.count_params():,} parameters, {trained:,} of them trained")

# %% [markdown]
# The 232 that are not trained are $2 \cdot (32 + 64 + 20)$ moving means and variances. Three
# quarters of all parameters sit in one place, the Dense layer behind Flatten: $3136 \cdot 20 + 20
# = 62{,}740$.

# %% [markdown]
# ## 6. Take one step, in training mode (5 minutes)
#
# A training step asks the model for an answer, measures the loss, follows the gradient of every
# trainable variable $\theta$, and lets the [optimizer](../../docs/glossary.md#optimizer) move
# them:
#
# $$\theta \leftarrow \theta - \text{rate} \cdot \frac{\partial\, \text{loss}}{\partial \theta}$$
#
# with the learning rate in front. That is plain gradient descent; other optimizers do more.
#
# `fit` tells the model by itself that this is training. In a step of your own, that is up to you.
#
# ### Exercise 6: `training_step(model, x, optimizer, loss_fn)` (3 points)
#
# Make **one** step on `loss_fn(x, model(x))`, with every batch normalisation in training mode, and
# return that loss: the one at the weights from which the step starts. Use the optimizer you are
# given; `tf.GradientTape` records what gradients need.
#
# *Worked number:* the model $w x$ with $w = 3$, the squared error, $x = 2$. The loss is $(2 - 6)^2
# = 16$, its gradient $2 \cdot (6 - 2) \cdot 2 = 16$. At a learning rate of 0.01 gradient descent
# ends at $w = 2.84$, and 16 is returned.

# %% exercise="training_step" role="answer"
def training_step(
    model: keras.Model, x: tf.Tensor, optimizer: keras.optimizers.Optimizer, loss_fn: Callable
) -> tf.Tensor:
    """Make one gradient step on `loss_fn(x, model(x))` and return that loss, one number.

    x: one batch, which the model should give back. The model is called in training mode.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as recording:
        loss = loss_fn(x, model(x, training=True))
    gradients = recording.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
    ### END SOLUTION

# %% [markdown]
# The worked number as a model with one weight:

# %%
# one_weight = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
# one_weight.set_weights([np.array([[3.0]])])
# loss = training_step(one_weight, np.array([[2.0]]), keras.optimizers.SGD(0.01),
#                      lambda x, x_hat: ops.mean(ops.square(x - x_hat)))
# print(float(loss), one_weight.get_weights())

# %% exercise="training_step" role="check"
vaelib.check("training_step", training_step)

# %% [markdown]
# ## 7. Bug museum: the loop that never normalised (5 minutes)
#
# This is the heart of the training loop in the slides that this course grew out of, one step of it.
# It runs, and the loss falls. Yet every batch normalisation in the model is out of order, from the
# first step to the last. **Find the line.**

# %% role="demo"
def slides_step(vae, x_batch, optimizer, loss_fn):
    with tf.GradientTape() as tape:
        reconstructed = vae(x_batch)
        loss = loss_fn(x_batch, reconstructed)
    grads = tape.gradient(loss, vae.trainable_weights)
    optimizer.apply_gradients(zip(grads, vae.trainable_weights, strict=True))
    return loss

# %% [markdown]
# Evidence first. Both loops train the encoder above, with a small decoder behind its `z_mean`, from
# the same start, with a momentum of 0.9. After each step we read the notes of the encoder's last
# normalisation, averaged over its 20 units.

# %% role="demo"
own_step = vaelib.yours_or_ours("training_step", training_step)
seen = {}
for name, step in {"the slides' loop": slides_step, "training_step": own_step}.items():
    keras.utils.set_random_seed(3)
    model = demos.small_autoencoder(stack)
    given = demos.batches(images, 32, 40, np.random.default_rng(3))
    seen[name] = demos.watch_last_normalization(model, step, given)
    print(f"{name}: moving mean {seen[name].moving_mean[-1]:.2f}, "
          f"moving variance {seen[name].moving_variance[-1]:.2f}, loss {seen[name].losses[-1]:.0f}")

# %% [markdown]
# **Predict** the two curves of the moving mean: where do they start, and where do they go?

# %% role="demo"
curves = {name: watched.moving_mean for name, watched in seen.items()}
curves["mean of the batch itself"] = seen["training_step"].batch_mean
plots.show(
    plots.plot_lines(range(1, 41), curves, "Only one of the moving means moves", "training step",
                     "mean over 20 units"),
    alt="The slides' moving mean stays at 0 for all steps; the other one follows the batches.",
)

# %% [markdown]
# The second loop's moving mean trails the batches, some ten steps behind: that is $1 / (1 - 0.9)$,
# from the momentum. The slides' loop ends with a mean of 0.00 and a variance of 1.00, and these are
# not rounded. Its loss fell all the same, from 543 to about 160 nats, the loss of answering every
# image with the average digit.

# %% [markdown]
# <details><summary>Which line, and why nobody noticed</summary>
#
# `reconstructed = vae(x_batch)`. Outside of `fit`, a Keras model that is not told otherwise is in
# inference mode. So each normalisation uses its moving mean and its moving variance, which nothing
# ever updates: they are 0 and 1 for ever, as on the first day. With them $y = g \, (x - 0) /
# \sqrt{1 + \epsilon} + b \approx g x + b$, a rescaling that normalises nothing. Training and
# inference even agree, because both are wrong in the same way; the loss falls, as it would without
# any normalisation. The cure is `vae(x_batch, training=True)`.
#
# What gives it away is not a loss curve but one look at the weights: a moving mean that is exactly
# 0 after training.
#
# </details>

# %% [markdown]
# ## 8. Does it pay? (2 minutes)
#
# A dense autoencoder of six layers, plain gradient descent, three learning rates, with and without
# batch normalisation. The dotted line is the loss of a model that answers every image with the
# average digit: a run that is stuck there has learnt nothing about the images. **Predict:** which
# of the six runs will fail?

# %% role="demo"
rated = demos.losses_by_rate(own_step, images, (0.001, 0.01, 0.1), steps=50)
plots.show(
    demos.plot_losses_by_rate(rated, demos.average_image_loss(images)),
    alt="At rate 0.001 the run with batch norm is slower; at 0.01 only it gets below the average "
    "image; at 0.1 the run without it diverges.",
)

# %% [markdown]
# *Steadier*: at 0.1 the plain network explodes, and the normalised one trains best of all.
# *Faster*: because it bears the larger rate. At 0.001 batch normalisation is the slower of the
# two, so it is no gift: it is a licence to drive faster. Why it works is still argued over. The
# first explanation (layers no longer chase each other's moving outputs) did not stand up to
# experiments; a smoother loss surface did better.

# %% [markdown]
# ## Reflection (2 points, 5 minutes)
#
# A friend trains an autoencoder with batch normalisation on batches of two images, since the
# computer's memory allows no more. The training loss looks fine. Evaluated **on the same images**,
# the loss is far worse. Explain in four to six sentences what the layer computes in each of the
# two cases, why the numbers differ so much here, and two things that your friend could do about
# it.

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric.** 1 point for the cause: in training each feature is standardised with the mean and
# variance of the two images at hand; in evaluation with the moving averages of these, so a
# different function is evaluated. With two images the batch statistics are mostly noise (a gap of
# about three quarters of a standard deviation in this unit's figure), so the network has learnt to
# live with something that is absent afterwards. Half a point where the two modes are named and the
# role of the batch size is not.
#
# 1 point for two remedies that would work, half a point each: larger batches; another
# normalisation without batch statistics (layer or group normalisation) or none; a larger momentum
# or more steps, so that the moving averages settle (accept if explained: it steadies the averages
# and does not remove the noise in training); recompute the statistics over all the data after
# training. Not: evaluating in training mode, unless the answer says that outputs then depend on
# the company.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - Batch normalisation is $z = (x - m) / \sqrt{s^2 + \epsilon}$ and $y = g z + b$, with one $m$
#   and $s$ per feature (dense) or per channel (convolution), and $g$ and $b$ trained.
# - Training mode uses the batch's statistics and updates the moving ones; inference mode uses the
#   moving ones. The gap between the two shrinks like one over the square root of the batch size.
# - A loop of your own has to say `training=True`; the loss will not tell you that it did not.
#
# **Two things to try**
#
# - `demos.small_autoencoder(stack, momentum=0.99)` has Keras's own momentum. How far do the
#   moving statistics come in 40 steps? After how many are they within 5 % ($0.99^n = 0.05$)?
# - Put the normalisation *before* the ReLU in `encoder_layers`, as the original paper does, and
#   compare the losses of 40 steps.
#
# **To read on**
#
# - [Ioffe and Szegedy 2015](https://arxiv.org/abs/1502.03167): the paper; its Algorithm 1 gives
#   the `y` of your `batch_norm_train`.
# - [Santurkar et al. 2018](https://arxiv.org/abs/1805.11604): tests the paper's explanation and
#   finds another one.
# - [Keras:
#   BatchNormalization](https://keras.io/api/layers/normalization_layers/batch_normalization/):
#   every argument, and the two modes once more.
# - [Keras: transfer learning](https://keras.io/guides/transfer_learning/): what `training` and
#   `trainable` mean for this layer when a trained network is taken over.
