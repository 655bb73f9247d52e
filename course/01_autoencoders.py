# %% [markdown]
# # Squeeze digits through two numbers
#
# An [autoencoder](../../docs/glossary.md#autoencoder) is two networks back to back: the
# [encoder](../../docs/glossary.md#encoder) squeezes an image into a few numbers, its
# [code](../../docs/glossary.md#code), and the [decoder](../../docs/glossary.md#decoder) turns them
# back into an image. It learns from images alone, nobody has to label anything. This unit builds
# one, asks how good its two numbers are, and then finds out why you cannot make *new* digits with
# it. The other six units are the answer to that.
#
# **What you will build.** An autoencoder for handwritten digits, principal component analysis to
# hold it against, and a measure of the holes between its codes.
#
# **What you will learn**
#
# - to build an encoder and a decoder, and to keep their shapes straight;
# - to judge reconstructions, on images that were not trained on;
# - to compare a network with the best linear method at equal size;
# - to show where in [latent space](../../docs/glossary.md#latent-space) no code lies, and what a
#   decoder does there.
#
# **What you need.** Python, NumPy and one Keras model that you have trained before.
#
# **Time.** 45 minutes.

# %% [markdown]
# These are the imports. Keras loads TensorFlow, which takes 5 to 25 seconds; that happens here,
# and only here.

# %% role="setup"
import math

import numpy as np

import vaelib

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import keras
    from keras import layers

# %% [markdown]
# Digits, figures and the training loop come from the course's own package.

# %% role="setup"
from vaelib import plots, widgets
from vaelib.data import load_digits
from vaelib.demos.unit01 import plot_code_plane, usual_reach
from vaelib.models import Autoencoder
from vaelib.training import Budget, set_seeds, train

plots.use_style()

# %% [markdown]
# ## 1. Read the map (4 minutes)
#
# Seven units, each about one question. What you write in one of them, the next ones import. The
# course grew out of a lecture; where it says *the slides*, it means those of that lecture.
#
# | unit | question |
# |---|---|
# | 01 Autoencoders (you are here) | Why can an autoencoder not make new digits? |
# | [02 Normal distributions][u02] | Which shape should the codes have instead? |
# | [03 Batch normalisation][u03] | How does a deep encoder train fast and steadily? |
# | [04 Sampling][u04] | How does a gradient get through a random draw? |
# | [05 KL divergence][u05] | How far are the codes from the shape we want? |
# | [06 Training][u06] | What comes out when all of it is trained together? |
# | [07 Applications][u07] | What is it good for? |
#
# [u02]: ../02_normal_distributions/02_normal_distributions.ipynb
# [u03]: ../03_batch_norm/03_batch_norm.ipynb
# [u04]: ../04_sampling/04_sampling.ipynb
# [u05]: ../05_kl_divergence/05_kl_divergence.ipynb
# [u06]: ../06_training/06_training.ipynb
# [u07]: ../07_applications/07_applications.ipynb
#
# ## Notation
#
# One table for all units. Words that are links lead to the [glossary](../../docs/glossary.md).
#
# | symbol | in code | shape | what it is |
# |---|---|---|---|
# | $x$ | `x` | `(batch, 28, 28, 1)` | images, 0 is paper and 1 is ink |
# | $\hat x$ | `x_hat` | as $x$ | their reconstructions |
# | $z$ | `z` | `(batch, latent)` | codes |
# | $d$ | `latent_dim` | a number | how many numbers a code has |
# | $\mu$ | `z_mean` | `(batch, latent)` | mean of an image's codes, from unit 02 on |
# | $\log\sigma^2$ | `z_log_var` | `(batch, latent)` | log-variance; "sigma" on the slides |
# | $\sigma$ | `std` | as above | standard deviation, $e^{\log\sigma^2 / 2}$ |
# | $\epsilon$ | `epsilon` | as $z$ | noise from $\mathcal N(0, I)$; in unit 03 a constant |
# | $p(z)$ | | | prior: the shape we ask codes to have, $\mathcal N(0, I)$ |
# | $q(z \mid x)$ | | | posterior: the codes that the encoder allows for $x$ |
# | $\mathrm{KL}(q \,\Vert\, p)$ | `kl_loss` | a number | from the posterior to the prior, nats |
# | $-\mathrm{ELBO}$ | `negative_elbo` | a number | the loss of a VAE: reconstruction + KL, nats |
# | $\beta$ | `beta` | a number | weight of the KL; in unit 03 the shift $b$ |
# | $\gamma$ | `gamma` | `(features,)` | in unit 03 the scale $g$ |
#
# *Per image* means one number for each entry of the batch. Logarithms are natural. What is summed
# and what is averaged is always said, because mixing the two up is the most common bug in this
# field.
#
# ## 2. Prepare the images (4 minutes)
#
# Files store pixels as whole numbers from 0 to 255, one byte each
# ([uint8](../../docs/glossary.md#uint8)). Networks like small floats, and Keras wants to know how
# many colour channels there are, even where there is one. So the same image arrives as `(28, 28)`
# bytes and leaves as `(28, 28, 1)` floats. These digits are real, 1,797 of them, and come with the
# course; 304 are put aside and not trained on ([held out](../../docs/glossary.md#held-out-data)).

