"""Unit 05: wrong answers that students give, each with its hint, and right ones in disguise."""

import math

import numpy as np
from scipy import special, stats

from autograder.exercises.unit05 import (
    implied_beta,
    kl_discrete,
    kl_loss,
    kl_monte_carlo,
    kl_normal,
    kl_to_standard_normal,
)

# --- kl_discrete ---------------------------------------------------------------------------------

LOGS = "np.log(p[seen] / q[seen])"
TERMS = f"p[seen] * {LOGS}"

kl_discrete.misconception(
    "p-and-q-swapped",
    "Your value is the divergence the other way round: which distribution weighs the logarithms?",
    {TERMS: "q[seen] * np.log(q[seen] / p[seen])"},
)
kl_discrete.misconception(
    "sign-flipped",
    "Your divergence is negative, and a KL divergence never is: look at what is above and what "
    "is below in the fraction.",
    {LOGS: "np.log(q[seen] / p[seen])"},
)
kl_discrete.misconception(
    "bits-for-nats",
    "Your result is 1.4427 times too large: it is measured in bits, the course counts in nats.",
    {LOGS: "np.log2(p[seen] / q[seen])"},
)
kl_discrete.misconception(
    "base-ten",
    "Your result is 0.4343 times what it should be: which base has your logarithm?",
    {LOGS: "np.log10(p[seen] / q[seen])"},
)
kl_discrete.misconception(
    "nan-where-p-is-zero",
    "A class with p = 0 turns your sum into NaN: what is 0 log 0 meant to be?",
    {"seen = p > 0": "seen = p >= 0"},
)
kl_discrete.misconception(
    "impossible-class-ignored",
    "Where q calls a class impossible that p draws, your result stays finite: how surprised "
    "should q be?",
    {"seen = p > 0": "seen = (p > 0) & (q > 0)"},
)
kl_discrete.misconception(
    "absolute-values",
    "Single terms may be negative, and in your sum none is.",
    {TERMS: f"np.abs({TERMS})"},
)
kl_discrete.misconception(
    "smoothed-inputs",
    "Your result is finite where a divergence is infinite: something was added to q.",
    {LOGS: "np.log(p[seen] / (q[seen] + 1e-3))"},
)
kl_discrete.misconception(
    "mean-of-terms",
    "Your result shrinks when more classes are added: the terms are averaged.",
    {"np.sum(": "np.mean("},
)
kl_discrete.misconception(
    "nothing-refused",
    "Arguments that are no probability distributions are accepted without a word.",
    {"raise ValueError": "str"},
)
kl_discrete.misconception(
    "returned-not-raised",
    "Where an argument is no distribution, something comes back from you, and nothing stops "
    "whoever asked.",
    {"raise ValueError": "return ValueError"},
)
kl_discrete.misconception(
    "negatives-accepted",
    "A negative entry passes unnoticed, as long as the sum is 1.",
    {"np.any(values < 0)": "False"},
)
kl_discrete.misconception(
    "sum-checked-loosely",
    "A sum that is off by 4e-6 passes: how far off does your comparison let it be?",
    {"abs(values.sum() - 1) > 1e-6": "not np.isclose(values.sum(), 1)"},
)
kl_discrete.misconception(
    "sums-compared-with-each-other",
    "Two arguments that both sum to 1.1 pass: what is each of them held against?",
    {"abs(values.sum() - 1)": "abs(p.sum() - q.sum())"},
)
kl_discrete.misconception(
    "shapes-not-compared",
    "One class against four is accepted: NumPy stretches an array of one entry to fit.",
    {"p.shape != q.shape": "False"},
)


@kl_discrete.variant("hand-loop")
def by_hand(p, q):
    if len(p) != len(q):
        raise ValueError("lengths differ")
    for values in (p, q):
        if min(values) < 0 or abs(sum(values) - 1) > 1e-6:
            raise ValueError("not a distribution")
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * math.log(a / b)
    return total


@kl_discrete.variant("rel-entr")
def with_rel_entr(p, q):
    p, q = np.array(p, float), np.array(q, float)
    if p.shape != q.shape:
        raise ValueError("shapes")
    if (p < 0).any() or (q < 0).any():
        raise ValueError("negative")
    if not (np.isclose(p.sum(), 1, rtol=0, atol=1e-6) and np.isclose(q.sum(), 1, 0, 1e-6)):
        raise ValueError("sum")
    return special.rel_entr(p, q).sum()


