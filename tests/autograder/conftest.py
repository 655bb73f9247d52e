"""A course with the toy unit, built and released once; what tests hand in and grade."""

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import exercises, feedback, leaks, studentcells
from autograder.build import build, public_record
from autograder.course import Course
from autograder.files import write_atomically
from autograder.grade import Graded, Task, grade
from autograder.gradebook import autograded_path
from autograder.kernels import Limits, Starter
from autograder.lms.collect import collect
from autograder.release import release
from autograder.roles import grade_id
from autograder.samples import answered, hand_in
from autograder.transplant import Transplanted, transplant
from autograder.warm import WarmParent
from tests.autograder import canned, toy
from tests.autograder.lms import downloads
from tests.autograder.page import Page
from vaelib import records

HERE = Path(__file__).parents[2]


def use_toy(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the toy unit be known, and keep its public records in `folder`."""
    load = exercises.load
    monkeypatch.setattr(exercises, "load", lambda u: toy.UNIT if u == toy.NAME else load(u))
    monkeypatch.setattr(records, "FOLDER", folder)
    records.load.cache_clear()


def new_course(root: Path, text: Path) -> Course:
    """A course folder with one text, not built yet."""
    (root / "course").mkdir()
    (root / "autograder").mkdir()
    shutil.copy(text, root / "course")
    shutil.copy(HERE / "nbgrader_config.py", root)
    return Course(root)


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the toy unit, built and released. Nobody changes it."""
    root = tmp_path_factory.mktemp("course")
    course = new_course(root, toy.TEXT)
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
    course = new_course(root, HERE / "course" / "02_normal_distributions.py")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(records, "FOLDER", root / "records")
        monkeypatch.setattr(leaks, "find", lambda course, units: [])  # proved where it is built
        build(course)
        release(course)
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
def handed(answers: Callable[..., NotebookNode]) -> NotebookNode:
    """A submission in which everything is right and nothing was moved."""
    return answers(reflection_90=toy.WRITTEN)


@pytest.fixture
def plant(released: NotebookNode) -> Callable[[NotebookNode], Transplanted]:
    """`plant(handed)`: transplant a submission into the released notebook."""

    def run(handed: NotebookNode) -> Transplanted:
        cells, unreadable = studentcells.read(copy.deepcopy(handed.cells))
        assert unreadable == []
        return transplant(released, cells)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where ada hands in unit 90; empty."""
    path = tmp_path / "ada" / toy.NAME
    path.mkdir(parents=True)
    return path


@pytest.fixture
def task(course: Course, warm_start: Starter) -> Callable[..., Task]:
    """`task("ada", content)`: hand something in, and the task to grade it, with a fixed seed."""

    def make(student: str, content: NotebookNode | bytes, **settings: Any) -> Task:
        hand_in(course.submitted, student, toy.NAME, content)
        path = course.notebooks / toy.NAME / f"{toy.NAME}.ipynb"
        settings = {"seed": 1, **settings}
        return Task(course.submitted, student, toy.UNIT, path, warm_start, **settings)

    return make


@pytest.fixture(scope="session")
def warm_start() -> Iterator[Starter]:
    """Start kernels without a sandbox in a fraction of the time that an ordinary one takes."""
    parent = WarmParent(Limits(), sandboxed=False, preload=("ipykernel.kernelapp", "numpy"))
    yield parent.start
    parent.close()


@pytest.fixture
def graded(task: Callable[..., Task]) -> Callable[..., Graded]:
    """`graded(content)`: grade a submission in a real kernel."""

    def run(content: NotebookNode | bytes, **settings: Any) -> Graded:
        return grade(task("ada", content, **settings))

    return run


@pytest.fixture
def written(course: Course) -> Callable[..., Page]:
    """`written(notebook, result=...)`: the page of a graded notebook with these outputs."""

    def make(notebook: NotebookNode, student: str = "ada", **settings: Any) -> Page:
        result = canned.result(student, **settings)
        path = autograded_path(course, student, toy.NAME)
        write_atomically(path, nbformat.writes(notebook).encode("utf-8", "replace"))
        page = feedback.write(course, result)
        return Page(page.read_text(encoding="utf-8"))

    return make


@pytest.fixture
def public_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy unit's public records, without a file."""
    solutions = toy.solutions()
    made = {e.name: public_record(toy.UNIT, e, solutions) for e in toy.UNIT}
    monkeypatch.setattr(records, "load", made.__getitem__)


@pytest.fixture
def collected(course: Course, tmp_path: Path) -> downloads.Collect:
    """`collected(members)`: what became of each student's files, by student or else by sender."""
    (tmp_path / "roster.csv").write_text(downloads.ROSTER)

    def run(*members: downloads.Content, people: bool = True, **settings: Any) -> dict[str, Any]:
        archive = downloads.download(tmp_path, *members)
        roster = tmp_path / "roster.csv" if people else None
        outcomes = collect(course, archive, people=roster, **settings)
        return {outcome.student or outcome.sent_by: outcome for outcome in outcomes}

    return run
