"""Is each score listed that grading again changes, with the reason, and no other?"""

from collections.abc import Callable
from typing import Any

import pytest
from nbformat.notebooknode import NotebookNode

from autograder import changes
from autograder.changes import Change
from autograder.course import Course
from autograder.grade import Task
from autograder.gradebook import open_gradebook
from autograder.schedule import run
from tests.autograder import canned, toy

Grade = Callable[..., list[Change]]
WRONG = {"toy_width": canned.WIDTH_WRONG}


@pytest.fixture
def graded(course: Course, task: Callable[..., Task], released: NotebookNode) -> Grade:
    """`graded(wrong)`: grade ada again; the changes so far."""

    def again(wrong: Any = None, content: NotebookNode | bytes = released, **settings: Any) -> Any:
        work = task("ada", content)
        list(run(course, [work], lambda _: [canned.grade(work, wrong, **settings)], force=True))
        return changes.read(course)

    return again


def test_nothing_changed(graded: Grade) -> None:
    """Is nothing listed the first time, and nothing where the points are the same?"""
    assert graded(WRONG) == []
    assert graded(WRONG, seed=2) == []


@pytest.mark.parametrize(
    ("settings", "reasons"),
    [
        ({"digest": "other"}, ("new submission",)),
        ({"version": "other", "seed": 2}, ("new version of the unit",)),
        ({"digest": "other", "version": "x"}, ("new submission", "new version of the unit")),
        ({"seed": 2}, ("other hidden cases (new seed)",)),
        ({}, ("the same submission, unit and seed: the verdict is not stable",)),
    ],
)
def test_reasons(graded: Grade, settings: dict[str, Any], reasons: tuple[str, ...]) -> None:
    """Is it said what differs between the two gradings?"""
    graded(WRONG)
    (change,) = graded(**settings)
    assert change.reasons == reasons
    assert (change.student, change.unit) == ("ada", toy.NAME)
    assert (change.before, change.after) == (7.0, 8.0)


def test_shown(graded: Grade) -> None:
    """Does one line say who, what, and by which exercise?"""
    graded(WRONG)
    (change,) = graded(digest="other")
    assert str(change) == f"ada, {toy.NAME}: 7 -> 8 (new submission; toy_width 0 -> 1)"


def test_same_sum(graded: Grade) -> None:
    """Is it listed where other exercises earn the same?"""
    share = {"toy_both": canned.WIDTH_WRONG, "toy_width": canned.WIDTH_WRONG}
    graded(share)
    (change,) = graded({**share, "toy_both": canned.exercises()["toy_both"]}, digest="other")
    assert list(change.exercises) == ["toy_both"]


def test_score_lost_and_found(graded: Grade) -> None:
    """Is it listed where a score goes or comes, with the reason, and a second failure not?"""
    graded()
    assert str(graded(content=b"{")[-1]).startswith(f"ada, {toy.NAME}: 8 -> no score (needs-human")
    assert len(graded(content=b"[]")) == 1
    assert f"{toy.NAME}: no score -> 8 (was rejected" in str(graded()[-1])


def test_what_a_person_gave_stays(course: Course, graded: Grade) -> None:
    """Are manual points and comments as they were after a changed score?"""
    graded(WRONG)
    with open_gradebook(course) as book:
        grade = book.find_grade("reflection_90", toy.NAME, toy.NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.find_comment("toy_width", toy.NAME, toy.NAME, "ada").manual_comment = "Nearly."
        book.db.commit()
    assert len(graded(digest="other")) == 1
    with open_gradebook(course) as book:
        assert book.find_submission(toy.NAME, "ada").score == 8 + 1.5
        comment = book.find_comment("toy_width", toy.NAME, toy.NAME, "ada")
        assert comment.manual_comment == "Nearly."


def test_cut_short(course: Course, graded: Grade) -> None:
    """Are the other lines read where a crash left half of one?"""
    graded(WRONG)
    graded(digest="other")
    with (course.root / "autograder" / "changes.jsonl").open("a") as file:
        file.write('{"student": "a')
    assert len(changes.read(course)) == 1
    graded(WRONG, digest="third")
    assert len(changes.read(course)) == 2
