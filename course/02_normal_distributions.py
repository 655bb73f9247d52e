# %% [markdown]
# # Describe a cloud of codes with two numbers
#
# The autoencoder of [unit 01](../01_autoencoders/01_autoencoders.ipynb) put its codes wherever it
# liked, and left holes between them. A variational autoencoder asks every code to follow one known
# shape, the [normal distribution](../../docs/glossary.md#normal-distribution). This unit is about
# that shape and about nothing else: no network, no TensorFlow, ready in three seconds.
#
# **What you will build.** The density of a normal distribution in one dimension and in many, and
# a machine that writes new fives from twelve means and twelve standard deviations.
#
# **What you will learn**
#
# - to compute densities and log-densities, even where the density itself is too small for a float;
# - to tell standard deviation, variance and log-variance apart, in formulas and in other people's
#   code;
# - to learn a mean and a standard deviation from data, and to draw new data from them;
# - to say where the draws of a normal distribution lie when it has many dimensions.
#
# **What you need.** NumPy's broadcasting, and unit 01's word *code*. All symbols stand in the
# [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation) of unit 01.
#
# **Time.** 45 minutes.

# %% [markdown]
# These are the imports. `rng` is the unit's one source of randomness, with a seed, so that your
# figures look like the text says.

# %% role="setup"
import numpy as np
from scipy.special import erf

import vaelib

rng = np.random.default_rng(2)

# %% [markdown]
# Figures, sliders and digits come from the course's own package.

# %% role="setup"
from vaelib import plots, widgets
from vaelib.data import load_digits
from vaelib.demos.unit02 import linear_coder

plots.use_style()

# %% [markdown]
# ## 1. Draw one bell curve (7 minutes)
#
# Take a handful of numbers that crowd around a middle, and get rarer the further out you look, as
# much to the left as to the right. Two numbers describe such a crowd: where its middle is, the
# [mean](../../docs/glossary.md#mean) $\mu$, and how wide it is, the [standard
# deviation](../../docs/glossary.md#standard-deviation) $\sigma$. The curve that belongs to them is
#
# $$p(x) = \frac{1}{\sigma\sqrt{2\pi}}\;\exp\left(-\frac{(x - \mu)^2}{2\sigma^2}\right).$$
#
# Read it from the right. The exponential makes the bell: 1 at the mean, and less on both sides,
# measured in standard deviations. The fraction in front only sets the height, such that the area
# under the curve is 1. That makes $p$ a [density](../../docs/glossary.md#density): probability
# *per unit of x*, which may well be larger than 1.
#
# **By hand.** For $\mu = 0$ and $\sigma = 1$, the [standard normal
# distribution](../../docs/glossary.md#standard-normal-distribution), the density at $x = 0$ is
# $1/\sqrt{2\pi} = 0.3989$, and at $x = 1$ it is $0.3989\, e^{-1/2} = 0.2420$.
#
# ### Exercise 1: `normal_pdf(x, mean, std)` (2 points)
#
# Return the density above at `x`, element by element. The arguments broadcast against each other,
# as NumPy's always do. One value to hold yours against: `normal_pdf(3.5, 3.0, 0.5)` is 0.4839,
# twice the 0.2420 from above. Why twice?

# %% exercise="normal_pdf" role="answer"
def normal_pdf(x, mean, std):
    """Return the density of N(mean, std^2) at x, element by element, with broadcasting.

    x, mean, std: numbers or arrays; std is above 0 and in the unit of x.
    Returns densities, per unit of x.
    """
    ### BEGIN SOLUTION
    z = (x - mean) / std
    return np.exp(-0.5 * z**2) / (std * np.sqrt(2 * np.pi))
    ### END SOLUTION

# %% [markdown]
# The first cell is yours to try things out in: remove the `#`, it is not graded. The second one
# checks your answer.

# %%
# normal_pdf(3.5, 3.0, 0.5)

# %% exercise="normal_pdf" role="check"
vaelib.check("normal_pdf", normal_pdf)

