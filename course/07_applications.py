# %% [markdown]
# # Put latent codes to work
#
# The slides end on four things that autoencoders are good for. This unit does all four on held-out
# digits, and for each of them asks the question that demonstrations leave out: compared to what?
#
# **What you will build.** A search by code, a denoiser, an anomaly detector, and generated digits
# that have been checked for being copies.
#
# **What you will learn**
#
# - to measure what a code is worth by the neighbours it has, against PCA of equal size;
# - to train a denoiser and to test it where it was not trained;
# - to set a threshold from normal data alone, and to read an
#   [AUROC](../../docs/glossary.md#auroc) below one half;
# - to walk through latent space on purpose, and to prove that a new digit is new.
#
# **What you need.** A trained VAE (unit 06); two come with `vaelib`, with 2 and with 16 latent
# dimensions. All symbols are in the
# [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation).
#
# **Time.** 60 minutes.

# %% [markdown]
# The next cell imports TensorFlow. That takes 5 to 25 seconds, once. It also loads the real
# handwritten digits that come with scikit-learn, 1,493 to train on and 304 held out.

# %% role="setup"
import numpy as np
from scipy.stats import norm

import vaelib
from vaelib.data import load_digits

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import keras
    from keras import layers

keras.utils.set_random_seed(7)
digits = load_digits("bundled")
x_train, y_train = digits.x_train, digits.y_train
x_test, y_test = digits.x_test, digits.y_test

# %% [markdown]
# Figures, sliders, trained models and a few long demonstrations come from the course's own package.

# %% role="setup"
from vaelib import plots, widgets
from vaelib.demos import unit07 as demos
from vaelib.metrics import posterior_means
from vaelib.trained import load_experiment, load_vae, yours_or_trained

plots.use_style()
rng = np.random.default_rng(7)
vae_2, vae_16 = load_vae(2), load_vae(16)

# %% [markdown]
# ## 1. Dimensionality reduction: are neighbours of a kind? (14 minutes)
#
# 784 pixels become 16 numbers. Did anything that matters get lost? A simple test needs no
# classifier: give each held-out digit the label that most of its `k` nearest training codes have,
# and count how often it is right
# ([k nearest neighbours](../../docs/glossary.md#k-nearest-neighbours)). The encoder never saw a
# label.
#
# Small enough for a pencil: training codes 0, 1, 2, 10, 11 on a line, labelled A, A, B, B, B. The
# three nearest to 0.9 are 1, 0 and 2. Two of them say A.
#
# ### Exercise 1: `knn_accuracy(codes_train, y_train, codes_test, y_test, k)` (2 points)
#
# Codes are `(n, latent)`, labels are integers `(n,)`. Return the share of test codes whose majority
# label among the `k` nearest training codes (Euclidean) is the right one, as a float. Ties do not
# come up. Worked number: on the line above, with test codes 0.9 and 9 labelled A and A and `k = 3`,
# one of two is right: 0.5.

# %% exercise="knn_accuracy" role="answer"
def knn_accuracy(
    codes_train: np.ndarray, y_train: np.ndarray, codes_test: np.ndarray, y_test: np.ndarray, k: int
) -> float:
    """Return the share of test codes that their `k` nearest training codes label rightly."""
    ### BEGIN SOLUTION
    correct = 0
    for code, label in zip(codes_test, y_test, strict=True):
        distances = np.sum((code - codes_train) ** 2, axis=1)
        closest = np.argsort(distances)[:k]
        correct += np.bincount(y_train[closest]).argmax() == label
    return correct / len(codes_test)
    ### END SOLUTION

# %% [markdown]
# Try it here first; this cell is yours and is not graded.

# %%
# line = np.array([[0.0], [1.0], [2.0], [10.0], [11.0]])
# knn_accuracy(line, np.array([0, 0, 1, 1, 1]), np.array([[0.9], [9.0]]), np.array([0, 0]), 3)

# %% exercise="knn_accuracy" role="check"
vaelib.check("knn_accuracy", knn_accuracy)

# %% [markdown]
# Compared to what? To PCA with as many numbers (unit 01), and to the pixels themselves. Of the
# posterior we take the mean: a *sampled* code is a neighbour of itself only roughly. **Predict**
# the order of the five rows before you run.

