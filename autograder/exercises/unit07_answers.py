"""Unit 07: wrong answers that students give, each with its hint; right ones in other clothes."""

import math

import numpy as np
from scipy import stats
from scipy.spatial import KDTree

from autograder.exercises.unit07 import (
    add_noise,
    anomaly_threshold,
    auroc,
    knn_accuracy,
    nearest_training_image,
    prior_grid,
    psnr,
    trained_denoiser,
)
from autograder.specification import Exercise, Submitted


def whole(exercise: Exercise, name: str, text: str) -> None:
    """A right variant that is a cell of its own, where no swap and no function says it."""
    exercise.variants.append(Submitted(name, text=text))


# --- knn_accuracy --------------------------------------------------------------------------------

DISTANCES = "np.sum((code - codes_train) ** 2, axis=1)"
CLOSEST = "np.argsort(distances)[:k]"
SHARE = "return correct / len(codes_test)"

knn_accuracy.misconception(
    "one-neighbour",
    "Your result does not depend on k: only one neighbour has a vote.",
    {CLOSEST: "np.argsort(distances)[:1]"},
)
knn_accuracy.misconception(
    "farthest-neighbours",
    "The codes that vote in your answer are the farthest ones.",
    {CLOSEST: "np.argsort(distances)[-k:]"},
)
knn_accuracy.misconception(
    "closest-skipped",
    "The closest training code has no vote, as if it were the test code itself.",
    {CLOSEST: "np.argsort(distances)[1 : k + 1]"},
)
knn_accuracy.misconception(
    "mean-label",
    "Neighbours labelled 3 and 9 make a 6 in your answer: labels are names, not amounts.",
    {"np.bincount(y_train[closest]).argmax()": "round(np.mean(y_train[closest]))"},
)
knn_accuracy.misconception(
    "codes-not-squared",
    "Codes on opposite sides cancel in your distance.",
    {DISTANCES: "np.abs(np.sum(code - codes_train, axis=1))"},
)
knn_accuracy.misconception(
    "absolute-differences",
    "With one latent dimension you are right; with more, your distance is not the straight one.",
    {DISTANCES: "np.sum(np.abs(code - codes_train), axis=1)"},
)
knn_accuracy.misconception(
    "first-dimension-only",
    "With one latent dimension you are right; with more, the others do not count.",
    {DISTANCES: "(code[0] - codes_train[:, 0]) ** 2"},
)
knn_accuracy.misconception(
    "count-for-share",
    "Your result is a number of test codes, and not their share.",
    {SHARE: "return correct"},
)
knn_accuracy.misconception(
    "error-for-accuracy",
    "Your result is the share of test codes that are labelled wrongly.",
    {SHARE: "return 1 - correct / len(codes_test)"},
)
knn_accuracy.misconception(
    "share-of-neighbours",
    "Your result counts neighbours with the right label; what matters is whether they win the "
    "vote.",
    {
        "np.bincount(y_train[closest]).argmax() == label": "np.mean(y_train[closest] == label)"
    },
)
knn_accuracy.misconception(
    "neighbours-among-the-test-codes",
    "Every test code finds itself: your neighbours come from the wrong set.",
    {"code - codes_train": "code - codes_test", "y_train[closest]": "y_test[closest]"},
)


@knn_accuracy.variant("scikit-learn")
def with_sklearn(codes_train, y_train, codes_test, y_test, k):
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(k).fit(codes_train, y_train).score(codes_test, y_test)


@knn_accuracy.variant("tree")
def with_tree(codes_train, y_train, codes_test, y_test, k):
    rows = np.reshape(KDTree(codes_train).query(codes_test, k=k)[1], (len(codes_test), k))
    return np.mean(stats.mode(y_train[rows], axis=1).mode == y_test)


