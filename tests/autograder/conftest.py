"""A course with the toy unit, built and released once; copies of it for tests that change it."""

import functools
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import exercises, kernels
from autograder.build import build
from autograder.course import Course
from autograder.grade import Graded, Task, grade
from autograder.kernels import Limits, Starter
from autograder.release import release
from autograder.samples import answered, hand_in
from tests.autograder import inprocess, toy
from vaelib import records

HERE = Path(__file__).parents[2]


def use_toy(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the toy unit be known, and keep its public records in `folder`."""
    known = exercises.load
    monkeypatch.setattr(exercises, "load", lambda unit: toy.UNIT if unit == toy.NAME else known(unit))
    monkeypatch.setattr(records, "FOLDER", folder)
    records.load.cache_clear()


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the toy unit, built and released; nobody changes it."""
    root = tmp_path_factory.mktemp("course")
    (root / "course").mkdir()
    (root / "autograder").mkdir()
    shutil.copy(toy.TEXT, root / "course")
    shutil.copy(HERE / "nbgrader_config.py", root)
    course = Course(root)
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_toy(monkeypatch, root / "records")
        build(course)
        release(course)
    return course


@pytest.fixture
def course(
    released_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Course:
    """A copy of the released course that a test may change, records included."""
    root = shutil.copytree(released_course.root, tmp_path / "course")
    use_toy(monkeypatch, root / "records")
    return Course(root)