# %% role="demo"
accuracy = vaelib.yours_or_ours("knn_accuracy", knn_accuracy)
codes = {"784 pixels": [x.reshape(len(x), -1) for x in (x_train, x_test)]}
for k in (2, 16):
    codes[f"PCA, {k}"] = [demos.pca_codes(x_train, x, k) for x in (x_train, x_test)]
    encoder = {2: vae_2, 16: vae_16}[k].encoder
    codes[f"VAE, {k}"] = [posterior_means(encoder, x) for x in (x_train, x_test)]
for name, (train, test) in codes.items():
    print(f"{name:10s}  {100 * accuracy(train, y_train, test, y_test, 5):.1f} % right")

# %% [markdown]
# With two numbers the VAE keeps far more than PCA, about 82 % against 62 %: it may bend the plane,
# PCA may not. With sixteen both reach about 97 %, and so do the raw pixels. (Of 304 digits, 1 % are
# three; do not read anything into the last place.) So a VAE is not the better PCA at every size.
# Try the simple method first, and see what is left to win.
#
# The same neighbours make a search engine. Here is one held-out digit, and what each code finds.

# %% role="demo"
query = 17
searches = {name: (train, test[query]) for name, (train, test) in codes.items()
            if name in ("784 pixels", "PCA, 16", "VAE, 16", "VAE, 2")}
axes = demos.plot_retrieval(x_train, searches, x_test[query])
plots.show(axes, alt="A held-out digit and the nine training digits nearest to it by pixels, by "
           "16 principal components, and by codes with 16 and with 2 dimensions; the larger codes "
           "agree on the digit, and the codes of 2 dimensions mix in others.")

# %% [markdown]
# This is *retrieval*: search by likeness, without a label. With
# 16 numbers for 784 a search through a million images compares 49 times fewer numbers.

# %% [markdown]
# ## 2. Denoising: judge it on noise (18 minutes)
#
# A [denoiser](../../docs/glossary.md#denoising) gets a noisy image and is trained to give the clean
# one. The noise is ours to make:
#
# $$\tilde x = \mathrm{clip}_{[0, 1]} (x + a \, \epsilon), \qquad \epsilon \sim \mathcal{N}(0, 1)$$
#
# where $a$ is the noise factor, $\epsilon$ is drawn afresh for every pixel, and the clipping keeps
# $\tilde x$ an image.
#
# ### Exercise 2: `add_noise(x, noise_factor, rng)` (2 points)
#
# Return noisy images of x's shape, and leave `x` itself alone. All noise comes from `rng`, a NumPy
# Generator, so that the caller decides whether it repeats. Worked number: at factor 0 nothing
# changes; at 0.5 a blank pixel stays exactly 0 half of the time.

# %% exercise="add_noise" role="answer"
def add_noise(x: np.ndarray, noise_factor: float, rng: np.random.Generator) -> np.ndarray:
    """Return `x` plus `noise_factor` times normal noise from `rng`, clipped to [0, 1]."""
    ### BEGIN SOLUTION
    noise = rng.normal(size=x.shape)
    return np.clip(x + noise_factor * noise, 0, 1)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# add_noise(np.zeros((2, 3)), 0.5, np.random.default_rng(1))

# %% exercise="add_noise" role="check"
vaelib.check("add_noise", add_noise)

# %% [markdown]
# How noisy is noisy? Image people count in decibels, by the
# [peak signal-to-noise ratio](../../docs/glossary.md#peak-signal-to-noise-ratio):
#
# $$\mathrm{PSNR} = 10 \log_{10} \frac{1}{\frac{1}{784} \sum_p (x_p - \hat x_p)^2}$$
#
# where the 1 above is the peak, the brightest that a pixel can be, and below stands the *mean*
# squared error of one image. 10 dB more are a tenth of the error; nats use base e and decibels base
# 10, each by custom of its field.
#
# ### Exercise 3: `psnr(x, x_hat)` (2 points)
#
# Both are `(n, height, width, 1)`; return one number an image, `(n,)`, in dB. Worked number: an
# error of 0.1 in every pixel is 20 dB.

