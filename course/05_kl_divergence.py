# %% [markdown]
# # Measure how far a code is from a unit Gaussian
#
# In [unit 04](../04_sampling/04_sampling.ipynb) the encoder stopped naming a point and began to
# name a normal distribution for each image. Nothing holds these distributions together yet: left
# alone, the encoder shrinks each to a point and scatters the points, and the holes of unit 01 are
# back. This unit builds the force that pulls the codes in, which is one number per image.
#
# **What you will build.** The [KL divergence](../../docs/glossary.md#kl-divergence): first for
# five classes, then for two normals, then for a code against $\mathcal{N}(0, I)$, and last as the
# loss of a whole batch. On the way, an estimate by sampling that checks the formula.
#
# **What you will learn**
#
# - to compute a KL divergence and to read its unit, the [nat](../../docs/glossary.md#nat);
# - to say why the order of its two arguments matters, and which order a VAE uses;
# - to check a formula with random numbers, error bars included;
# - to tell a sum over latent dimensions from a mean, and to say what the mean does.
#
# **What you need.** Densities and log-variances (unit 02), sampling with $\epsilon$ (unit 04). All
# symbols are in the [notation table](../01_autoencoders/01_autoencoders.ipynb#Notation).
# Logarithms are natural.
#
# **Time.** 60 minutes.

# %% [markdown]
# The next cell imports TensorFlow, which takes 5 to 25 seconds, once; everything after it is quick.

# %% role="setup"
import numpy as np

import vaelib
from vaelib.distributions import diagonal_log_prob, normal_log_pdf

with vaelib.quietly():  # TensorFlow talks a lot while it is imported
    import tensorflow as tf
    from keras import ops

rng = np.random.default_rng(5)

# %% [markdown]
# Figures and sliders come from the course's own package.

# %% role="setup"
from vaelib import plots, widgets
from vaelib.data import load_digits
from vaelib.demos import unit05 as demos

plots.use_style()

# %% [markdown]
# ## 1. Average the surprise: KL for classes (10 minutes)
#
# A forecaster gives five classes the probabilities $q_1, \dots, q_5$. Nature draws from
# $p_1, \dots, p_5$. When class $i$ turns up, the forecaster is more surprised than somebody who
# knows $p$, by $\log(p_i / q_i)$. Averaged over what *really* turns up, this is the KL divergence:
#
# $$\mathrm{KL}(p \,\|\, q) = \sum_i p_i \log \frac{p_i}{q_i}$$
#
# where $p_i$ is how often class $i$ comes, $q_i$ the probability that it was given, and the sum
# runs over all classes. With natural logarithms the result is in nats; 0.693 nats are one bit.
#
# The slides take $p = (0, 0, 0.2, 0.8, 0)$ and $q = (0.1, 0.1, 0.3, 0.4, 0.1)$. Three classes never
# come and add nothing ($0 \log 0$ counts as 0). Two terms are left, small enough for a pencil:

# %% role="demo"
p = np.array([0, 0, 0.2, 0.8, 0])
q = np.array([0.1, 0.1, 0.3, 0.4, 0.1])
third = 0.2 * np.log(0.2 / 0.3)  # comes less often than forecast: a negative term
fourth = 0.8 * np.log(0.8 / 0.4)  # comes twice as often as forecast: a positive one
print(f"{third:.6f} + {fourth:.6f} = {third + fourth:.6f} nats")

# %% [markdown]
# A single term may be negative; the sum never is, and it is 0 only where $p = q$. The slides print
# 0.4735. The sum is 0.473425, so the fourth digit is a 4. A good habit: round once, at the end.

# %% role="demo"
bars = plots.plot_bars({"p, what comes": p, "q, the forecast": q},
                       title="Only the two classes that p draws enter KL(p ‖ q)")
plots.show(bars, alt="Bars of p and q for five classes: p is zero in classes 1, 2 and 5, so only "
           "classes 3 and 4 add to the divergence, whatever q says about the others.")

