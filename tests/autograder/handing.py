"""What tests of intake hand in, and how they look at what becomes of it."""

import json
import os
import socket
from pathlib import Path

import pytest

from autograder.intake import Refused, Submission, take
from tests.autograder import toy

UNIT = toy.NAME
EXACT = f"{UNIT}.ipynb"
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CONTENT = json.dumps(NOTEBOOK).encode()


def taken(folder: Path) -> Submission:
    """What the grader takes from a folder STUDENT/UNIT."""
    return take(folder.parents[1], folder.parent.name, folder.name)


def refused(folder: Path) -> tuple[str, str]:
    """Status and message with which a folder is refused."""
    with pytest.raises(Refused) as error:
        taken(folder)
    return error.value.status, str(error.value)


def link(path: Path, elsewhere: Path) -> None:
    """A link to a notebook."""
    elsewhere.write_bytes(CONTENT)
    path.symlink_to(elsewhere)


def hard_link(path: Path, elsewhere: Path) -> None:
    """A second name of a notebook that lies elsewhere."""
    elsewhere.write_bytes(CONTENT)
    path.hardlink_to(elsewhere)


def broken_link(path: Path, elsewhere: Path) -> None:
    """A link to nothing."""
    path.symlink_to(elsewhere)


def device(path: Path, elsewhere: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def pipe(path: Path, elsewhere: Path) -> None:
    """A pipe that nobody writes into."""
    os.mkfifo(path)


def directory(path: Path, elsewhere: Path) -> None:
    """A folder."""
    path.mkdir()


def listener(path: Path, elsewhere: Path) -> None:
    """A socket."""
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(path.parent, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)