# %% exercise="psnr" role="answer"
def psnr(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """Return the peak signal-to-noise ratio of each image in dB, for a peak of 1: `(n,)`."""
    ### BEGIN SOLUTION
    error = np.mean((x - x_hat) ** 2, axis=(1, 2, 3))
    return 10 * np.log10(1 / error)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# psnr(np.zeros((1, 4, 4, 1)), np.full((1, 4, 4, 1), 0.1))

# %% exercise="psnr" role="check"
vaelib.check("psnr", psnr)

# %% [markdown]
# ### Exercise 4: `trained_denoiser` (4 points)
#
# Write `train()`: build any `keras.Model` from noisy to clean digits, train it on `x_train` with
# noise of factor 0.5, and return it. No code has to be small here; what helps is a network that
# looks at neighbourhoods, and fresh noise in every epoch. As a guide, two strided convolutions, two
# transposed ones and a last convolution with a sigmoid, Adam at `2e-3`, `binary_crossentropy` and
# ten epochs take 10 to 20 seconds. The gain is PSNR after minus PSNR before, averaged over images.
#
# The check gives your model digits that are not in `x_train`, with fresh noise of factor 0.5, and
# asks for a gain of at least 9.7 dB in PSNR; they start at about 9.4 dB. Worked number: 20.1 dB
# afterwards are a gain of 10.7.

# %% exercise="trained_denoiser" role="answer"
def train() -> keras.Model:
    """Return a model that was trained to turn noisy digits into clean ones."""
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input(x_train.shape[1:]),
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    ])
    adam = keras.optimizers.Adam(learning_rate=0.002)
    model.compile(optimizer=adam, loss="binary_crossentropy", jit_compile=False)
    noises = np.random.default_rng(70)
    for _ in range(10):
        noisy = np.clip(x_train + 0.5 * noises.normal(size=x_train.shape), 0, 1)
        model.fit(noisy, x_train, batch_size=32, verbose=0)
    return model
    ### END SOLUTION


trained_denoiser = vaelib.attempt(train)

# %% [markdown]
# Yours to try. The last line keeps your model in a file; if you hand that in beside the notebook,
# grading judges it and does not train again.

# %%
# trained_denoiser.count_params()
# vaelib.save_trained("trained_denoiser", trained_denoiser)

# %% exercise="trained_denoiser" role="check"
vaelib.check("trained_denoiser", trained_denoiser)

# %% [markdown]
# ### Bug museum: a spotless denoiser
#
# This is how a well-known tutorial showed its denoiser, in our names; the text below the figure
# praised how well the noise was removed.

# %% role="demo"
model = yours_or_trained("trained_denoiser", trained_denoiser)
noise, decibels = vaelib.yours_or_ours("add_noise", add_noise), vaelib.yours_or_ours("psnr", psnr)
x_noisy = noise(x_test, 0.5, rng).astype("float32")
denoised = np.asarray(model(x_test))
rows = {"noisy": x_noisy[:10], "denoised": denoised[:10]}
plots.show(plots.plot_image_rows(rows, title="The denoiser of the museum looks spotless"),
           alt="Ten noisy digits above ten perfectly clean ones; the figure suggests that the "
           "model has removed the noise, which the code does not bear out.")

# %% [markdown]
# **Find the line that is wrong.** The figure does not show it.
#
# <details><summary>The answer, after you have one of your own</summary>
#
# `model(x_test)` is given the *clean* digits. The lower row shows what the model makes of images
# without noise; the upper row it has never seen. The tutorial was reported twice, as tensorflow
# issues [53357](https://github.com/tensorflow/tensorflow/issues/53357) and
# [55487](https://github.com/tensorflow/tensorflow/issues/55487), and mended. Two rows, one above
# the other, prove nothing about what went into what.
# </details>
#
# ### Test it where it was not trained
#
# Here is the honest figure, and the numbers for it.

# %% role="demo"
denoised = np.asarray(model(x_noisy))
before, after = decibels(x_test, x_noisy).mean(), decibels(x_test, denoised).mean()
rows = {"clean": x_test[:10], "noisy": x_noisy[:10], "denoised": denoised[:10]}
title = f"From {before:.1f} dB to {after:.1f} dB, and mostly the right digit"
plots.show(plots.plot_image_rows(rows, title=title), alt="Ten held-out digits, clean, noisy and "
           "denoised: most strokes are recovered, some are broken or bent.")

# %% [markdown]
# All this was at the noise that the model was trained on. **Predict**: what does it do to images
# with hardly any noise, and to images with twice the noise?