# %% [markdown]
# *Predict before you run:* three curves with $\sigma$ = 0.5, 1 and 2. Which one is the tallest,
# and by which factor?

# %% role="demo"
bells = plots.plot_normal(mean=[-2, 0, 3], std=[0.5, 1, 2], within=(1,))
plots.show(bells, alt="Three bell curves; half the standard deviation means twice the height.")

# %% [markdown]
# Half as wide is twice as tall, because the area has to stay 1. In the narrow curve the density
# reaches 0.80; let $\sigma$ go to 0.1 and it passes 3.9. A density is not a probability.
#
# ### N(0, 4): is that wide or very wide?
#
# Mathematicians write $\mathcal N(\mu, \sigma^2)$ and put the
# [variance](../../docs/glossary.md#variance) second. Software puts the standard deviation second,
# mostly. Nobody warns you.
#
# | where | second argument | spread of "N(0, 4)" |
# |---|---|---|
# | papers, this course's text: $\mathcal N(\mu, \sigma^2)$ | variance | $\sigma = 2$ |
# | NumPy `rng.normal(loc, scale)` | standard deviation | $\sigma = 4$ |
# | SciPy `norm(loc, scale)`, TensorFlow Probability, PyTorch | standard deviation | $\sigma = 4$ |
# | BUGS and JAGS `dnorm(mu, tau)` | one over the variance | $\sigma = 1/2$ |
# | the slides' "sigma" | logarithm of the variance | $\sigma = e^2 = 7.4$ |
#
# *Predict before you run:* a paper draws from $\mathcal N(0, 4)$. Which of these two lines does
# it?

# %% role="demo"
print("rng.normal(0, 4):", rng.normal(0, 4, 100_000).std().round(2))
print("rng.normal(0, 2):", rng.normal(0, 2, 100_000).std().round(2))

# %% [markdown]
# The second one. Where a name like `scale` or `std` is at hand, use it; where you read $\mathcal
# N(a, b)$, ask what $b$ is.
#
# ## 2. Ask how far is far (5 minutes)
#
# Is a draw three standard deviations from the mean a curiosity or a mistake? The area under the
# curve between $-k$ and $k$ answers that. No formula in elementary functions gives it, so it has a
# function of its own, the error function erf:
#
# $$P(|Z| \le k) = \operatorname{erf}\left(\frac{k}{\sqrt 2}\right), \quad Z \sim \mathcal N(0, 1)$$
#
# ### Exercise 2: `probability_within(k)` (1 point)
#
# Return that probability, element by element, for `k` of 0 and more. `erf` was imported above from
# SciPy. One value: `probability_within(1.0)` is 0.6827.

# %% exercise="probability_within" role="answer"
def probability_within(k):
    """Return P(|Z| <= k) for Z ~ N(0, 1), element by element.

    k: standard deviations, a number or an array, 0 or above. Returns probabilities in [0, 1].
    """
    ### BEGIN SOLUTION
    return erf(k / np.sqrt(2))
    ### END SOLUTION

# %% [markdown]
# Again a cell to try things out in, and the check.

# %%
# probability_within(np.array([0.0, 1.0, 2.0, 3.0]))

# %% exercise="probability_within" role="check"
vaelib.check("probability_within", probability_within)

# %% [markdown]
# A formula is one thing, a hundred thousand draws are another. Do they agree?

# %% role="demo"
within = vaelib.yours_or_ours("probability_within", probability_within)
draws = rng.normal(size=100_000)
for k in (1, 2, 3):
    counted = np.mean(np.abs(draws) <= k)
    print(f"within {k} std: counted {counted:.4f}, computed {float(within(k)):.4f}")

# %% [markdown]
# To within 0.001, which is what so many draws can give. The three percentages have a name
# of their own, the 68-95-99.7 rule. The figure shows them where they belong.

# %% role="demo"
shares = plots.plot_samples_against_density(draws)
plots.show(shares, alt="Histogram of draws under the bell curve: 68, 95 and 99.7 percent lie "
                       "within one, two and three standard deviations.")

