"""Handwritten digits: MNIST where it can be had, else the real digits bundled with scikit-learn.

`load_digits()` takes the first of these that there is:

1. what the environment variable `VAELIB_DATA` names: an `mnist.npz`, a folder that holds one, or
   the word `mnist` or `bundled`;
2. `mnist.npz` in Keras's cache (`~/.keras/datasets`, or `datasets` in `KERAS_HOME`);
3. MNIST, downloaded once into that cache, if the network answers within seconds;
4. the bundled digits, with one printed line that says so.

`VAELIB_DATA=bundled` (or `mnist`) makes every machine use the same digits.
"""

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaelib import bundled, mnist
from vaelib.finished import finished
from vaelib.mnist import DataError

__all__ = ["DataError", "Digits", "load_digits", "scale_pixels"]

VARIABLE = "VAELIB_DATA"
WORDS = ("auto", "mnist", "bundled")


@dataclass(frozen=True, eq=False)
class Digits:
    """Digits to train on and digits to test on; the arrays are shared and read-only.

    Attributes:
        x_train: float32 images `(n, 28, 28, 1)`, 0 is paper and 1 is ink.
        y_train: int64 labels `(n,)`, 0 to 9.
        x_test: float32 images `(m, 28, 28, 1)`; none of them is in `x_train`.
        y_test: int64 labels `(m,)`, 0 to 9.
        source: `"mnist"`, `"bundled"`, or the path of another data set.
    """

    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]
    source: str


def load_digits(source: str | os.PathLike[str] = "auto") -> Digits:
    """Return digits from `source`; a second call returns the same arrays at once.

    Args:
        source: `"auto"` (see the module's text), `"mnist"` (as auto, but patient with a slow
            network and never the bundled digits), `"bundled"`, or the path of an `.npz` in the
            layout of Keras's `mnist.npz` (any 28 x 28 images of ten classes, e.g. Fashion-MNIST)
            or of a folder that holds an `mnist.npz`.

    Raises:
        DataError: A file is missing, damaged or not what it should be. What `VAELIB_DATA` or
            Keras's cache holds must be MNIST; nothing else is taken in its place.
        ValueError: `source` is neither one of the words nor a path.
    """
    _check_source(source)
    setting = os.environ.get(VARIABLE, "")
    if source == "auto" and setting in WORDS:
        source = setting
    if source in ("auto", "mnist") and setting not in ("", *WORDS):
        return _from_variable(setting)
    if source == "bundled":
        return _bundled()
    if source == "mnist":
        return _mnist()
    return _mnist_or_bundled() if source == "auto" else _from_path(source)


@finished
def scale_pixels(images: ArrayLike) -> NDArray[np.float32]:
    """Return uint8 images `(n, height, width)` as float32 `(n, height, width, 1)` in [0, 1].

    Raises:
        ValueError: `images` is not uint8 or has another number of axes.
    """
    pixels = np.asarray(images)
    if pixels.dtype != np.uint8 or pixels.ndim != 3:
        raise ValueError(
            "images must be uint8 of shape (n, height, width). "
            f"Received: dtype={pixels.dtype}, shape={pixels.shape}"
        )
    return _scaled(pixels)


def _scaled(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.divide(np.expand_dims(pixels, -1), 255, dtype=np.float32)


def _digits(arrays: Mapping[str, NDArray[Any]], source: str) -> Digits:
    x_train, x_test = _scaled(arrays["x_train"]), _scaled(arrays["x_test"])
    y_train, y_test = (arrays[name].astype(np.int64) for name in ("y_train", "y_test"))
    for array in (x_train, y_train, x_test, y_test):
        array.setflags(write=False)
    return Digits(x_train, y_train, x_test, y_test, source)


def _check_source(source: object) -> None:
    if isinstance(source, os.PathLike):
        return
    is_path = isinstance(source, str) and (source.endswith(".npz") or os.path.exists(source))
    if not (is_path or source in WORDS):
        raise ValueError(
            'source must be "auto", "mnist", "bundled" or the path of an .npz file. '
            f"Received: source={source!r}"
        )


def _from_variable(setting: str) -> Digits:
    mend = (
        f"It comes from {VARIABLE}={setting!r}: set that to Keras's mnist.npz, to the folder that "
        'holds it or to "bundled", or unset it'
    )
    return _from_file(mnist.file_at(setting), mend, mnist_only=True)


def _from_path(source: str | os.PathLike[str]) -> Digits:
    mend = f'Give a whole .npz file, "mnist" or "bundled". Received: source={os.fspath(source)!r}'
    return _from_file(mnist.file_at(source), mend, mnist_only=False)


def _from_cache() -> Digits:
    mend = f"Delete that file and load again, or set {VARIABLE}"
    return _from_file(mnist.cached_file(), mend, mnist_only=True)


def _from_file(path: Path, mend: str, mnist_only: bool) -> Digits:
    try:
        return _read(path, mnist_only)
    except DataError as problem:
        raise DataError(f"{path}: {problem}. {mend}.") from problem.__cause__


@functools.lru_cache(maxsize=1)
def _read(path: Path, mnist_only: bool) -> Digits:
    arrays = mnist.read_npz(path)
    is_mnist = mnist.fingerprint(arrays) == mnist.FINGERPRINT
    if mnist_only and not is_mnist:
        count = len(arrays["x_train"])
        raise DataError(f"holds another data set than MNIST, {count:,} images to train on")
    return _digits(arrays, "mnist" if is_mnist else str(path))


def _mnist() -> Digits:
    path = mnist.cached_file()
    if not os.path.isfile(path):
        mnist.download(path, mnist.PATIENT)
    return _from_cache()


def _mnist_or_bundled() -> Digits:
    path = mnist.cached_file()
    if not os.path.isfile(path):
        _try_download(path)
    return _from_cache() if os.path.isfile(path) else _bundled()


@functools.cache
def _try_download(path: Path) -> None:
    """Try to download MNIST to `path`, once per process, and print one line on what came of it."""
    try:
        mnist.download(path, mnist.QUICK)
        print(f"MNIST was downloaded to {path}")
    except DataError as problem:
        print(
            f"Using the 1,797 real digits bundled with scikit-learn, not MNIST: {problem} "
            f"{VARIABLE}=bundled skips the attempt."
        )


@functools.cache
def _bundled() -> Digits:
    return _digits(bundled.read(), "bundled")