# %% role="demo"
factors = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
before, after = demos.gains_by_noise(model, x_test, factors, rng)
axes = plots.plot_lines(factors, {"noisy": before, "denoised": after},
                        "Far from the noise of its training it gains less, or loses",
                        "noise factor (training: 0.5)", "PSNR, dB")
plots.show(axes, alt="PSNR before and after denoising over the noise factor. The gain is largest "
           "around the training factor of 0.5; below 0.1 the denoised images are worse than the "
           "noisy ones.")

# %% [markdown]
# At the left end the model *harms*: it blurs what was sharp, as nobody ever showed it a clean
# image. Remedies: draw the noise factor afresh for each image in training, or ask beforehand
# whether there is noise at all.

# %% [markdown]
# ## 3. Anomaly detection: strange is not the same as expensive (16 minutes)
#
# A model that has only seen normal data should pay more for what is not normal. As the
# [anomaly score](../../docs/glossary.md#anomaly-score) of an image take its negative ELBO in nats.
# When is a score high? Nobody has anomalies beforehand, so the threshold must come from normal data
# alone: choose the share of false alarms that you can live with, the
# [false positive rate](../../docs/glossary.md#false-positive-rate), and cut off that share.
#
# ### Exercise 5: `anomaly_threshold(normal_scores, false_positive_rate)` (2 points)
#
# Return the score above which that share of the normal data is flagged: NumPy's default quantile at
# `1 - false_positive_rate`, a float. Worked number: the scores 10, 20, 30, 40, 50 and a rate of 0.1
# give 46.

# %% exercise="anomaly_threshold" role="answer"
def anomaly_threshold(normal_scores: np.ndarray, false_positive_rate: float) -> float:
    """Return the score that a share `false_positive_rate` of normal data exceeds."""
    ### BEGIN SOLUTION
    return float(np.quantile(normal_scores, 1 - false_positive_rate))
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# anomaly_threshold(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), 0.1)

# %% exercise="anomaly_threshold" role="check"
vaelib.check("anomaly_threshold", anomaly_threshold)

# %% [markdown]
# Ten models with two latent dimensions were trained beforehand, each without one digit (by
# `vaelib.trained.make`). For the model that has never seen a 0, the zeros are the anomalies:

# %% role="demo"
scores = load_experiment("anomalies")
zero = scores["2"]["0"]
cut = vaelib.yours_or_ours("anomaly_threshold", anomaly_threshold)(zero["normal"], 0.05)
axes = plots.plot_score_histograms(zero["normal"], zero["anomaly"], cut, "negative ELBO, nats")
plots.show(axes, alt="Histograms of the scores of held-out digits 1 to 9 and of zeros for a model "
           "that never saw a zero: the zeros lie to the right, most of them above the threshold.")

# %% [markdown]
# A threshold is one compromise among many. To compare *scores* rather than thresholds, ask for the
# probability that a random anomaly scores higher than a random normal image:
#
# $$\mathrm{AUROC} = \frac{1}{n m} \sum_{i=1}^{n} \sum_{j=1}^{m}
#   \Bigl( [a_j > s_i] + \tfrac12 [a_j = s_i] \Bigr)$$
#
# where $s_i$ are the $n$ normal scores, $a_j$ the $m$ scores of anomalies, and $[\cdot]$ is 1 if
# true and 0 if not. A score that knows nothing gets ½. The name says *area under the
# [ROC curve](../../docs/glossary.md#roc-curve)*: slide the threshold, plot anomalies found against
# normal images flagged, and the area below that curve is the same number.
#
# ### Exercise 6: `auroc(normal_scores, anomaly_scores)` (3 points)
#
# Return it as a float. Worked number: normal 1, 2, 3 and anomalies 2, 4 have six pairs, of which
# four are won, one is a tie and one is lost: 0.75.

# %% exercise="auroc" role="answer"
def auroc(normal_scores: np.ndarray, anomaly_scores: np.ndarray) -> float:
    """Return the probability that an anomaly scores higher than normal data, ties for half."""
    ### BEGIN SOLUTION
    normal_scores, anomaly_scores = np.asarray(normal_scores), np.asarray(anomaly_scores)
    wins = np.mean(anomaly_scores[:, None] > normal_scores)
    ties = np.mean(anomaly_scores[:, None] == normal_scores)
    return wins + 0.5 * ties
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# auroc(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0]))