# %% [markdown]
# ### Exercise 1: `kl_discrete(p, q)` (3 points)
#
# Return $\mathrm{KL}(p \,\|\, q)$ in nats for two distributions over the same classes. Three
# things to take care of:
#
# - a class with $p_i = 0$ adds nothing, whatever $q_i$ is;
# - a class with $p_i > 0$ and $q_i = 0$ makes the result infinite: what was called impossible
#   happened;
# - raise a `ValueError` where the shapes differ, an entry is negative, or one of them does not sum
#   to 1 within `1e-6`.
#
# Worked number: the pair above gives 0.473425.

# %% exercise="kl_discrete" role="answer"
def kl_discrete(p: np.ndarray, q: np.ndarray) -> float:
    """Return KL(p || q) in nats for two distributions over the same classes.

    p, q: probabilities `(classes,)`. Raises ValueError where one of them is no distribution.
    """
    ### BEGIN SOLUTION
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(f"p and q differ in shape: {p.shape} and {q.shape}")
    for values in (p, q):
        if np.any(values < 0) or abs(values.sum() - 1) > 1e-6:
            raise ValueError(f"not a probability distribution: {values}")
    seen = p > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))
    ### END SOLUTION

# %% [markdown]
# Try it here before you check it: remove the `#`. The cell is yours, and it is not graded.

# %%
# kl_discrete([0, 0, 0.2, 0.8, 0], [0.1, 0.1, 0.3, 0.4, 0.1])

# %% exercise="kl_discrete" role="check"
vaelib.check("kl_discrete", kl_discrete)

# %% [markdown]
# **Predict, then run.** What is $\mathrm{KL}(q \,\|\, p)$, the other way round? About the same?
# Larger? Write a number down before you run the cell.

# %% role="demo"
kl = vaelib.yours_or_ours("kl_discrete", kl_discrete)
print(f"KL(p || q) = {kl(p, q):.4f} nats")
print(f"KL(q || p) = {kl(q, p):.4f} nats")

# %% [markdown]
# Infinite. Now the average runs over draws of $q$, and $q$ draws class 1 one time in ten, which $p$
# rules out. A divergence is no distance: it has a direction, and the first argument decides where
# one looks.

# %% [markdown]
# ## 2. From a sum to an integral: KL of two normals (12 minutes)
#
# Codes are not classes but real numbers, so the sum becomes an integral over densities:
#
# $$\mathrm{KL}(p \,\|\, q) = \int p(x) \,\bigl[\log p(x) - \log q(x)\bigr] \, dx$$
#
# Take $p = \mathcal{N}(0, 4)$, standard deviation 2, and $q = \mathcal{N}(0, 1)$. Before any
# calculus: cut the axis into thin slices of width $dx$ and add up, as in section 1. The comments
# say which part of the integral a line is.

# %% role="demo"
x, dx = np.linspace(-20, 20, 40_001, retstep=True)  # every x, and dx
log_p = normal_log_pdf(x, 0.0, np.log(4))  # log p(x)
log_q = normal_log_pdf(x, 0.0, 0.0)  # log q(x)
slices = np.exp(log_p) * (log_p - log_q) * dx  # p(x) [log p(x) - log q(x)] dx
print(f"in slices: {np.sum(slices):.6f} nats")
print(f"by hand:   {0.5 * (4 - 1 - np.log(4)):.6f} nats")

# %% [markdown]
# The second number needed no slices: for two normals the integral can be solved once and for all.
# With means $\mu_p, \mu_q$ and variances $\sigma_p^2, \sigma_q^2$,
#
# $$\mathrm{KL}(p \,\|\, q) = \frac12 \left[ \log \frac{\sigma_q^2}{\sigma_p^2}
#   + \frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{\sigma_q^2} - 1 \right]$$
#
# Read it against $q = \mathcal{N}(0, 1)$, where it is easy: $\tfrac12 [\sigma_p^2 - 1 - \log
# \sigma_p^2 + \mu_p^2]$. Move $p$ to mean 1 and keep its variance at 1: only $\mu_p^2$ is left, and
# the price is $\tfrac12$. Stay at 0 and take variance 4: $\tfrac12 (4 - 1 - \log 4) = 0.806853$.