# %% role="demo"
digits = load_digits("bundled")
raw_train, raw_test = (np.round(255 * x[..., 0]).astype("uint8")
                       for x in (digits.x_train, digits.x_test))
first = plots.plot_digits(raw_train[:20] / 255, digits.y_train[:20],
                          title=f"{len(raw_train):,} digits to train on, stored as bytes")
plots.show(first, alt="Twenty handwritten digits with their labels, white ink on black; some are "
                      "hard to read even for people.")

# %% [markdown]
# ### Exercise 1: `scale_pixels(images)` (1 point)
#
# Turn uint8 images `(n, 28, 28)` into float32 images `(n, 28, 28, 1)` in $[0, 1]$:
#
# $$x = \text{pixel} / 255$$
#
# One value: a pixel of 51 becomes 0.2. Do not forget that 51 is a *byte*. And here, as in every
# exercise of the course, a function leaves the arrays that it is given as they were.

# %% exercise="scale_pixels" role="answer"
def scale_pixels(images):
    """Return images as float32 (n, 28, 28, 1) in [0, 1].

    images: uint8 array (n, 28, 28).
    """
    ### BEGIN SOLUTION
    return images[..., np.newaxis].astype("float32") / 255
    ### END SOLUTION

# %% [markdown]
# The first cell is yours to try things out in: remove the `#`, it is not graded. The second one
# checks your answer.

# %%
# scale_pixels(np.full((2, 28, 28), 51, dtype="uint8"))[0, 0, 0]

# %% exercise="scale_pixels" role="check"
vaelib.check("scale_pixels", scale_pixels)

# %% [markdown]
# From here on the notebook uses what your function returns. Where an answer is missing or fails
# its check, vaelib's own version steps in and says so; nothing below is blocked by an unfinished
# exercise.

# %% role="demo"
scale = vaelib.yours_or_ours("scale_pixels", scale_pixels)
x_train, x_test = np.asarray(scale(raw_train)), np.asarray(scale(raw_test))
print("to train on:", x_train.shape, x_train.dtype, " held out:", x_test.shape)

# %% [markdown]
# ## 3. Count pixels on the way down (5 minutes)
#
# How does a network get from 784 pixels to a few numbers? With
# [convolutions](../../docs/glossary.md#convolution): a small window, the kernel, slides over the
# image and gives one number at each stop. With a [stride](../../docs/glossary.md#stride) of 2 it
# skips every other stop, and the side of the image halves. What happens at the border is a matter
# of [padding](../../docs/glossary.md#padding): *valid* stops only where the kernel lies inside the
# image, *same* surrounds the image with zeros, so that stride 1 would keep the side as it is.
#
# **By hand, in one dimension.** Five pixels, a kernel of 3, stride 2:
#
# ```
# valid     [1 2 3] 4 5       1 2 [3 4 5]                                2 stops
# same    [0 1 2] 3 4 5 0   0 1 [2 3 4] 5 0   0 1 2 3 [4 5 0]            3 stops
# ```
#
# ### Exercise 2: `output_size(size, kernel_size, stride, padding)` (2 points)
#
# Return the side after a convolution, as an int. With valid padding the kernel's first pixel has
# $\text{size} - \text{kernel} + 1$ places to stand, with same padding all $\text{size}$ of them;
# it takes every $\text{stride}$-th, beginning with the first:
#
# $$\text{same: } \left\lceil \frac{\text{size}}{\text{stride}} \right\rceil \qquad
# \text{valid: } \left\lceil \frac{\text{size} - \text{kernel} + 1}{\text{stride}} \right\rceil$$
#
# One value: `output_size(28, 3, 2, "valid")` is 13. Any other padding is a `ValueError`.