# %% exercise="auroc" role="check"
vaelib.check("auroc", auroc)

# %% [markdown]
# Now for all ten digits, with 2 and with 32 latent dimensions. **Predict** whether the larger code
# is the better detector.

# %% role="demo"
area = vaelib.yours_or_ours("auroc", auroc)
areas = {f"latent {size}": [area(each["normal"], each["anomaly"]) for each in left_out.values()]
         for size, left_out in scores.items()}
plots.show(demos.plot_areas(areas), alt="Area under the ROC curve for each digit left out of "
           "training, for two latent sizes: most lie above 0.8, and the digit 1 at the larger size "
           "lies at one half, which is chance.")

# %% [markdown]
# It depends on the digit. At 32 dimensions nine of them get 0.83 and more; the 3, 8 and 9 are found
# much better than at 2. But the 1 falls from 0.77 to 0.51, and a coin does as well. These ones were
# drawn with a broad pen: they have 96 % of the ink of the other digits. On MNIST a 1 has half of
# it, and there the same experiment ends like this:

# %% role="demo"
ones = load_experiment("mnist")["anomalies"]
for size, each in ones.items():
    means = [np.mean(each[kind]) for kind in ("normal", "anomaly")]
    print(f"latent {size:2s}: normal {means[0]:.0f} nats, ones {means[1]:.0f} nats, "
          f"AUROC {area(each['normal'], each['anomaly']):.2f}")
axes = plots.plot_score_histograms(ones["32"]["normal"], ones["32"]["anomaly"],
                                   xlabel="negative ELBO, nats",
                                   title="A model that never saw a 1 finds ones cheapest of all")
plots.show(axes, alt="Scores on MNIST of a model with 32 latent dimensions that never saw a 1: the "
           "ones lie far to the left of the normal digits, so strange digits look more normal than "
           "normal ones.")

# %% [markdown]
# An AUROC of 0.07 is not bad luck. It is a good detector with the wrong sign. Two effects add up:
#
# - A negative ELBO is a price per image, and images differ in price for reasons that have nothing
#   to do with strangeness. A 1 has little ink and few grey edges: on the 1,000 MNIST test images
#   used here even a perfect decoder pays 24 nats for a 1 and 48 for another digit, since grey
#   pixels are never free (section 1 of unit 06).
# - A large code can describe strokes in general. A vertical stroke is part of the 4, the 7 and the
#   9, so the model needs no ones to draw one. Two dimensions cannot; they must pick from what they
#   know, and an unknown digit costs extra.
#
# So a better model of the data can be a worse detector. Before you trust a detector, test it on
# anomalies that are *simpler* than the normal data. What helps is a price relative to how expensive
# an image is anyhow; the second suggestion at the end is one.

# %% [markdown]
# ## 4. Generate, and check for copies (9 minutes)
#
# Unit 06 drew a map of latent space. Its codes are not evenly spaced: the prior has little mass far
# out, so a map with equal steps in the code would waste most of its area there. Equal steps in
# *probability* give each image the same share of the prior:
#
# $$z_i = \Phi^{-1}(p_i), \qquad p_1, \dots, p_n \text{ evenly spaced over the central coverage}$$
#
# where $\Phi^{-1}$ is the standard normal's [quantile](../../docs/glossary.md#quantile) function,
# `norm.ppf` of SciPy.
#
# ### Exercise 7: `prior_grid(n, coverage)` (2 points)
#
# Return the `n * n` codes of the map, `(n * n, 2)`, the first coordinate varying slowest. The
# probabilities include both ends of the central share; what it leaves out lies in equal parts on
# its left and on its right. Worked number: with `n = 3` and a coverage of 0.9 the probabilities are
# 0.05, 0.5 and 0.95, and the codes begin (-1.645, -1.645), (-1.645, 0), (-1.645, 1.645),
# (0, -1.645).

# %% exercise="prior_grid" role="answer"
def prior_grid(n: int, coverage: float) -> np.ndarray:
    """Return codes `(n * n, 2)` at evenly spaced quantiles of the prior."""
    ### BEGIN SOLUTION
    tail = (1 - coverage) / 2
    probabilities = np.linspace(tail, 1 - tail, n)
    values = norm.ppf(probabilities)
    return np.array([(first, second) for first in values for second in values])
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# prior_grid(3, 0.9)