@kl_discrete.variant("xlogy")
def with_xlogy(p, q):
    if np.shape(p) != np.shape(q) or min(np.min(p), np.min(q)) < 0:
        raise ValueError("bad arguments")
    if max(abs(np.sum(p) - 1), abs(np.sum(q) - 1)) > 1e-6:
        raise ValueError("bad sums")
    with np.errstate(divide="ignore"):
        return np.float32(special.xlogy(p, p).sum() - special.xlogy(p, q).sum())


@kl_discrete.variant("tensorflow")
def with_tensorflow(p, q):
    import tensorflow as tf

    p, q = tf.constant(p, tf.float64), tf.constant(q, tf.float64)
    if p.shape != q.shape:
        raise ValueError("shapes differ")
    for values in (p, q):
        if tf.reduce_any(values < 0) or abs(tf.reduce_sum(values) - 1.0) > 1e-6:
            raise ValueError("not a distribution")
    return tf.reduce_sum(tf.math.xlogy(p, p) - tf.math.xlogy(p, q))


# --- kl_normal -----------------------------------------------------------------------------------


@kl_normal.misconception(
    "log-variance-as-variance",
    "At log-variance 0 your answer takes the variance for 0: it uses log-variances as they come.",
)
def log_var_as_var(mean_p, log_var_p, mean_q, log_var_q):
    with np.errstate(all="ignore"):
        ratio = np.asarray(log_var_p) / log_var_q
        return 0.5 * (ratio - 1 - np.log(ratio) + (mean_p - mean_q) ** 2 / log_var_q)


@kl_normal.misconception(
    "exp-log-variance-as-std",
    "For equal means your result grows too fast with the spread: what does exp(log-variance) give?",
)
def exp_as_std(mean_p, log_var_p, mean_q, log_var_q):
    std_p, std_q = np.exp(log_var_p), np.exp(log_var_q)
    spread = std_p**2 + (mean_p - mean_q) ** 2
    return np.log(std_q / std_p) + spread / (2 * std_q**2) - 0.5


@kl_normal.misconception(
    "std-for-variance",
    "Your result changes too little with the spread: a standard deviation stands where a "
    "variance belongs.",
)
def std_for_var(mean_p, log_var_p, mean_q, log_var_q):
    std_p, std_q = np.exp(0.5 * np.asarray(log_var_p)), np.exp(0.5 * np.asarray(log_var_q))
    return np.log(std_q / std_p) + (std_p + (mean_p - mean_q) ** 2) / (2 * std_q) - 0.5


@kl_normal.misconception(
    "p-and-q-swapped",
    "Your value is KL(q || p): the two normals stand in each other's place.",
)
def normals_swapped(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_q - np.asarray(log_var_p))
    return 0.5 * (ratio + (mean_q - mean_p) ** 2 / np.exp(log_var_p) - 1 - np.log(ratio))