# %% [markdown]
# So one draw in 370 lies beyond three standard deviations. With 1,493 images and twelve numbers
# each you will meet about 48 such numbers, and nothing is wrong with them.
#
# ## 3. Take logarithms before it is too late (7 minutes)
#
# A code is a point in many dimensions, and its density is a product of many factors. Products of
# small numbers end badly. *Predict before you run:* what does the second line print? The density
# 40 standard deviations out is about $10^{-348}$.

# %% role="demo"
pdf = vaelib.yours_or_ours("normal_pdf", normal_pdf)
with np.errstate(divide="ignore"):
    print("density:", pdf(40.0, 0.0, 1.0), " its logarithm:", np.log(pdf(40.0, 0.0, 1.0)))
print("what the logarithm should be:", -0.5 * np.log(2 * np.pi) - 0.5 * 40.0**2)

# %% [markdown]
# The smallest float above 0 is about $5 \cdot 10^{-324}$; what is smaller becomes 0
# ([underflow](../../docs/glossary.md#underflow)), and the logarithm of 0 is $-\infty$. One such
# number and the loss of a whole batch is infinite. The cure is not to compute the density at all:
# take the logarithm of the *formula*, on paper, where nothing underflows. We also name the spread
# by its [log-variance](../../docs/glossary.md#log-variance) $s = \log \sigma^2$ from here on;
# section "Tell three widths apart" says why.
#
# $$\log p(x) = -\tfrac12\left(\log 2\pi + s + \frac{(x - \mu)^2}{e^{s}}\right)$$
#
# All logarithms in this course are natural, so log-densities are counted in
# [nats](../../docs/glossary.md#nat).
#
# ### Exercise 3: `normal_log_pdf(x, mean, log_var)` (2 points)
#
# Return the log-density, element by element, with broadcasting. It must be right 40 standard
# deviations out, so no density may occur on the way. One value: `normal_log_pdf(40.0, 0.0, 0.0)`
# is −800.92.

# %% exercise="normal_log_pdf" role="answer"
def normal_log_pdf(x, mean, log_var):
    """Return the log-density of N(mean, exp(log_var)) at x, element by element, in nats.

    x, mean, log_var: numbers or arrays, with broadcasting; log_var may have either sign.
    """
    ### BEGIN SOLUTION
    distance = (x - mean) ** 2 / np.exp(log_var)
    return -0.5 * (np.log(2 * np.pi) + log_var + distance)
    ### END SOLUTION

# %% [markdown]
# A hint for trying it out: at small distances it must agree with the logarithm of your density.

# %%
# normal_log_pdf(40.0, 0.0, 0.0)

# %% exercise="normal_log_pdf" role="check"
vaelib.check("normal_log_pdf", normal_log_pdf)

# %% [markdown]
# ## 4. Tell three widths apart (8 minutes)
#
# One width goes by three names. All of them say the same, and a formula that gets the wrong one is
# wrong without an error message:
#
# | name | symbol | in code | values | of the narrow curve above |
# |---|---|---|---|---|
# | standard deviation | $\sigma$ | `std` | above 0 | 0.5 |
# | variance | $\sigma^2$ | `var` | above 0 | 0.25 |
# | log-variance | $\log\sigma^2$ | `log_var` | any number | −1.386 |
#
# Why would anybody want the third? Because of the last column but one. A network's output can be
# any number; a standard deviation cannot. Let the network give the log-variance, and whatever it
# says is a legal width. Steps become factors, too: *one up* multiplies the variance by $e$,
# whether it was tiny or huge.
#
# ### Exercise 4: `std_from_log_var(log_var)` (1 point)
#
# Return the standard deviation that belongs to a log-variance, element by element: $\sigma =
# \sqrt{e^{\log \sigma^2}}$, which has a shorter form. One value: a log-variance of 1 belongs to a
# standard deviation of 1.6487.