# %% exercise="output_size" role="answer"
def output_size(size, kernel_size, stride, padding):
    """Return the side after a convolution, in pixels, as an int.

    size, kernel_size, stride: ints of at least 1. padding: "same" or "valid".
    Raises ValueError for any other padding.
    """
    ### BEGIN SOLUTION
    if padding == "same":
        return math.ceil(size / stride)
    if padding == "valid":
        return (size - kernel_size) // stride + 1
    raise ValueError(f"padding must be 'same' or 'valid', not {padding!r}")
    ### END SOLUTION

# %% [markdown]
# Try the five pixels from above first, then let the check look at it.

# %%
# output_size(5, 3, 2, "valid"), output_size(5, 3, 2, "same")

# %% exercise="output_size" role="check"
vaelib.check("output_size", output_size)

# %% [markdown]
# The encoder of the slides has two convolutions with kernel 3 and stride 2. *Predict before you
# run:* which padding lets a decoder double its way back to 28?

# %% role="demo"
side = vaelib.yours_or_ours("output_size", output_size)
for padding in ("same", "valid"):
    half = side(28, 3, 2, padding)
    print(f"{padding:5}: 28 -> {half} -> {side(half, 3, 2, padding)}")

# %% [markdown]
# *Same*: 7 doubles to 14 and 28, while 6 would end at 24. The slides' convolutions come in unit
# 03. Today two hidden dense layers in each half are enough, and train in ten seconds.
#
# ## 4. Build the two halves (10 minutes)
#
#     image (28, 28, 1) -> encoder -> code (latent_dim,) -> decoder -> image
#
# The code is the [bottleneck](../../docs/glossary.md#bottleneck): whatever the decoder is to know
# of the image has to pass through it. Two details decide whether this works.
#
# - *The last layer of the encoder is linear*, without an activation. A ReLU there would forbid
#   negative codes, a sigmoid would lock all codes into a box.
# - *The last layer of the decoder is a sigmoid*, because a pixel is a number between 0 and 1.
#
# ### Exercise 3: `build_autoencoder(latent_dim)` (4 points)
#
# Return `(encoder, decoder)`, both a `keras.Model`: from `(28, 28, 1)` to `(latent_dim,)`, and from
# `(latent_dim,)` to `(28, 28, 1)` with values in $(0, 1)$. How many layers of which kind is up to
# you. A size that works: dense layers of 128 and 64 units with ReLU on the way down, 64 and 128 on
# the way up. One number: an encoder of that size for `latent_dim` 2 has 108,866 parameters.

# %% exercise="build_autoencoder" role="answer"
def build_autoencoder(latent_dim):
    """Return (encoder, decoder), two keras.Models, for codes of latent_dim numbers.

    encoder: (batch, 28, 28, 1) -> (batch, latent_dim), its last layer linear.
    decoder: (batch, latent_dim) -> (batch, 28, 28, 1), values in (0, 1).
    """
    ### BEGIN SOLUTION
    encoder = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten()])
    for units in (128, 64):
        encoder.add(layers.Dense(units, activation="relu"))
    encoder.add(layers.Dense(latent_dim))
    decoder = keras.Sequential([keras.Input((latent_dim,))])
    for units in (64, 128):
        decoder.add(layers.Dense(units, activation="relu"))
    decoder.add(layers.Dense(28 * 28, activation="sigmoid"))
    decoder.add(layers.Reshape((28, 28, 1)))
    return encoder, decoder
    ### END SOLUTION

# %% [markdown]
# `summary()` of either half shows its shapes. The check asks for several values of `latent_dim`.

# %%
# build_autoencoder(2)[0].summary()

# %% exercise="build_autoencoder" role="check"
vaelib.check("build_autoencoder", build_autoencoder)

