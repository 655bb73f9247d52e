"""Does a release hold what students need, nothing that they must not have, and no surprises?"""

from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from autograder.errors import AutograderError, LeakError, UnknownName
from autograder.gradebook import known_assignment
from autograder.release import release
from autograder.roles import grade_id, is_answer, is_check, is_written
from tests.autograder import toy


def notebook(course: Course, folder: str = "notebooks") -> Path:
    """A notebook of the course."""
    return getattr(course, folder) / toy.NAME / f"{toy.NAME}.ipynb"


def test_same_bytes_again(course: Course) -> None:
    """Does releasing again, also from nothing, give the same bytes?"""
    before = notebook(course).read_bytes()
    assert release(course) == [notebook(course)]
    assert notebook(course).read_bytes() == before
    notebook(course).unlink()
    release(course)
    assert notebook(course).read_bytes() == before


def test_solutions_are_gone(released: NotebookNode) -> None:
    """Does each answer keep its signature and docstring, and raise that it is not answered?"""
    answers = [cell.source for cell in released.cells if is_answer(cell)]
    stub = '    # YOUR CODE HERE\n    raise NotImplementedError("not answered yet")'
    for source, exercise in zip(answers, toy.UNIT, strict=True):
        solution = toy.solutions().source(exercise)
        assert source == solution.split("    ### BEGIN SOLUTION")[0] + stub


def test_hidden_tests_and_rubric_are_gone(released: NotebookNode) -> None:
    """Is a check one line, and nothing left of the rubric?"""
    checks = [cell.source for cell in released.cells if is_check(cell)]
    assert checks == [f'vaelib.check("{e.name}", {e.name})' for e in toy.UNIT]
    written = [cell.source for cell in released.cells if is_written(cell)]
    assert len(written) == 1
    assert "One point" not in written[0]


def test_cells_keep_their_ids(course: Course, released: NotebookNode) -> None:
    """Are a released cell's id and grade_id those of the solution?"""
    source = nbformat.read(notebook(course, "solutions"), as_version=4)
    assert [c.id for c in released.cells] == [c.id for c in source.cells]
    assert [grade_id(c) for c in released.cells] == [grade_id(c) for c in source.cells]


def test_gradebook_knows_the_unit(course: Course) -> None:
    """Does nbgrader know the unit after its release, and not before?"""
    assert known_assignment(course, toy.NAME)
    assert not known_assignment(course, "91_none")


def test_leaking_notebook_is_taken_back(course: Course) -> None:
    """Does a leak fail with file and line, and leave no notebook behind?"""
    path = notebook(course, "solutions")
    told = "Yours: `np.power(np.exp(log_var), 1 / 2)`"
    path.write_text(path.read_text().replace("Yours to try things out in.", told))
    with pytest.raises(LeakError) as error:
        release(course)
    file, line, what = str(error.value).split(":", 2)
    assert (file, what) == (str(notebook(course)), " a line of the answer to toy_width")
    assert int(line) > 1
    assert not notebook(course).exists()


def test_not_built(course: Course) -> None:
    """Does a unit that is not built say how to build it?"""
    notebook(course, "solutions").unlink()
    with pytest.raises(AutograderError, match="not built; run: autograder build 90_toy"):
        release(course)


def test_unknown_unit(course: Course) -> None:
    """Is an unknown unit named together with those that there are?"""
    with pytest.raises(UnknownName, match="91_none.*there is: 90_toy"):
        release(course, ("91_none",))


def test_nbgrader_refuses(course: Course) -> None:
    """Is the reason for which nbgrader refuses a source told in its own words, in one line?"""
    path = notebook(course, "solutions")
    path.write_text(path.read_text().replace('"grade_id": "toy_pair"', '"grade_id": "toy_width"'))
    with pytest.raises(AutograderError) as error:
        release(course)
    assert str(error.value) == "nbgrader could not release 90_toy: Duplicate grade id: toy_width"