@knn_accuracy.variant("all-distances-at-once")
def at_once(codes_train, y_train, codes_test, y_test, k):
    from collections import Counter

    distances = np.linalg.norm(codes_test[:, None] - codes_train[None], axis=-1)
    rows = y_train[np.argpartition(distances, k - 1, axis=1)[:, :k]]
    return np.mean([Counter(r.tolist()).most_common(1)[0][0] for r in rows] == y_test)


@knn_accuracy.variant("tensorflow")
def knn_in_tensorflow(codes_train, y_train, codes_test, y_test, k):
    import tensorflow as tf

    distances = tf.norm(codes_test[:, None] - codes_train[None], axis=-1)
    votes = tf.one_hot(tf.gather(y_train, tf.math.top_k(-distances, k).indices), 10)
    guesses = tf.argmax(tf.reduce_sum(votes, axis=1), axis=1)
    return tf.reduce_mean(tf.cast(guesses == y_test, tf.float32))


# --- add_noise -----------------------------------------------------------------------------------

NOISE = "rng.normal(size=x.shape)"
NOISY = "return np.clip(x + noise_factor * noise, 0, 1)"

add_noise.misconception(
    "not-clipped",
    "Some of your pixels are darker than paper or brighter than ink.",
    {NOISY: "return x + noise_factor * noise"},
)
add_noise.misconception(
    "noise-clipped-instead",
    "On blank images your noise has the right range, on others it goes beyond it: what is clipped?",
    {NOISY: "return x + np.clip(noise_factor * noise, 0, 1)"},
)
add_noise.misconception(
    "uniform-noise",
    "Your noise has a hard edge and too small a spread: that is no bell curve.",
    {NOISE: "rng.uniform(-1, 1, size=x.shape)"},
)
add_noise.misconception(
    "positive-noise",
    "Your noise only ever adds ink and never takes any away.",
    {NOISE: "rng.uniform(size=x.shape)"},
)
add_noise.misconception(
    "factor-forgotten",
    "Your noise is the same whatever noise_factor is.",
    {"noise_factor * noise": "noise"},
)
add_noise.misconception(
    "factor-squared",
    "Your noise is weaker than noise_factor says, more so for small factors.",
    {"noise_factor * noise": "noise_factor**2 * noise"},
)
add_noise.misconception(
    "noise-twice",
    "Your noise is 1.41 times too strong: it is added twice.",
    {
        NOISY: "x = x + noise_factor * noise\n    "
        "return np.clip(x + noise_factor * rng.normal(size=x.shape), 0, 1)"
    },
)
add_noise.misconception(
    "global-noise",
    "Two generators with the same seed give different noise: yours comes from somewhere else.",
    {NOISE: "np.random.normal(size=x.shape)"},
)
add_noise.misconception(
    "own-generator",
    "Your noise is the same for every generator: the one that comes in is not used.",
    {NOISE: "np.random.default_rng(0).normal(size=x.shape)"},
)
add_noise.misconception(
    "noise-shared-by-images",
    "Images of a batch share their noise.",
    {NOISE: "rng.normal(size=x.shape[1:])"},
)
add_noise.misconception(
    "noise-shared-by-pixels",
    "Pixels of a row, or of a column, share their noise.",
    {NOISE: "rng.normal(size=x.shape[:2] + (1,) * (x.ndim - 2))"},
)
add_noise.misconception(
    "in-place",
    "The images that were handed in are noisy afterwards.",
    {NOISY: "x += (noise_factor * noise).astype(x.dtype)\n    return np.clip(x, 0, 1, out=x)"},
)
add_noise.variant("standard-normal", {NOISE: "rng.standard_normal(x.shape)"})
add_noise.variant("single-precision", {NOISE: "rng.standard_normal(x.shape, dtype=np.float32)"})
add_noise.variant(
    "scale-inside",
    {NOISE: "rng.normal(0.0, noise_factor, x.shape)", "noise_factor * noise": "noise"},
)
add_noise.variant(
    "minimum-maximum",
    {NOISY: "return np.minimum(np.maximum(x - noise_factor * noise, 0.0), 1.0).astype(np.float32)"},
)


