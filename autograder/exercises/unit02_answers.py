"""Unit 02: wrong answers that students give, each with its hint, and unusual right ones."""

import math

import numpy as np
from scipy import special, stats

from autograder.exercises.unit02 import (
    diagonal_log_prob,
    fit_normal,
    normal_log_pdf,
    normal_pdf,
    probability_within,
    std_from_log_var,
    transform_standard_normal,
)

# --- normal_pdf ----------------------------------------------------------------------------------

HEIGHT = "(std * np.sqrt(2 * np.pi))"
BELL = "np.exp(-0.5 * z**2)"

normal_pdf.misconception(
    "constant-missing",
    "The area under your curve is 2.5066, not 1.",
    {HEIGHT: "std"},
)
normal_pdf.misconception(
    "same-height-for-every-width",
    "A curve twice as wide should be half as tall; yours keeps its height.",
    {HEIGHT: "np.sqrt(2 * np.pi)"},
)
normal_pdf.misconception(
    "peak-of-one",
    "Your curve is 1 at its top, whatever its width: that is a bell, but not yet a density.",
    {f" / {HEIGHT}": ""},
)
normal_pdf.misconception(
    "variance-in-the-height",
    "The area under your curve shrinks as std grows: the height falls too fast with the width.",
    {HEIGHT: "(std**2 * np.sqrt(2 * np.pi))"},
)
normal_pdf.misconception(
    "root-missing",
    "The area under your curve is 0.3989, not 1: what is under a root in the constant?",
    {"np.sqrt(2 * np.pi)": "(2 * np.pi)"},
)
normal_pdf.misconception(
    "half-missing",
    "One standard deviation from the mean your curve is at 0.37 of its peak; a normal density is "
    "at 0.61 there.",
    {"-0.5 * ": "-"},
)
normal_pdf.misconception(
    "distance-not-squared",
    "Your curve has another shape left of the mean than right of it.",
    {"z**2": "z"},
)
normal_pdf.misconception(
    "sign-missing",
    "Your density grows with the distance from the mean, without end.",
    {"-0.5": "0.5"},
)
normal_pdf.misconception(
    "distance-not-scaled",
    "Only the height of your curve reacts to std: how wide it is never changes.",
    {"(x - mean) / std": "x - mean"},
)
normal_pdf.misconception(
    "std-read-as-variance",
    "Your curve has an area of 1, but its width is the square root of what was asked for.",
    {"(x - mean) / std": "(x - mean) / np.sqrt(std)", HEIGHT: "np.sqrt(2 * np.pi * std)"},
)
normal_pdf.misconception(
    "std-for-variance-in-the-exponent",
    "The height fits std and the width does not: in the exponent something is not squared.",
    {"z**2": "z**2 * std"},
)
normal_pdf.misconception(
    "mean-ignored",
    "Your curve has its peak at 0, wherever the mean is.",
    {"(x - mean)": "x"},
)
normal_pdf.misconception(
    "logarithm-returned",
    "Your densities are negative: they look like logarithms.",
    {"return ": "return np.log(", HEIGHT: f"{HEIGHT})"},
)
normal_pdf.misconception(
    "cumulative",
    "Your curve only ever rises, from 0 to 1: it says how much lies left of x, not how dense "
    "it is there.",
    {f"{BELL} / {HEIGHT}": "0.5 * (1 + erf(z / np.sqrt(2)))"},
)


@normal_pdf.variant("through-the-variance")
def pdf_through_variance(x, mean, std):
    var = np.square(std)
    return 1 / np.sqrt(2 * np.pi * var) * np.exp(-((x - mean) ** 2) / (2 * var))


@normal_pdf.variant("scipy")
def pdf_with_scipy(x, mean, std):
    return stats.norm.pdf(x, loc=mean, scale=std)


@normal_pdf.variant("exponential-of-the-logarithm")
def pdf_from_log(x, mean, std):
    z = np.subtract(x, mean) / std
    return np.exp(-(z * z) / 2 - np.log(std) - math.log(2 * math.pi) / 2)