# %% exercise="std_from_log_var" role="answer"
def std_from_log_var(log_var):
    """Return the standard deviation for a natural log-variance, element by element."""
    ### BEGIN SOLUTION
    return np.exp(0.5 * log_var)
    ### END SOLUTION

# %% [markdown]
# Which log-variance should give exactly 1? Try it, then check.

# %%
# std_from_log_var(np.array([-2.0, 0.0, 2.0]))

# %% exercise="std_from_log_var" role="check"
vaelib.check("std_from_log_var", std_from_log_var)

# %% [markdown]
# The sliders move mean and log-variance, and the curve follows. *Predict before you move:* from
# log-variance 0, how far up must you go to make the curve twice as wide?

# %% role="demo"
widgets.normal_explorer(mean=0.0, log_var=0.0)

# %% [markdown]
# To $\log 4 = 1.39$: twice as wide is four times the variance. If you read this without a kernel,
# the next figure is the widget's twin, with three of its positions.

# %% role="demo"
std = vaelib.yours_or_ours("std_from_log_var", std_from_log_var)
names = [f"log-variance {v:g}: std {std(v):.2f}" for v in (-2, 0, 2)]
widths = plots.plot_normal(0, [std(v) for v in (-2, 0, 2)], labels=names, within=(),
                           title="Equal steps in log-variance are equal factors in width")
plots.show(widths, alt="Three curves around zero: each step of two in the log-variance makes the "
                       "curve 2.7 times wider and as many times lower.")

# %% [markdown]
# ### Bug museum: one name, two meanings
#
# The slides call the encoder's second output *sigma*, and they are in good company. This is how a
# well-known example drew its codes in 2016, and how it judged them, in our own words and NumPy. It
# has been copied ever since. Nothing here raises an error.

# %% role="demo"
def draw_code(mean, sigma, epsilon):
    return mean + np.exp(sigma) * epsilon

def code_log_density(z, mean, sigma):
    return -0.5 * (np.log(2 * np.pi) + sigma + (z - mean) ** 2 / np.exp(sigma))

for sigma in (0.0, 1.0, -2.0):
    z = draw_code(0.0, sigma, rng.normal(size=100_000))
    print(f"sigma={sigma:4}: mean of (z - mean)^2 / variance = {np.mean(z**2) / np.exp(sigma):.3f}")

# %% [markdown]
# Whatever the spread, the squared distance divided by its own variance must be 1 on average. It
# is, in the first line only. *Find the mistake before you open the answer:* which of the two
# functions is wrong, what does each of them take `sigma` for, and why would a test at `sigma = 0`
# never see it?
#
# <details><summary>Answer</summary>
#
# Each is right by itself, and together they are wrong. `draw_code` uses `sigma` as the *logarithm
# of the standard deviation*: `exp(sigma)` is the spread. `code_log_density` uses it as the
# *log-variance*: `exp(sigma)` is what the squared distance is divided by. So codes are drawn with a
# variance of $e^{2s}$ and judged by one of $e^{s}$; the quotient is $e^{s}$, about 2.7 and 0.135
# above. At $s = 0$ all of them are 1, and every test at 0 passes.
#
# A network trains all the same, because it can learn any number for `sigma`. Only what it minimises
# is no longer what the paper says. Keras's own example had the line, reported in 2016 ([issue
# 3283](https://github.com/keras-team/keras/issues/3283)); the same line in another project was
# reported with the remark that its test scores change visibly once it is mended ([ibp_vae, issue
# 3](https://github.com/rachtsingh/ibp_vae/issues/3)). The cure is a name: nobody can misread
# `z_log_var`. From here on the course says nothing else.
#
# </details>
#
# ## 5. Turn standard noise into any normal (4 minutes)
#
# A random generator gives you $\epsilon \sim \mathcal N(0, 1)$. You want a draw from $\mathcal
# N(\mu, \sigma^2)$. Stretch, then shift:
#
# $$z = \mu + \sigma\,\epsilon$$
#
# **By hand.** With $\mu = 3$ and $\sigma = 0.5$, the noise $\epsilon = -2$ becomes $3 - 1 = 2$:
# two standard deviations below the old mean, two below the new one. Looks harmless; unit 04 builds
# the whole training of a VAE on this line.
#
# ### Exercise 5: `transform_standard_normal(epsilon, mean, std)` (1 point)
#
# Turn draws of $\mathcal N(0, 1)$ into draws of $\mathcal N(\mu, \sigma^2)$, element by element,
# with broadcasting.

