"""Sampling from the posterior: the reparameterization trick as functions and as a layer."""

import inspect
from typing import Any

import keras
from keras import ops

from vaelib.arguments import Shape
from vaelib.finished import finished

Tensor = Any


@finished
def reparameterize(z_mean: Tensor, z_log_var: Tensor, epsilon: Tensor) -> Tensor:
    """Move and scale standard normal noise into draws of `N(z_mean, exp(z_log_var))`.

    Args:
        z_mean: Means, `(batch, latent)`.
        z_log_var: Natural logarithms of the variances, `(batch, latent)`.
        epsilon: Draws of `N(0, 1)`, `(batch, latent)`.

    Returns:
        Codes `z`, `(batch, latent)`.

    Formula:
        `z = z_mean + exp(z_log_var / 2) * epsilon` (Kingma and Welling 2014, section 2.4).
    """
    return _move_and_scale(z_mean, z_log_var, epsilon)


@finished
def reparameterization_gradients(z_log_var: Tensor, epsilon: Tensor) -> tuple[Tensor, Tensor]:
    """Differentiate `z` of `reparameterize` by its mean and by its log-variance, elementwise.

    Args:
        z_log_var: Natural logarithms of the variances, `(batch, latent)`.
        epsilon: Draws of `N(0, 1)`, `(batch, latent)`.

    Returns:
        The pair `(dz/dz_mean, dz/dz_log_var)`, each `(batch, latent)`.

    Formula:
        `dz/dz_mean = 1` and `dz/dz_log_var = (z - z_mean) / 2`.
    """
    offset = _move_and_scale(ops.zeros_like(z_log_var), z_log_var, epsilon)
    return ops.ones_like(offset), ops.divide(offset, 2)


@keras.saving.register_keras_serializable(package="vaelib")
@finished
class Sampling(keras.layers.Layer):
    """Draw one code per image from the normal distribution that the encoder names.

    Noise is fresh and independent for every element at every call, in training and in inference,
    eager and compiled. Gradients reach both inputs, because the noise is drawn apart from them.

    Args:
        seed: Start of the layer's own stream of noise, an int; `None` picks one at random.

    Call arguments:
        inputs: The pair `(z_mean, z_log_var)`, each `(batch, latent)`.

    Returns:
        Codes `z`, `(batch, latent)`.

    Formula:
        `z = z_mean + exp(z_log_var / 2) * epsilon`, `epsilon ~ N(0, I)`.

    Example:
        >>> z = Sampling()((z_mean, z_log_var))
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: tuple[Tensor, Tensor]) -> Tensor:
        _check_posterior([part.shape for part in inputs])
        z_mean, z_log_var = inputs
        epsilon = keras.random.normal(
            ops.shape(z_mean), dtype=self.compute_dtype, seed=self.seed_generator
        )
        return _move_and_scale(z_mean, z_log_var, epsilon)

    def compute_output_shape(self, input_shape: list[Shape]) -> Shape:
        """Return `(batch, latent)`; ValueError where the inputs are no pair of equal shapes."""
        _check_posterior(input_shape)
        return tuple(input_shape[0])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Keep the stream's position in the `.keras` file, so that a loaded model goes on there."""
        store["seed_state"] = ops.convert_to_numpy(self.seed_generator.state)

    def load_own_variables(self, store: dict[str, Any]) -> None:
        """Go on where the saved stream of noise stood."""
        self.seed_generator.state.assign(store["seed_state"])


def _move_and_scale(z_mean: Tensor, z_log_var: Tensor, epsilon: Tensor) -> Tensor:
    half_log_var = ops.divide(z_log_var, 2)
    return ops.add(z_mean, ops.multiply(epsilon, ops.exp(half_log_var)))


def _check_posterior(shapes: list[Shape]) -> None:
    if len(shapes) != 2 or tuple(shapes[0][1:]) != tuple(shapes[1][1:]):
        shown = ", ".join(str(tuple(shape)) for shape in shapes)
        raise ValueError(
            "Sampling needs inputs=(z_mean, z_log_var), two tensors of one shape "
            f"(batch, latent). Received: {len(shapes)} of shapes {shown}"
        )


# Keras reads the parameters of `__init__` to rebuild layers, and must see them past the bar.
Sampling.__init__.__signature__ = inspect.signature(Sampling.__init__)  # type: ignore[attr-defined]
