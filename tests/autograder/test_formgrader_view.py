"""Does whoever gives points by hand see the warnings and the rubric, and nobody's markup?"""

from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from autograder.feedback import _blocks
from autograder.formgrader import rubrics, shown
from autograder.roles import is_written
from tests.autograder import canned
from tests.autograder.toy import NAME


def source_of(course: Course) -> Path:
    return course.solutions / NAME / f"{NAME}.ipynb"


def test_rubric_stands_below_its_answer(course: Course, handed: NotebookNode) -> None:
    """Is the rubric the cell after the written answer, and only there?"""
    (rubric,) = rubrics(source_of(course)).values()
    cells = shown(handed, canned.result("ada"), source_of(course)).cells
    at = next(index for index, cell in enumerate(cells) if is_written(cell))
    assert rubric.splitlines()[0] in cells[at + 1].source
    assert len(cells) == len(handed.cells) + 1
    nbformat.validate(shown(handed, canned.result("ada"), source_of(course)))


def test_students_do_not_get_it(course: Course, handed: NotebookNode) -> None:
    """Is no line of the rubric on the feedback page?"""
    (rubric,) = rubrics(source_of(course)).values()
    result = canned.result("ada")
    page = str(list(_blocks(shown(handed, result, source_of(course)), result, NAME)))
    assert not [line for line in rubric.splitlines() if line in page]


def test_without_the_source(handed: NotebookNode, tmp_path: Path) -> None:
    """Is a notebook shown as it is where there is no rubric to be had?"""
    assert shown(handed, canned.result("ada"), tmp_path / "none.ipynb").cells == handed.cells