# %% exercise="transform_standard_normal" role="answer"
def transform_standard_normal(epsilon, mean, std):
    """Turn draws of N(0, 1) into draws of N(mean, std^2), element by element.

    epsilon: draws of N(0, 1). mean, std: numbers or arrays that broadcast against epsilon.
    """
    ### BEGIN SOLUTION
    return mean + std * epsilon
    ### END SOLUTION

# %% [markdown]
# The draw from the example by hand: it should become 2.

# %%
# transform_standard_normal(-2.0, 3.0, 0.5)

# %% exercise="transform_standard_normal" role="check"
vaelib.check("transform_standard_normal", transform_standard_normal)

# %% [markdown]
# ## 6. Learn mean and standard deviation (7 minutes)
#
# So far we chose $\mu$ and $\sigma$. Now the data chooses. Which pair makes the data we have seen
# most likely? Set the derivative of the summed log-density to 0, and the answer is the one that
# you would have guessed ([maximum likelihood](../../docs/glossary.md#maximum-likelihood)):
#
# $$\hat\mu = \frac1n \sum_i x_i, \quad \hat\sigma = \sqrt{\frac1n \sum_i (x_i - \hat\mu)^2}$$
#
# The division is by $n$. The $n - 1$ that statistics courses like makes the variance right on
# average; $n$ makes the data likeliest.
#
# ### Exercise 6: `fit_normal(samples)` (2 points)
#
# `samples` is `(n, d)`: one observation a row. Return the pair `(mean, std)`, each `(d,)`:
# averaged over rows, one entry a column. One value: the column 1, 3 has mean 2 and standard
# deviation 1.

# %% exercise="fit_normal" role="answer"
def fit_normal(samples):
    """Return (mean, std) of each column, by maximum likelihood.

    samples: array (n, d), one observation a row. Both results are (d,).
    """
    ### BEGIN SOLUTION
    mean = np.mean(samples, axis=0)
    std = np.sqrt(np.mean((samples - mean) ** 2, axis=0))
    return mean, std
    ### END SOLUTION

# %% [markdown]
# Try two columns that differ a lot; each of them should get its own pair.

# %%
# fit_normal(np.array([[1.0, 10.0], [3.0, 50.0]]))

# %% exercise="fit_normal" role="check"
vaelib.check("fit_normal", fit_normal)

# %% [markdown]
# Real data: how much ink is in a handwritten five? We take all fives of the training digits and
# average the pixels of each, in percent of a fully inked image.

# %% role="demo"
digits = load_digits("bundled")
fives = digits.x_train[digits.y_train == 5]
ink = 100 * fives.mean(axis=(1, 2, 3))
fit = vaelib.yours_or_ours("fit_normal", fit_normal)
(ink_mean,), (ink_std,) = fit(ink[:, None])
print(f"{len(ink)} fives: mean {ink_mean:.2f} %, standard deviation {ink_std:.2f} %")
print(f"within one of them: {np.mean(np.abs(ink - ink_mean) <= ink_std):.1%} of the fives")

# %% [markdown]
# Not far from the 68.3 % of a normal distribution, for 151 handwritten fives.
#
# A VAE has no formula for its best mean and width. It goes downhill in small steps, on the average
# of $-\log p$, the [negative log-likelihood](../../docs/glossary.md#negative-log-likelihood). Here
# is that descent for two numbers, with gradients from pen and paper. We start it at 10 %, far off,
# and sure of itself ($\sigma = 1$). *Predict before you run:* what will the width do first?

