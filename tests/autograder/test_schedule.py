"""Is a class graded once, gone on with where it stopped, and never stopped by one submission?"""

import shutil
from collections.abc import Callable, Sequence

import pytest
from nbformat.notebooknode import NotebookNode

from autograder import gradebook
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grade import Graded, Task
from autograder.results import Result
from autograder.samples import hand_in
from autograder.schedule import GONE, Ledger, run
from tests.autograder import canned, toy

Make = Callable[..., Task]


@pytest.fixture
def tasks(task: Make, released: NotebookNode) -> list[Task]:
    """A class of three: two notebooks, and one that cannot be read between them."""
    return [task("ada", released), task("bob", b"{"), task("cy", released)]


def again(course: Course, tasks: Sequence[Task], force: bool = False) -> tuple[list[str], list]:
    """Run; who was graded, and the results."""
    graded: list[str] = []
    return graded, list(run(course, tasks, canned.grader(graded), force))


def test_every_submission_has_its_result(course: Course, tasks: list[Task]) -> None:
    """Is there one result each, in the ledger too, and a bad one between good ones?"""
    graded, results = again(course, tasks)
    assert graded == ["ada", "bob", "cy"]
    assert [known for _, known in results] == [False] * 3
    assert [result.status for result, _ in results] == ["graded", "needs-human", "graded"]
    assert Ledger(course).results() == [result for result, _ in results]
    assert {student for _, student in gradebook.recorded(course)} == {"ada", "cy"}


def test_second_run(course: Course, tasks: list[Task]) -> None:
    """Is only that graded again which had no score?"""
    _, first = again(course, tasks)
    graded, second = again(course, tasks)
    assert graded == ["bob"]
    assert sorted(r.to_line() for r, _ in second) == sorted(r.to_line() for r, _ in first)
    assert {result.student: known for result, known in second} == {
        "ada": True,
        "bob": False,
        "cy": True,
    }


def test_changed_submission(course: Course, tasks: list[Task], released: NotebookNode) -> None:
    """Is a submission graded again that has changed, and no other?"""
    again(course, tasks)
    released.cells[0].source = "# Mine"
    hand_in(course.submitted, "cy", toy.NAME, released)
    graded, _ = again(course, tasks)
    assert graded == ["bob", "cy"]


def test_vanished_submission(course: Course, tasks: list[Task]) -> None:
    """Is a result renewed whose submission is no longer there?"""
    again(course, tasks)
    path = course.submitted / "ada" / toy.NAME / f"{toy.NAME}.ipynb"
    path.unlink()
    graded, results = again(course, tasks)
    assert "ada" in graded
    assert {r.student: r.status for r, _ in results}["ada"] == "rejected"


def test_folder_that_is_gone(course: Course, tasks: list[Task]) -> None:
    """Does a result stay, and say so, where nothing lies any more that could replace it?"""
    again(course, tasks)
    shutil.rmtree(course.submitted / "ada" / toy.NAME)
    graded, results = again(course, tasks)
    [(result, known)] = [(r, known) for r, known in results if r.student == "ada"]
    assert "ada" in graded
    assert (result.score, known, result.warnings[-1]) == (toy.ALL, True, GONE)
    assert Ledger(course).find(toy.NAME, "ada").score == toy.ALL
    with gradebook.open_gradebook(course) as book:
        assert book.find_submission(toy.NAME, "ada").score == toy.ALL
        book.remove_submission(toy.NAME, "ada")
    assert {r.student: r.status for r, _ in again(course, tasks)[1]}["ada"] == "rejected"


def test_changed_unit(course: Course, tasks: list[Task]) -> None:
    """Is everything graded again after a new release?"""
    again(course, tasks)
    tasks[0].released.write_text(tasks[0].released.read_text() + "\n")
    graded, _ = again(course, tasks)
    assert graded == ["ada", "bob", "cy"]


def test_force(course: Course, tasks: list[Task]) -> None:
    """Is everything graded again where that is asked for?"""
    again(course, tasks)
    assert again(course, tasks, force=True)[0] == ["ada", "bob", "cy"]


def test_lost_gradebook(course: Course, tasks: list[Task]) -> None:
    """Is a submission graded again that the gradebook no longer has?"""
    again(course, tasks)
    with gradebook.open_gradebook(course) as book:
        book.remove_submission(toy.NAME, "ada")
    assert again(course, tasks)[0] == ["ada", "bob"]


def test_stopped_half_way(course: Course, tasks: list[Task]) -> None:
    """Is what was graded before a crash kept, and the rest graded by the next run?"""

    def dies(tasks: Sequence[Task]) -> list[Graded]:
        yield canned.grade(tasks[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run(course, tasks, dies))
    assert [result.student for result in Ledger(course).results()] == ["ada"]
    assert again(course, tasks)[0] == ["bob", "cy"]


def test_gradebook_refuses_one(
    course: Course, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does the class go on where one result cannot be recorded, and is that one told?"""
    record = gradebook.record

    def refuse(course: Course, graded: Graded) -> None:
        if graded.result.student == "ada":
            raise RuntimeError("database is locked")
        record(course, graded)

    monkeypatch.setattr(gradebook, "record", refuse)
    _, results = again(course, tasks)
    found = {result.student: result for result, _ in results}
    assert (found["ada"].status, found["ada"].score) == ("needs-human", None)
    assert "database is locked" in found["ada"].message
    assert found["cy"].status == "graded"
    monkeypatch.setattr(gradebook, "record", record)
    assert again(course, tasks)[0] == ["ada", "bob"]


def test_full_disk(course: Course, tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a disk that is full stop the class with the mend, and lose nothing?"""
    again(course, tasks[:1])

    def full(course: Course, graded: Graded) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gradebook, "record", full)
    with pytest.raises(AutograderError, match="No space left on device; what was graded so far"):
        again(course, tasks)
    assert [result.student for result in Ledger(course).results()] == ["ada"]


@pytest.mark.parametrize("name", ["a,b", "two\nlines", "..", "\u202ex", "\udcff", "x" * 250])
def test_ledger_takes_any_name(course: Course, name: str) -> None:
    """Can a student's name be anything, without leaving the ledger's folder?"""
    ledger = Ledger(course)
    ledger.keep(canned.result(name))
    assert ledger.find(toy.NAME, name) == canned.result(name)
    assert ledger.path(toy.NAME, name).parent == course.root / "autograder" / "ledger" / toy.NAME
    assert ledger.results() == [canned.result(name)]


def test_damaged_ledger(course: Course, tasks: list[Task]) -> None:
    """Is a damaged entry graded anew, and told to those who only read?"""
    again(course, tasks)
    path = Ledger(course).path(toy.NAME, "ada")
    path.write_text("{")
    with pytest.raises(AutograderError, match="delete it and grade again"):
        Ledger(course).results()
    assert "ada" in again(course, tasks)[0]
    assert len(Ledger(course).results()) == 3


def test_empty_ledger(course: Course) -> None:
    """Is there nothing before anything was graded?"""
    assert Ledger(course).results() == []
    assert Ledger(course).find(toy.NAME, "ada") is None
    none: list[tuple[Result, bool]] = list(run(course, [], canned.grader()))
    assert none == []
