"""Unit 06: the loss, the model, the training loop, and a model that has been trained."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logsumexp
from scipy.stats import binom, norm

import vaelib
from autograder.exercises.unit05 import posterior, to_standard_normal
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Digits, Expectation, Generator, between, close, equal, materialize
from vaelib.probes.vae import CODE, COPIES

reconstruction_loss = Exercise("reconstruction_loss", 3, "x x_hat")
negative_elbo = Exercise("negative_elbo", 2, "x x_hat z_mean z_log_var beta")
VAE = Exercise("VAE", 5, "encoder decoder")
train_epoch = Exercise("train_epoch", 3, "vae dataset optimizer")
importance_weighted_bound = Exercise("importance_weighted_bound", 3, "log_weights", atol=1e-4)
active_units = Exercise("active_units", 1, "z_means threshold")
trained_vae = Exercise("trained_vae", 4, training=True)

UNIT = Unit(
    "06_training",
    (
        reconstruction_loss,
        negative_elbo,
        VAE,
        train_epoch,
        trained_vae,
        active_units,
        importance_weighted_bound,
    ),
)

CLIP = 1e-7
SIDE = 28
TEST_IMAGES = 304
"""Bundled digits that no training split holds."""

REFERENCE_LOSS = 127.8
"""Held-out negative ELBO of the slides' pair after 25 epochs, latent 2, nats: the last `val_loss`
of "slides" from `python -m vaelib.trained.make histories`. The dense pair reached 117.4."""
LOSS_LIMIT = REFERENCE_LOSS + 8.0
LOSS_FLOOR = 95.0
"""Nats that two numbers an image cannot reach; images given back as they were come to about 70."""
KL_RANGE = (3.6, 7.5)
"""Held-out KL of both, 10 to 25 epochs: 4.1 to 6.0 nats; beta 4 gives 3.2, nothing sound more."""
OUTPUTS = Path(vaelib.__file__).parent / "trained" / "outputs.json"


def picture(rng: np.random.Generator, count: int, dtype: str = "float32") -> np.ndarray:
    """Probabilities `(count, 28, 28, 1)` in steps of 0.01, from 0.02 to 0.98."""
    return rng.uniform(0.02, 0.98, (count, SIDE, SIDE, 1)).round(2).astype(dtype)


def digits(rng: np.random.Generator, count: int) -> Digits:
    """Test images that follow one another."""
    start = int(rng.integers(0, TEST_IMAGES - count))
    return Digits(start, start + count)


def entropies(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """Binary cross-entropy of each image, summed over pixels, `(batch,)`."""
    x = np.asarray(x, np.float64)
    p = np.clip(np.asarray(x_hat, np.float64), CLIP, 1 - CLIP)
    terms = x * np.log(p) + (1 - x) * np.log1p(-p)
    return -terms.reshape(len(x), -1).sum(axis=1)


@reconstruction_loss.reference
def reconstruction(x: np.ndarray, x_hat: np.ndarray) -> float:
    return float(entropies(x, x_hat).mean())


@reconstruction_loss.cases
def reconstruction_cases(rng: np.random.Generator) -> Iterator[Case]:
    for count in (3, 1, 2):
        yield Case((digits(rng, count), picture(rng, count)), sizes={"batch": count})
    grey = picture(rng, 1, "float64")
    yield Case((grey, picture(rng, 1, "float64")), sizes={"batch": 1})
    black = picture(rng, 1)
    black[:, 8:20] = 0.0  # where the digit is; 1e-7 itself has no rounding error to allow for
    yield Case((digits(rng, 1), black), sizes={"batch": 1})
    certain = picture(rng, 2)
    rows = rng.permutation(SIDE)
    certain[:, rows[:3]], certain[:, rows[3:4]] = 0.0, 1.0
    images = digits(rng, 2)
    wanted = reconstruction(materialize((images,))[0], certain)
    hint = "Probabilities of exactly 0 and 1 come in, and no logarithm of 0 may come out."
    yield Case((images, certain), {"value": close(wanted, 8e-3, hint=hint)}, sizes={"batch": 2})


@negative_elbo.reference
def elbo(
    x: np.ndarray, x_hat: np.ndarray, z_mean: np.ndarray, z_log_var: np.ndarray, beta: float
) -> float:
    kl = to_standard_normal(z_mean, z_log_var)
    return float(entropies(x, x_hat).mean() + beta * kl.mean())


@negative_elbo.cases
def elbo_cases(rng: np.random.Generator) -> Iterator[Case]:
    for count, latent, beta in ((2, 40, 1.0), (3, 25, 0.25), (1, 30, 4.0), (2, 1, 0.0)):
        codes = posterior(rng, count, latent)
        sizes = {"batch": count, "latent": latent}
        yield Case((digits(rng, count), picture(rng, count), *codes, beta), sizes=sizes)
    z_mean, z_log_var = posterior(rng, 2, 3)
    for scale in (0.05, 4.0):  # hardly any KL, and log-variances beyond 2
        codes = z_mean * np.float32(scale), z_log_var * np.float32(scale)
        yield Case((digits(rng, 2), picture(rng, 2), *codes, 2.0))
    certain = picture(rng, 1)
    certain[:, rng.permutation(SIDE)[:3]] = 0.0
    yield Case((digits(rng, 1), certain, z_mean[:1], z_log_var[:1], 1.0))


@importance_weighted_bound.reference
def bound(log_weights: np.ndarray) -> np.ndarray:
    weights = np.asarray(log_weights, np.float64)
    return logsumexp(weights, axis=0) - np.log(len(weights))


@importance_weighted_bound.cases
def bound_cases(rng: np.random.Generator) -> Iterator[Case]:
    for k, batch, centre, spread, dtype in (
        (4, 3, -2.0, 1.5, "float64"),
        (5, 2, -110.0, 4.0, "float32"),
        (1, 4, -540.0, 20.0, "float32"),
        (6, 1, 95.0, 2.0, "float32"),
        (3, 5, -1500.0, 30.0, "float64"),
        (7, 2, 900.0, 3.0, "float64"),
    ):
        log_weights = rng.normal(centre, spread, (k, batch)).round(2).astype(dtype)
        yield Case((log_weights,), sizes={"k": k, "batch": batch})
    draws = rng.normal(0.0, 2.0, (4, 2)).round(2)
    for column, best in enumerate((1, 2)):  # neither the first nor the last draw is the best
        draws[:, column] -= np.insert(rng.permutation([800.0, 1500.0, 3000.0]), best, 0.0)
    yield Case((draws,), sizes={"k": 4, "batch": 2})
    far_apart = rng.normal(0.0, 2.0, (4, 3)).round(2) + rng.permutation([-90.0, -1100.0, -2300.0])
    yield Case((far_apart,), sizes={"k": 4, "batch": 3})


@active_units.reference
def active(z_means: np.ndarray, threshold: float) -> int:
    return int(np.sum(np.var(np.float64(z_means), axis=0) > threshold))


@active_units.cases
def active_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, latent, active_share, threshold, reach in (
        (40, 6, 0.5, 0.01, 1.0),
        (25, 1, 1.0, 0.01, 1.0),
        (20, 1, 0.0, 0.02, 1.0),
        (30, 4, 0.5, 2.0, 1.0),
        (30, 5, 0.0, 0.01, 1.0),
        (45, 7, 0.3, 1.5, 0.02),  # the variance of everything is below the threshold
        (50, 8, 0.7, 0.05, 1.0),
        (35, 4, 0.5, 0.3, 1.0),
    ):
        count = round(active_share * latent)
        stds = np.full(latent, np.sqrt(threshold) / 1.3)
        stds[:count] = np.sqrt(threshold) * 1.2
        if count > 2:
            stds[0] = np.sqrt(threshold) * 3
        centred = rng.normal(size=(n, latent))
        centred = (centred - centred.mean(axis=0)) / centred.std(axis=0)
        offsets = reach * rng.uniform(0.5, 2.0, latent) * rng.choice([-1.0, 1.0], latent)
        z_means = (offsets + centred * rng.permutation(stds)).round(3)
        yield Case((z_means.astype("float32"), threshold), sizes={"latent": latent})
    yield Case((z_means, threshold), {"an int": equal(True, "A count is an int.")})


def constants(rng: np.random.Generator, latent: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Biases of constant coders: z_mean, z_log_var `(latent,)`, logits of the columns `(28,)`."""
    z_mean, z_log_var = posterior(rng, 1, latent)
    return z_mean[0], z_log_var[0], rng.uniform(-2.5, 1.5, SIDE).round(2).astype("float32")