# %% [markdown]
# ### Exercise 2: `kl_normal(mean_p, log_var_p, mean_q, log_var_q)` (3 points)
#
# Return the formula above, element by element. The spreads arrive as log-variances. `np.exp` turns
# them into variances, and $\log (\sigma_q^2 / \sigma_p^2)$ needs no logarithm at all.
#
# Worked numbers: `kl_normal(0.0, np.log(4), 0.0, 0.0)` is 0.806853, and with the two normals
# exchanged, `kl_normal(0.0, 0.0, 0.0, np.log(4))`, it is 0.318147.

# %% exercise="kl_normal" role="answer"
def kl_normal(
    mean_p: np.ndarray, log_var_p: np.ndarray, mean_q: np.ndarray, log_var_q: np.ndarray
) -> np.ndarray:
    """Return KL(p || q) in nats of two normals, element by element."""
    ### BEGIN SOLUTION
    var_p, var_q = np.exp(log_var_p), np.exp(log_var_q)
    distance = (mean_p - mean_q) ** 2
    return 0.5 * (log_var_q - log_var_p + (var_p + distance) / var_q - 1)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# kl_normal(0.0, np.log(4), 0.0, 0.0), kl_normal(0.0, 0.0, 0.0, np.log(4))

# %% exercise="kl_normal" role="check"
vaelib.check("kl_normal", kl_normal)

# %% [markdown]
# **Predict, then run.** A narrow code $c = \mathcal{N}(1, e^{-2})$ and the wide
# [prior](../../docs/glossary.md#prior) $\mathcal{N}(0, 1)$: which direction costs more? And does
# order matter for $\mathcal{N}(1, 1)$ and $\mathcal{N}(0, 1)$?

# %% role="demo"
kl = vaelib.yours_or_ours("kl_normal", kl_normal)
for name, log_var in {"narrow code": -2.0, "equal spread": 0.0}.items():
    there, back = kl(1.0, log_var, 0.0, 0.0), kl(0.0, 0.0, 1.0, log_var)
    print(f"{name}:  KL(code || prior) = {there:.3f}   KL(prior || code) = {back:.3f} nats")

# %% [markdown]
# With equal spreads the order does not matter, and a demonstration of asymmetry that uses such a
# pair demonstrates nothing. With unequal spreads one direction costs more than five times the
# other. The figure shows where the nats come from; `p` is the narrow code, `q` the prior.

# %% role="demo"
both = plots.plot_kl_asymmetry(1.0, -2.0, 0.0, 0.0)
plots.show(both, alt="Two panels of the same two normals. Averaged over the narrow one, the "
           "divergence is 1.07 nats; averaged over the wide one it is 5.89, because the wide one "
           "draws many points where the narrow one has almost no density.")

# %% [markdown]
# A VAE uses $\mathrm{KL}(\text{code} \,\|\, \text{prior})$: the average runs over what the
# *encoder* draws. A code must stay where the prior has mass, and is not asked to cover all of it.
# That would be absurd, as thousands of codes have to share the prior.

# %% [markdown]
# ## 3. Hold a code against N(0, I) (9 minutes)
#
# The encoder gives every image a [posterior](../../docs/glossary.md#posterior)
# $\mathcal{N}(\mu, \operatorname{diag}(\sigma^2))$ with one mean and one variance per latent
# dimension. The [prior](../../docs/glossary.md#prior) is $\mathcal{N}(0, I)$. (The literature on
# VAEs calls the posterior $q$ and the prior $p$, and from here on so do we. The letters swap, the
# direction does not.) The dimensions are independent, so log-densities add, and so do the
# divergences:
#
# $$\mathrm{KL}(q \,\|\, p) = -\frac12 \sum_{j=1}^{\text{latent}}
#   \left( 1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2 \right)$$
#
# where $\mu_j$ is `z_mean[:, j]` and $\log \sigma_j^2$ is `z_log_var[:, j]`. It is *summed* over
# latent; nothing is averaged yet. With the minus sign moved in, each part has a task:
#
# | in the formula | in the code | what it does (times ½) |
# |:--|:--|:--|
# | $\mu_j^2$ | `z_mean`, squared | pulls the code to the middle |
# | $\sigma_j^2$ | `exp` of `z_log_var` | stops it from spreading without end |
# | $-\log \sigma_j^2$ | minus `z_log_var` | stops it from shrinking to a point |
# | $-1$ | `-1` | sets the price of $\mathcal{N}(0, 1)$ itself to 0 |
#
# Move the sliders. **Find** a code with mean 0 that costs 1 nat (there are two), and the cheapest
# log-variance for a code with mean 2.

