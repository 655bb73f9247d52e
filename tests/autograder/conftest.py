"""A course with the toy unit, built and released once; what tests hand in and grade."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import exercises, kernels, leaks
from autograder.build import build
from autograder.course import Course
from autograder.grade import Graded, Task, grade
from autograder.release import release
from autograder.samples import answered, hand_in
from autograder.transplant import grade_id
from tests.autograder import toy
from vaelib import records

HERE = Path(__file__).parents[2]


def use_toy(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the toy unit be known, and keep its public records in `folder`."""
    load = exercises.load
    monkeypatch.setattr(exercises, "load", lambda u: toy.UNIT if u == toy.NAME else load(u))
    monkeypatch.setattr(records, "FOLDER", folder)
    records.load.cache_clear()


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the toy unit, built and released. Nobody changes it."""
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
    records.load.cache_clear()
    return course


@pytest.fixture(scope="session")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with unit 02 released, ready to grade."""
    root = tmp_path_factory.mktemp("unit02")
    (root / "course").mkdir()
    (root / "autograder").mkdir()
    shutil.copy(HERE / "course" / "02_normal_distributions.py", root / "course")
    shutil.copy(HERE / "nbgrader_config.py", root)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(records, "FOLDER", root / "records")
        monkeypatch.setattr(leaks, "find", lambda course, units: [])  # proved where it is built
        build(Course(root))
        release(Course(root))
    return root


@pytest.fixture
def course(
    released_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Course]:
    """A copy of the released course that a test may change, its public records included."""
    root = shutil.copytree(released_course.root, tmp_path / "course")
    use_toy(monkeypatch, root / "records")
    yield Course(root)
    records.load.cache_clear()


@pytest.fixture
def released(released_course: Course) -> NotebookNode:
    """The released notebook, a fresh copy a test."""
    path = released_course.notebooks / toy.NAME / f"{toy.NAME}.ipynb"
    return nbformat.read(path, as_version=4)


@pytest.fixture
def right(released: NotebookNode) -> dict[str, str]:
    """The right text for each answer cell, as a student would write it."""
    solutions = toy.solutions()
    sources = {exercise.name: solutions.source(exercise) for exercise in toy.UNIT}
    cells = {grade_id(cell): cell.source for cell in answered(released, sources).cells}
    return {name: cells[name] for name in sources}


@pytest.fixture
def answers(released: NotebookNode, right: dict[str, str]) -> Callable[..., NotebookNode]:
    """`answers(toy_width="...")`: a notebook that is right but for the answers given."""
    return lambda **wrong: answered(released, {**right, **wrong})


@pytest.fixture
def task(course: Course) -> Callable[..., Task]:
    """`task("ada", content)`: hand something in, and the task to grade it, with a fixed seed."""

    def make(student: str, content: NotebookNode | bytes, **settings: Any) -> Task:
        hand_in(course.submitted, student, toy.NAME, content)
        path = course.notebooks / toy.NAME / f"{toy.NAME}.ipynb"
        settings = {"seed": 1, **settings}
        return Task(course.submitted, student, toy.UNIT, path, kernels.start, **settings)

    return make


@pytest.fixture
def graded(task: Callable[..., Task]) -> Callable[..., Graded]:
    """`graded(content)`: grade a submission in a real kernel."""

    def run(content: NotebookNode | bytes, **settings: Any) -> Graded:
        return grade(task("ada", content, **settings))

    return run