def constant_terms(images: Any, z_mean: Any, z_log_var: Any, logits: Any) -> list[float]:
    """Loss, reconstruction and KL of constant coders on images, nats."""
    x_hat = np.broadcast_to(expit(np.float64(logits))[:, None], images.shape)
    kl = float(to_standard_normal(z_mean[None], z_log_var[None])[0])
    reconstructed = reconstruction(images, x_hat)
    return [reconstructed + kl, reconstructed, kl]


@VAE.cases
def model_cases(rng: np.random.Generator) -> Iterator[Case]:
    start, rate = int(rng.integers(0, TEST_IMAGES - 96)), round(float(rng.uniform(0.05, 0.3)), 2)
    batches = Digits(start, start + 64), Digits(start + 64, start + 96)
    images, others = materialize(batches)
    biases = constants(rng, 3)
    expected = expected_of_evaluation(biases, images, others) | EXPECTED_OF_FITTING
    yield Case((*biases, *batches), expected, "vae.model", {"latent": 3})
    expected = expected_of_known_steps(biases, images, rate)
    yield Case((*biases, batches[0], rate), expected, "vae.known_steps", {"latent": 3})
    biases = constants(rng, 1)
    expected = expected_of_evaluation(biases, images, others)
    yield Case((*biases, *batches), expected, "vae.evaluation", {"latent": 1})


