"""Python, its packages, the kernel, memory, disk and the sandbox."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from packaging.requirements import Requirement

from autograder import sandbox
from autograder.course import Course
from autograder.doctor.finding import Finding, mend, note, ok

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
INSTALL = "pip install -r requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
GIB = 2**30
DISK = 5 * GIB  # scratch folders of some kernels, graded notebooks, feedback pages
SHOWN = 5  # packages named in a line


def python(course: Course) -> Iterator[Finding]:
    """Is this a Python that TensorFlow and the project know?"""
    version = ".".join(map(str, sys.version_info[:3]))
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        yield ok(f"Python {version}")
    else:
        yield mend(f"Python {version}", "use 3.11 to 3.13: make PYTHON=python3.12 ...")


def needed_packages(course: Course) -> Iterator[Finding]:
    """Is everything there that the project states, in a version that it can use?"""
    wanted = map(Requirement, importlib.metadata.requires("vae-course") or ())
    needed = [r for r in wanted if not (r.marker and "extra" in str(r.marker))]
    wrong = [r for r in needed if not r.specifier.contains(_version(r.name) or "0")]
    wrong += [r for r in needed if not r.specifier and _version(r.name) is None]
    for requirement in wrong:
        found = _version(requirement.name) or "missing"
        yield mend(f"{requirement.name} is {found}", f"{requirement} is needed; {INSTALL}")
    if not wrong:
        yield ok(f"{len(needed)} packages that the course needs")


def locked_packages(course: Course) -> Iterator[Finding]:
    """Are the versions those that the course was tested with?"""
    if not LOCK.is_file():
        return
    pins = dict(line.split("==") for line in LOCK.read_text(encoding="utf-8").split())
    found = {name: _version(name) for name in pins}
    other = [f"{n} {found[n] or 'missing'} for {pins[n]}" for n in pins if found[n] != pins[n]]
    if not other:
        yield ok(f"{len(pins)} packages as in requirements.lock")
        return
    more = f" and {len(other) - SHOWN} more" if len(other) > SHOWN else ""
    yield note(f"not as in requirements.lock: {', '.join(other[:SHOWN])}{more}", INSTALL)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def kernel(course: Course) -> Iterator[Finding]:
    """Is there a kernel python3, and does its Python have vaelib?"""
    install = "python -m ipykernel install --sys-prefix"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield mend("no Jupyter kernel python3", install)
        return
    if _has_vaelib(spec.argv[0]):
        yield ok("Jupyter kernel python3")
    else:
        what = f"the kernel python3 in {spec.resource_dir} runs {spec.argv[0]}, without vaelib"
        yield mend(what, f"remove that folder, then {install}")


def _has_vaelib(program: str) -> bool:
    """Whether a kernel's Python imports vaelib; jupyter_client takes a bare name for its own."""
    if os.path.basename(program) == program:
        return True
    try:
        done = subprocess.run([program, "-c", "import vaelib"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def memory(course: Course) -> Iterator[Finding]:
    """Is there as much memory free as one submission may take?"""
    free, limit = psutil.virtual_memory().available, course.limits.memory_bytes
    what = f"{free / GIB:.1f} GiB memory free, of which a submission may take {limit / GIB:.1f}"
    if free >= limit:
        yield ok(what)
    else:
        do = "grade with fewer --jobs, or lower c.Limits.memory_bytes in nbgrader_config.py"
        yield mend(what, f"end other programs, {do}")


def disk(course: Course) -> Iterator[Finding]:
    """Is there space where grades and pages go, and where kernels keep their files?"""
    for folder, do in ((course.root, "make room"), (Path(tempfile.gettempdir()), "set TMPDIR")):
        free = shutil.disk_usage(folder).free
        what = f"{free / GIB:.1f} GiB free in {folder}"
        enough = f"{DISK / GIB:.0f} GiB are enough for a class; {do}"
        yield ok(what) if free >= DISK else mend(what, enough)


def isolation(course: Course) -> Iterator[Finding]:
    """Can students' code be run in a sandbox?"""
    try:
        sandbox.require()
        yield ok("bubblewrap, with user namespaces")
    except sandbox.NoSandbox as missing:
        what, _, do = str(missing).partition("; ")
        yield mend(what, do)