# %% role="demo"
widgets.kl_explorer()

# %% [markdown]
# The same for all means and log-variances at once, readable without a kernel. The star is
# $\mathcal{N}(0, 1)$, the diamond the narrow code of section 2.

# %% role="demo"
plots.show(plots.plot_kl_map(mark=(1.0, -2.0)), alt="Map of the divergence over mean and "
           "log-variance: zero only at mean 0 and log-variance 0, symmetric in the mean, steeper "
           "towards wide codes than towards narrow ones.")

# %% [markdown]
# <details><summary>What the sliders should have told you</summary>
#
# At mean 0 a log-variance of about 1.5 costs 1 nat, and so does one of about -2.9: for the same
# price a code may shrink a lot, but widen only a little. With mean 2 the cheapest log-variance is
# still 0. Mean and spread are paid for separately, because the formula has no term with both.
# </details>
#
# ### Exercise 3: `kl_to_standard_normal(z_mean, z_log_var)` (3 points)
#
# Both arguments are `(batch, latent)`. Return one divergence per image, `(batch,)`, summed over
# latent.
#
# Worked number: `z_mean = [[1, 0]]` and `z_log_var = [[0, log 4]]` join the two cases of section 2,
# $0.5 + 0.806853$, and give `[1.306853]`.

# %% exercise="kl_to_standard_normal" role="answer"
def kl_to_standard_normal(z_mean: np.ndarray, z_log_var: np.ndarray) -> np.ndarray:
    """Return KL(q || N(0, I)) in nats for each image, summed over latent: `(batch,)`."""
    ### BEGIN SOLUTION
    terms = 1 + z_log_var - np.square(z_mean) - np.exp(z_log_var)
    return -0.5 * np.sum(terms, axis=-1)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# kl_to_standard_normal(np.array([[1.0, 0.0]]), np.array([[0.0, np.log(4)]]))

# %% exercise="kl_to_standard_normal" role="check"
vaelib.check("kl_to_standard_normal", kl_to_standard_normal)

# %% [markdown]
# ## 4. Check the formula without trusting it (9 minutes)
#
# You have used a formula that somebody else integrated. Its definition can be tried out instead: a
# KL divergence is the average of $\log q(z) - \log p(z)$ over codes $z$ drawn from the posterior.
#
# $$\mathrm{KL}(q \,\|\, p) \approx \frac1S \sum_{s=1}^{S} \bigl[ \log q(z_s) - \log p(z_s) \bigr],
#   \qquad z_s = \mu + \sigma \, \epsilon_s$$
#
# where $\epsilon_s$ is draw $s$ of $\mathcal{N}(0, I)$ and $S$ the number of draws. Densities are
# summed over latent, as logarithms; the result is averaged over draws. This is a
# [Monte Carlo estimate](../../docs/glossary.md#monte-carlo-estimate). It works for every pair of
# densities that you can draw from and evaluate, with a closed form or without.
#
# ### Exercise 4: `kl_monte_carlo(z_mean, z_log_var, epsilon)` (2 points)
#
# `epsilon` is `(samples, batch, latent)`; return `(batch,)`. The set-up cell imported
# `diagonal_log_prob` of unit 02, which takes codes, means and log-variances of one draw at a time,
# `(batch, latent)` each, and returns `(batch,)`.
#
# Worked number: a code with mean 1 and log-variance 0, and the two draws 1 and -1. They land at
# $z = 2$ and $z = 0$, where $\log q - \log p$ is $1.5$ and $-0.5$; the average is 0.5.