@normal_pdf.variant("math-loop")
def pdf_loop(x, mean, std):
    def one(a, m, s):
        return math.exp(-((a - m) ** 2) / (2 * s * s)) / (s * math.sqrt(2 * math.pi))

    return np.vectorize(one)(x, mean, std)


# --- normal_log_pdf ------------------------------------------------------------------------------

LOG_SUM = "-0.5 * (np.log(2 * np.pi) + log_var + distance)"


@normal_log_pdf.misconception(
    "log-of-an-underflowed-density",
    "40 standard deviations out your result is -inf: the density itself is too small for a float.",
)
def log_of_density(x, mean, log_var):
    var = np.exp(log_var)
    with np.errstate(divide="ignore", under="ignore"):
        return np.log(np.exp(-0.5 * (x - mean) ** 2 / var) / np.sqrt(2 * np.pi * var))


@normal_log_pdf.misconception(
    "log-of-a-padded-density",
    "Far out your result stops falling: something was added to the density before its logarithm.",
)
def log_of_padded(x, mean, log_var):
    var = np.exp(log_var)
    with np.errstate(under="ignore"):
        density = np.exp(-0.5 * (x - mean) ** 2 / var) / np.sqrt(2 * np.pi * var)
    return np.log(density + 1e-12)


@normal_log_pdf.misconception(
    "log-variance-as-variance",
    "Your result is NaN for a negative log-variance: it is used as if it were a variance.",
)
def log_var_as_var(x, mean, log_var):
    with np.errstate(invalid="ignore"):
        return -0.5 * (np.log(2 * np.pi) + np.log(log_var) + (x - mean) ** 2 / log_var)


@normal_log_pdf.misconception(
    "log-variance-as-std",
    "Log-variances of 1 and of -1 give you the same result: a square hides the sign.",
)
def log_var_as_std(x, mean, log_var):
    var = np.square(log_var)
    return -0.5 * (np.log(2 * np.pi) + np.log(var) + (x - mean) ** 2 / var)


@normal_log_pdf.misconception(
    "exp-log-variance-as-std",
    "Your curve is too wide at positive log-variances and too narrow at negative ones: "
    "exp(log_var) is no standard deviation.",
)
def exp_as_std(x, mean, log_var):
    std = np.exp(log_var)
    return -0.5 * np.log(2 * np.pi) - np.log(std) - 0.5 * ((x - mean) / std) ** 2


normal_log_pdf.misconception(
    "std-for-variance",
    "Your result reacts too little to the spread: the squared distance is divided by a standard "
    "deviation.",
    {"/ np.exp(log_var)": "/ np.exp(0.5 * log_var)"},
)
normal_log_pdf.misconception(
    "half-missing",
    "Your result is twice what is expected, everywhere.",
    {"-0.5 * ": "-"},
)
normal_log_pdf.misconception(
    "half-on-the-distance-only",
    "At the mean itself your result is off already: two of the three terms lack a factor.",
    {LOG_SUM: "-np.log(2 * np.pi) - log_var - 0.5 * distance"},
)
normal_log_pdf.misconception(
    "log-variance-twice",
    "At the mean itself your result is off by half the log-variance.",
    {LOG_SUM: "-0.5 * np.log(2 * np.pi) - log_var - 0.5 * distance"},
)
normal_log_pdf.misconception(
    "constant-missing",
    "Your result is 0.9189 too high, everywhere.",
    {"np.log(2 * np.pi) + ": ""},
)
normal_log_pdf.misconception(
    "log-variance-term-missing",
    "A wide curve is as high as a narrow one at your mean.",
    {"log_var + distance": "distance"},
)
normal_log_pdf.misconception(
    "log-variance-sign",
    "At the mean your result grows with the spread: a wide curve should be lower there.",
    {"+ log_var +": "- log_var +"},
)
normal_log_pdf.misconception(
    "base-ten",
    "Your result is 0.4343 times what is expected: which base has your logarithm?",
    {LOG_SUM: f"{LOG_SUM} / np.log(10)"},
)
normal_log_pdf.misconception(
    "base-two",
    "Your result is 1.4427 times what is expected: it is in bits, the course counts in nats.",
    {LOG_SUM: f"{LOG_SUM} / np.log(2)"},
)
normal_log_pdf.misconception(
    "negative-log-density",
    "Your result grows with the distance from the mean: the whole of it has the wrong sign.",
    {"-0.5": "0.5"},
)
normal_log_pdf.misconception(
    "density-returned",
    "Your result is never negative: the logarithm of it is still to be taken.",
    {LOG_SUM: f"np.exp({LOG_SUM})"},
)
normal_log_pdf.misconception(
    "summed-up",
    "One number comes back where every x should keep its own.",
    {LOG_SUM: f"np.sum({LOG_SUM})"},
)


