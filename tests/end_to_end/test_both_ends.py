"""Do stubs earn zero and solutions everything, in every unit, through the whole grader?"""

from pathlib import Path

import nbformat
import pytest

from autograder import coursetext, exercises
from autograder.course import Course
from autograder.grade import Task, grade
from autograder.kernels import Limits
from autograder.samples import answered, hand_in
from autograder.warm import WarmParent

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
pytestmark = pytest.mark.xdist_group("both_ends")


@pytest.fixture(scope="module")
def parent():
    """A warm parent outside of the sandbox, which has tests of its own."""
    parent = WarmParent(Limits(), sandboxed=False)
    yield parent
    parent.close()


@pytest.mark.parametrize("name", COURSE.released())
def test_stubs_and_solutions(name: str, parent: WarmParent, tmp_path: Path) -> None:
    """Is a fresh notebook worth nothing and a solved one everything, warnings none?"""
    unit = exercises.load(name)
    assert unit is not None
    path = COURSE.notebooks / name / f"{name}.ipynb"
    released = nbformat.read(path, as_version=4)
    text = coursetext.read(COURSE.texts / f"{name}.py")
    solved = answered(released, {e.name: text.answer(e.name) for e in unit})
    hand_in(tmp_path, "stub", name, released)
    hand_in(tmp_path, "solved", name, solved)
    stub = grade(Task(tmp_path, "stub", unit, path, parent.start, seed=1)).result
    right = grade(Task(tmp_path, "solved", unit, path, parent.start, seed=2)).result
    assert (stub.status, stub.score, stub.warnings) == ("graded", 0, ())
    assert {e.verdict for e in stub.exercises.values()} == {"unanswered"}
    assert (right.score, right.warnings) == (unit.max_score, ()), right.to_line()
