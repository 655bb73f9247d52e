"""Is nbgrader's gradebook told what was found, and what a person gave left alone?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.api import MissingEntry

from autograder.course import Course
from autograder.grade import Graded, Task
from autograder.gradebook import autograded_path, open_gradebook, record, recorded, storable
from autograder.results import ExerciseResult
from autograder.roles import grade_id
from tests.autograder import canned, toy

NAMES = [
    'Ng, "Bob"',
    "two\nlines",
    '=HYPERLINK("x")',
    "\u202eada",
    "Zoë",
    b"\xff".decode("utf-8", "surrogateescape"),
]


@pytest.fixture
def graded(task: Callable[..., Task], released: NotebookNode) -> Callable[..., Graded]:
    """`graded("ada", wrong)`: a graded submission, without a kernel."""

    def make(student: str = "ada", wrong: Any = None, **settings: Any) -> Graded:
        return canned.grade(task(student, released), wrong, **settings)

    return make


@contextmanager
def book(course: Course, student: str = "ada") -> Iterator[Any]:
    """A student's notebook in the gradebook."""
    with open_gradebook(course) as opened:
        yield opened.find_submission_notebook(toy.NAME, toy.NAME, storable(student))


def scores(course: Course, student: str = "ada") -> dict[str, tuple[Any, Any, bool]]:
    """Automatic score, manual score and whether a person has to look, by cell."""
    with book(course, student) as notebook:
        grades = notebook.grades
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in grades}