# %% role="demo"
mean, log_var, path = 10.0, 0.0, []
for _ in range(300):
    path.append((mean, np.exp(log_var / 2)))
    var, distance = np.exp(log_var), ink - mean
    mean += 0.1 * np.mean(distance) / var
    log_var += 0.1 * 0.5 * (np.mean(distance**2) / var - 1)

means, stds = np.transpose(path)[:, ::12]
descent = plots.plot_lines(np.arange(0, 300, 12), {"mean": means, "standard deviation": stds},
                           f"Learnt step by step: mean {mean:.2f}, std {np.exp(log_var / 2):.2f}",
                           "step", "ink, percent")
plots.show(descent, alt="The width first jumps from 1 to 4, then the mean climbs to 15.5 while the "
                        "width shrinks to 1.5, the values of the formula.")

# %% [markdown]
# The width grows first: a model that is wrong had better be unsure. Only when the mean has come
# near does it dare to be narrow, and it ends where the formula ends. You will see networks do just
# this.
#
# ### Generate: a normal in pixels, a normal in codes
#
# A distribution that has been learnt can be drawn from. Two attempts at new fives. The first fits
# a normal to each of the 784 pixels. The second fits one to each of twelve *code* numbers, the
# principal components from unit 01, and decodes its draws. Both use your `fit_normal` and your
# `transform_standard_normal`.

# %% role="demo"
encode, decode = linear_coder(fives, k=12)
shift = vaelib.yours_or_ours("transform_standard_normal", transform_standard_normal)
pixels = shift(rng.normal(size=(8, 784)), *fit(fives.reshape(-1, 784)))
codes = shift(rng.normal(size=(8, 12)), *fit(encode(fives)))
rows = {"real": fives[:8], "drawn as\npixels": np.clip(pixels, 0, 1).reshape(-1, 28, 28),
        "drawn as\ncodes": decode(codes)}
made = plots.plot_image_rows(rows, title="The same two numbers work for codes and fail for pixels")
plots.show(made, alt="Fives drawn pixel by pixel are speckle in the shape of a five; those "
                     "drawn as codes are blurred, but each is a different, readable five.")

# %% [markdown]
# The pixels fail because neighbours do not know of each other: each one draws for itself. A good
# code has numbers that may be drawn one by one. That is the whole plan of a VAE: replace the
# twelve principal components by a network, and *train* it so that its codes follow a normal
# distribution.
#
# ## 7. Go to many dimensions (4 minutes)
#
# A code has `latent` numbers, each with its own mean and log-variance: a [diagonal
# normal](../../docs/glossary.md#diagonal-normal). Independent means that densities multiply, so
# log-densities add:
#
# $$\log p(z) = \sum_{j=1}^{\text{latent}} \log p_j(z_j).$$
#
# ### Exercise 7: `diagonal_log_prob(z, z_mean, z_log_var)` (3 points)
#
# All three are `(batch, latent)`. Return the log-density of each row, summed over latent:
# `(batch,)`. Nothing is averaged, and rows stay apart. One value: for `z = [[1, -2]]`, mean 0 and
# log-variances `[[0, log 4]]` it is `[-3.5310]`, which is −1.4189 − 2.1121.

# %% exercise="diagonal_log_prob" role="answer"
def diagonal_log_prob(z, z_mean, z_log_var):
    """Return the log-density of each row under its own diagonal normal, in nats.

    z, z_mean, z_log_var: arrays (batch, latent). Returns (batch,), summed over latent.
    """
    ### BEGIN SOLUTION
    log_prob = normal_log_pdf(z, z_mean, z_log_var)
    return np.sum(log_prob, axis=-1)
    ### END SOLUTION

# %% [markdown]
# Two lines suffice, if you let an earlier answer help. It is judged by what it returns.

# %%
# diagonal_log_prob(np.array([[1.0, -2.0]]), np.zeros((1, 2)), np.array([[0.0, np.log(4)]]))