# %% exercise="prior_grid" role="check"
vaelib.check("prior_grid", prior_grid)

# %% [markdown]
# Your codes, decoded in one call, show all that two numbers can say, the
# [manifold](../../docs/glossary.md#manifold) of this decoder:

# %% role="demo"
codes_of_map = vaelib.yours_or_ours("prior_grid", prior_grid)(12, 0.95)
images = vae_2.decoder(np.asarray(codes_of_map, dtype="float32"))
axes = plots.plot_digits(images, columns=12, title="144 digits, in equal shares of the prior")
plots.show(axes, alt="Map of twelve by twelve decoded codes at evenly spaced quantiles: digits "
           "change smoothly into one another along both axes.")

# %% [markdown]
# Codes can be added and subtracted. The straight line between two codes is a
# walk from digit to digit; between the two *images* there is only a cross-fade:

# %% role="demo"
ends = posterior_means(vae_16.encoder, x_test[[3, 40]])
plots.show(plots.plot_interpolation(vae_16.decoder, *ends), alt="Nine steps between two held-out "
           "digits: between their codes every step is a stroke drawing, between their pixels both "
           "digits are seen at once, half transparent.")

# %% [markdown]
# A difference of codes can carry a meaning, too. Take the mean code of the quarter of the training
# digits with most ink, minus that of the quarter with least: an
# [attribute vector](../../docs/glossary.md#attribute-vector). **Predict** what adding it does
# to a digit that it was not computed from.

# %% role="demo"
ink = x_train.sum(axis=(1, 2, 3))
direction = demos.attribute_direction(codes["VAE, 16"][0], ink)
steps = np.linspace(-1.5, 1.5, 7)
shown = {f"a {y_test[i]}": vae_16.decoder((codes["VAE, 16"][1][i] + np.outer(steps, direction))
                                          .astype("float32")) for i in (15, 10, 17, 16)}
axes = plots.plot_image_rows(shown, [f"{step:+g}" for step in steps],
                             "More ink, mostly the same digit")
plots.show(axes, alt="Four held-out digits from left to right with ever more of the ink direction "
           "added to their codes: the strokes get thicker; the 6, the 5 and the 1 stay what they "
           "are, and the 9 closes to an 8.")

# %% [markdown]
# Nobody trained for this: over all held-out digits the ink rises by 22 % from one end to the other.
# At the ends a digit may become another one, as the 9 does. In the heavy quarter 19 % are eights,
# in the light one 4 %, and the direction cannot know which part of the difference you meant.
#
# The sliders move the six dimensions of the 16 that vary most. No dimension is "thickness" or
# "slant"; a meaning is a direction, and rarely an axis. **Find** a digit that two sliders turn into
# another one. The figure below the sliders is their static twin, with three of the dimensions.

# %% role="demo"
widgets.latent_explorer(vae_16.decoder, codes["VAE, 16"][1], y_test)

# %% role="demo"
most = np.sort(np.argsort(codes["VAE, 16"][1].var(axis=0))[-3:])
axes = plots.plot_traversals(vae_16.decoder, codes["VAE, 16"][1][3], dims=most)
plots.show(axes, alt="A held-out 3 with one latent dimension moved at a time, a row each: every "
           "dimension changes slant, width and shape at once, and ends at other digits.")

# %% [markdown]
# A last suspicion. Are these new digits, or training digits learnt by heart? A generator that
# stores its 1,493 images would look *better* than ours. So look for the nearest training image of
# each generated one: $\arg\min_j \lVert x^{\text{train}}_j - x^{\text{new}} \rVert$, where the norm
# runs over all pixels.
#
# ### Exercise 8: `nearest_training_image(x_train, x_generated)` (2 points)
#
# Return for each generated image the index of the nearest training image, by Euclidean distance
# over all pixels: integers, `(m,)`. Worked number: among the training images all-0 and all-1, the
# nearest to all-0.4 is number 0.