@normal_log_pdf.variant("through-the-standard-deviation")
def log_through_std(x, mean, log_var):
    std = np.sqrt(np.exp(log_var))
    return -np.log(std) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x - mean) / std) ** 2


@normal_log_pdf.variant("scipy")
def log_with_scipy(x, mean, log_var):
    return stats.norm.logpdf(x, mean, np.exp(log_var) ** 0.5)


@normal_log_pdf.variant("log-of-two-pi-times-variance")
def log_of_product(x, mean, log_var):
    var = np.exp(log_var)
    return -(np.log(2 * np.pi * var) + np.square(x - mean) / var) / 2


@normal_log_pdf.variant("scipy-frozen")
def log_frozen(x, mean, log_var):
    return stats.norm(loc=mean, scale=np.exp(np.asarray(log_var) / 2)).logpdf(x)


# --- std_from_log_var ----------------------------------------------------------------------------

ROOT = "np.exp(0.5 * log_var)"

std_from_log_var.misconception(
    "variance-returned",
    "Your result is the square of what is expected: that is the variance.",
    {ROOT: "np.exp(log_var)"},
)
std_from_log_var.misconception(
    "half-without-exponential",
    "Your result is negative for negative log-variances; no standard deviation is.",
    {ROOT: "log_var / 2"},
)
std_from_log_var.misconception(
    "returned-as-it-came",
    "A log-variance comes back as it was: a width below 0 makes no sense.",
    {ROOT: "log_var"},
)
std_from_log_var.misconception(
    "root-of-the-logarithm",
    "The root of a negative log-variance does not exist: something has to be undone first.",
    {ROOT: "np.sqrt(np.maximum(log_var, 0))"},
)
std_from_log_var.misconception(
    "two-for-one-half",
    "Your result is the fourth power of what is expected.",
    {"0.5 * log_var": "2 * log_var"},
)
std_from_log_var.misconception(
    "root-taken-twice",
    "Your result is the square root of what is expected: the root is taken twice.",
    {"0.5 * log_var": "0.25 * log_var"},
)
std_from_log_var.misconception(
    "precision-returned",
    "Your width falls as the log-variance grows.",
    {"0.5 * log_var": "-0.5 * log_var"},
)
std_from_log_var.misconception(
    "base-two",
    "You are right at 0 and too close to 1 elsewhere: which base undoes a natural logarithm?",
    {ROOT: "2 ** (0.5 * log_var)"},
)
std_from_log_var.misconception(
    "base-ten",
    "You are right at 0 and too far from 1 elsewhere: which base undoes a natural logarithm?",
    {ROOT: "10 ** (0.5 * np.asarray(log_var, float))"},
)
std_from_log_var.misconception(
    "absolute-value",
    "Your width is never below 1, but a negative log-variance belongs to a narrow curve.",
    {ROOT: "np.exp(0.5 * np.abs(log_var))"},
)


@std_from_log_var.variant("root-of-the-variance")
def root_of_variance(log_var):
    return np.sqrt(np.exp(log_var))


@std_from_log_var.variant("power-of-the-variance")
def power_of_variance(log_var):
    return np.exp(log_var) ** 0.5


@std_from_log_var.variant("half-after")
def half_after(log_var):
    return np.exp(np.asarray(log_var) / 2)