# %% exercise="diagonal_log_prob" role="check"
vaelib.check("diagonal_log_prob", diagonal_log_prob)

# %% [markdown]
# ### Where is everybody?
#
# The density of $\mathcal N(0, I)$ is highest at the origin, in any number of dimensions. *Predict
# before you run:* of 10,000 draws in 64 dimensions, how close to the origin does the closest one
# come?

# %% role="demo"
for d in (1, 2, 16, 64, 256):
    distances = np.linalg.norm(rng.normal(size=(10_000, d)), axis=1)
    print(f"d = {d:3}: distances from {distances.min():6.3f} to {distances.max():6.3f}, "
          f"mean {distances.mean():6.3f}, sqrt(d) = {np.sqrt(d):.3f}")

# %% [markdown]
# In 64 dimensions nobody comes nearer than about 5.3. The squared distance is a sum of $d$ squares
# that are 1 on average, so the distance is close to $\sqrt d$, give or take 0.7, however many
# dimensions there are. The next figure shows how the crowd leaves the origin.

# %% role="demo"
shell = plots.plot_gaussian_shell((1, 4, 16, 64))
plots.show(shell, alt="With one dimension most draws lie near the origin; with 64 all lie in a "
                      "thin shell of radius eight, and none near the origin.")

# %% [markdown]
# Density is one thing, volume is another: there is hardly any room near the origin and
# a lot of it further out. Draws live where the product of both is large, on a shell. Remember that
# when somebody walks in a straight line from one code to another.
#
# ## Reflection (2 points, 3 minutes)
#
# A colleague has a VAE with 64 latent dimensions whose codes are asked to follow $\mathcal N(0,
# I)$. To show "the most typical image" she decodes the origin; to show "something in between" she
# decodes the midpoint of two random draws. In three to five sentences: how can the density be
# highest at a place where no draw ever lies, how far from the origin do her midpoints lie compared
# with real draws, and what would you tell her?

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric.** One point each; half a point for the right idea without a number or a reason.
#
# 1. *Density against probability.* Probability is density times volume. The volume at distance $r$
#    grows like $r^{63}$ while the density falls like $e^{-r^2/2}$; the product peaks near $r =
#    \sqrt{64} = 8$. A ball of radius 5 around the origin holds about 3 draws in a million.
# 2. *Consequence.* The midpoint of two independent draws has a variance of 1/2 in each dimension,
#    so it lies at about $\sqrt{32} = 5.7$, inside the shell, where the decoder was hardly ever
#    trained. The origin is the mode, not a typical code. Any sound advice earns the point: draw a
#    code and decode that; follow the shell from code to code, on a great circle; or check the
#    decoder at radius 5.7.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - Two numbers, mean and standard deviation, make a normal distribution; 68, 95 and 99.7 % of it
#   lie within one, two and three standard deviations.
# - Networks speak of log-variance, because it may be any number: $\sigma = e^{s/2}$. Log-densities
#   add over dimensions and survive where densities underflow.
# - In many dimensions the draws lie on a shell of radius $\sqrt d$, not where the density is
#   highest.
#
# **Two things to try**
#
# - Replace the fives by zeros: how many of them lie within one standard deviation of their mean,
#   and what does that say about the bell?
# - Set `k=100` in the linear coder: why do the generated fives get worse, not better?
#
# **To read on**
#
# - Kingma and Welling, [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114) (2014):
#   the paper of this course. Its appendix C names the encoder's second output by its logarithm, as
#   we do.
# - Ferenc Huszár, [Gaussian distributions are soap
#   bubbles](https://www.inference.vc/high-dimensional-gaussian-distributions-are-soap-bubble/):
#   the shell, with better pictures of soap.
# - [NumPy's random generators](https://numpy.org/doc/stable/reference/random/generator.html): what
#   `loc` and `scale` mean for each distribution.
# - Next: [unit 03](../03_batch_norm/03_batch_norm.ipynb) uses mean and standard deviation for
#   another purpose, to keep a network's layers in shape while it trains.