@kl_normal.misconception(
    "half-missing",
    "Your result is twice what is expected, everywhere.",
)
def no_half(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return ratio + (mean_p - mean_q) ** 2 / np.exp(log_var_q) - 1 - np.log(ratio)


@kl_normal.misconception(
    "logarithm-counted-twice",
    "For equal spreads you are right, for others off by half a difference of log-variances: "
    "what stands in your logarithm?",
)
def log_of_variances(mean_p, log_var_p, mean_q, log_var_q):
    var_p, var_q = np.exp(log_var_p), np.exp(log_var_q)
    return np.log(var_q / var_p) + (var_p + (mean_p - mean_q) ** 2) / (2 * var_q) - 0.5


@kl_normal.misconception(
    "minus-one-missing",
    "The divergence of a normal from itself comes out as 0.5 and not as 0.",
)
def no_minus_one(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return 0.5 * (ratio + (mean_p - mean_q) ** 2 / np.exp(log_var_q) - np.log(ratio))


@kl_normal.misconception(
    "log-term-reversed",
    "Your divergence can be negative: look at the signs of the log-variances.",
)
def log_reversed(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return 0.5 * (ratio + (mean_p - mean_q) ** 2 / np.exp(log_var_q) - 1 + np.log(ratio))


@kl_normal.misconception(
    "distance-not-squared",
    "The distance between the means enters your result without a square.",
)
def not_squared(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return 0.5 * (ratio + np.abs(mean_p - mean_q) / np.exp(log_var_q) - 1 - np.log(ratio))


@kl_normal.misconception(
    "distance-not-scaled",
    "A wide q should forgive a distance between the means, and yours does not.",
)
def not_scaled(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return 0.5 * (ratio + (mean_p - mean_q) ** 2 - 1 - np.log(ratio))


@kl_normal.misconception(
    "summed-up",
    "One number comes back where every pair of normals should keep its own.",
)
def summed_up(mean_p, log_var_p, mean_q, log_var_q):
    ratio = np.exp(log_var_p - np.asarray(log_var_q))
    return np.sum(0.5 * (ratio + (mean_p - mean_q) ** 2 / np.exp(log_var_q) - 1 - np.log(ratio)))


@kl_normal.variant("through-std")
def through_std(mean_p, log_var_p, mean_q, log_var_q):
    std_p, std_q = np.exp(log_var_p) ** 0.5, np.sqrt(np.exp(log_var_q))
    return np.log(std_q / std_p) + (std_p**2 + (mean_p - mean_q) ** 2) / (2 * std_q**2) - 0.5


@kl_normal.variant("through-expm1")
def through_expm1(mean_p, log_var_p, mean_q, log_var_q):
    d = np.asarray(log_var_p) - log_var_q
    return (np.expm1(d) - d + (mean_q - mean_p) ** 2 * np.exp(-np.asarray(log_var_q))) / 2


@kl_normal.variant("keras-ops")
def with_keras(mean_p, log_var_p, mean_q, log_var_q):
    from keras import ops

    ratio = ops.exp(ops.subtract(log_var_p, log_var_q))
    distance = ops.square(ops.subtract(mean_p, mean_q)) / ops.exp(log_var_q)
    return 0.5 * (ratio + distance - 1 - ops.log(ratio))


@kl_normal.variant("cross-entropy-minus-entropy")
def entropies(mean_p, log_var_p, mean_q, log_var_q):
    entropy = 0.5 * (math.log(2 * math.pi) + 1 + np.asarray(log_var_p, float))
    spread = np.exp(log_var_p) + (np.asarray(mean_p) - mean_q) ** 2
    cross = 0.5 * (math.log(2 * math.pi) + log_var_q + spread / np.exp(log_var_q))
    return cross - entropy


# --- kl_to_standard_normal -----------------------------------------------------------------------

kl_to_standard_normal.misconception(
    "mean-over-latent",
    "With one latent dimension your result is right; with d of them it is d times too small.",
    {"np.sum(": "np.mean("},
)
kl_to_standard_normal.misconception(
    "sum-over-batch",
    "A batch of 4 images gives one number: every image should keep its own.",
    {"axis=-1": "axis=None"},
)
kl_to_standard_normal.misconception(
    "wrong-axis",
    "Your result has as many entries as there are latent dimensions: one per image is wanted.",
    {"axis=-1": "axis=0"},
)
kl_to_standard_normal.misconception(
    "not-summed",
    "Your result still has a column for each latent dimension.",
    {"np.sum(terms, axis=-1)": "terms"},
)
kl_to_standard_normal.misconception(
    "sign-flipped",
    "Your divergences are negative, and a KL divergence never is.",
    {"-0.5": "0.5"},
)
kl_to_standard_normal.misconception(
    "half-missing",
    "Your result is twice what is expected, everywhere: one factor got lost.",
    {"-0.5 * ": "-"},
)
kl_to_standard_normal.misconception(
    "plus-mean-squared",
    "Moving the mean away from 0 makes your divergence smaller; it should grow.",
    {"- np.square(": "+ np.square("},
)
kl_to_standard_normal.misconception(
    "absolute-mean",
    "Twice as far from 0 should cost four times as much, and costs only twice: look at the mean.",
    {"np.square(z_mean)": "np.abs(z_mean)"},
)
kl_to_standard_normal.misconception(
    "std-for-variance",
    "Your divergence is smallest at a spread other than 1: is it a variance that you subtract?",
    {"np.exp(z_log_var)": "np.exp(0.5 * z_log_var)"},
)
kl_to_standard_normal.misconception(
    "log-variance-as-variance",
    "Your result does not react to the spread at all: two terms cancel.",
    {"np.exp(z_log_var)": "z_log_var"},
)
kl_to_standard_normal.misconception(
    "log-variance-as-std",
    "Log-variances of 1 and -1 give the same term in your sum: something is squared that is "
    "no standard deviation.",
    {"np.exp(z_log_var)": "np.square(z_log_var)"},
)
kl_to_standard_normal.misconception(
    "one-missing",
    "A unit Gaussian is not at distance 0 from itself in your formula.",
    {"1 + z_log_var": "z_log_var"},
)


@kl_to_standard_normal.variant("inside-out")
def inside_out(z_mean, z_log_var):
    return 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).sum(-1)


@kl_to_standard_normal.variant("through-the-standard-deviation")
def through_sigma(z_mean, z_log_var):
    std = np.sqrt(np.exp(z_log_var))
    return np.sum((std**2 + z_mean**2 - 1) / 2 - np.log(std), axis=1)


@kl_to_standard_normal.variant("hand-loop")
def loops(z_mean, z_log_var):
    result = []
    for means, log_vars in zip(z_mean, z_log_var, strict=True):
        terms = [math.exp(v) + m * m - 1 - v for m, v in zip(means, log_vars, strict=True)]
        result.append(sum(terms) / 2)
    return result


@kl_to_standard_normal.variant("einsum")
def with_einsum(z_mean, z_log_var):
    squares = np.einsum("bl,bl->b", z_mean, z_mean)
    return 0.5 * (squares + np.einsum("bl->b", np.expm1(z_log_var) - z_log_var))


@kl_to_standard_normal.variant("latent-times-the-mean")
def latent_times_mean(z_mean, z_log_var):
    import tensorflow as tf

    terms = 1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var)
    return -0.5 * z_mean.shape[1] * tf.reduce_mean(terms, 1)


# --- kl_monte_carlo ------------------------------------------------------------------------------

kl_monte_carlo.misconception(
    "densities-swapped",
    "Your estimate has the right size and the wrong sign: which density is being averaged over?",
    {"log_q - log_p": "log_p - log_q"},
)
kl_monte_carlo.misconception(
    "mean-over-batch",
    "Your result has one entry for each draw, where every image should have its own.",
    {"axis=0)": "axis=1)"},
)
kl_monte_carlo.misconception(
    "one-number",
    "One number comes back where every image should have its own estimate.",
    {"axis=0)": "axis=None)"},
)
kl_monte_carlo.misconception(
    "sum-over-samples",
    "Twice as many draws make your estimate twice as large.",
    {"np.mean(estimates": "np.sum(estimates"},
)
kl_monte_carlo.misconception(
    "log-variance-as-std",
    "Your draws are spread by the log-variance itself, and the densities do not fit them.",
    {"np.exp(0.5 * z_log_var)": "z_log_var"},
)
kl_monte_carlo.misconception(
    "variance-as-std",
    "Your draws are spread too far where the log-variance is positive: that is a variance.",
    {"np.exp(0.5 * z_log_var)": "np.exp(z_log_var)"},
)
kl_monte_carlo.misconception(
    "epsilon-for-z",
    "Your result does not measure where z lies: the densities are taken at epsilon.",
    {"diagonal_log_prob(z,": "diagonal_log_prob(draw,"},
)


@kl_monte_carlo.misconception(
    "constant-dropped-once",
    "Your estimate is off by 0.9189 for each latent dimension: a term of one density is gone.",
)
def constant_dropped(z_mean, z_log_var, epsilon):
    z = z_mean + np.exp(0.5 * z_log_var) * epsilon
    log_q = stats.norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var))
    return (log_q + 0.5 * z**2).sum(-1).mean(0)


@kl_monte_carlo.misconception(
    "closed-form-for-an-estimate",
    "Your result does not change when epsilon does: that is no estimate.",
)
def closed_form(z_mean, z_log_var, epsilon):
    return 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).sum(-1)


