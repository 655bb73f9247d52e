"""What models handed in are made of: files, right or changed, and a notebook that trains nothing.

The code of nearly all cases trains nothing. Who earns the points of the trained model was judged by
a file, and where a file is of no use, training again is soon done and earns none.
"""

import functools
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.hostile.case import submission
from tests.hostile.kit import ROOT, Kit, cell, to_bytes

GROUP = "models"
VAE, DENOISER = "06_training", "07_applications"
EXERCISES = {VAE: "trained_vae", DENOISER: "trained_denoiser"}
SLOW = {VAE: ("VAE", "train_epoch"), DENOISER: ()}
NOTHING = {
    VAE: """\
from types import SimpleNamespace

def train():
    parts = dense_encoder_model(2, units=(8,)), dense_decoder_model(2, units=(8,))
    return SimpleNamespace(encoder=parts[0], decoder=parts[1])

trained_vae = vaelib.attempt(train)""",
    DENOISER: """\
def train():
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(1, 3, padding="same")])

trained_denoiser = vaelib.attempt(train)""",
}
Members = Mapping[str, bytes | Callable[[bytes], bytes]]


@functools.cache
def _made(kind: str, canary: Path) -> dict[str, bytes]:
    """Files with models of a kind, by name, made in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.hostile.modelfiles", kind]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*command, folder, str(canary)], cwd=ROOT, capture_output=True, check=True)
        return {path.stem: path.read_bytes() for path in Path(folder).glob("*.keras")}


def model(kit: Kit, name: str) -> bytes:
    """The file of a model that `modelfiles` makes; "vae" and "denoiser" are right."""
    return _made(name.partition("_")[0], kit.canary)[name]


def members(content: bytes) -> dict[str, bytes]:
    """What is in a model's file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, new: Members) -> bytes:
    """A model's file with other members, or with members that a function makes of the old."""
    old = members(content)
    return zipped(old | {n: made(old[n]) if callable(made) else made for n, made in new.items()})


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """An archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def write(
    kit: Kit, folder: Path, content: bytes | None, name: str = "", own: str = "", **answers: str
) -> Path:
    """Hand in a notebook that trains nothing, and a file beside it; returns the file's path.

    own: text of a cell before the one that trains. What is slow to judge is not answered.
    """
    exercise = EXERCISES[kit.unit_name]
    stubs = {slow: cell(kit.released, slow).source for slow in SLOW[kit.unit_name]}
    notebook = kit.notebook(**{**stubs, exercise: NOTHING[kit.unit_name], **answers})
    if own:
        kit.with_cell(notebook, own, after="VAE")
    (folder / f"{kit.unit_name}.ipynb").write_bytes(to_bytes(notebook))
    path = folder / (name or f"{exercise}.keras")
    if content is not None:
        path.write_bytes(content)
    return path


def beside(
    student: str, content: Callable[[Kit], bytes], own: str = "", unit: str = VAE, **expected: Any
) -> None:
    """Register a case: these bytes as the model's file."""

    def place(kit: Kit, folder: Path) -> None:
        write(kit, folder, content(kit), own=own)

    submission(GROUP, student, placed=True, unit=unit, **{"zero": nothing(unit), **expected})(place)


def nothing(unit: str) -> tuple[str, ...]:
    """Exercises of a notebook that trains nothing which earn nothing, whatever lies beside it."""
    return (EXERCISES[unit], *SLOW[unit])
