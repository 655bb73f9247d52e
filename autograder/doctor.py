"""`autograder doctor`: what this machine can do, and the mend for what it cannot."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from rich.console import Console

from autograder.course import Course
from autograder.errors import AutograderError

PACKAGES = ("tensorflow", "keras", "nbgrader", "jupyterlab", "numpy", "matplotlib")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. mend: what would do, where `good` is False."""

    good: bool
    what: str
    mend: str = ""


def examine(course: Course, console: Console) -> int:
    """Print a line for each finding; return 1 where something needs mending, else 0."""
    findings = [finding for check in CHECKS for finding in check(course)]
    for finding in findings:
        mark = "[green]ok  [/]" if finding.good else "[red]mend[/]"
        console.print(f"{mark}  {finding.what}" + (f": {finding.mend}" if finding.mend else ""))
    return 0 if all(finding.good for finding in findings) else 1


def _python(course: Course) -> Iterator[Finding]:
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    yield Finding(
        (3, 11) <= sys.version_info[:2] <= (3, 13),
        version,
        "" if (3, 11) <= sys.version_info[:2] <= (3, 13) else "use Python 3.11 to 3.13",
    )


def _packages(course: Course) -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(True, f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding(False, f"{name} is missing", "pip install -r requirements.lock")


def _kernel(course: Course) -> Iterator[Finding]:
    try:
        KernelSpecManager().get_kernel_spec("python3")
        yield Finding(True, "Jupyter kernel python3")
    except NoSuchKernel:
        mend = "python -m ipykernel install --sys-prefix"
        yield Finding(False, "no Jupyter kernel python3", mend)


def _folder(course: Course) -> Iterator[Finding]:
    try:
        units = course.released()
    except AutograderError as error:
        yield Finding(False, "no course here", str(error))
        return
    mend = "" if units else "autograder build && autograder release"
    yield Finding(bool(units), f"{len(units)} released units", mend)
    folder = course.root / "autograder"
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    yield Finding(
        writable,
        "autograder/ for the gradebook",
        "" if writable else f"create {folder} and make it writable",
    )


def _data(course: Course) -> Iterator[Finding]:
    named = os.environ.get("VAELIB_DATA")
    if named and not Path(named).exists():
        yield Finding(False, f"VAELIB_DATA names {named!r}", "it is not there; unset it or mend it")
    else:
        yield Finding(True, f"data: {named or 'bundled digits, or MNIST where it is cached'}")


def _sandbox(course: Course) -> Iterator[Finding]:
    found = shutil.which("bwrap") is not None
    yield Finding(
        found,
        "bubblewrap" + ("" if found else " is missing"),
        "" if found else "apt-get install bubblewrap",
    )


CHECKS: tuple[Callable[[Course], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _kernel,
    _folder,
    _data,
    _sandbox,
)