# %% exercise="kl_monte_carlo" role="answer"
def kl_monte_carlo(z_mean: np.ndarray, z_log_var: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    """Estimate KL(q || N(0, I)) in nats for each image from draws: `(batch,)`.

    epsilon: draws of N(0, 1), `(samples, batch, latent)`.
    """
    ### BEGIN SOLUTION
    posterior, prior = (z_mean, z_log_var), (0 * z_mean, 0 * z_mean)
    estimates = []
    for draw in epsilon:
        z = z_mean + np.exp(0.5 * z_log_var) * draw
        log_q = diagonal_log_prob(z, *posterior)
        log_p = diagonal_log_prob(z, *prior)
        estimates.append(log_q - log_p)
    return np.mean(estimates, axis=0)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# kl_monte_carlo(np.array([[1.0]]), np.array([[0.0]]), np.array([[[1.0]], [[-1.0]]]))

# %% exercise="kl_monte_carlo" role="check"
vaelib.check("kl_monte_carlo", kl_monte_carlo)

# %% [markdown]
# One draw said 1.5 and the other -0.5, so single draws are hardly worth anything. How many does it
# take? Here is one code with four latent dimensions, its closed form, and estimates from 10 to
# 30,000 fresh draws. **Predict** how much shorter the last error bar is than the first.

# %% role="demo"
code_mean, code_log_var = np.array([1.0, -0.5, 0.3, 0.0]), np.array([-2.0, -1.0, 0.5, 0.0])
exact = vaelib.yours_or_ours("kl_to_standard_normal", kl_to_standard_normal)
estimate = vaelib.yours_or_ours("kl_monte_carlo", kl_monte_carlo)
draws = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000]
means, errors = demos.estimates_with_errors(estimate, code_mean, code_log_var, draws, rng)
figure = plots.plot_kl_comparison(exact(code_mean[None], code_log_var[None])[0],
                                  draws, means, errors)
plots.show(figure, alt="Monte Carlo estimates with error bars close in on the closed form as the "
           "number of draws grows from 10 to 30,000; the bars shrink with its square root.")

# %% [markdown]
# The bars close in on the dashed line, so the formula stands. They shrink with $1 / \sqrt{S}$:
# 3,000 times as many draws, and an error only 55 times smaller. (One bar in twenty should miss
# the line. Bars of two [standard errors](../../docs/glossary.md#standard-error) that never miss
# are too long.) The closed form needs no draws and has no error, so the loss will use it.

# %% [markdown]
# ## 5. One number for a batch (5 minutes)
#
# Training needs a single number. Two reductions are to be made, and they are not the same one:
#
# $$\mathcal{L}_{\mathrm{KL}} = \frac1B \sum_{i=1}^{B} \; \sum_{j=1}^{\text{latent}}
#   \mathrm{KL}_{ij}$$
#
# where $\mathrm{KL}_{ij}$ is the divergence of image $i$ in dimension $j$ and $B$ the number of
# images. *Sum* over latent, because the divergences of independent dimensions add. *Mean* over the
# batch, because the loss is per image.
#
# ### Exercise 5: `kl_loss(z_mean, z_log_var)` (2 points)
#
# Return $\mathcal{L}_{\mathrm{KL}}$ as one number. Write it with `ops` (`ops.square`, `ops.exp`,
# `ops.sum`, `ops.mean`), which works like NumPy but lets gradients through: unit 06 trains with
# it.
#
# Worked number: two images, one with the code of exercise 3 and one at $\mathcal{N}(0, I)$, have
# divergences 1.306853 and 0; the loss is 0.653426.

# %% exercise="kl_loss" role="answer"
def kl_loss(z_mean: tf.Tensor, z_log_var: tf.Tensor) -> tf.Tensor:
    """Return the KL loss in nats: summed over latent, averaged over the batch. One number."""
    ### BEGIN SOLUTION
    kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
    return ops.mean(kl)
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# kl_loss(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, np.log(4)], [0.0, 0.0]]))

# %% exercise="kl_loss" role="check"
vaelib.check("kl_loss", kl_loss)

# %% [markdown]
# What does this loss want, if it gets its way? Take 200 scattered, narrow codes and walk them down
# its gradient, which is short enough to write by hand: $\mu$ for the mean and
# $\tfrac12 (\sigma^2 - 1)$ for the log-variance, per image.

# %% role="demo"
loss = vaelib.yours_or_ours("kl_loss", kl_loss)
means, log_vars = 3 * rng.normal(size=(200, 2)), np.full((200, 2), -4.0)
for step in range(101):
    if step % 25 == 0:
        print(f"step {step:3d}: KL loss {float(loss(means, log_vars)):8.4f} nats")
    means, log_vars = means - 0.1 * means, log_vars - 0.05 * (np.exp(log_vars) - 1)