# %% [markdown]
# ### What to minimise
#
# The [reconstruction error](../../docs/glossary.md#reconstruction-error) of one image is the
# squared difference, summed over its pixels; training minimises its average over the batch. **By
# hand:** if all 784 pixels are off by 0.5, the error is $784 \cdot 0.25 = 196$.
#
# ### Exercise 4: `reconstruction_error(x, x_hat)` (2 points)
#
# Return the error of each image, `(n,)`: summed over every axis but the first, averaged over
# nothing.
#
# $$e_i = \sum_{\text{pixels}} (x_i - \hat x_i)^2$$

# %% exercise="reconstruction_error" role="answer"
def reconstruction_error(x, x_hat):
    """Return the squared error of each image, summed over its pixels: (n,).

    x, x_hat: images and their reconstructions, (n, height, width, channels).
    """
    ### BEGIN SOLUTION
    return np.sum((x - x_hat) ** 2, axis=(1, 2, 3))
    ### END SOLUTION

# %% [markdown]
# The example by hand is a good first test.

# %%
# reconstruction_error(np.zeros((2, 28, 28, 1)), np.full((2, 28, 28, 1), 0.5))

# %% exercise="reconstruction_error" role="check"
vaelib.check("reconstruction_error", reconstruction_error)

# %% [markdown]
# Now train the two halves together, with two numbers per code. `Autoencoder` puts one behind the
# other and minimises that error; `train` shows how far it is. The seed makes your run look like
# the text says, more or less: other layers and other processors end elsewhere.

# %% role="demo"
build = vaelib.yours_or_ours("build_autoencoder", build_autoencoder)
rng = set_seeds(1)
autoencoder = Autoencoder(*build(2))
short = Budget("short", images=None, epochs=60, batch_size=64)
history = train(autoencoder, x_train, budget=short, learning_rate=3e-3)

# %% [markdown]
# What did it learn? The first ten held-out digits, before and after.

# %% role="demo"
error = vaelib.yours_or_ours("reconstruction_error", reconstruction_error)
x_hat = autoencoder.predict(x_test, verbose=0)
print(f"held-out error: {np.mean(error(x_test, x_hat)):.1f} per image, summed over pixels")
strip = plots.plot_image_rows({"held out": x_test[:10], "from two\nnumbers": x_hat[:10]},
                              title="Two numbers tell most digits apart, and lose who wrote them")
plots.show(strip, alt="Most digits come back as the right digit, smooth and standardised; a few "
                      "come back as a mixture of two digits.")

# %% [markdown]
# 784 numbers went in, two came through. That is not much: 19 is what is left of an error that
# would be about 39 if every digit came back as the average digit.
#
# ## 5. Hold it against a straight line (8 minutes)
#
# Is that good? A number means nothing without something to hold it against. The natural rival is
# older than computers: [principal component
# analysis](../../docs/glossary.md#principal-component-analysis). It is the best *linear*
# autoencoder: encoder and decoder are one matrix $W$ and its transpose, and nobody trains
# anything.
#
# $$\hat x = \bar x + (x - \bar x)\, W^\top W$$
#
# Here $\bar x$ is the mean training image, and the $k$ rows of $W$ are the directions in which the
# training images vary most, at right angles to each other. `np.linalg.svd` of the centred training
# images gives them, sorted.
#
# **By hand.** Four points, (0, 0), (2, 0), (0, 1) and (2, 1), vary most along the first
# coordinate. With $k = 1$ the point (5, 3) is reconstructed as (5, 0.5): the first number is kept,
# the second becomes the mean.
#
# ### Exercise 5: `pca_reconstruct(x_train, x_test, k)` (3 points)
#
# Rows are flat images. Centre with the *training* mean, project on the `k` leading principal
# components of `x_train`, map back. The result has the shape of `x_test`.

# %% exercise="pca_reconstruct" role="answer"
def pca_reconstruct(x_train, x_test, k):
    """Return x_test as k principal components of x_train can show it.

    x_train: flat images (n, pixels). x_test: flat images (m, pixels). Returns (m, pixels).
    """
    ### BEGIN SOLUTION
    centre = x_train.mean(axis=0)
    _, _, directions = np.linalg.svd(x_train - centre, full_matrices=False)
    components = directions[:k]
    codes = (x_test - centre) @ components.T
    return centre + codes @ components
    ### END SOLUTION

