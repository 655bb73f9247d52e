"""What one submission costs: time above its cells' own, memory above the shared parent's."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from bench_class.classes import answers, make_course
from report import Row

from autograder import studentcells, verdict
from autograder.build import specification
from autograder.kernels import Kernel, Limits
from autograder.roles import is_check
from autograder.running import runs
from autograder.samples import answered
from autograder.session import Session
from autograder.transplant import transplant
from autograder.warm import WarmParent

PARTS = ("transplant", "start", "cells and questions", "end")


def costs(unit: str, students: int) -> Iterator[Row]:
    """One job: where the time of a submission goes, against its cells run in a warm process."""
    with tempfile.TemporaryDirectory() as folder:
        root = make_course(Path(folder) / "course", unit, 0)
        path = root / "notebooks" / unit / f"{unit}.ipynb"
        released = nbformat.read(path, as_version=4)
    handed = [answered(released, answers(unit, number)) for number in range(students)]
    parent = WarmParent(Limits())
    bare_parent = WarmParent(Limits(), sandboxed=False)
    try:
        parent.wait()
        bare_parent.wait()
        parts = [_grade(parent, unit, released, notebook) for notebook in handed]
        bare = [_bare(bare_parent, notebook) for notebook in handed]
        private = _private_memory(parent, released)
    finally:
        parent.close()
        bare_parent.close()
    total = statistics.mean(sum(part.values()) for part in parts)
    for name in PARTS:
        seconds = statistics.mean(part[name] for part in parts)
        yield Row(unit[:2], f"of a submission's time: {name}", f"{seconds:.2f} s")
    cells = statistics.mean(bare)
    yield Row(unit[:2], "its cells and checks in a warm process", f"{cells:.2f} s")
    yield Row(unit[:2], "a submission's time above that", f"{total - cells:.2f} s", "<= 1.5 s")
    yield Row(unit[:2], "private memory of a kernel", f"{private / 1e6:.0f} MB", "<= 200 MB")


def _grade(
    parent: WarmParent, unit: str, released: nbformat.NotebookNode, handed: nbformat.NotebookNode
) -> dict[str, float]:
    """Seconds of each part of grading one submission, as `autograder.grade` does it."""
    marks = [time.perf_counter()]
    starting = 0.0

    def start(folder: Path) -> Kernel:
        nonlocal starting
        began = time.perf_counter()
        kernel = parent.start(folder)
        starting += time.perf_counter() - began
        return kernel

    planted = transplant(released, studentcells.read(handed.cells)[0])
    marks.append(time.perf_counter())
    with Session(planted.notebook, start, parent.limits) as session:
        verdict.grade(session, specification(unit), 1)
        marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    planting, asking, ending = (b - a for a, b in zip(marks, marks[1:], strict=False))
    return dict(zip(PARTS, (planting, starting, asking - starting, ending), strict=True))


def _bare(parent: WarmParent, handed: nbformat.NotebookNode) -> float:
    """Seconds that the cells which grading runs, and the checks, take in a forked process."""
    sources = [c.source for c in handed.cells if runs(c) or (c.cell_type == "code" and is_check(c))]
    with tempfile.TemporaryDirectory() as folder:
        kernel = parent.start(Path(folder))
        started = time.perf_counter()
        code = "".join(f"try:\n    exec({s!r})\nexcept Exception: pass\n" for s in sources)
        kernel.run(code, 600, parent.limits)
        seconds = time.perf_counter() - started
        kernel.kill()
        kernel.client.stop_channels()
    return seconds


def _private_memory(parent: WarmParent, notebook: nbformat.NotebookNode) -> int:
    """Bytes that only the kernel of a notebook has, after all its cells have run."""
    before = set(psutil.Process(parent.pid).children(recursive=True))
    with Session(notebook, parent.start, parent.limits) as session:
        session.kernel()
        added = set(psutil.Process(parent.pid).children(recursive=True)) - before
        return sum(process.memory_full_info().uss for process in added)
