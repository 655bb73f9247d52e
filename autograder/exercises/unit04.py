"""Unit 04: drawing a code so that gradients pass, the encoder that draws, the decoder."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.unit04_decoder import decode, parameters
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Expectation, between, close, equal

reparameterize = Exercise("reparameterize", 2, "z_mean z_log_var epsilon")
sampling = Exercise("Sampling", 4)
gradients = Exercise("reparameterization_gradients", 2, "z_log_var epsilon")
encoder_model = Exercise("encoder_model", 3, "latent_dim input_shape")
decoder_layers = Exercise("decoder_layers", 3, "inputs conv_shape")
decoder_model = Exercise("decoder_model", 1, "latent_dim conv_shape")
interpolate = Exercise("interpolate", 1, "z_a z_b steps")

UNIT = Unit(
    "04_sampling",
    (
        reparameterize,
        gradients,
        sampling,
        encoder_model,
        decoder_layers,
        decoder_model,
        interpolate,
    ),
)

ERRORS = 5.0
"""Random facts may be off by this many standard errors."""

SHAPES = ((4, 3, "float32"), (1, 1, "float32"), (1, 4, "float64"), (5, 1, "float32"))


def log_variances(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Log-variances of both signs, none of them near 0, too long to be hit twice by chance."""
    signs = np.where(np.arange(int(np.prod(shape))) % 2, 1.0, -1.0) * rng.choice([-1.0, 1.0])
    return (rng.uniform(0.4, 1.4, shape) * signs.reshape(shape)).round(6)


def far(z_log_var: np.ndarray) -> np.ndarray:
    """The same, beyond where a careful hand might clip them."""
    return (z_log_var + 10.6 * np.sign(z_log_var)).astype(z_log_var.dtype)


def numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Means or noise of both signs, none of them near 0, two decimals."""
    return (rng.uniform(0.2, 2.0, shape) * rng.choice([-1.0, 1.0], shape)).round(2)


def posterior(rng: np.random.Generator, batch: int, latent: int) -> tuple[np.ndarray, np.ndarray]:
    """A secret z_mean, well away from 0, and a z_log_var, `(batch, latent)`, float32."""
    z_mean, z_log_var = numbers(rng, batch, latent), log_variances(rng, batch, latent)
    z_mean += np.sign(z_mean)
    return z_mean.astype("float32"), z_log_var.astype("float32")


# --- reparameterize, reparameterization_gradients, interpolate -----------------------------------


@reparameterize.reference
def draw(z_mean: np.ndarray, z_log_var: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    return z_mean + np.sqrt(np.exp(np.float64(z_log_var))) * epsilon


@reparameterize.cases
def draw_cases(rng: np.random.Generator) -> Iterator[Case]:
    for batch, latent, dtype in SHAPES:
        arrays = (numbers(rng, batch, latent), log_variances(rng, batch, latent))
        noise = numbers(rng, batch, latent)
        args = tuple(array.astype(dtype) for array in (*arrays, noise))
        yield Case(args, sizes={"batch": batch, "latent": latent})
    yield Case((numbers(rng, 2, 2), far(log_variances(rng, 2, 2)), numbers(rng, 2, 2)))


@gradients.reference
def slopes(z_log_var: np.ndarray, epsilon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.ones(epsilon.shape), np.exp(np.float64(z_log_var) / 2) * epsilon / 2


@gradients.cases
def slope_cases(rng: np.random.Generator) -> Iterator[Case]:
    for batch, latent, dtype in SHAPES:
        args = (log_variances(rng, batch, latent), numbers(rng, batch, latent))
        sizes = {"batch": batch, "latent": latent}
        yield Case(tuple(array.astype(dtype) for array in args), sizes=sizes)


@interpolate.reference
def straight(z_a: np.ndarray, z_b: np.ndarray, steps: int) -> np.ndarray:
    return np.linspace(np.float64(z_a), np.float64(z_b), steps)


@interpolate.cases
def straight_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent, steps, dtype in ((2, 5, "float32"), (1, 2, "float64"), (4, 3, "float64")):
        ends = [numbers(rng, latent).astype(dtype) for _ in range(2)]
        yield Case((*ends, steps), sizes={"latent": latent, "steps": steps})
    yield Case((numbers(rng, 3), numbers(rng, 3), int(rng.integers(6, 12))))


# --- Sampling ------------------------------------------------------------------------------------

SPREAD = "The spread of your draws is not the standard deviation that the log-variance names."
COPIES = 5000


@sampling.cases
def sampling_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield moments_case(*posterior(rng, 3, 2))
    yield noise_case(rng)
    yield gradients_case(rng)
    yield rebuilt_case(rng)
    yield model_case(rng)
    z_mean, z_log_var = posterior(rng, 2, 1)
    yield moments_case(z_mean, far(z_log_var))


def moments_case(z_mean: np.ndarray, z_log_var: np.ndarray) -> Case:
    off = "The mean of your draws is not z_mean."
    expected = {
        "tensors that come back": equal(1, "One code should come back, and nothing beside it."),
        "draws differ": equal(True, "Your layer draws nothing: all its codes are the same."),
        "mean minus z_mean, in standard errors": between(-ERRORS, ERRORS, off),
        "std": stds(z_log_var, SPREAD),
    }
    return Case((z_mean, z_log_var, COPIES), expected, "sampling.moments")


def stds(z_log_var: np.ndarray, hint: str, copies: int = COPIES) -> Expectation:
    """Standard deviations of draws: their relative standard error is 1 / sqrt(2 copies)."""
    return close(np.exp(0.5 * np.float64(z_log_var)), ERRORS / np.sqrt(2 * copies), 1e-5, hint)


def noise_case(rng: np.random.Generator) -> Case:
    """With 3,000 rows, a correlation has a standard error of at most 0.018."""
    z_mean, z_log_var = posterior(rng, 3, 3)

    def none(what: str) -> Expectation:
        return between(-0.1, 0.1, what)

    bell = "A histogram of your noise has not the shape of a bell."
    expected = {
        "std in compiled calls": stds(z_log_var, SPREAD, 1000),
        "correlation of two calls": none("Later calls repeat the noise of the first."),
        "correlation of two compiled calls": none("Once compiled, your layer repeats its noise."),
        "correlation of two rows": none("Images of one batch do not get noise of their own."),
        "correlation of two dimensions": none("Latent dimensions do not get noise of their own."),
        "std of one image's draws, relative": between(
            0.2, 2.0, "With a batch of one image, the spread of your draws is off."
        ),
        "kurtosis": close(3.0, 0, 0.5, bell),
        "share of draws within half a standard deviation": close(0.383, 0, 0.05, bell),
    }
    return Case((z_mean, z_log_var, 1000), expected, "sampling.noise")


def gradients_case(rng: np.random.Generator) -> Case:
    z_mean, z_log_var = posterior(rng, 2, 3)
    off = "The gradient by z_log_var does not fit the code that was drawn: is the path cut?"
    none = "No gradient comes back through your code to {}."
    expected = {
        "z_mean gets a gradient": equal(True, none.format("z_mean")),
        "z_log_var gets a gradient": equal(True, none.format("z_log_var")),
        "gradient by z_mean": between(
            1 - 1e-4, 1 + 1e-4, "A step of z_mean should move the code by just as much."
        ),
        "z minus twice its gradient by z_log_var, from z_mean": between(-1e-3, 1e-3, off),
    }
    return Case((z_mean, z_log_var), expected, "sampling.gradients")


def rebuilt_case(rng: np.random.Generator) -> Case:
    z_mean, z_log_var = posterior(rng, 2, 2)
    hint = "A layer rebuilt from your layer's get_config() does not draw as the first one does."
    expected = {"std after a rebuild": stds(z_log_var, hint)}
    return Case((z_mean, z_log_var, COPIES), expected, "sampling.rebuilt")


def model_case(rng: np.random.Generator) -> Case:
    z_mean, z_log_var = posterior(rng, 3, 2)
    sizes = "[(1, 2), (2, 2), (3, 2)]"
    expected = {
        "shapes": equal(sizes, "Your layer does not give one code for each row of the batch."),
        "std in training": stds(z_log_var, "In training, the spread of your draws is off."),
        "std in inference": stds(z_log_var, "In inference, the spread of your draws is off."),
        "std with an open batch size": stds(
            z_log_var, "In a compiled model that leaves the batch size open, the spread is off."
        ),
    }
    return Case((z_mean, z_log_var, COPIES), expected, "sampling.model")


# --- encoder_model -------------------------------------------------------------------------------


@encoder_model.cases
def encoder_model_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent, (height, width, channels) in ((16, (8, 12, 3)), (1, (8, 16, 1))):
        images = rng.integers(0, 10, (2, height, width, channels)).astype("float32") / 10
        seed = int(rng.integers(2**31))
        expected = encoder_facts(latent, (height, width, channels))
        yield Case((latent, images, seed), expected, "coder.encoder_model")


def encoder_facts(latent: int, shape: tuple[int, int, int]) -> dict[str, Expectation]:
    """What holds for every encoder: noise of 600 draws, 300 of each of two images."""
    height, width, _ = shape
    mean_error, std_error = 1 / np.sqrt(600), 1 / np.sqrt(1200)
    belongs = "Over many draws, z does not gather around the z_mean that comes with it."
    fits = "Over many draws, z does not spread as the z_log_var that comes with it says."
    expected = {
        "results": equal(2, "Two things should come back: the model, and conv_shape."),
        "conv_shape": equal(
            [-1, height // 4, width // 4, 64],
            "conv_shape should say what comes out of the last convolution, batch axis included.",
        ),
        "model input": equal([-1, *shape], "The model does not take images of input_shape."),
        "shapes of the outputs": equal(
            str([(2, latent)] * 3), "Three codes per image should come out: z_mean, z_log_var, z."
        ),
        "first two outputs, difference of two calls": between(
            0, 1e-4, "z_mean and z_log_var should be the same at every call; only z is drawn."
        ),
        "z differs from z_mean": equal(True, "z is z_mean: in your model nothing is drawn."),
        "mean of (z - z_mean) / std": between(-6 * mean_error, 6 * mean_error, belongs),
        "std of (z - z_mean) / std": between(1 - 6 * std_error, 1 + 6 * std_error, fits),
        "correlation of two calls": between(-0.25, 0.25, "Two calls draw the same noise."),
        "difference of z_mean and z_log_var": between(
            1e-3, 1e9, "For every image, z_mean and z_log_var are the same numbers."
        ),
        "weights that z has no gradient for": equal(
            0, "Some weights of the encoder have no influence on z, and would never be trained."
        ),
        "weights that z_mean and z_log_var share": between(
            1, 1e9, "There is no layer that z_mean and z_log_var both learn through."
        ),
    }
    if latent >= 16:  # enough outputs to be sure of both signs
        both = "One of the two heads cannot give every number: what squeezes it?"
        expected["share of negative z_mean and z_log_var"] = between(0.01, 0.99, both)
        expected["largest z_mean and z_log_var"] = between(1.5, 1e9, both)
    return expected


# --- decoder_layers, decoder_model ---------------------------------------------------------------


@decoder_layers.cases
def decoder_layers_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent, conv_shape, batch in ((3, (None, 2, 3, 5), 2), (2, (None, 7, 7, 64), 0)):
        codes = numbers(rng, batch, latent).astype("float32")
        seed = int(rng.integers(2**31))
        expected = decoder_facts(latent, conv_shape, codes, seed)
        yield Case((latent, conv_shape, codes, seed), expected, "coder.decoder_layers")


def decoder_facts(
    latent: int, conv_shape: tuple[int | None, ...], codes: np.ndarray, seed: int
) -> dict[str, Expectation]:
    height, width = (4 * int(size or 0) for size in conv_shape[1:3])
    total, trainable = parameters(latent, conv_shape)
    more = "The number of weights is off: a layer is missing, or has another size."
    images = decode(codes, conv_shape, seed)
    expected = {
        "output shape": equal(
            [-1, height, width, 1],
            "What comes out is not one image with one channel, 4 times as high and wide as "
            "conv_shape says.",
        ),
        "parameters": equal(total, more),
        "trainable parameters": equal(trainable, more),
    }
    if len(codes):
        expected["images"] = close(
            images, 5e-3, 5e-3, "Sizes are right, pixels are not: compare activations and order."
        )
        expected["difference of two calls in training"] = between(
            0, 1e-5, "In training, your stack gives another image at every call."
        )
    return expected


@decoder_model.cases
def decoder_model_cases(rng: np.random.Generator) -> Iterator[Case]:
    for latent, conv_shape in ((2, (None, 7, 7, 64)), (1, (None, 3, 4, 16))):
        codes = numbers(rng, 3, latent).astype("float32")
        sizes = (4 * conv_shape[1], 4 * conv_shape[2], 1)
        expected = {
            "type": equal("keras.Model", "What comes back is no keras.Model."),
            "shapes of the images": equal(
                str([(3, *sizes), (1, *sizes)]),
                "One image with one channel should come out for each code.",
            ),
            "open batch size": equal(True, "Your model takes batches of one size only."),
            "weights to train": between(1, 1e9, "Nothing in your model can be trained."),
            "difference of two calls": between(0, 1e-6, "One code gives another image each time."),
            "darkest and brightest pixel": between(
                1e-6, 1 - 1e-6, "A pixel is no probability: it should lie between 0 and 1."
            ),
            "difference of two images": between(1e-7, 1, "All codes give the same image."),
            "difference of two far images": between(
                1e-3, 1, "Codes that lie far from 0, in the same direction, give the same image."
            ),
            "darkest pixel, weights times 30": between(
                0, 0.4, "However large the weights are, no pixel of yours is ever dark."
            ),
        }
        yield Case((latent, conv_shape, codes), expected, "coder.decoder_model")