# %% [markdown]
# The four points and (5, 3) fit into one line.

# %%
# pca_reconstruct(np.array([[0.0, 0], [2, 0], [0, 1], [2, 1]]), np.array([[5.0, 3]]), k=1)

# %% exercise="pca_reconstruct" role="check"
vaelib.check("pca_reconstruct", pca_reconstruct)

# %% [markdown]
# To be fair we compare at equal size, twice: two numbers per code, and eight. So there is a second
# autoencoder to train. *Predict before you run:* who wins, and does the lead grow or shrink with
# the size of the code?

# %% role="demo"
rng = set_seeds(1)
wide = Autoencoder(*build(8))
train(wide, x_train, budget=Budget("shorter", None, 40, 64), learning_rate=3e-3)
pca = vaelib.yours_or_ours("pca_reconstruct", pca_reconstruct)
flat_train, flat_test = x_train.reshape(-1, 784), x_test.reshape(-1, 784)
linear = {k: np.reshape(pca(flat_train, flat_test, k), x_test.shape) for k in (2, 8)}
x_hats = {2: x_hat, 8: wide.predict(x_test, verbose=0)}
errors = {name: [float(np.mean(error(x_test, hats[k]))) for k in (2, 8)]
          for name, hats in (("PCA", linear), ("autoencoder", x_hats))}

# %% [markdown]
# The errors side by side, and below them what they look like at $k = 2$.

# %% role="demo"
bars = plots.plot_bars(errors, ["k = 2", "k = 8"],
                       "The autoencoder leaves about 2/3 of PCA's error",
                       "numbers per code", "held-out error, per image")
plots.show(bars, alt="At two numbers per code PCA leaves an error of 28 and the autoencoder "
                     "about 19; at eight they leave 15 and about 9.")
rows = {"held out": x_test[:10], "PCA, k = 2": np.clip(linear[2][:10], 0, 1),
        "autoencoder,\nk = 2": x_hat[:10]}
plots.show(plots.plot_image_rows(rows, title="PCA adds shadows, the autoencoder bends"),
           alt="With two components PCA gives blurred shadows that are hard to read; the "
               "autoencoder gives clear digits from as many numbers.")

# %% [markdown]
# PCA needs five or six numbers for what the network does with two. The reason is in the pictures:
# PCA can only add and subtract shadows of digits, and a curved family of shapes does not lie on a
# plane. The price is training, chance, and the trouble that the next sections are about.
#
# ### Bug museum: an exam with yesterday's questions
#
# Every error above was measured on held-out digits. A public collection of generative models
# wanted to do the same, in its first notebook. Its loop looked like this, in our own
# words:

# %% role="demo"
def train_and_test(model, train_batches, test_batches):
    for x_batch in train_batches:
        model(x_batch)                      # ... and here a training step, which we leave out
    losses, sizes = [], []
    for x_held_out in test_batches:
        losses.append(np.mean(error(x_batch, np.asarray(model(x_batch)))))
        sizes.append(len(x_held_out))
    return np.average(losses, weights=sizes)

batches = np.array_split(x_train, 24), np.array_split(x_test, 5)
print(f"reported as held-out error: {train_and_test(autoencoder, *batches):.1f}")

# %% [markdown]
# That is a little better than ours, and with longer training the gap only grows: ours gets worse
# in the end, this one never does. *Find the mistake before you open the answer.* Why does Python
# not complain?
#
# <details><summary>Answer</summary>
#
# The second loop goes over the held-out batches and takes nothing from them but their sizes: what
# it judges is `x_batch`, which the *first* loop left behind, the last training batch. In Python a
# loop variable outlives its loop, so the name exists and nobody complains. What is reported is a
# training error, and its curve cannot show overfitting, whatever happens.
#
# The owner confirmed it on the day it was reported, for several models at once
# ([tensorflow2-generative-models, issue
# 9](https://github.com/timsainb/tensorflow2-generative-models/issues/9)), and the loop lives on in
# the projects that copied it. Two habits help: put the evaluation into a function of its own,
# which cannot see the training batch; and distrust a held-out error that is not above the training
# error.
#
# </details>
#
# ## 6. Look for holes (9 minutes)
#
# So far the decoder only saw codes that the encoder had made. The slides ask: *what if we knew how
# to pick appropriate latent vectors?* Then the decoder alone would be a machine for new digits.
# Let us look where the codes are.