# --- psnr ----------------------------------------------------------------------------------------

ERROR = "np.mean((x - x_hat) ** 2, axis=(1, 2, 3))"
DECIBELS = "10 * np.log10(1 / error)"

psnr.misconception(
    "whole-batch",
    "One number comes back where every image should have its own.",
    {ERROR: "np.mean((x - x_hat) ** 2)"},
)
psnr.misconception(
    "peak-255",
    "Your result is 48.13 dB too high: which peak do pixels in [0, 1] have?",
    {DECIBELS: "10 * np.log10(255**2 / error)"},
)
psnr.misconception(
    "twenty-for-ten",
    "Your result is twice what is expected: the error is squared already.",
    {DECIBELS: "20 * np.log10(1 / error)"},
)
psnr.misconception(
    "natural-logarithm",
    "Your result is 2.3026 times too large: decibels have another base.",
    {DECIBELS: "10 * np.log(1 / error)"},
)
psnr.misconception(
    "sign-flipped",
    "Better images get lower numbers from you; it should be the other way round.",
    {DECIBELS: "10 * np.log10(error)"},
)
psnr.misconception(
    "sum-over-pixels",
    "Your result is lower the more pixels an image has.",
    {ERROR: "np.sum((x - x_hat) ** 2, axis=(1, 2, 3))"},
)
psnr.misconception(
    "absolute-error",
    "Your error is not squared: an error of 0.1 everywhere should give 20 dB.",
    {ERROR: "np.mean(np.abs(x - x_hat), axis=(1, 2, 3))"},
)
psnr.misconception(
    "peak-of-the-image",
    "Your result depends on the brightest pixel of the image; the peak is 1 for all.",
    {DECIBELS: "10 * np.log10(x.max(axis=(1, 2, 3)) ** 2 / error)"},
)


@psnr.variant("flattened")
def psnr_flattened(x, x_hat):
    error = ((x - x_hat).reshape(len(x), -1) ** 2).mean(1)
    return -10 * np.log10(error)


@psnr.variant("tensorflow")
def psnr_in_tensorflow(x, x_hat):
    import tensorflow as tf

    return tf.image.psnr(x, x_hat, max_val=1.0)


@psnr.variant("root-mean-square")
def through_rms(x, x_hat):
    pairs = zip(x, x_hat, strict=True)
    return [20 * math.log10(1.0 / math.sqrt(np.mean((a - b) ** 2))) for a, b in pairs]


@psnr.variant("keras-ops")
def psnr_in_keras(x, x_hat):
    from keras import ops

    return -10.0 * ops.log10(ops.mean(ops.square(x - x_hat), axis=(1, 2, 3)))


# --- anomaly_threshold ---------------------------------------------------------------------------

QUANTILE = "np.quantile(normal_scores, 1 - false_positive_rate)"

anomaly_threshold.misconception(
    "wrong-side",
    "Above your threshold lies the share that should lie below it.",
    {QUANTILE: "np.quantile(normal_scores, false_positive_rate)"},
)
anomaly_threshold.misconception(
    "percent-for-share",
    "Your threshold hardly differs from the largest score: percent and shares are mixed up.",
    {QUANTILE: "np.percentile(normal_scores, 100 - false_positive_rate)"},
)
anomaly_threshold.misconception(
    "mean-and-standard-deviations",
    "Your threshold assumes a bell curve, and these scores have none.",
    {
        QUANTILE: "normal_scores.mean() + normal_scores.std() * "
        "np.sqrt(2) * np.log(1 / false_positive_rate)"
    },
)
anomaly_threshold.misconception(
    "next-lower-score",
    "Your threshold is always one of the scores; NumPy's default goes between two of them.",
    {QUANTILE: 'np.quantile(normal_scores, 1 - false_positive_rate, method="lower")'},
)
anomaly_threshold.misconception(
    "next-higher-score",
    "Your threshold is a score itself, the one above the place where NumPy's default lies.",
    {QUANTILE: 'np.quantile(normal_scores, 1 - false_positive_rate, method="higher")'},
)
anomaly_threshold.misconception(
    "largest-score",
    "No normal score lies above your threshold, whatever rate is asked for.",
    {QUANTILE: "np.max(normal_scores)"},
)
anomaly_threshold.misconception(
    "whole-percents",
    "Rates in whole percents come out right, and a rate of 0.025 does not.",
    {QUANTILE: "np.percentile(normal_scores, 100 - round(100 * false_positive_rate))"},
)
anomaly_threshold.misconception(
    "two-sided",
    "Only half the share that is asked for lies above your threshold.",
    {QUANTILE: "np.quantile(normal_scores, 1 - false_positive_rate / 2)"},
)