@std_from_log_var.variant("math-loop")
def std_loop(log_var):
    return np.vectorize(lambda v: math.sqrt(math.exp(v)))(log_var)


# --- transform_standard_normal -------------------------------------------------------------------

SHIFT = "mean + std * epsilon"

transform_standard_normal.misconception(
    "variance-as-scale",
    "Your draws are spread std times too far: the scale is squared.",
    {SHIFT: "mean + std**2 * epsilon"},
)
transform_standard_normal.misconception(
    "root-as-scale",
    "Your draws are not spread far enough: the scale is a square root too small.",
    {SHIFT: "mean + np.sqrt(std) * epsilon"},
)
transform_standard_normal.misconception(
    "std-read-as-log-variance",
    "Your draws are spread exponentially in std, which is no logarithm here.",
    {SHIFT: "mean + np.exp(0.5 * std) * epsilon"},
)
transform_standard_normal.misconception(
    "standardised-instead",
    "Your function turns draws of N(mean, std^2) into draws of N(0, 1): it is the way back.",
    {SHIFT: "(epsilon - mean) / std"},
)
transform_standard_normal.misconception(
    "divided-by-std",
    "A larger std brings your draws closer together.",
    {SHIFT: "mean + epsilon / std"},
)
transform_standard_normal.misconception(
    "shifted-before-scaling",
    "For epsilon = 0 your draw is not the mean.",
    {SHIFT: "std * (epsilon + mean)"},
)
transform_standard_normal.misconception(
    "mean-and-std-swapped",
    "Around epsilon = 0 your draws sit at std, and they are spread by the mean.",
    {SHIFT: "std + mean * epsilon"},
)
transform_standard_normal.misconception(
    "mean-ignored",
    "Your draws lie around 0, wherever the mean is.",
    {SHIFT: "std * epsilon"},
)
transform_standard_normal.misconception(
    "minus-mean",
    "Your draws lie around the mean's mirror image.",
    {SHIFT: "std * epsilon - mean"},
)
transform_standard_normal.misconception(
    "epsilon-ignored",
    "Your result does not depend on epsilon.",
    {SHIFT: "mean + std * np.random.default_rng(0).normal(size=np.shape(epsilon))"},
)


@transform_standard_normal.variant("noise-first")
def noise_first(epsilon, mean, std):
    return epsilon * std + mean


@transform_standard_normal.variant("numpy-functions")
def numpy_functions(epsilon, mean, std):
    return np.add(np.multiply(epsilon, std), mean)


@transform_standard_normal.variant("through-quantiles")
def through_quantiles(epsilon, mean, std):
    return stats.norm.ppf(special.ndtr(np.asarray(epsilon, float)), mean, std)


@transform_standard_normal.variant("row-by-row")
def row_by_row(epsilon, mean, std):
    rows = zip(*np.broadcast_arrays(epsilon, mean, std), strict=True) if np.ndim(epsilon) else None
    return [m + s * e for e, m, s in rows] if rows else mean + std * epsilon


# --- fit_normal ----------------------------------------------------------------------------------

SPREAD = "np.sqrt(np.mean((samples - mean) ** 2, axis=0))"