# %% role="demo"
codes = autoencoder.encoder.predict(x_train, verbose=0)
codes_test = autoencoder.encoder.predict(x_test, verbose=0)
cloud = plots.plot_latent_scatter(codes, digits.y_train,
                                  title="Nobody told the encoder where to put its codes")
plots.show(cloud, alt="Codes of each digit form a streak or a clump of their own; the clumps "
                      "differ in size, touch in the middle and leave empty areas around them.")

# %% [markdown]
# Digits of a kind lie together, although no label was ever shown. But look at the axes: codes
# reach 30 or 40 away from 0, for no reason, and with another seed they would lie elsewhere. Between
# the streaks there is nothing. Move the point, and watch what the decoder makes of places where no
# digit is.

# %% role="demo"
widgets.latent_explorer(autoencoder.decoder, codes, digits.y_train)

# %% [markdown]
# Without a kernel, the next figure says the same: the whole plane, decoded on a grid.

# %% role="demo"
decoded = plot_code_plane(autoencoder.decoder, codes, n=12,
                          title="Between the clumps: blends of digits, and no digits at all")
plots.show(decoded, alt="A map of decoded codes: regions of clear digits, borders with blends of "
                        "two digits, and worn-out shapes at the rim where no code lies.")

# %% [markdown]
# ### Exercise 6: `hole_fraction(codes, candidates, radius)` (2 points)
#
# Put a number on it. A *candidate* is a point that somebody might decode. It lies in a
# [hole](../../docs/glossary.md#hole) if not one of the codes is within Euclidean distance `radius`
# of it. Return the fraction of candidates in holes:
#
# $$\frac1m \sum_{j=1}^m \Big[\, \min_i \lVert c_j - z_i \rVert > \text{radius} \,\Big]$$
#
# where $z_i$ are the $n$ codes, $c_j$ the $m$ candidates, and the bracket is 1 if it is true and 0
# if not. One value: for one code at 0 and candidates at 1, 2 and 5, radius 3 gives 1/3.

# %% exercise="hole_fraction" role="answer"
def hole_fraction(codes, candidates, radius):
    """Return the fraction of candidates that have no code within a Euclidean radius, a float.

    codes: array (n, d). candidates: array (m, d).
    """
    ### BEGIN SOLUTION
    distances = np.linalg.norm(candidates[:, None] - codes[None], axis=-1)
    return float(np.mean(distances.min(axis=1) > radius))
    ### END SOLUTION

# %% [markdown]
# The one code and the three candidates, as columns:

# %%
# hole_fraction(np.array([[0.0]]), np.array([[1.0], [2.0], [5.0]]), radius=3.0)

# %% exercise="hole_fraction" role="check"
vaelib.check("hole_fraction", hole_fraction)

# %% [markdown]
# Which radius is fair? We take the one within which 95 % of the *held-out* digits have a training
# code. So a real digit falls into a hole 5 times in 100. Now we draw candidates at random from the
# box around all codes.

# %% role="demo"
holes = vaelib.yours_or_ours("hole_fraction", hole_fraction)
radius = usual_reach(codes, codes_test)
candidates = rng.uniform(codes.min(axis=0), codes.max(axis=0), (1000, 2))
share = holes(codes, candidates, radius)
print(f"radius {radius:.2f}: {holes(codes, codes_test, radius):.0%} of the held-out digits, "
      f"{share:.0%} of the random candidates lie in a hole")
gaps = plots.plot_latent_holes(codes, candidates[:300], radius,
                               title=f"Two dimensions: {share:.0%} of random codes hit a hole")
plots.show(gaps, alt="Random candidates over the cloud of codes: those at the rim and between the "
                     "streaks are crossed out, for no code is near them.")

# %% [markdown]
# Between a third and a half, depending on the seed, and the decoder bridges many of these holes
# with something digit-like. Two dimensions are easy to fill with 1,493 codes. *Predict before you
# run:* what happens with eight?

# %% role="demo"
codes_8 = wide.encoder.predict(x_train, verbose=0)
tries = {"held out": wide.encoder.predict(x_test, verbose=0),
         "from the box": rng.uniform(codes_8.min(axis=0), codes_8.max(axis=0), (1000, 8)),
         "around zero": rng.normal(size=(1000, 8))}
