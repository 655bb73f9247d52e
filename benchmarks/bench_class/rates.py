"""Seconds a submission: this grader with the sandbox on, and nbgrader, on the same files."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench_class.classes import PEER_CONFIG, make_course
from report import Row

SCRIPTS = Path(sys.executable).parent
PATH = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"  # nbgrader runs `alembic` by name
TARGETS = {2: 15.0, 1: 8.0}  # submissions a minute at so many jobs, in nbgrader's


def rates(unit: str, students: int, peers: int) -> Iterator[Row]:
    """Grade a class of a unit, and some of it with nbgrader in between."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "ours", unit, students)
        peer = make_course(Path(folder) / "peer", unit, peers, PEER_CONFIG)
        _run(peer, "nbgrader", "generate_assignment", unit, "--force")
        _run(course, "autograder", "grade", unit, "--students", "s0000")  # warms the disk's cache
        measured = {2: ours(course, unit, students, 2)}
        theirs = _run(peer, "nbgrader", "autograde", unit) / peers
        measured[1] = ours(course, unit, students, 1)
    yield Row(unit[:2], f"nbgrader autograde, {peers} submissions", f"{theirs:.2f} s each")
    for jobs, seconds in measured.items():
        what = f"autograder grade --jobs {jobs}, {students} submissions"
        yield Row(unit[:2], what, f"{seconds:.2f} s each", "", f"{60 / seconds:.0f} a minute")
    for jobs, seconds in measured.items():
        what = f"submissions a minute at {jobs} job{'s' * (jobs > 1)}, in nbgrader's"
        yield Row(unit[:2], what, f"{theirs / seconds:.1f} x", f">= {TARGETS[jobs]:g} x")


def ours(course: Path, unit: str, students: int, jobs: int) -> float:
    """Wall seconds a submission of `autograder grade`."""
    command = ("autograder", "grade", unit, "--force", "--jobs", str(jobs))
    return _run(course, *command) / students


def _run(course: Path, *arguments: str) -> float:
    """Wall seconds of a command in a course folder, its start included."""
    started = time.perf_counter()
    subprocess.run(
        [SCRIPTS / arguments[0], *arguments[1:]],
        cwd=course,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": PATH},
    )
    return time.perf_counter() - started