@kl_monte_carlo.variant("without-constants")
def without_constants(z_mean, z_log_var, epsilon):
    z = z_mean + np.exp(z_log_var / 2) * epsilon
    return np.mean(np.sum(0.5 * (z**2 - epsilon**2 - z_log_var), axis=-1), axis=0)


@kl_monte_carlo.variant("scipy")
def with_scipy(z_mean, z_log_var, epsilon):
    std = np.exp(z_log_var) ** 0.5
    z = epsilon * std + z_mean
    ratio = stats.norm(z_mean, std).logpdf(z) - stats.norm.logpdf(z)
    return ratio.sum(axis=2).mean(axis=0)


@kl_monte_carlo.variant("sample-by-sample")
def sample_by_sample(z_mean, z_log_var, epsilon):
    total = np.zeros(len(z_mean))
    for draw in epsilon:
        z = z_mean + np.sqrt(np.exp(z_log_var)) * draw
        log_q = -0.5 * (np.log(2 * np.pi) + z_log_var + draw**2)
        log_p = -0.5 * (np.log(2 * np.pi) + z**2)
        total += (log_q - log_p).sum(axis=1)
    return total / len(epsilon)


@kl_monte_carlo.variant("tensorflow")
def monte_carlo_in_tensorflow(z_mean, z_log_var, epsilon):
    import tensorflow as tf

    z = z_mean + tf.exp(0.5 * z_log_var) * epsilon
    difference = tf.square(z) - tf.square(epsilon) - z_log_var
    return tf.reduce_mean(tf.reduce_sum(0.5 * difference, axis=-1), axis=0)