radius_8 = usual_reach(codes_8, tries["held out"])
for name, z in tries.items():
    print(f"{name:12}: {holes(codes_8, z, radius_8):.0%} in holes")
rows = {name: wide.decoder.predict(z[:10], verbose=0) for name, z in tries.items()}
blind = plots.plot_image_rows(rows, title="Eight dimensions: good reconstructions, no new digits")
plots.show(blind, alt="Reconstructions are clear digits; codes drawn from the box give broken "
                      "strokes, and codes drawn around zero give grey ghosts.")

# %% [markdown]
# Nearly every random code falls into a hole, and the better autoencoder is the worse generator.
# The ghosts in the last row are what `rng.normal` gives, the draws that everybody would try first:
# this encoder happened to leave the neighbourhood of zero empty. Its codes are fine. We do not
# know how to pick one.
#
# That is the gap that a *variational* autoencoder (VAE) closes. It will not let the encoder choose:
# every code has to follow one shape that we know how to draw from. Unit 02 is about this shape.
#
# ## 7. See where this goes (2 minutes)
#
# The slides end on four applications. Here is the map; unit 07 walks it.
#
# | application | what a code is good for | where a plain autoencoder stops |
# |---|---|---|
# | dimensionality reduction | few numbers stand for an image | distances are arbitrary |
# | denoising | noise does not fit through the bottleneck | nowhere: it learns that, too |
# | anomaly detection | the unfamiliar comes back badly | it may bridge its holes too well |
# | generation | decode a code that nobody encoded | which one? |
#
# Unit 07 judges each by a number: neighbours found among codes, decibels gained on unseen noise,
# the share of anomalies that outscore normal data, and samples held beside the training image that
# is nearest to them.
#
# ## Reflection (2 points, 3 minutes)
#
# Your eight-number autoencoder reconstructs unseen digits well. A start-up wants to sell new
# digits made by its decoder. In three to five sentences: why does a low reconstruction error not
# promise good new digits, which measurement of this unit shows it, and what would one have to know
# about the codes to pick good ones? (A double click on the next cell opens it.)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric.** One point each; half a point for a claim without its reason or its number.
#
# 1. *Error and generation are different questions.* The error is measured at codes that the
#    encoder makes from real images; nothing in the loss says anything about the decoder elsewhere.
#    Evidence from the unit: the hole fraction is 5 % for held-out digits (by construction) and
#    close to 100 % for random codes in eight dimensions, or the ghosts and broken strokes decoded
#    there.
# 2. *What is missing.* A known distribution of the codes to draw from, which has no holes where it
#    is dense: where the codes lie, how wide they spread, and that the decoder was trained there.
#    "Train the encoder such that its codes follow a known distribution" earns the point. So does
#    "fit a distribution to the codes", if it is said that three quarters of such draws can still
#    miss all codes.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - An autoencoder learns to pass an image through a bottleneck: linear codes, sigmoid pixels,
#   squared error summed over pixels.
# - At equal size it leaves about two thirds of PCA's error on unseen digits, because shapes do not
#   lie on a plane.
# - It puts its codes wherever it likes. In eight dimensions nearly every random code lies in a
#   hole, and the decoder has nothing to say there.
#
# **Two things to try**
#
# - Run the notebook with another seed in `set_seeds`: what changes in the scatter, and what does
#   not?
# - Fit a mean and a standard deviation to the eight-number codes, draw new ones from them, and
#   decode: how many still fall into holes?
#
# **To read on**
#
# - Hinton and Salakhutdinov, [Reducing the Dimensionality of Data with Neural
#   Networks](https://www.cs.toronto.edu/~hinton/absps/science_som.pdf) (2006): deep autoencoders
#   against PCA, on the same kind of digits.
# - Goodfellow, Bengio and Courville, [Deep Learning, chapter
#   14](https://www.deeplearningbook.org/contents/autoencoders.html): all the kinds of autoencoder
#   there were before this course's.
# - Dumoulin and Visin, [A guide to convolution arithmetic](https://arxiv.org/abs/1603.07285):
#   padding and stride, drawn.
# - Next: [unit 02](../02_normal_distributions/02_normal_distributions.ipynb), the shape that the
#   codes should have.
