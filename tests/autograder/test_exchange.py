"""Is a page published under its student's secret, and can no student stop the class's pages?"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat.notebooknode import NotebookNode

from autograder import exchange, feedback, intake
from autograder.course import Course
from autograder.grade import Task
from autograder.schedule import run
from tests.autograder import canned, toy

SECRET, WHEN = "ab" * 64, "2026-05-05 20:00:00.000000 UTC"


@pytest.fixture
def class_(course: Course, task: Callable[..., Task], handed: NotebookNode) -> Course:
    """Ada, who came by the exchange, and Bob, who did not; both graded."""
    list(run(course, [task("ada", handed), task("bob", handed)], canned.grader()))
    folder = course.submitted / "ada" / toy.NAME
    (folder / "submission_secret.txt").write_text(SECRET)
    (folder / "timestamp.txt").write_text(WHEN)
    return course


def beside(course: Course, student: str) -> dict[str, str]:
    """What lies in a student's folder of feedback, after the pages have been written."""
    feedback.write_all(course)
    folder = course.feedback / student / toy.NAME
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_secret_and_timestamp(class_: Course) -> None:
    """Are both beside the page, as nbgrader wrote them?"""
    found = beside(class_, "ada")
    assert (found["submission_secret.txt"], found["timestamp.txt"]) == (SECRET, WHEN)


def test_who_came_another_way(class_: Course) -> None:
    """Has a page without a secret one that cannot be guessed, and the same the next time?"""
    found = beside(class_, "bob")
    assert len(found["submission_secret.txt"]) == 128
    assert found["submission_secret.txt"] != SECRET
    assert found["timestamp.txt"] == ""
    assert beside(class_, "bob") == found


def test_without_an_exchange(class_: Course) -> None:
    """Is there nothing but pages in a class that does not use it?"""
    (class_.submitted / "ada" / toy.NAME / "submission_secret.txt").unlink()
    assert set(beside(class_, "ada")) == {f"{toy.NAME}.html"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"two\nlines", b"\x1b[2J", b"x" * 2000])
def test_secret_that_is_none(class_: Course, content: bytes) -> None:
    """Is a secret that nbgrader could not read, or should not, replaced?"""
    path = class_.submitted / "bob" / toy.NAME / "submission_secret.txt"
    path.write_bytes(content)
    found = beside(class_, "bob")["submission_secret.txt"]
    assert len(found) == 128
    assert found.isalnum()


def test_links_are_not_followed(class_: Course, tmp_path: Path) -> None:
    """Does neither a link, nor a folder that is one, lead to somebody else's secret?"""
    ada = class_.submitted / "ada" / toy.NAME
    bob = class_.submitted / "bob" / toy.NAME
    os.symlink(ada / "submission_secret.txt", bob / "submission_secret.txt")
    assert beside(class_, "bob")["submission_secret.txt"] != SECRET
    shutil.rmtree(bob)
    os.symlink(ada, bob)
    found = beside(class_, "bob")
    assert found["submission_secret.txt"] != SECRET
    assert found["timestamp.txt"] == ""


def test_several_notebooks(class_: Course) -> None:
    """Is the page there under the name of each notebook that was released?"""
    released = class_.notebooks / toy.NAME
    shutil.copy(released / f"{toy.NAME}.ipynb", released / "words.ipynb")
    found = beside(class_, "ada")
    assert found["words.html"] == found[f"{toy.NAME}.html"]


def test_no_warning_for_it(class_: Course) -> None:
    """Are nbgrader's own files no extra files?"""
    assert intake.take(class_.submitted, "ada", toy.NAME).warnings == ()
    assert exchange.SECRET in intake.IGNORED
