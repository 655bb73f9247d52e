"""Does a page show what was found, to its student, in few words?"""

from collections.abc import Callable

import pytest
from nbformat.notebooknode import NotebookNode

from autograder import feedback
from autograder.course import Course
from autograder.errors import AutograderError, UnknownName
from autograder.grade import Task
from autograder.gradebook import autograded_path
from autograder.schedule import run
from tests.autograder import canned, toy
from tests.autograder.page import Page, text_of


def test_page_of_a_graded_submission(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Are score, verdicts, hint, answers and the written answer there?"""
    page = written(handed, wrong={"toy_width": canned.WIDTH_WRONG}, warnings=("check put back",))
    text = text_of(page)
    assert "7 of 8 points." in text
    assert "wrong toy_width, 0 of 1 points got 2 hint: It is the square." in text
    assert "(root-missing)" in text
    assert "check put back" in text
    assert toy.WRITTEN in text
    assert "def toy_width(log_var):" in page.text
    anchors = {attributes.get("id") for _, attributes in page.tags}
    assert {exercise.name for exercise in toy.UNIT} <= anchors


def test_table_leads_to_hint_and_section(
    handed: NotebookNode, written: Callable[..., Page]
) -> None:
    """Has each exercise its hint and its section in the table, and do the links lead somewhere?"""
    page = written(handed, wrong={"toy_width": canned.WIDTH_WRONG})
    text = text_of(page)
    assert "toy_width Divide by the sum wrong (root-missing) It is the square. 0 of 1" in text
    links = {str(a["href"])[1:] for tag, a in page.tags if tag == "a"}
    assert links == {exercise.name for exercise in toy.UNIT} | {"part-2"}
    assert links <= {a.get("id") for _, a in page.tags}


def test_page_of_what_could_not_be_graded(course: Course, task: Callable[..., Task]) -> None:
    """Does a page without a score say why, and neither "0" nor a verdict?"""
    list(run(course, [task("ada", b"{")], canned.grader()))
    (path,) = feedback.write_all(course)
    text = text_of(Page(path.read_text()))
    assert "No score yet (needs-human)" in text
    assert "the notebook is damaged or cut short" in text
    assert " of 8 points" not in text


def test_check_and_demonstration_are_left_out(
    handed: NotebookNode, written: Callable[..., Page]
) -> None:
    """Is a page short: no check cells, no demonstrations, no empty trial cells?"""
    text = written(handed).text
    assert "vaelib.check" not in text
    assert "a demonstration" not in text
    assert "# toy_share(np.array" not in text


def test_pages_of_one_unit(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Are pages written for the units that were asked for, and an unknown one refused?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    assert len(feedback.write_all(course, (toy.NAME,))) == 1
    with pytest.raises(UnknownName, match="91_none"):
        feedback.write_all(course, ("91_none",))


def test_same_bytes_again(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Does writing the pages again give the same bytes?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    (path,) = feedback.write_all(course)
    before = path.read_bytes()
    feedback.write_all(course)
    assert path.read_bytes() == before


def test_lost_notebook(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Are score and verdicts still shown where the graded notebook was removed?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    autograded_path(course, "ada", toy.NAME).unlink()
    (path,) = feedback.write_all(course)
    assert "8 of 8 points." in text_of(Page(path.read_text()))


def test_nothing_graded(course: Course) -> None:
    """Does feedback before grading say what to run?"""
    with pytest.raises(AutograderError, match="nothing has been graded yet; run: autograder grade"):
        feedback.write_all(course)