# %% [markdown]
# It wants every code to be $\mathcal{N}(0, I)$, the same for a 3 and for an 8, and a decoder could
# then tell nothing from anything ([posterior collapse](../../docs/glossary.md#posterior-collapse)).
# The reconstruction loss pulls the other way. Unit 06 lets the two fight it out, and the weights
# on the two ropes decide who wins. Which brings us to a museum piece.

# %% [markdown]
# ## 6. Bug museum: a harmless-looking mean (10 minutes)
#
# This is the KL loss of the slides, in our own layout. Its slip was also in Keras's own VAE example
# when a reader reported it in 2020, as
# [keras-io issue 270](https://github.com/keras-team/keras-io/issues/270), and in a good many
# projects before and after. (The slides call the log-variance `sigma`. Unit 02 has said what there
# is to say about that; it is not the bug.)

# %% role="demo"
def museum_loss(mu, sigma):
    terms = 1 + sigma - ops.square(mu) - ops.exp(sigma)
    terms = -0.5 * terms
    result = ops.mean(terms)
    return result

# %% [markdown]
# **Find the line that is wrong**, and think of an input that would *not* show it. Then run the
# comparison: the same kind of codes, with more and more latent dimensions.

# %% role="demo"
loss = vaelib.yours_or_ours("kl_loss", kl_loss)
for latent_dim in (1, 2, 4, 16, 64):
    means, log_vars = rng.normal(size=(500, latent_dim)), np.full((500, latent_dim), -1.0)
    right, museum = float(loss(means, log_vars)), float(museum_loss(means, log_vars))
    print(f"latent_dim {latent_dim:2d}: kl_loss {right:7.3f}   museum_loss {museum:.3f} nats")

# %% [markdown]
# <details><summary>The answer, after you have one of your own</summary>
#
# `ops.mean(terms)` averages over *all* axes, images and latent dimensions alike. Every line looks
# reasonable, nothing crashes, the loss falls during training, and with `latent_dim` 1 it is even
# right. Your loss grows with the number of dimensions that a code uses; the museum's stays where
# it is, however many there are.
#
# There is a second exhibit. The repair proposed in the report sums over latent and averages over
# the batch, as it should, and then multiplies by `0.5` where the original has `-0.5`. What would
# have happened to the codes? (They would have been paid for running away: such a loss has no lower
# bound.) The published example was mended without that slip. Test a repair as you test a bug.
# </details>
#
# ### Exercise 6: `implied_beta(latent_dim)` (1 point)
#
# A mean over latent is the sum with another weight, $\beta$ (see
# [beta](../../docs/glossary.md#beta)):
#
# $$\text{reconstruction} + \text{mean over latent}
#   = \text{reconstruction} + \beta \cdot \text{sum over latent}$$
#
# Return that $\beta$ for a given number of latent dimensions. Worked number: at `latent_dim` 1 it
# is 1. The table above gives you four more.

# %% exercise="implied_beta" role="answer"
def implied_beta(latent_dim: int) -> float:
    """Return the weight that a mean over `latent_dim` dimensions puts on the KL term."""
    ### BEGIN SOLUTION
    return 1 / latent_dim
    ### END SOLUTION

# %% [markdown]
# Yours to try:

# %%
# implied_beta(1)

# %% exercise="implied_beta" role="check"
vaelib.check("implied_beta", implied_beta)

# %% [markdown]
# What does the wrong weight do to a model? First one dimension, by hand. Say that blurring a code
# to variance $v$ costs $10 v$ nats of reconstruction. The best $v$ minimises
# $10 v + \tfrac{\beta}{2} (v - 1 - \log v)$; set the derivative to 0 and find
# $v = \beta / (\beta + 20)$. With $\beta = 1$ this is 0.048, with $\beta = 1/16$ it is 0.003. A
# small $\beta$ makes codes nearly points again, which is what this unit set out to prevent.
#
# Now digits. If encoder and decoder are linear, the best VAE needs no training: it is PCA with
# noise, and its loss can be written down (Lucas et al., below). We find the best one for the sum
# and the best one for the mean on the bundled digits, and then judge both by the right loss, the
# [negative ELBO](../../docs/glossary.md#negative-elbo), which is the one with the sum.
# **Predict** first: at which `latent_dim` would you have noticed?