def give(course: Course, name: str, points: float) -> None:
    """Do what a person does in Formgrader."""
    with open_gradebook(course) as opened:
        grade = opened.find_grade(name, toy.NAME, toy.NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = points, False
        opened.db.commit()


def test_scores(course: Course, graded: Callable[..., Graded]) -> None:
    """Has each check its automatic score, and does only the written answer wait for a person?"""
    record(course, graded(wrong={"toy_width": canned.WIDTH_WRONG}))
    assert scores(course) == {
        "toy_share_check": (2.0, None, False),
        "toy_width_check": (0.0, None, False),
        "toy_pair_check": (3.0, None, False),
        "toy_both_check": (2.0, None, False),
        "reflection_90": (None, None, True),
    }
    with book(course) as notebook:
        assert (notebook.score, notebook.max_score) == (7.0, toy.ALL + 2)


def test_comments(course: Course, graded: Callable[..., Graded]) -> None:
    """Does Formgrader show the verdict beside the answer?"""
    record(course, graded(wrong={"toy_width": canned.WIDTH_WRONG}))
    with book(course) as notebook:
        comments = {c.name: c.auto_comment for c in notebook.comments}
    assert comments["toy_width"] == "wrong: got 2\nhint: It is the square."
    assert comments["toy_share"] == "correct"


def test_graded_notebook(course: Course, graded: Callable[..., Graded]) -> None:
    """Does the notebook lie where Formgrader looks for it, and can it be read?"""
    done = graded()
    record(course, done)
    found = nbformat.read(autograded_path(course, "ada", toy.NAME), as_version=4)
    nbformat.validate(found)
    assert done.notebook is not None
    own = [c.source for c in found.cells if not c.id.startswith("rubric")]
    assert own == [c.source for c in done.notebook.cells]


def test_warnings_stand_above_the_notebook(course: Course, graded: Callable[..., Graded]) -> None:
    """Does Formgrader show them, as text and not as markup, and once?"""
    done = graded(warnings=("a check was edited", "two\n\n<b>lines</b>"))
    for _ in range(2):
        record(course, done)
    first, second = nbformat.read(autograded_path(course, "ada", toy.NAME), as_version=4).cells[:2]
    assert first.source.splitlines()[2:] == ["    a check was edited", "    two <b>lines</b>"]
    assert done.notebook is not None and second.source == done.notebook.cells[0].source


def test_manual_score_stays(course: Course, graded: Callable[..., Graded]) -> None:
    """Are points that a person gave still there after grading again?"""
    record(course, graded())
    give(course, "reflection_90", 1.5)
    give(course, "toy_width_check", 0.5)
    record(course, graded(wrong={"toy_width": canned.WIDTH_WRONG}))
    after = scores(course)
    assert after["reflection_90"] == (None, 1.5, False)
    assert after["toy_width_check"] == (0.0, 0.5, True)
    with book(course) as notebook:
        assert notebook.score == 2 + 0.5 + 3 + 2 + 1.5


def test_new_words_are_looked_at(course: Course, graded: Callable[..., Graded]) -> None:
    """Does a person have to look again where the written answer is another one, until they do?"""
    record(course, graded())
    give(course, "reflection_90", 0.0)
    other = graded()
    assert other.notebook is not None
    [words] = [c for c in other.notebook.cells if grade_id(c) == "reflection_90"]
    words.source = "I thought about it once more."
    for _ in range(2):
        record(course, other)
        assert scores(course)["reflection_90"] == (None, 0.0, True)
    give(course, "reflection_90", 2.0)
    record(course, other)
    assert scores(course)["reflection_90"] == (None, 2.0, False)


def test_manual_comment_stays(course: Course, graded: Callable[..., Graded]) -> None:
    """Is a person's comment still there after grading again?"""
    record(course, graded())
    with open_gradebook(course) as opened:
        opened.find_comment("toy_width", toy.NAME, toy.NAME, "ada").manual_comment = "Well done."
        opened.db.commit()
    record(course, graded())
    with book(course) as notebook:
        assert "Well done." in {c.manual_comment for c in notebook.comments}


def test_graded_again(course: Course, graded: Callable[..., Graded]) -> None:
    """Does a better submission replace a worse one?"""
    record(course, graded(wrong={"toy_width": canned.WIDTH_WRONG}))
    record(course, graded())
    assert scores(course)["toy_width_check"] == (1.0, None, False)
    assert recorded(course) == {(toy.NAME, "ada")}


def test_no_score_leaves_no_score(course: Course) -> None:
    """Is a student known whose work could not be graded, without a submission of zero points?"""
    record(course, Graded(canned.refused("bob")))
    with open_gradebook(course) as opened:
        assert opened.find_student("bob")
        with pytest.raises(MissingEntry):
            opened.find_submission(toy.NAME, "bob")
    assert recorded(course) == set()


def test_unreadable_resubmission(course: Course, graded: Callable[..., Graded]) -> None:
    """Does it take back the automatic scores, leave what a person gave, and ask one to look?"""
    record(course, graded())
    give(course, "reflection_90", 1.5)
    with open_gradebook(course) as opened:
        opened.find_comment("toy_width", toy.NAME, toy.NAME, "ada").manual_comment = "Well done."
        opened.db.commit()
    record(course, Graded(canned.refused("ada")))
    after = scores(course)
    assert after.pop("reflection_90") == (None, 1.5, True)
    assert set(after.values()) == {(None, None, True)}
    with book(course) as notebook:
        said = {(c.auto_comment, c.manual_comment) for c in notebook.comments}
        assert said == {(None, None), (None, "Well done.")}
    assert not autograded_path(course, "ada", toy.NAME).parent.exists()


def test_graded_after_an_unreadable_resubmission(
    course: Course, graded: Callable[..., Graded]
) -> None:
    """Is everything there again once it can be read, and are its words looked at once more?"""
    record(course, graded())
    give(course, "reflection_90", 1.5)
    before = scores(course)
    record(course, Graded(canned.refused("ada")))
    record(course, graded())
    assert scores(course) == {**before, "reflection_90": (None, 1.5, True)}
    assert autograded_path(course, "ada", toy.NAME).is_file()


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_odd_names(course: Course, graded: Callable[..., Graded], name: str) -> None:
    """Is a student stored whose folder's name holds anything, and told apart from others?"""
    record(course, graded(name))
    record(course, graded("ada"))
    assert scores(course, name)["toy_pair_check"][0] == 3.0
    assert recorded(course) == {(toy.NAME, "ada"), (toy.NAME, storable(name))}
    assert autograded_path(course, name, toy.NAME).is_file()


@pytest.mark.parametrize(
    "text", ["half \ud83d a pair", "\x00", "'; DROP TABLE grade; --", "x" * 10**6], ids=len
)
def test_odd_messages(course: Course, graded: Callable[..., Graded], text: str) -> None:
    """Can what a student's exception says be stored, whatever it is?"""
    record(course, graded(wrong={"toy_width": ExerciseResult(0.0, 1.0, "error", None, text)}))
    assert scores(course)["toy_width_check"][0] == 0.0


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-01-05 10:00:00.250000 UTC", datetime(2026, 1, 5, 10, 0, 0, 250000)),
        ("2026-01-05T10:00:00+02:00", datetime(2026, 1, 5, 8)),
        ("2026-01-05 10:00:00", datetime(2026, 1, 5, 10)),
        ("2026-01-05 10:00 XYZ", datetime(2026, 1, 5, 10)),
        ("", None),
        ("yesterday", None),
        ("0001-01-01 00:00:00+14:00", None),
        ("9999-12-31 23:59:59-14:00", None),
        ("9" * 100, None),
        ("\x00", None),
    ],
)
def test_timestamps(
    course: Course, graded: Callable[..., Graded], timestamp: str, expected: datetime | None
) -> None:
    """Is a time stored in UTC, and a forged one left out?"""
    done = graded()
    record(course, Graded(done.result, done.notebooks, timestamp))
    with open_gradebook(course) as opened:
        assert opened.find_submission(toy.NAME, "ada").timestamp == expected
