"""Unit 01: autoencoders, and what their latent space lacks."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Digits, Expectation, between, close, equal

scale_pixels = Exercise("scale_pixels", 1, "images")
output_size = Exercise("output_size", 2, "size kernel_size stride padding")
build_autoencoder = Exercise("build_autoencoder", 4, "latent_dim")
reconstruction_error = Exercise("reconstruction_error", 2, "x x_hat")
pca_reconstruct = Exercise("pca_reconstruct", 3, "x_train x_test k", rtol=1e-3, atol=2e-4)
hole_fraction = Exercise("hole_fraction", 2, "codes candidates radius", atol=1e-5)

UNIT = Unit(
    "01_autoencoders",
    (
        scale_pixels,
        output_size,
        build_autoencoder,
        reconstruction_error,
        pca_reconstruct,
        hole_fraction,
    ),
)

STEP = 31  # as in vaelib/probes/autoencoder.py
PRIMES = (37, 41, 43, 47, 53, 59)
ANY = 1e30
BOLD = {  # of several codes, as a single one may be too near 0
    "lowest pixel, weights times 30": between(
        0, 0.49, "With larger weights your pixels should come near 0 and not pass it."
    ),
    "highest pixel, weights times 30": between(
        0.75, 1, "With larger weights your pixels should come near 1 and not pass it."
    ),
}
Array = np.ndarray


@scale_pixels.cases
def pixel_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, brightest in ((2, 256), (1, 180), (3, 256), (2, 2)):
        images = rng.integers(0, brightest, (n, 28, 28)).astype(np.uint8)
        expected = {
            "pixels": close(images.reshape(-1)[::STEP] / 255, atol=1e-6),
            "shape": equal([n, 28, 28, 1]),
            "dtype": equal("float32"),
            "images unchanged": equal(True, "The array that was handed in has changed."),
        }
        yield Case((images,), expected, "autoencoder.pixels")


def side(size: int, kernel_size: int, stride: int, padding: str) -> int:
    """How often the kernel's first position fits: counted, not computed."""
    room = size if padding == "same" else size - kernel_size + 1
    return len(range(0, room, stride))


@output_size.cases
def size_cases(rng: np.random.Generator) -> Iterator[Case]:
    draws = ((28, 3, 2, "same"), (28, 3, 2, "valid"), (7, 3, 2, "same"), (32, 4, 2, "same"))
    drawn = [
        (int(stride * rng.integers(4, 9) + rest), int(kernel), int(stride), padding)
        for padding in ("same", "valid")
        for kernel, stride, rest in ((4, 3, 1), (5, 2, 1), (1, 2, 0), (2, 3, 2))
    ]
    steep = (int(3 * rng.integers(4, 9) + 2), 3, 3, "valid")  # two thirds of a step are left over
    for args in (*draws, *drawn, steep, (9, 3, 1, "same"), (9, 3, 1, "valid"), (5, 5, 2, "valid")):
        yield Case(args, {"value": equal(side(*args))})
    refused = {"raises": equal("ValueError", "Padding that does not exist is accepted.")}
    for padding in ("full", "reflect", "causal", "sam", "", "SAME", None):
        yield Case((*drawn[0][:3], padding), refused)
    for args in (drawn[1], drawn[5], (24, 3, 2, "same")):
        whole = {"value": equal(side(*args)), "an int": equal(True)}
        yield Case(args, whole)


@build_autoencoder.cases
def autoencoder_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent_dim, images, codes in ((int(rng.integers(2, 6)), 3, 4), (1, 1, 1)):
        first = int(rng.integers(0, 200))
        z = rng.normal(size=(codes, latent_dim)).round(2).astype("float32")
        args = (latent_dim, Digits(first, first + images), z)
        expected = halves(latent_dim, images, codes) | (BOLD if codes > 1 else {})
        yield Case(args, expected, "autoencoder.halves")
    wide, first = int(rng.choice(PRIMES)), int(rng.integers(0, 200))
    expected = {
        "shape of the codes": equal([4, wide]),
        "weights of its own": equal(
            True, "Two autoencoders that you build one after the other share weights."
        ),
        "share of negative codes": between(
            0.02, 0.98, "Codes should take either sign; yours take one only."
        ),
        "largest code, weights times 30": between(
            1.2, ANY, "Something keeps your codes small, however large the weights are."
        ),
        "bend of the last layer": between(0, 0.01, "The last layer of your encoder is bent."),
    }
    yield Case((wide, Digits(first, first + 4)), expected, "autoencoder.code_layer")


def halves(latent_dim: int, images: int, codes: int) -> dict[str, Expectation]:
    """What encoder and decoder must show; a pixel may come near 0 and 1 but not reach them."""
    low, high = 1e-12, 1 - 3e-8
    return {
        "keras models": equal([True, True], "One of your two results is no keras.Model."),
        "every layer can learn": equal([True, True], "Some of your layers are frozen."),
        "shape of the codes": equal([images, latent_dim]),
        "shape of the images": equal([codes, 28, 28, 1]),
        "lowest pixel": between(low, ANY, "Some pixels of your decoder are not above 0."),
        "highest pixel": between(0, high, "Some pixels of your decoder are not below 1."),
        "share of pixels below 0": between(0, 0, "Some pixels of your decoder are negative."),
        "images whose pixels sum to 1": equal(0, "Your pixels depend on each other."),
        "variables without a gradient": equal(
            0, "Not every weight can learn: somewhere the way from input to output is cut."
        ),
    }


