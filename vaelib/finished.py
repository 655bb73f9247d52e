"""vaelib's finished versions of the exercises, and the bar on handing one in.

Every exercise has a finished version in vaelib, because later units build on what earlier ones had
students write. While an exercise is being checked, its finished version refuses to work, so that
`kl_loss = vaelib.losses.kl_loss` earns nothing.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType
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

_finished: dict[str, Any] = {}
_parts: dict[str, list[FunctionType]] = {}
_refused: set[str] = set()
REFUSAL = "{name} here is vaelib's own version; write it yourself to earn its points"
_REFUSE = """\
def refuse(*args, **kwargs):
    from vaelib.finished import Delegated
    raise Delegated({said!r})
"""


class Delegated(Exception):
    """An answer called vaelib's own version of the exercise that it should solve."""


def finished(thing: T) -> T:
    """Mark a function or class as the finished version of the exercise with its name."""
    _finished[thing.__name__] = thing
    if thing.__name__ in _refused:  # its module is being loaded once more
        _bar(thing.__name__)
    return thing


def part_of(name: str) -> Callable[[T], T]:
    """Mark a function that does most of what an exercise asks: it is barred with it."""

    def mark(function: T) -> T:
        assert isinstance(function, FunctionType)
        _parts.setdefault(name, []).append(function)
        if name in _refused:  # its module is being loaded late, or once more
            _bar(name)
        return function

    return mark


@contextmanager
def barred(name: str) -> Iterator[None]:
    """Make vaelib's finished version of exercise `name` raise `Delegated` inside this block.

    Its code itself is replaced, as any name that leads to it could have been kept elsewhere.
    """
    unbar = _bar(name)
    try:
        yield
    finally:
        unbar()


def refuse(names: Iterable[str]) -> None:
    """Bar vaelib's finished versions of these exercises for as long as this process runs."""
    for name in names:
        _refused.add(name)
        _bar(name)


def _bar(name: str) -> Callable[[], None]:
    """Bar a finished version; call what is returned to undo it."""
    if name in HOMES:
        importlib.import_module(HOMES[name])
    thing = _finished.get(name)
    parts = list(vars(thing).values()) if isinstance(thing, type) else [thing]
    # Keras looks at the parameters of `__init__`, and `__new__` comes before it.
    found = [p for p in parts if isinstance(p, FunctionType) and p.__name__ != "__init__"]
    own = [(function, function.__code__) for function in [*found, *_parts.get(name, [])]]
    for function, code in own:
        function.__code__ = _refusing(name).__code__.replace(co_freevars=code.co_freevars)
    made_by = vars(thing).get("__new__") if isinstance(thing, type) else None
    if isinstance(thing, type):
        thing.__new__ = staticmethod(_refusing(name))  # type: ignore[assignment]

    def unbar() -> None:
        for function, code in own:
            function.__code__ = code
        if made_by is not None:
            thing.__new__ = made_by  # type: ignore[method-assign]
        elif isinstance(thing, type):
            del thing.__new__

    return unbar


def _refusing(name: str) -> FunctionType:
    """A function that raises, whatever it is given, and in whichever globals its code runs."""
    names: dict[str, Any] = {}
    exec(_REFUSE.format(said=REFUSAL.format(name=name)), names)
    refusal: FunctionType = names["refuse"]
    return refusal


def finished_version(name: str) -> Any:
    """Return vaelib's own version of exercise `name`; KeyError where vaelib has none."""
    return getattr(importlib.import_module(HOMES[name]), name)