fit_normal.misconception(
    "variance-returned",
    "Your second result is the square of the standard deviation.",
    {SPREAD: "np.mean((samples - mean) ** 2, axis=0)"},
)
fit_normal.misconception(
    "log-variance-returned",
    "Your second result can be negative: a logarithm is still on it.",
    {SPREAD: "np.log(np.mean((samples - mean) ** 2, axis=0) + 1e-12)"},
)
fit_normal.misconception(
    "n-minus-one",
    "With few rows your std is too large: for two rows 1.414 times. Which number of rows "
    "makes the data likeliest?",
    {SPREAD: "np.sqrt(np.sum((samples - mean) ** 2, axis=0) / max(len(samples) - 1, 1))"},
)
fit_normal.misconception(
    "one-std-for-all-columns",
    "All your columns have the same std.",
    {SPREAD: "np.full(samples.shape[1], np.std(samples))"},
)
fit_normal.misconception(
    "one-number",
    "Two numbers come back for the whole array, where every column has a mean and a std.",
    {"axis=0": "axis=None"},
)
fit_normal.misconception(
    "rows-for-columns",
    "Your results have as many entries as there are rows: they describe the samples one by one.",
    {"np.mean(samples, axis=0)": "np.mean(samples, axis=1)", SPREAD: "np.std(samples, axis=1)"},
)
fit_normal.misconception(
    "std-first",
    "Your two results stand in each other's place.",
    {"return mean, std": "return std, mean"},
)
fit_normal.misconception(
    "around-zero",
    "Moving all samples by the same amount changes your std; only the mean should move.",
    {"(samples - mean) ** 2": "samples ** 2"},
)
fit_normal.misconception(
    "absolute-deviation",
    "Your std is too small: large deviations should count more than their size.",
    {SPREAD: "np.mean(np.abs(samples - mean), axis=0)"},
)
fit_normal.misconception(
    "median",
    "One outlier leaves your first result where it is: that is not a mean.",
    {"mean = np.mean(": "mean = np.median(", SPREAD: "np.std(samples, axis=0)"},
)
fit_normal.misconception(
    "standard-error",
    "Your std falls as rows are added: it is that of the mean, not that of the samples.",
    {SPREAD: f"{SPREAD} / np.sqrt(len(samples))"},
)


@fit_normal.variant("numpy-methods")
def numpy_methods(samples):
    return samples.mean(axis=0), samples.std(axis=0)


@fit_normal.variant("mean-of-squares")
def mean_of_squares(samples):
    mean = np.mean(samples, 0)
    return [mean, np.sqrt(np.maximum(np.mean(samples**2, 0) - mean**2, 0))]


@fit_normal.variant("scipy")
def fit_with_scipy(samples):
    return np.transpose([stats.norm.fit(column) for column in samples.T])


@fit_normal.variant("column-by-column")
def column_by_column(samples):
    n, d = samples.shape
    mean = [sum(samples[:, j]) / n for j in range(d)]
    std = [math.sqrt(sum((v - mean[j]) ** 2 for v in samples[:, j]) / n) for j in range(d)]
    return mean, std


# --- diagonal_log_prob ---------------------------------------------------------------------------

diagonal_log_prob.misconception(
    "mean-over-latent",
    "With one latent dimension your result is right; with d of them it is d times too close to 0.",
    {"np.sum(": "np.mean("},
)
diagonal_log_prob.misconception(
    "sum-over-batch",
    "One number comes back for the whole batch: every row should keep its own.",
    {"axis=-1": "axis=None"},
)
diagonal_log_prob.misconception(
    "wrong-axis",
    "Your result has as many entries as there are latent dimensions: one per row is wanted.",
    {"axis=-1": "axis=0"},
)
diagonal_log_prob.misconception(
    "not-summed",
    "Your result still has a column for each latent dimension.",
    {"np.sum(log_prob, axis=-1)": "log_prob"},
)
diagonal_log_prob.misconception(
    "axis-kept",
    "Your result is a matrix with one column, `(batch, 1)`, which NumPy will broadcast against "
    "`(batch,)` later.",
    {"axis=-1": "axis=-1, keepdims=True"},
)


@diagonal_log_prob.misconception(
    "row-against-column",
    "Your result has a row and a column for each image: a `(batch, 1)` met a `(batch,)`.",
)
def row_against_column(z, z_mean, z_log_var):
    distance = np.sum((z - z_mean) ** 2 / np.exp(z_log_var), axis=-1, keepdims=True)
    return -0.5 * (distance + np.sum(z_log_var + np.log(2 * np.pi), axis=-1))


@diagonal_log_prob.misconception(
    "log-of-a-product",
    "Far from the mean your result is -inf: a product of many small densities is 0 for a float.",
)
def log_of_a_product(z, z_mean, z_log_var):
    var = np.exp(z_log_var)
    with np.errstate(divide="ignore", under="ignore"):
        density = np.exp(-0.5 * (z - z_mean) ** 2 / var) / np.sqrt(2 * np.pi * var)
        return np.log(np.prod(density, axis=-1))