# %% role="demo"
variances = demos.component_variances(load_digits("bundled").x_train)
figure = demos.plot_cost_of_the_mean(variances)
plots.show(figure, alt="Best linear VAE on digits. With the sum, the KL of a code levels off below "
           "30 nats; with the mean it grows to 153 at 64 dimensions. The bound loses 0.19 nats at "
           "2 dimensions, where nobody sees it, and 99 nats at 64.")

# %% [markdown]
# At `latent_dim` 2, as on the slides, the mean costs 0.19 nats of nearly 150. No loss curve
# shows that, and so the bug lives for years. At 64 it costs 99. With the sum, the model uses 37 of
# the 64 dimensions and leaves the rest at $\mathcal{N}(0, 1)$, where they are free. With the mean
# it keeps all 64 busy, with codes so narrow that a draw from the prior has little chance to land
# in one: good reconstructions, poor samples.

# %% [markdown]
# ## Reflection (2 points, 5 minutes)
#
# When the same mean was
# [reported to the authors of a molecule VAE](https://github.com/mkusner/grammarVAE/issues/2), they
# answered that it improves their model, and that the sum makes training a lot worse. In five to
# eight sentences: how can both sides be right? Say what the mean does to the objective at their 56
# latent dimensions, name one thing that gets better and one that gets worse, and say what you
# would change in the code so that a reader can see what is going on.

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# **Rubric (2 points; half points are fine)**
#
# - 0.5: the mean is the sum with weight 1/56 (0.018): the model trains with a small beta, which is
#   a different objective and no longer the negative ELBO.
# - 0.5: what gets better: a weak KL term lets the code carry more; reconstructions improve, and
#   the KL cannot win early and collapse the posterior.
# - 0.5: what gets worse: narrow codes that no longer fill N(0, I), so that draws from the prior
#   fall into holes; or: the loss is no bound on log p(x), and changes its meaning with latent_dim.
# - 0.5: the change: sum over latent and an explicit, named beta (constant or raised during
#   training), reported beside the results; or reconstruction and KL reported apart, in nats.
#
# A good answer sees that "better" depends on the measure. Full points also for "the mean is fine
# as long as it is called beta". No points for "sum is right because the formula says so" alone.
# ### END SOLUTION

# %% [markdown]
# Where do you stand? The next cell counts what your checks have found since the kernel was started.

# %% role="demo"
vaelib.progress()

# %% [markdown]
# ## Summary
#
# - $\mathrm{KL}(p \,\|\, q)$ is the average surplus of surprise over draws of $p$, in nats. It is
#   never negative, and it has a direction: a VAE averages over the encoder's draws.
# - For normals it has a closed form, which sampling confirms: for each latent dimension
#   $\tfrac12 (\sigma^2 + \mu^2 - 1 - \log \sigma^2)$ against $\mathcal{N}(0, 1)$.
# - The loss *sums* over latent and *averages* over the batch. A mean over latent divides the KL
#   term by `latent_dim`, in silence.
#
# **Two things to try**
#
# - Let `demos.estimates_with_errors` loose on a code with log-variances of -6 in 50 dimensions.
#   Does the error bar grow with the divergence?
# - A library averages binary cross-entropy over the 784 pixels *and* the KL over latent. Which
#   $\beta$ does that amount to, at `latent_dim` 2? (Unit 06 shows what becomes of such a model.)
#
# **To read on**
#
# - [Kingma and Welling 2014](https://arxiv.org/abs/1312.6114), appendix B: the closed form,
#   derived in half a page.
# - [Lucas et al. 2019](https://arxiv.org/abs/1911.02469): the linear VAE of the last figure, and
#   what it says about posterior collapse.
# - [Higgins et al. 2017](https://openreview.net/forum?id=Sy2fzU9gl): $\beta$ as a dial that one
#   turns on purpose.
# - [keras-io issue 270](https://github.com/keras-team/keras-io/issues/270): the report, with the
#   proposed repair.
