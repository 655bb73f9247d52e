"""MNIST's file: where it lies, how it is fetched, and how it is told from another.

MNIST is the work of Y. LeCun, C. Cortes and C. Burges (CC BY-SA 3.0), in the `.npz` that Keras
publishes. A file on disk is recognised by its pixels and labels and not by its own hash, so a
repacked copy is as good; a download must be Keras's file to the last byte.
"""

import hashlib
import os
import queue
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
FILE_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
FINGERPRINT = "2f6dc9b6c10f51819a845a7b909d9fe67f369d4207aa05ba0be846a5651a00e8"
ARRAYS = ("x_train", "y_train", "x_test", "y_test")
BYTES_AT_MOST = 32 * 2**20  # the file has 11 MB
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


class DataError(ValueError):
    """Digits could not be had; the message says which file, what is wrong and the mend."""


class Patience(NamedTuple):
    """Seconds that a download may take: until the host answers, and from then to the end."""

    answer: float
    transfer: float


QUICK = Patience(answer=3.0, transfer=30.0)
PATIENT = Patience(answer=20.0, transfer=600.0)


def cached_file() -> Path:
    """Return the place of `mnist.npz` in Keras's cache, whether or not it is there."""
    home = os.environ.get("KERAS_HOME") or os.path.join("~", ".keras")
    return Path(os.path.expanduser(home), "datasets", "mnist.npz")


def file_at(path: str | os.PathLike[str]) -> Path:
    """Return `path`, or the `mnist.npz` in it where it is a folder."""
    place = os.path.expanduser(path)
    return Path(place, "mnist.npz") if os.path.isdir(place) else Path(place)


def fingerprint(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return the SHA-256 of the four arrays' names, shapes and values as bytes."""
    digest = hashlib.sha256()
    for name in ARRAYS:
        digest.update(f"{name}{arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name], dtype=np.uint8).data)
    return digest.hexdigest()


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an `.npz` in Keras's layout: uint8 `(n, 28, 28)` and labels `(n,)`.

    Raises:
        DataError: The file is unreadable, or an array is missing or of another kind. The message
            names neither the file nor the mend; the caller knows both.
    """
    arrays = _load(path)
    if missing := [name for name in ARRAYS if name not in arrays]:
        raise DataError(f"lacks {', '.join(missing)}; needed are {', '.join(ARRAYS)}")
    for part in ("train", "test"):
        _check(f"x_{part}", arrays[f"x_{part}"], f"y_{part}", arrays[f"y_{part}"])
    return arrays


def _load(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [name for name in ARRAYS if f"{name}.npy" in archive.namelist()]
            return {name: _load_array(archive, name) for name in found}
    except FileNotFoundError:
        raise DataError("no such file") from None
    except UNREADABLE as error:
        raise DataError(f"not a whole .npz file ({_words(error)})") from error


def _load_array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as member:
        array = np.lib.format.read_array(member, allow_pickle=False)
        member.read()  # to the end, where the checksum is compared
    return array


def _check(x_name: str, x: NDArray[Any], y_name: str, y: NDArray[Any]) -> None:
    if x.dtype != np.uint8 or x.ndim != 3 or x.shape[1:] != (28, 28) or not len(x):
        raise DataError(f"{x_name} must be uint8 (n, 28, 28). Received: {x.dtype} {x.shape}")
    if y.dtype.kind not in "iu" or y.shape != x.shape[:1]:
        raise DataError(f"{y_name} must be integers {x.shape[:1]}. Received: {y.dtype} {y.shape}")
    if y.min() < 0 or y.max() > 9:
        raise DataError(f"{y_name} must be 0 to 9. Received: {y.min()} to {y.max()}")


def download(target: Path, patience: Patience) -> None:
    """Fetch MNIST to `target`, which appears there whole and checked or not at all.

    Raises:
        DataError: There is no answer in time, what came is not MNIST, or it cannot be stored.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        content = _fetch(URL, patience)
        _check_download(content)
        _store(content, target)
    except (OSError, DataError) as error:
        raise DataError(
            f"MNIST could not be downloaded ({_words(error)}). "
            f"To use it, get {URL} and put it at {target}, or set VAELIB_DATA to the file."
        ) from error


def _fetch(url: str, patience: Patience) -> bytes:
    """Return the bytes at `url`.

    A thread does the work and is left behind when time is up: no time limit of the socket covers
    looking up the host's name.
    """
    answers: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()
    threading.Thread(
        target=_fetch_to, args=(answers, url, patience), daemon=True, name="mnist-download"
    ).start()
    _next(answers, patience.answer)
    return _next(answers, patience.transfer)


def _fetch_to(answers: "queue.SimpleQueue[bytes | OSError]", url: str, patience: Patience) -> None:
    """Put b"" once the host answers, then the content; or what went wrong."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=patience.answer) as response:
            answers.put(b"")
            answers.put(response.read(BYTES_AT_MOST))
    except HTTPError as error:
        error.close()  # it is a response, too
        answers.put(OSError(str(error)))
    except HTTPException as error:
        answers.put(OSError(repr(error)))
    except OSError as error:
        answers.put(error)


def _next(answers: "queue.SimpleQueue[bytes | OSError]", seconds: float) -> bytes:
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"nothing came within {seconds:g} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _check_download(content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if digest != FILE_SHA256:
        raise DataError(
            f"{len(content):,} bytes with SHA-256 {digest[:12]}... came, not {FILE_SHA256[:12]}..."
        )


def _store(content: bytes, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        whole = Path(scratch, target.name)
        whole.write_bytes(content)
        whole.replace(target)


def _words(error: Exception) -> str:
    """Return what `error` says on one line, without urllib's wrapping."""
    return " ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__