@reconstruction_error.reference
def error(x: Array, x_hat: Array) -> Array:
    return np.square(np.subtract(x, x_hat, dtype=float)).sum(axis=(1, 2, 3))


@reconstruction_error.cases
def error_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n in (2, 1, 3):
        first, other = int(rng.integers(0, 140)), int(rng.integers(150, 290))
        images = Digits(first, first + n), Digits(other, other + n)
        yield Case(images, sizes={"batch": n, "pixels": 784})
    x, x_hat = rng.uniform(-0.5, 1.5, (2, 4, 5, 3, 2)).round(2)
    yield Case((x, x_hat), sizes={"batch": 4, "pixels": 30})


@pca_reconstruct.reference
def pca(x_train: Array, x_test: Array, k: int) -> Array:
    centre = x_train.mean(axis=0, dtype=float)
    _, vectors = np.linalg.eigh((x_train - centre).T @ (x_train - centre))
    leading = vectors[:, ::-1][:, :k]
    return centre + (x_test - centre) @ leading @ leading.T


@pca_reconstruct.cases
def pca_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, m, d, k, dtype in (
        (9, 4, 5, 2, "float64"),
        (7, 3, 4, 1, "float64"),
        (4, 5, 6, 2, "float64"),
        (8, 1, 5, 3, "float32"),
        (6, 2, 3, 3, "float64"),
    ):
        centre, shift = rng.uniform(0.5, 2.0, d), rng.uniform(0.4, 1.0, d)
        rotation = np.linalg.qr(rng.normal(size=(d, d)))[0]
        directions = (3.0 * 0.5 ** np.arange(d))[:, None] * rotation
        codes = np.linalg.qr(rng.normal(size=(n, min(n, d))))[0] * math.sqrt(n)
        train = centre + codes @ directions[: codes.shape[1]]
        test = centre + shift + rng.normal(size=(m, d)) @ directions
        yield Case((train.round(3).astype(dtype), test.round(3).astype(dtype), k))


@hole_fraction.reference
def holes(codes: Array, candidates: Array, radius: float) -> float:
    return float(np.mean(distances(codes, candidates).min(axis=1) > radius))


@hole_fraction.cases
def hole_cases(rng: np.random.Generator) -> Iterator[Case]:
    for n, m, d, spread, radius in (
        (6, 16, 2, 2.0, 0.7),
        (9, 5, 2, 5.0, 1.6),
        (1, 4, 3, 1.6, 1.4),
        (4, 1, 1, 1.0, 0.3),
        (7, 20, 1, 3.0, 0.4),
        (5, 16, 3, 2.5, 1.7),
        (4, 10, 2, 2.0, 1.9),
    ):
        codes, candidates = telling_points(rng, n, m, d, spread, radius)
        yield Case((codes, candidates, radius), sizes={"codes": n, "candidates": m})
    yield Case((codes.astype("float32"), candidates.astype("float32"), radius))


def telling_points(
    rng: np.random.Generator, n: int, m: int, d: int, spread: float, radius: float
) -> tuple[Array, Array]:
    """Codes `(n, d)` and candidates `(m, d)`, none at the radius, on which other norms differ."""
    while True:
        codes = rng.uniform(-spread, spread, (n, d)).round(2)
        candidates = rng.uniform(-spread, spread, (m, d)).round(2)
        candidates[1:2] = codes[:1]  # one lies on a code, at distance 0
        if _tells(codes, candidates, radius, spread):
            return codes, candidates


def _tells(codes: Array, candidates: Array, radius: float, spread: float) -> bool:
    gap = candidates[:, None] - codes
    euclid, city, chess = (np.linalg.norm(gap, order, axis=-1) for order in (2, 1, np.inf))
    if np.abs(euclid - radius).min() < 0.02:
        return False
    if len(candidates) == 1:
        return True
    shares = {np.mean(reduce(euclid, axis=1) > radius) for reduce in (np.min, np.mean, np.max)}
    if len(shares) < 3 and radius > 0.9 * spread:
        return False
    share = np.mean(euclid.min(axis=1) > radius)
    others = [city.min(axis=1), chess.min(axis=1), (euclid**2).min(axis=1)]
    different = all(np.mean(other > radius) != share for other in others)
    return bool(0 < share < 1 and share != 0.5 and (different or gap.shape[-1] == 1))


def distances(codes: Array, candidates: Array) -> Array:
    """Euclidean distances `(m, n)`."""
    return np.sqrt(np.square(candidates[:, None, :] - codes[None, :, :]).sum(axis=-1))
