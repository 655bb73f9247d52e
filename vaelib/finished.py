"""vaelib's finished versions of the exercises, and the bar on handing one in.

Every exercise has a finished version in vaelib, because later units build on what earlier ones had
students write. While an exercise is being checked, its finished version refuses to work, so that
`kl_loss = vaelib.losses.kl_loss` earns nothing.
"""

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])

_MODULES = {
    "vaelib.data": "scale_pixels",
    "vaelib.distributions": (
        "normal_pdf normal_log_pdf std_from_log_var transform_standard_normal fit_normal "
        "diagonal_log_prob probability_within kl_discrete kl_normal kl_to_standard_normal "
        "kl_monte_carlo"
    ),
    "vaelib.normalization": "standardize batch_norm_train batch_norm_infer batch_norm_conv",
    "vaelib.layers": "Sampling reparameterize reparameterization_gradients",
    "vaelib.models": (
        "build_autoencoder encoder_layers encoder_model decoder_layers decoder_model VAE"
    ),
    "vaelib.losses": (
        "reconstruction_error kl_loss implied_beta reconstruction_loss negative_elbo"
    ),
    "vaelib.training": "training_step train_epoch",
    "vaelib.metrics": (
        "hole_fraction importance_weighted_bound active_units knn_accuracy psnr "
        "anomaly_threshold auroc"
    ),
    "vaelib.latent": (
        "output_size pca_reconstruct interpolate prior_grid add_noise nearest_training_image"
    ),
}
HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}

_barred: set[str] = set()


class Delegated(Exception):
    """An answer called vaelib's own version of the exercise that it should solve."""


@contextmanager
def barred(name: str) -> Iterator[None]:
    """Make vaelib's finished version of exercise `name` raise `Delegated` inside this block."""
    added = name not in _barred
    _barred.add(name)
    try:
        yield
    finally:
        if added:
            _barred.discard(name)


def _refuse_if_barred(name: str) -> None:
    if name in _barred:
        raise Delegated(
            f"{name} here is vaelib's own version; write it yourself to earn its points"
        )


def finished(thing: T) -> T:
    """Mark a function or class as the finished version of the exercise with its name."""
    name = thing.__name__
    if isinstance(thing, type):
        create = thing.__init__  # type: ignore[misc]

        @functools.wraps(create)
        def guarded_init(self: Any, *args: Any, **kwargs: Any) -> None:
            _refuse_if_barred(name)
            create(self, *args, **kwargs)

        thing.__init__ = guarded_init  # type: ignore[misc]
        return thing

    @functools.wraps(thing)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _refuse_if_barred(name)
        return thing(*args, **kwargs)

    guarded.__signature__ = inspect.signature(thing)  # type: ignore[attr-defined]
    del guarded.__wrapped__  # the way around the bar
    return guarded  # type: ignore[return-value]


def finished_version(name: str) -> Any:
    """Return vaelib's own version of exercise `name`; KeyError where vaelib has none."""
    return getattr(importlib.import_module(HOMES[name]), name)
