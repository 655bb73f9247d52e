"""Is what went wrong with a gradebook told with the mend that fits it, and without its password?"""

import pytest
from sqlalchemy.exc import DatabaseError

from autograder import gradebook
from autograder.cli_errors import explained
from autograder.course import Course


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("database disk image is malformed", "put a copy in its place"),
        ("database is locked", "somebody else writes"),
        ("no such column: grade.foo", "nbgrader db upgrade"),
        ('relation "student" does not exist', "nbgrader db upgrade"),
        ("could not connect to server", "start its server"),
        ("database or disk is full", "make room"),
        ("deadlock detected", "try again"),
        ("UNIQUE constraint failed: grade.cell_id", "try again"),
        ('database "course" does not exist', "try again"),
    ],
)
def test_gradebook(course: Course, said: str, mend: str) -> None:
    """Does nobody move a sound gradebook away?"""
    line = explained(DatabaseError("INSERT ...", None, Exception(f"{said}\nDETAIL: ada")), course)
    assert line.startswith(f"the gradebook {course.root}/autograder/gradebook.db cannot be used: ")
    assert f"{said}; " in line and mend in line
    assert ("move it away" in line) == (mend == "put a copy in its place")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "Could not parse"),
        ("postgres://ada:secret@here/course", "sqlalchemy.dialects:postgres"),
        ("postgresql+no_such_driver://ada:secret@here/course", "no_such_driver"),
        ("mysql+asyncmy://ada:secret@here/course", "asyncmy"),
    ],
)
def test_address(course: Course, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    """Is an address named of which there is nothing to be had?"""
    monkeypatch.setattr(Course, "db_url", url)
    try:
        gradebook.recorded(course)
    except Exception as error:
        line = explained(error, course)
    assert line.startswith("`db_url` in nbgrader_config.py cannot be used: ")
    assert said in line
    assert "secret" not in line


def test_other_errors(course: Course) -> None:
    """Is what has nothing to do with the gradebook left as it is?"""
    assert explained(ModuleNotFoundError("No module named 'other'"), course) == ""
    assert explained(ZeroDivisionError(), course) == ""
