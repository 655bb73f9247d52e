"""Does `autograder doctor` find what is missing, and say what would do?"""

import importlib.metadata
import io
import os
import sqlite3
import subprocess
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from rich.console import Console

from autograder import doctor, sandbox
from autograder.course import Course
from autograder.doctor import folder, hub, machine
from autograder.doctor.finding import Finding

HERE = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course folder in which nothing is released."""
    (tmp_path / "autograder").mkdir()
    (tmp_path / "nbgrader_config.py").write_text((HERE / "nbgrader_config.py").read_text())
    return Course(tmp_path)


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exchange folder as nbgrader wants it."""
    root = tmp_path / "exchange"
    root.mkdir()
    root.chmod(0o777)
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(root))
    return root


def only(check: Callable[[Course], Iterator[Finding]], course: Course) -> tuple[str, str]:
    """Kind and text of the one finding of a check."""
    (found,) = check(course)
    return found.kind, found.line.plain


def test_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a line printed for each finding here, and does the exit status say whether all is well?"""
    monkeypatch.setenv("NBGRADER_EXCHANGE", "/nowhere")
    printed = io.StringIO()
    status = doctor.examine(Course(HERE), Console(file=printed))
    lines = printed.getvalue().splitlines()
    assert len(lines) >= 10
    assert status == any(line.startswith("mend") for line in lines)
    assert all(": " in line for line in lines if not line.startswith("ok"))


def test_python(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a Python that is too new named with one that is not?"""
    monkeypatch.setattr(machine.sys, "version_info", (3, 14, 1))
    assert only(machine.python, course) == (
        "mend",
        "mend  Python 3.14.1: use 3.11 to 3.13: make PYTHON=python3.12 ...",
    )