@anomaly_threshold.variant("percentile")
def with_percentile(normal_scores, false_positive_rate):
    return np.percentile(normal_scores, 100 * (1 - false_positive_rate))


@anomaly_threshold.variant("by-hand")
def threshold_by_hand(normal_scores, false_positive_rate):
    ranked = sorted(float(score) for score in normal_scores)
    place = (1 - false_positive_rate) * (len(ranked) - 1)
    low, high = ranked[math.floor(place)], ranked[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


@anomaly_threshold.variant("from-above")
def from_above(normal_scores, false_positive_rate):
    return -float(np.quantile(-np.asarray(normal_scores), false_positive_rate))


@anomaly_threshold.variant("interpolated")
def interpolated(normal_scores, false_positive_rate):
    places = np.linspace(0, 1, len(normal_scores))
    return np.interp(1 - false_positive_rate, places, np.sort(normal_scores))


# --- auroc ---------------------------------------------------------------------------------------

WINS = "np.mean(anomaly_scores[:, None] > normal_scores)"
TIES = "np.mean(anomaly_scores[:, None] == normal_scores)"

auroc.misconception(
    "inverted",
    "Scores that tell anomalies apart perfectly get 0 from you, and should get 1.",
    {WINS: "np.mean(anomaly_scores[:, None] < normal_scores)"},
)
auroc.misconception(
    "ties-ignored",
    "Where all scores are equal, your result is 0: what is a coin toss worth?",
    {TIES: "0.0"},
)
auroc.misconception(
    "ties-as-wins",
    "Where all scores are equal, your result is 1, as if every tie were won.",
    {"0.5 * ": ""},
)
auroc.misconception(
    "pairs-in-order",
    "Your first anomaly meets the first normal score alone, and so on; every pair should count.",
    {
        WINS: "np.mean([a > b for a, b in zip(anomaly_scores, normal_scores)])",
        TIES: "np.mean([a == b for a, b in zip(anomaly_scores, normal_scores)])",
    },
)
auroc.misconception(
    "counted-not-averaged",
    "Your result grows with the number of scores; a probability does not.",
    {
        WINS: "np.sum(anomaly_scores[:, None] > normal_scores)",
        TIES: "np.sum(anomaly_scores[:, None] == normal_scores)",
    },
)
auroc.misconception(
    "against-the-mean",
    "Your result compares anomalies with one typical normal score, not with each.",
    {
        WINS: "np.mean(anomaly_scores > np.mean(normal_scores))",
        TIES: "np.mean(anomaly_scores == np.mean(normal_scores))",
    },
)
auroc.misconception(
    "always-above-half",
    "A score that is worse than chance should get less than 0.5, and yours is turned around.",
    {"return wins + 0.5 * ties": "area = wins + 0.5 * ties\n    return max(area, 1 - area)"},
)
auroc.misconception(
    "divided-by-all-scores",
    "Your pairs are divided by the number of pairs of all scores, alike or not.",
    {
        "return wins + 0.5 * ties": "n, m = len(normal_scores), len(anomaly_scores)\n"
        "    return (wins + 0.5 * ties) * n * m / (n + m) ** 2"
    },
)


@auroc.variant("scikit-learn")
def auroc_with_sklearn(normal_scores, anomaly_scores):
    from sklearn.metrics import roc_auc_score

    labels = [0] * len(normal_scores) + [1] * len(anomaly_scores)
    return roc_auc_score(labels, np.concatenate([normal_scores, anomaly_scores]))


@auroc.variant("mann-whitney")
def with_mann_whitney(normal_scores, anomaly_scores):
    statistic = stats.mannwhitneyu(anomaly_scores, normal_scores).statistic
    return statistic / len(normal_scores) / len(anomaly_scores)


@auroc.variant("sign")
def with_sign(normal_scores, anomaly_scores):
    return (1 + np.sign(np.subtract.outer(anomaly_scores, normal_scores)).mean()) / 2


@auroc.variant("hand-loop")
def auroc_by_hand(normal_scores, anomaly_scores):
    total = 0.0
    for a in anomaly_scores:
        for b in normal_scores:
            total += 1.0 if a > b else 0.5 if a == b else 0.0
    return total / (len(normal_scores) * len(anomaly_scores))


@auroc.variant("trapezoids")
def by_trapezoids(normal_scores, anomaly_scores):
    cuts = np.unique(np.concatenate([normal_scores, anomaly_scores]))[::-1]
    x = [0.0] + [np.mean(normal_scores >= cut) for cut in cuts]
    y = [0.0] + [np.mean(anomaly_scores >= cut) for cut in cuts]
    return np.trapezoid(y, x)


# --- prior_grid ----------------------------------------------------------------------------------

PROBABILITIES = "np.linspace(tail, 1 - tail, n)"
VALUES = "norm.ppf(probabilities)"
GRID = "[(first, second) for first in values for second in values]"

prior_grid.misconception(
    "even-in-code",
    "Your codes are evenly spaced in the plane, and should be evenly spaced in probability.",
    {VALUES: "np.linspace(norm.ppf(tail), norm.ppf(1 - tail), n)"},
)
prior_grid.misconception(
    "second-slowest",
    "Your codes are the right ones, in the other order: which coordinate stays while the other "
    "moves?",
    {GRID: "[(first, second) for second in values for first in values]"},
)
prior_grid.misconception(
    "one-tail",
    "Your grid covers more than the central share: all that is left out should lie on both sides.",
    {"tail = (1 - coverage) / 2": "tail = (1 - coverage) / 4"},
)
prior_grid.misconception(
    "all-in-one-tail",
    "Your grid covers less than the central share: what is left out is taken from both sides in "
    "full.",
    {
        "tail = (1 - coverage) / 2": "tail = 1 - coverage",
        PROBABILITIES: "np.linspace(min(tail, 0.5), max(1 - tail, 0.5), n)",
    },
)
prior_grid.misconception(
    "square-not-flattened",
    "Your grid has an axis too many: every row should be one code.",
    {f"return np.array({GRID})": f"return np.array({GRID}).reshape(n, n, 2)"},
)
prior_grid.misconception(
    "coverage-as-reach",
    "Your grid ends where coverage standard deviations end.",
    {VALUES: "np.linspace(-coverage, coverage, n)"},
)
prior_grid.misconception(
    "probabilities-for-codes",
    "Your codes are all positive and below 1: they are still probabilities.",
    {VALUES: "probabilities"},
)
prior_grid.misconception(
    "ends-left-out",
    "Your outermost codes do not lie at the ends of the central share.",
    {PROBABILITIES: "np.linspace(tail, 1 - tail, n + 2)[1:-1]"},
)


@prior_grid.variant("meshgrid")
def with_meshgrid(n, coverage):
    z = stats.norm.ppf(np.linspace(0.5 - coverage / 2, 0.5 + coverage / 2, n))
    first, second = np.meshgrid(z, z, indexing="ij")
    return np.stack([first.ravel(), second.ravel()], axis=1).astype("float32")


@prior_grid.variant("repeat-and-tile")
def repeat_and_tile(n, coverage):
    from scipy.special import ndtri

    z = ndtri(0.5 + coverage * (np.arange(n) / (n - 1) - 0.5))
    return np.column_stack([np.repeat(z, n), np.tile(z, n)])


@prior_grid.variant("standard-library")
def from_standard_library(n, coverage):
    from itertools import product
    from statistics import NormalDist

    steps = [(1 - coverage) / 2 + i * coverage / (n - 1) for i in range(n)]
    return [list(pair) for pair in product([NormalDist().inv_cdf(p) for p in steps], repeat=2)]


@prior_grid.variant("erfinv")
def through_erfinv(n, coverage):
    import tensorflow as tf

    z = tf.sqrt(2.0) * tf.math.erfinv(tf.linspace(-coverage, coverage, n))
    return tf.stack([tf.repeat(z, n), tf.tile(z, [n])], axis=1)


# --- nearest_training_image ----------------------------------------------------------------------

SQUARES = "np.sum((x_train - image) ** 2, axis=(1, 2, 3))"
NEAREST = "np.argmin(distances)"

nearest_training_image.misconception(
    "pixel-sum",
    "Two different images with as much ink are the same to your distance.",
    {SQUARES: "np.abs(np.sum(x_train - image, axis=(1, 2, 3)))"},
)
nearest_training_image.misconception(
    "farthest",
    "Your indices are those of the farthest training images.",
    {NEAREST: "np.argmax(distances)"},
)
nearest_training_image.misconception(
    "distance-for-index",
    "Distances come back; the question is which image, and not how far.",
    {NEAREST: "np.sqrt(np.min(distances))"},
)
nearest_training_image.misconception(
    "image-for-index",
    "Images come back, and not their places in x_train.",
    {NEAREST: "x_train[np.argmin(distances)]"},
)
nearest_training_image.misconception(
    "roles-swapped",
    "Your result has one entry for each training image, and should have one for each generated "
    "image.",
    {"for image in x_generated": "for image in x_train", "x_train - image": "x_generated - image"},
)
nearest_training_image.misconception(
    "largest-difference",
    "Your distance looks at the worst pixel alone.",
    {SQUARES: "np.max(np.abs(x_train - image), axis=(1, 2, 3))"},
)
nearest_training_image.misconception(
    "largest-product",
    "Images with more ink are always nearer for you: the lengths are forgotten.",
    {SQUARES: "-np.sum(x_train * image, axis=(1, 2, 3))"},
)
nearest_training_image.misconception(
    "absolute-differences",
    "Your distance prices one large difference like many small ones of the same sum.",
    {SQUARES: "np.sum(np.abs(x_train - image), axis=(1, 2, 3))"},
)
nearest_training_image.misconception(
    "one-for-all",
    "One index comes back for all generated images together.",
    {"return np.array(nearest)": "return np.array(nearest[0])"},
)


@nearest_training_image.variant("cdist")
def with_cdist(x_train, x_generated):
    from scipy.spatial.distance import cdist

    rows = [np.reshape(images, (len(images), -1)) for images in (x_generated, x_train)]
    return cdist(*rows).argmin(axis=1)


@nearest_training_image.variant("expanded-square")
def expanded_square(x_train, x_generated):
    stored, asked = (
        np.reshape(x_train, (len(x_train), -1)),
        np.reshape(x_generated, (len(x_generated), -1)),
    )
    stored, asked = np.float64(stored), np.float64(asked)
    return np.argmin((stored**2).sum(1)[None] - 2 * asked @ stored.T, axis=1)


@nearest_training_image.variant("tree")
def nearest_with_tree(x_train, x_generated):
    tree = KDTree(x_train.reshape(len(x_train), -1))
    return tree.query(x_generated.reshape(len(x_generated), -1))[1].tolist()


@nearest_training_image.variant("norm")
def with_norm(x_train, x_generated):
    found = []
    for image in x_generated:
        found.append(int(np.argmin([np.linalg.norm(image - other) for other in x_train])))
    return found


# --- trained_denoiser ----------------------------------------------------------------------------

SPOIL = "np.clip(x_train + 0.5 * noises.normal(size=x_train.shape), 0, 1)"
FIT = "model.fit(noisy, x_train, batch_size=32, verbose=0)"
LOOP = f"    for _ in range(10):\n        noisy = {SPOIL}\n        {FIT}\n"

trained_denoiser.misconception(
    "not-trained",
    "Your model gives the same image for every digit, as one does that was never trained.",
    {LOOP: ""},
)
trained_denoiser.misconception(
    "average-digit",
    "Your model has one answer for everything, the average of all digits.",
    {
        LOOP: "    average = x_train.mean(axis=0)\n",
        "return model": "inputs = keras.Input(x_train.shape[1:])\n"
        "    return keras.Model(inputs, layers.Lambda(lambda x: 0 * x + average)(inputs))",
    },
)
trained_denoiser.misconception(
    "noisy-to-noisy",
    "Your model gives its noisy images back: what did training ask it for?",
    {FIT: "model.fit(noisy, noisy, batch_size=32, verbose=0)"},
)
trained_denoiser.misconception(
    "trained-on-clean-images",
    "Your model copies clean digits well and is at a loss with noise, of which it has met none or "
    "too little.",
    {FIT: "model.fit(x_train, x_train, batch_size=32, verbose=0)"},
)
trained_denoiser.misconception(
    "noise-for-digits",
    "Your model draws what should be taken away: its images are the noise.",
    {
        FIT: "model.fit(noisy, noisy - x_train, batch_size=32, verbose=0)",
        ', activation="sigmoid"': "",
        '"binary_crossentropy"': '"mse"',
        "range(10)": "range(4)",
    },
)
trained_denoiser.misconception(
    "one-epoch",
    "Your model gives soft blobs where strokes should be: it was stopped long before it was done.",
    {"range(10)": "range(1)"},
)
trained_denoiser.misconception(
    "history-for-model",
    "What you have handed in is the record of a training, and not the model.",
    {"return model": "return model.history", "range(10)": "range(1)"},
)
trained_denoiser.misconception(
    "part-of-vaelib",
    "This is the trained part that comes with the course; train one of your own.",
    {
        LOOP: "",
        "return model": "from vaelib.trained import load_denoiser\n    return load_denoiser()",
    },
)

trained_denoiser.variant(
    "noise-drawn-once",
    {
        LOOP: f"    noisy = {SPOIL}\n    "
        "model.fit(noisy, x_train, epochs=9, batch_size=32, verbose=0)\n"
    },
)
trained_denoiser.variant(
    "linear-output-and-squared-error",
    {', activation="sigmoid"': "", '"binary_crossentropy"': '"mse"', "range(10)": "range(12)"},
)
whole(
    trained_denoiser,
    "dense",
    """
trained_denoiser = keras.Sequential([
    layers.Flatten(),
    layers.Dense(256, activation="relu"),
    layers.Dense(784, activation="sigmoid"),
    layers.Reshape((28, 28, 1)),
])
trained_denoiser.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy", jit_compile=False)
noises = np.random.default_rng(3)
for _ in range(16):
    noisy = np.clip(x_train + noises.normal(0, 0.5, x_train.shape), 0, 1).astype("float32")
    trained_denoiser.fit(noisy, x_train, batch_size=32, verbose=0)
""",
)
whole(
    trained_denoiser,
    "max-pooling-and-upsampling",
    """
def train():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.UpSampling2D(),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    ])
    adam = keras.optimizers.Adam(2e-3)
    model.compile(optimizer=adam, loss="binary_crossentropy", jit_compile=False)
    noisy = np.clip(x_train + 0.5 * np.random.default_rng(3).normal(size=x_train.shape), 0, 1)
    model.fit(noisy, x_train, epochs=8, batch_size=32, verbose=0)
    return model


trained_denoiser = train()
""",
)
