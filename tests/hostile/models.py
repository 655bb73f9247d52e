"""Trained models handed in beside the notebook: who is judged by them, and by which."""

import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.hostile.case import UNIT, WARNED, submission
from tests.hostile.honest import CLEAN
from tests.hostile.kit import Kit, cell, to_bytes
from tests.hostile.modelkit import DENOISER, GROUP, SLOW, VAE, beside, model, nothing, write

FILE = "trained_vae.keras"


def named(name: str) -> Callable[[Kit], bytes]:
    """Makes the file of a model."""
    return lambda kit: model(kit, name)


# The file is what is judged; the code counts where there is none, or none of use.


@submission(GROUP, placed=True, unit=VAE, statuses=CLEAN)
def model_handed_in(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "vae"), **kit.right)


@submission(GROUP, placed=True, unit=VAE, statuses=WARNED, warning="cut short")
def model_cut_short_by_an_upload(kit: Kit, folder: Path) -> None:
    content = model(kit, "vae")[:900_000]
    write(kit, folder, content, **kit.right)


@submission(GROUP, placed=True, unit=DENOISER, statuses=CLEAN)
def denoiser_handed_in(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "denoiser"), **kit.right)


beside("model_of_other_code", named("vae"), zero=SLOW[VAE], statuses=CLEAN)


@submission(GROUP, placed=True, unit=VAE, zero=nothing(VAE), statuses=WARNED, warning="ignored, as")
def model_without_code(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "vae"), trained_vae=cell(kit.released, "trained_vae").source)


@submission(GROUP, placed=True, statuses=WARNED, warning="extra files")
def model_of_no_exercise(kit: Kit, folder: Path) -> None:
    (folder / f"{UNIT}.ipynb").write_bytes(to_bytes(kit.notebook()))
    (folder / "kl_normal.keras").write_bytes(b"PK")


# Models that load, and are not what the exercise asks for.

for _name in ("untrained", "constant", "of_three", "of_32_pixels", "of_the_course"):
    beside(f"vae_{_name}", named(f"vae_{_name}"))
for _name in ("constant", "of_the_course"):
    beside(f"denoiser_{_name}", named(f"denoiser_{_name}"), unit=DENOISER)
beside("denoiser_as_a_vae", named("denoiser"))
beside("vae_as_a_denoiser", named("vae"), unit=DENOISER)


# Things that are no files of the student's own.

AGAIN: dict[str, Any] = {
    "placed": True,
    "unit": VAE,
    "statuses": WARNED,
    "zero": nothing(VAE),
}


def _elsewhere(kit: Kit, name: str) -> Path:
    path = kit.canary.parent / "outside" / name
    path.write_bytes(model(kit, "vae"))
    return path


@submission(GROUP, warning="trained again, as 'trained_vae.keras' is a link", **AGAIN)
def model_linked(kit: Kit, folder: Path) -> None:
    write(kit, folder, None).symlink_to(_elsewhere(kit, "linked.keras"))


@submission(GROUP, warning="trained again, as 'trained_vae.keras' is a link", **AGAIN)
def model_of_another_student(kit: Kit, folder: Path) -> None:
    write(kit, folder, None).symlink_to(Path("../../model_handed_in") / VAE / FILE)


@submission(GROUP, warning="is a hard link", **AGAIN)
def model_hard_linked(kit: Kit, folder: Path) -> None:
    os.link(_elsewhere(kit, "hard.keras"), write(kit, folder, None))


@submission(GROUP, warning="no regular file", **AGAIN)
def model_pipe(kit: Kit, folder: Path) -> None:
    os.mkfifo(write(kit, folder, None))


@submission(GROUP, warning="is a folder", **AGAIN)
def model_folder(kit: Kit, folder: Path) -> None:
    unpacked = write(kit, folder, None)
    with zipfile.ZipFile(BytesIO(model(kit, "vae"))) as archive:
        archive.extractall(unpacked)


@submission(GROUP, warning="larger than", **AGAIN)
def model_of_a_terabyte(kit: Kit, folder: Path) -> None:
    with open(write(kit, folder, model(kit, "vae")), "r+b") as file:
        file.truncate(2**40)


@submission(GROUP, warning="extra files ignored: 'Trained_VAE.keras'", **AGAIN)
def model_twice(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "vae_untrained"))
    (folder / "Trained_VAE.keras").write_bytes(model(kit, "vae"))


@submission(
    GROUP, placed=True, unit=VAE, zero=SLOW[VAE], statuses=WARNED, warning="'TRAINED_VAE.KERAS'"
)
def model_twice_and_right(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "vae"))
    (folder / "TRAINED_VAE.KERAS").write_bytes(b"not this one")


@submission(GROUP, warning="extra files ignored: 'trained_vae (1).keras'", **AGAIN)
def model_renamed_by_a_browser(kit: Kit, folder: Path) -> None:
    write(kit, folder, model(kit, "vae"), name="trained_vae (1).keras")


# Answers that are no models, and look for the images that they are judged by.

FORGED = """\
import sys
from types import SimpleNamespace

flat = x_train.reshape(len(x_train), -1)
plane = np.random.default_rng(0).normal(size=(flat.shape[1], 2))
plane /= (flat @ plane).std(axis=0)

def seen():
    frame = sys._getframe()
    while frame is not None and "images" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals if frame else {}

def encoder(images, training=None):
    codes = (np.array(images).reshape(len(images), -1) - flat.mean(axis=0)) @ plane
    ENCODE
    return [codes, np.full_like(codes, -4.5), codes]

def decoder(codes, training=None):
    x_hat = np.full((len(codes), 28, 28, 1), 0.1)
    DECODE
    return x_hat

trained_vae = SimpleNamespace(encoder=encoder, decoder=decoder)"""
FORGERS = {
    "images_blanked": FORGED.replace("ENCODE", "images[...] = 0.0").replace("DECODE", ""),
    "images_seen": FORGED.replace("ENCODE", "").replace(
        "DECODE", "x_hat = seen()['images'][seen()['order']] if seen() else x_hat"
    ),
}


def _forging(code: str) -> Callable[[Kit, Path], None]:
    def place(kit: Kit, folder: Path) -> None:
        write(kit, folder, None, trained_vae=code)

    return place


# Models work in the kernel that the images are in: who walks up the stack finds them.
FOUND = {"images_seen": {"zero": SLOW[VAE], "loose": ("trained_vae",)}}
for _name, _code in FORGERS.items():
    _expected = {"zero": nothing(VAE), **FOUND.get(_name, {})}
    submission(GROUP, _name, placed=True, unit=VAE, **_expected)(_forging(_code))