@diagonal_log_prob.misconception(
    "log-of-a-product-of-variances",
    "With 64 narrow dimensions your result is infinite: multiplied, so many small variances are 0 "
    "for a float.",
)
def log_of_a_product_of_variances(z, z_mean, z_log_var):
    var = np.exp(z_log_var)
    with np.errstate(divide="ignore", under="ignore", over="ignore"):
        log_det = np.log((2 * np.pi) ** z.shape[-1] * np.prod(var, axis=-1))
    return -0.5 * (log_det + np.sum((z - z_mean) ** 2 / var, axis=-1))


@diagonal_log_prob.misconception(
    "log-of-a-sum",
    "With one latent dimension your result is right; with more it is about that of the densest one "
    "alone.",
)
def log_of_a_sum(z, z_mean, z_log_var):
    var = np.exp(z_log_var)
    with np.errstate(divide="ignore", under="ignore"):
        density = np.exp(-0.5 * (z - z_mean) ** 2 / var) / np.sqrt(2 * np.pi * var)
        return np.log(np.sum(density, axis=-1))


@diagonal_log_prob.misconception(
    "constant-once",
    "With one latent dimension you are right; each further one puts you 0.9189 too high.",
)
def constant_once(z, z_mean, z_log_var):
    distance = (z - z_mean) ** 2 / np.exp(z_log_var)
    return -0.5 * (np.log(2 * np.pi) + (z_log_var + distance).sum(axis=-1))


@diagonal_log_prob.misconception(
    "constant-missing",
    "Your result is 0.9189 too high for each latent dimension.",
)
def constant_missing(z, z_mean, z_log_var):
    return -0.5 * (z_log_var + (z - z_mean) ** 2 / np.exp(z_log_var)).sum(axis=-1)


@diagonal_log_prob.misconception(
    "log-variance-term-missing",
    "At its own mean a narrow distribution is as dense as a wide one in your result.",
)
def log_var_missing(z, z_mean, z_log_var):
    return -0.5 * (np.log(2 * np.pi) + (z - z_mean) ** 2 / np.exp(z_log_var)).sum(axis=-1)


@diagonal_log_prob.misconception(
    "exp-log-variance-as-std",
    "Your result falls too slowly where the log-variance is positive: exp(z_log_var) is no "
    "standard deviation.",
)
def diagonal_exp_as_std(z, z_mean, z_log_var):
    std = np.exp(z_log_var)
    return (-0.5 * np.log(2 * np.pi) - np.log(std) - 0.5 * ((z - z_mean) / std) ** 2).sum(axis=-1)


@diagonal_log_prob.misconception(
    "log-variance-as-std",
    "Log-variances of 1 and of -1 give you the same result: a square hides the sign.",
)
def diagonal_log_var_as_std(z, z_mean, z_log_var):
    var = np.square(z_log_var)
    return -0.5 * (np.log(2 * np.pi * var) + (z - z_mean) ** 2 / var).sum(axis=-1)


diagonal_log_prob.misconception(
    "sign-flipped",
    "Your result grows with the distance from the mean: that is a loss, and a log-density is "
    "asked for.",
    {"return ": "return -"},
)
diagonal_log_prob.misconception(
    "half-missing",
    "Your result is twice what is expected, everywhere.",
    {"return ": "return 2 * "},
)
diagonal_log_prob.misconception(
    "z-and-mean-of-the-first-row",
    "Your first row is right, the others are not: all rows are held against one posterior.",
    {"z_mean, z_log_var)\n    return": "z_mean[:1], z_log_var[:1])\n    return"},
)


@diagonal_log_prob.variant("spelled-out")
def spelled_out(z, z_mean, z_log_var):
    terms = np.log(2 * np.pi) + z_log_var + np.square(z - z_mean) * np.exp(-z_log_var)
    return -0.5 * terms.sum(axis=1)