# %% exercise="nearest_training_image" role="answer"
def nearest_training_image(x_train: np.ndarray, x_generated: np.ndarray) -> np.ndarray:
    """Return the index of the training image nearest to each generated one: `(m,)`."""
    ### BEGIN SOLUTION
    nearest = []
    for image in x_generated:
        distances = np.sum((x_train - image) ** 2, axis=(1, 2, 3))
        nearest.append(np.argmin(distances))
    return np.array(nearest)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# both = np.stack([np.zeros((28, 28, 1)), np.ones((28, 28, 1))])
# nearest_training_image(both, np.full((1, 28, 28, 1), 0.4))

# %% exercise="nearest_training_image" role="check"
vaelib.check("nearest_training_image", nearest_training_image)

# %% [markdown]
# For a scale, the same distances are measured for held-out digits, which are surely no copies.

# %% role="demo"
find = vaelib.yours_or_ours("nearest_training_image", nearest_training_image)
drawn = np.asarray(vae_16.decoder(rng.normal(size=(100, 16)).astype("float32")))
distances = {name: np.sqrt(np.square(x - x_train[find(x_train, x)]).sum(axis=(1, 2, 3)))
             for name, x in {"generated": drawn, "held out": x_test}.items()}
for name, values in distances.items():
    print(f"{name:9s} nearest training image {values.min():.1f} to {values.max():.1f} away, "
          f"half of them beyond {np.median(values):.1f}")
plots.show(plots.plot_nearest(drawn[:10], x_train[find(x_train, drawn[:10])]), alt="Ten generated "
           "digits above their nearest training images: alike, and none the same.")

# %% [markdown]
# Held-out digits are no copies, and half of them lie more than 3.3 from their nearest training
# digit; for generated ones it is about 3.7. A copy would be at 0, so these were not stored. Nor
# does distance make them good: among the generated ones are shapes that nobody would call a
# digit. Look at the pairs, not only at the numbers.

# %% [markdown]
# ## Reflection (2 points, 3 minutes)
#
# A clinic trains a VAE on 50,000 healthy chest images, takes the negative ELBO as its score, and
# reports: "AUROC 0.94 on our set of anomalies, threshold chosen such that the detector finds 95 %
# of them." You are to approve it. In at most 120 words: which two things in this report do you want
# changed or added, and which experiment of this unit shows why?

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric (2 points; half points are fine)**
#
# - (½) The threshold is chosen on anomalies. It should come from normal, held-out data alone, as a
#   stated rate of false alarms (exercise 5): future anomalies are other ones.
# - (1) One AUROC over a mixture hides the kinds that score *below* chance. A negative ELBO prices
#   complexity as well as strangeness: on MNIST the digit 1, which the model never saw, gets an
#   AUROC of 0.07 at 32 latent dimensions. Asked for: AUROC per kind of anomaly, with simple ones
#   (an empty lung field, a blank image) among them; or a score relative to the image's own price.
# - (½) An experiment of the unit is named for each point, with a number.
#
# Also worth credit in place of one of these: scores must be computed on images that training has
# not seen; a different scanner changes all scores.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - A code is worth what its neighbours are: measured by k-NN, against PCA of equal size and against
#   the pixels.
# - A denoiser is judged on noisy, unseen images, at the noise of its training and at other noise.
#   New digits are compared with their nearest training images before anyone calls them new.
# - A negative ELBO prices complexity as well as strangeness: AUROC per kind of anomaly tells, and
#   0.07 is a warning, not a failure to train.
#
# **Two things to try**
#
# - Train the denoiser with a noise factor drawn afresh for each image between 0 and 1, and draw the
#   curve of section 2 again.
# - Subtract from each anomaly score the floor of its image, the cross-entropy with itself. (The
#   scores in `scores["32"]["1"]["anomaly"]` are in the order of `x_test[y_test == 1]`.) How far
#   does that take the 1 away from chance, and does it help the other digits?
#
# **To read on**
#
# - [Vincent and others 2010](https://www.jmlr.org/papers/v11/vincent10a.html): what denoising
#   teaches an autoencoder.
# - [Nalisnick and others 2019](https://arxiv.org/abs/1810.09136), *Do deep generative models know
#   what they don't know?*: section 3 with photographs.
# - [White 2016](https://arxiv.org/abs/1609.04468), *Sampling generative networks*: better walks
#   than straight lines, and attribute vectors.
# - [Meehan and others 2020](https://arxiv.org/abs/2004.05675): a test for copied training data.