def expected_of_evaluation(
    biases: tuple[np.ndarray, ...], images: np.ndarray, others: np.ndarray
) -> dict[str, Expectation]:
    """What `vaelib.probes.vae.evaluation` must find."""
    ln2 = SIDE * SIDE * np.log(2)
    terms = "These are loss, reconstruction_loss and kl_loss as evaluate reports them."
    return {
        "is a keras.Model": equal(True),
        "keeps both coders": equal(
            True, "The model should keep what it is given as self.encoder and self.decoder."
        ),
        "all weights zero": close(
            [ln2, ln2, 0.0], 1e-4, 1e-3,
            f"{terms} With all weights zero every pixel gets probability 1/2.",
        ),
        "constant coders": close(constant_terms(images, *biases), 2e-4, 1e-4, terms),
        "evaluated again, on other images": close(
            constant_terms(others, *biases), 2e-4, 1e-4,
            "The second evaluation still remembers the first.",
        ),
        "shape of the predictions": equal(
            [2, SIDE, SIDE, 1], "predict(x) should give an image for each image."
        ),
        "first row of the first prediction": close(expit(np.float64(biases[2])), 1e-3, 1e-4),
        "reconstruction loss through a sampled z": between(
            *drawn_in_evaluation(images), "In this evaluation all depends on the draw of z."
        ),
        "difference of two evaluations": between(
            1e-3, 1e4, "Two evaluations of the same images are equal to the last digit."
        ),
        "variables moved by evaluate": equal(0, "Evaluating should leave every variable alone."),
        "variables moved by predict": equal(0, "Predicting should leave every variable alone."),
    }


def cost(images: np.ndarray, logits: Any) -> Any:
    """Nats that an image costs on average where all pixels have one logit, for each logit."""
    ink = images.sum() / len(images)
    return SIDE * SIDE * np.logaddexp(0.0, logits) - ink * np.asarray(logits)


def drawn_in_evaluation(images: np.ndarray) -> tuple[float, float]:
    """Range of the loss where the sign of z decides between logits of 3 and -3."""
    positive = norm.cdf(CODE[0] / np.exp(CODE[1] / 2))
    on, off = cost(images, [3.0, -3.0])
    error = (on - off) * np.sqrt(positive * (1 - positive) / (COPIES * len(images)))
    return within(off + positive * (on - off), error)


def drawn_in_fit(images: np.ndarray) -> tuple[float, float]:
    """The same where batch normalisation standardises the signs of a batch of 32."""
    count = np.arange(33)
    weights = binom.pmf(count, 32, norm.cdf(CODE[0] / np.exp(CODE[1] / 2)))
    positive = count / 32
    step = 6 / np.sqrt(4 * positive * (1 - positive) + 1e-3)
    on, off = cost(images, step * (1 - positive)), cost(images, -step * positive)
    losses = off + positive * (on - off)
    mean = weights @ losses
    error = np.sqrt(weights @ (losses - mean) ** 2 / (COPIES * len(images) / 32))
    return within(mean, error)


def within(mean: float, error: float) -> tuple[float, float]:
    """Eight standard errors to either side."""
    return float(mean - 8 * error), float(mean + 8 * error)


EXPECTED_OF_FITTING = {
    "names in the history": equal(
        [True] * 3, "fit's history lacks one of loss, reconstruction_loss, kl_loss."
    ),
    "loss minus its terms, relative": between(-1e-4, 1e-4),
    "trainable variables that fit leaves": equal(
        0, "Some variables of the encoder or the decoder never move in fit."
    ),
    "moving statistics that fit leaves": equal(
        0, "Some moving statistics of batch normalisation never move in fit."
    ),
    "updates counted by the optimizer": equal(
        80, "Each of 80 steps should be one update by the optimizer given to compile."
    ),
    "loss on one batch after 80 steps": between(
        20, 250, "One batch, seen 80 times, should be learnt by heart."
    ),
    "reconstruction after 80 steps": between(20, 250),
}