@diagonal_log_prob.variant("scipy")
def diagonal_with_scipy(z, z_mean, z_log_var):
    return stats.norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var)).sum(-1)


@diagonal_log_prob.variant("multivariate-normal")
def multivariate(z, z_mean, z_log_var):
    rows = zip(z, z_mean, z_log_var, strict=True)
    return [stats.multivariate_normal.logpdf(a, m, np.diag(np.exp(v))) for a, m, v in rows]


@diagonal_log_prob.variant("einsum")
def diagonal_einsum(z, z_mean, z_log_var):
    scaled = (z - z_mean) / np.sqrt(np.exp(z_log_var))
    squares = np.einsum("bl,bl->b", scaled, scaled)
    return -0.5 * (z.shape[1] * np.log(2 * np.pi) + z_log_var.sum(1) + squares)


@diagonal_log_prob.variant("latent-times-the-mean")
def diagonal_latent_times(z, z_mean, z_log_var):
    terms = np.log(2 * np.pi) + z_log_var + (z - z_mean) ** 2 / np.exp(z_log_var)
    return z.shape[-1] * np.mean(-0.5 * terms, axis=-1)


# --- probability_within --------------------------------------------------------------------------

WITHIN = "erf(k / np.sqrt(2))"

probability_within.misconception(
    "one-tail-left-in",
    "For k = 0 you get one half: all that lies far below the mean is counted too.",
    {WITHIN: "0.5 * (1 + erf(k / np.sqrt(2)))"},
)
probability_within.misconception(
    "one-side-only",
    "Your result is half of what is expected: only one side of the mean is counted.",
    {WITHIN: "0.5 * erf(k / np.sqrt(2))"},
)
probability_within.misconception(
    "outside",
    "Your probability falls as k grows: it is that of lying outside.",
    {WITHIN: "1 - erf(k / np.sqrt(2))"},
)
probability_within.misconception(
    "root-of-two-missing",
    "For k = 1 you get 0.8427, not 0.6827: the error function counts in another unit than the "
    "standard deviation.",
    {"k / np.sqrt(2)": "k"},
)
probability_within.misconception(
    "halved-argument",
    "For k = 1 you get 0.5205, not 0.6827: k is scaled too far down.",
    {"k / np.sqrt(2)": "k / 2"},
)
probability_within.misconception(
    "root-multiplied",
    "For k = 1 you get 0.9545: that is what belongs to k = 2.",
    {"k / np.sqrt(2)": "k * np.sqrt(2)"},
)
probability_within.misconception(
    "percent",
    "Your result is a hundred times too large: it is in percent.",
    {WITHIN: "100 * erf(k / np.sqrt(2))"},
)
probability_within.misconception(
    "density-returned",
    "Your result falls with k: it is how dense draws are at k, not how many lie within.",
    {WITHIN: "np.exp(-0.5 * np.square(k)) / np.sqrt(2 * np.pi)"},
)
probability_within.misconception(
    "density-times-width",
    "Your area is that of a rectangle, but the curve is not flat.",
    {WITHIN: "2 * k * np.exp(-0.5 * np.square(k)) / np.sqrt(2 * np.pi)"},
)
probability_within.misconception(
    "rule-of-thumb",
    "Your values are right at k = 1, 2 and 3 to two digits only, and straight lines in between.",
    {WITHIN: "np.interp(k, [0, 1, 2, 3], [0, 0.68, 0.95, 0.997])"},
)


@probability_within.variant("two-cumulative-distributions")
def two_cumulatives(k):
    return stats.norm.cdf(k) - stats.norm.cdf(-k)


@probability_within.variant("twice-the-half")
def twice_the_half(k):
    return 2 * special.ndtr(k) - 1


@probability_within.variant("math-loop")
def within_loop(k):
    return np.vectorize(lambda v: math.erf(v / math.sqrt(2)))(k)


@probability_within.variant("chi-squared")
def chi_squared(k):
    return stats.chi2.cdf(np.square(k), df=1)