# --- kl_loss -------------------------------------------------------------------------------------

kl_loss.misconception(
    "mean-over-latent",
    "Your loss is the expected one divided by the number of latent dimensions.",
    {"ops.sum(": "ops.mean("},
)
kl_loss.misconception(
    "sum-over-batch",
    "Your loss grows with the number of images in the batch.",
    {"ops.mean(kl)": "ops.sum(kl)"},
)
kl_loss.misconception(
    "vector-for-scalar",
    "One number per image comes back; a loss is one number for the batch.",
    {"ops.mean(kl)": "kl"},
)
kl_loss.misconception(
    "axes-exchanged",
    "Your loss is summed over images and averaged over latent dimensions: it is the other way "
    "round.",
    {"axis=-1": "axis=0"},
)
kl_loss.misconception(
    "sign-flipped",
    "Your loss is negative: an optimizer would push the codes away from the unit Gaussian.",
    {"-0.5": "0.5"},
)
kl_loss.misconception(
    "half-missing",
    "Your loss is twice what is expected.",
    {"-0.5 * ": "-"},
)
kl_loss.misconception(
    "plus-mean-squared",
    "Codes that move away from 0 make your loss smaller.",
    {"- ops.square(": "+ ops.square("},
)
kl_loss.misconception(
    "std-for-variance",
    "Your loss is not smallest at a log-variance of 0: is it a variance that you subtract?",
    {"ops.exp(z_log_var)": "ops.exp(0.5 * z_log_var)"},
)
kl_loss.misconception(
    "log-variance-as-variance",
    "Your loss does not react to the spread of the codes.",
    {"ops.exp(z_log_var)": "z_log_var"},
)


@kl_loss.variant("mean-of-sums-in-numpy")
def mean_of_sums(z_mean, z_log_var):
    return np.mean(np.sum(0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var), axis=1))


@kl_loss.variant("sum-over-batch-size")
def sum_over_size(z_mean, z_log_var):
    return float(np.sum(np.exp(z_log_var) + z_mean**2 - 1 - z_log_var)) / (2 * len(z_mean))


@kl_loss.variant("latent-times-the-mean")
def latent_times(z_mean, z_log_var):
    import tensorflow as tf

    terms = 1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var)
    return -0.5 * z_mean.shape[-1] * tf.reduce_mean(terms)


@kl_loss.variant("expm1")
def with_expm1(z_mean, z_log_var):
    terms = np.expm1(z_log_var) - z_log_var + np.square(z_mean)
    return np.array(np.average(terms.sum(-1)) / 2)


@kl_loss.variant("calls-the-earlier-answer")
def through_earlier_answer(z_mean, z_log_var):
    return np.mean(kl_to_standard_normal(z_mean, z_log_var))


# --- implied_beta --------------------------------------------------------------------------------

implied_beta.misconception(
    "upside-down",
    "Your weight grows with latent_dim; does dividing by more make a term heavier?",
    {"1 / latent_dim": "latent_dim"},
)
implied_beta.misconception(
    "half-too-many",
    "Your weight is half of what is expected: the one half belongs to both, sum and mean.",
    {"1 / latent_dim": "0.5 / latent_dim"},
)
implied_beta.misconception(
    "square-root",
    "Your weight falls too slowly: at 4 dimensions it should be half of that at 2.",
    {"1 / latent_dim": "1 / np.sqrt(latent_dim)"},
)
implied_beta.misconception(
    "always-one",
    "Your weight does not depend on latent_dim.",
    {"1 / latent_dim": "1.0"},
)
implied_beta.misconception(
    "pixels-counted",
    "You count pixels; which mean is the question about?",
    {"1 / latent_dim": "1 / (784 * latent_dim)"},
)
implied_beta.misconception(
    "square",
    "Your weight falls too fast: at 4 dimensions it should be half of that at 2.",
    {"1 / latent_dim": "1 / latent_dim**2"},
)


@implied_beta.variant("numpy-scalar")
def numpy_scalar(latent_dim):
    return np.float32(1) / latent_dim


@implied_beta.variant("power")
def power(latent_dim):
    return float(latent_dim) ** -1


@implied_beta.variant("measured")
def measured(latent_dim):
    terms = np.ones(latent_dim)
    return terms.mean() / terms.sum()


@implied_beta.variant("tensor")
def as_tensor(latent_dim):
    import tensorflow as tf

    return tf.constant(1.0) / latent_dim