def expected_of_known_steps(
    biases: tuple[np.ndarray, ...], images: np.ndarray, rate: float
) -> dict[str, Expectation]:
    """What fit must report of constant coders, and where one step of gradient descent leads."""
    step = "The step that fit takes is not down the gradient of the loss that it reports."
    after = after_one_step(biases, images[:32], rate)
    known: dict[str, Expectation] = {
        "reported by fit": close(
            constant_terms(images, *biases), 2e-4, 1e-4,
            "These are loss, reconstruction_loss and kl_loss as fit reports them for an epoch.",
        ),
        "reported by fit of a step": close(
            constant_terms(images[:32], *biases), 2e-4, 1e-4,
            "These are loss, reconstruction_loss and kl_loss as fit reports them for one batch.",
        ),
    }
    known |= {name: close(value, 1e-3, 1e-3, step) for name, value in after.items()}
    drawn = between(*drawn_in_fit(images), "In this epoch of fit all depends on the draw of z.")
    return {**known, "reconstruction loss in fit": drawn}


def after_one_step(
    biases: tuple[np.ndarray, ...], images: np.ndarray, rate: float
) -> dict[str, np.ndarray]:
    """The biases of constant coders after one step of gradient descent on one batch."""
    z_mean, z_log_var, logits = (np.float64(bias) for bias in biases)
    pixels = images[:, 14, :, 0].mean(axis=0)
    return {
        "bias of z_mean": z_mean * (1 - rate),
        "bias of z_log_var": z_log_var - rate * np.expm1(z_log_var) / 2,
        "biases of the middle row": logits - rate * (expit(logits) - pixels),
    }


@train_epoch.cases
def epoch_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent, count, size, probe in ((3, 111, 10, "vae.epoch"), (1, 85, 7, "vae.first_epoch")):
        biases = constants(rng, latent)
        images = digits(rng, count)
        rate = round(float(rng.uniform(0.05, 0.3)), 2)
        expected = expected_of_first_epoch(biases, materialize((images,))[0], size, rate)
        expected |= EXPECTED_OF_EPOCH if probe == "vae.epoch" else {}
        sizes = {"latent": latent, "batches": -(-count // size)}
        yield Case((*biases, images, size, rate), expected, probe, sizes)


def expected_of_first_epoch(
    biases: tuple[np.ndarray, ...], images: np.ndarray, size: int, rate: float
) -> dict[str, Expectation]:
    """What `vaelib.probes.vae.first_epoch` must find."""
    batches = [images[i : i + size] for i in range(0, len(images), size)]
    mean = np.mean([constant_terms(batch, *biases)[0] for batch in batches])
    after = after_one_step(biases, images[:4], rate)
    return {
        "mean": close(mean, 5e-5),
        "updates counted by the optimizer": equal(
            len(batches), "There should be one update by the given optimizer for each batch."
        ),
        "calls of the encoder from Python": between(
            1, 9, "Python ran the encoder for nearly every batch: nothing is compiled."
        ),
        "mean of a second epoch": close(
            constant_terms(images[:4], *biases)[0], 5e-5,
            hint="The second epoch's mean is not that of its own batches, each before its step.",
        ),
        "bias of z_mean": close(after["bias of z_mean"], 1e-3, 1e-4),
        "bias of z_log_var": close(after["bias of z_log_var"], 1e-3, 1e-4),
        "biases of the middle row": close(
            after["biases of the middle row"], 1e-3, 1e-3,
            "The decoder's last biases after one step are not where that step leads.",
        ),
    }


EXPECTED_OF_EPOCH = {
    "mean through a sampled z": between(
        800, 1700, "In this epoch all depends on the draw of z."
    ),
    "trainable variables left": equal(
        0, "Some variables of the encoder or the decoder never move."
    ),
    "moving statistics left": equal(
        0, "The moving statistics of batch normalisation never move."
    ),
}


@trained_vae.cases
def trained_cases(rng: np.random.Generator) -> Iterator[Case]:
    known = np.array(json.loads(OUTPUTS.read_text(encoding="utf-8"))["vae_2"])
    start = int(rng.integers(0, 24))
    args = (Digits(start, start + 280), Generator(int(rng.integers(2**31))))
    yield Case((*args, Digits(0, len(known)), known), EXPECTED_OF_TRAINED, "trained.vae")


EXPECTED_OF_TRAINED = {
    "latent dimensions": equal(2),
    "distance from vaelib's trained part": between(
        0.01, 1e7, "This is the model that comes with vaelib, and not one of your own."
    ),
    "active latent dimensions": between(
        1, 2, "All images get the same code: the codes carry nothing."
    ),
    "learnt anything": equal(
        True, "On digits it has not seen, your model is hardly better than an untrained one."
    ),
    "KL below 20 nats": equal(True, "The codes lie far from the prior: what holds them together?"),
    "held-out negative ELBO": between(
        LOSS_FLOOR, LOSS_LIMIT, "Your model has learnt, and not enough for digits it has not seen."
    ),
    "KL": between(
        *KL_RANGE, "The codes of held-out digits are nearer to the prior, or farther, than in any "
        "sound run."
    ),
}