def installed(monkeypatch: pytest.MonkeyPatch, versions: dict[str, str | None]) -> None:
    """Let some packages have other versions, or be missing."""
    real = importlib.metadata.version

    def version(name: str) -> str:
        found = versions.get(name, real(name) if name not in versions else None)
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_needed_packages(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are packages named that are too old or missing, with the range that is needed?"""
    assert only(machine.needed_packages, course)[0] == "ok"
    installed(monkeypatch, {"keras": "3.1.0", "click": None})
    assert [finding.line.plain for finding in machine.needed_packages(course)] == [
        "mend  keras is 3.1.0: keras>=3.5 is needed; pip install -r requirements.lock",
        "mend  click is missing: click is needed; pip install -r requirements.lock",
    ]


def test_locked_packages(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is another version than the tested one worth a note, and no more?"""
    installed(monkeypatch, {"numpy": "2.0.0", "ruff": None})
    kind, line = only(machine.locked_packages, course)
    assert kind == "note"
    assert "numpy 2.0.0 for " in line
    assert "ruff missing for " in line


def test_no_kernel(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the command named that makes the kernel?"""

    def nothing(self: KernelSpecManager, name: str) -> KernelSpec:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", nothing)
    assert only(machine.kernel, course)[1].endswith("python -m ipykernel install --sys-prefix")


@pytest.mark.parametrize("program", ["/usr/bin/env", "/nowhere/python"])
def test_kernel_of_another_python(
    course: Course, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """Is a kernel noticed whose Python has no vaelib, as users' own kernels often have none?"""
    spec = KernelSpec(argv=[program], resource_dir="/home/ada/kernels/python3")
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    kind, line = only(machine.kernel, course)
    assert kind == "mend"
    assert f"/home/ada/kernels/python3 runs {program}, without vaelib" in line


def test_memory(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it too little where one submission could take more?"""
    free = namedtuple("free", "available")(3 * 2**30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    kind, line = only(machine.memory, course)
    assert (kind, "3.0 GiB memory free" in line) == ("mend", True)


def test_disk(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a full disk named by folder?"""
    usage = namedtuple("usage", "free")(2**30)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: usage)
    course_disk, scratch = machine.disk(course)
    assert (course_disk.kind, course_disk.what) == ("mend", f"1.0 GiB free in {course.root}")
    assert scratch.mend.endswith("set TMPDIR")


def test_sandbox(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is what bubblewrap lacks said, apart from what to do?"""
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    (found,) = machine.isolation(course)
    assert (found.kind, found.what) == ("mend", "bubblewrap is not installed")
    assert found.mend.startswith("run: apt-get install bubblewrap")


def test_forbidden_namespaces(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a system that forbids user namespaces told how to allow them?"""
    refused = subprocess.CompletedProcess([], 1, "", "No permissions to create a new namespace")
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(sandbox.subprocess, "run", lambda *_, **__: refused)
    (found,) = machine.isolation(course)
    assert "No permissions to create a new namespace" in found.what
    assert "kernel.unprivileged_userns_clone=1" in found.mend


def test_nothing_released(course: Course) -> None:
    """Is an empty course told how to fill it?"""
    assert only(folder.units, course)[1] == (
        "mend  no released unit: autograder build && autograder release"
    )


def test_folder_of_somebody_else(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a folder named in which grades cannot be written?"""
    monkeypatch.setattr(folder.os, "access", lambda path, mode: False)
    (_, found) = folder.units(course)
    assert found.what == f"{course.root / 'autograder'} cannot be written"


def test_gradebook_is_yet_to_be_made(course: Course) -> None:
    """Is a gradebook that is not there no fault, where it can be made?"""
    assert only(folder.gradebook, course)[0] == "ok"
    (course.root / "autograder").rmdir()
    assert only(folder.gradebook, course)[0] == "mend"


def test_gradebook(course: Course) -> None:
    """Is a gradebook opened, and a file that is none not taken for one?"""
    path = course.root / "autograder" / "gradebook.db"
    with sqlite3.connect(path) as book:
        book.execute("create table student (id text)")
    book.close()
    assert only(folder.gradebook, course)[1].endswith("gradebook.db, 1 tables")
    path.write_bytes(b"no database" * 100)
    kind, line = only(folder.gradebook, course)
    assert (kind, "file is not a database" in line) == ("mend", True)


def test_gradebook_out_of_reach(course: Course) -> None:
    """Is a server that does not answer named, without its password?"""
    course.config.CourseDirectory.db_url = "postgresql+psycopg://vae:secret@127.0.0.1:1/grades"
    kind, line = only(folder.gradebook, course)
    assert (kind, "cannot be opened" in line) == ("mend", True)
    assert "secret" not in line


@pytest.mark.parametrize("named, kind", [("/nowhere", "mend"), ("bundled", "ok"), ("", "ok")])
def test_data(course: Course, monkeypatch: pytest.MonkeyPatch, named: str, kind: str) -> None:
    """Is data that is not there named, and a word that stands for some not looked for?"""
    monkeypatch.setenv("VAELIB_DATA", named)
    assert only(folder.data, course)[0] == kind


def test_proxy(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Is a proxy noted that is missing, or that this Node.js cannot run?"""
    monkeypatch.setattr(hub, "HERE", tmp_path)
    monkeypatch.setattr(hub.shutil, "which", lambda name: None)
    assert only(hub.proxy, course)[1].endswith("make node_modules")
    monkeypatch.setattr(hub.shutil, "which", lambda name: "/bin/false")
    assert only(hub.proxy, course)[1].endswith("install Node.js 20 or newer")
    monkeypatch.setattr(hub.shutil, "which", lambda name: "/bin/true")
    assert only(hub.proxy, course)[0] == "ok"


def test_exchange(course: Course, exchange: Path) -> None:
    """Is an exchange noted that is not there, and one that not everybody can write to?"""
    assert only(hub.exchange, course) == ("ok", f"ok    exchange {exchange}")
    exchange.chmod(0o755)
    assert only(hub.exchange, course)[1] == (
        f"mend  exchange {exchange} has mode 755: sudo chmod 777 {exchange}"
    )
    exchange.rmdir()
    assert only(hub.exchange, course)[0] == "note"


def test_exchange_of_the_course(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the exchange that a course names itself looked at?"""
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    course.config.Exchange.root = str(course.root / "own")
    assert f"no exchange folder {course.root / 'own'}" in only(hub.exchange, course)[1]


def test_course_of_somebody_else(
    course: Course, exchange: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a grader told whose the course's folder in the exchange is?"""
    assert list(hub.own_folder(course)) == []
    (exchange / "vae").mkdir()
    assert list(hub.own_folder(course)) == []
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    kind, line = only(hub.own_folder, course)
    assert (kind, f"{exchange / 'vae'} belongs to " in line) == ("mend", True)


def test_answers_for_everybody(
    course: Course, exchange: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where students have accounts, is a folder of answers named that they can read?"""
    with tempfile.TemporaryDirectory(dir="/tmp") as public:
        monkeypatch.setattr(hub, "HERE", Path(public))
        Path(public).chmod(0o755)
        solutions = Path(public) / "solutions"
        solutions.mkdir(mode=0o755)
        wanted = f"mend  every account can read answers: chmod -R o= {solutions}"
        assert only(hub.closed, course) == ("mend", wanted)
        solutions.chmod(0o750)
        assert only(hub.closed, course)[0] == "ok"
