"""Does a course folder say where its parts are and which units it has?"""

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import AutograderError, UnknownName
from autograder.kernels import Limits
from tests.autograder import toy


def configured(folder: Path, text: str) -> Course:
    """A course folder with its own configuration."""
    header = "from autograder.nbgrader_defaults import configure\n\nconfigure(get_config())\n"
    (folder / "nbgrader_config.py").write_text(f"{header}{text}\n")
    return Course(folder)


def test_folders(released_course: Course) -> None:
    """Are the folders those of the design, and inside of the course?"""
    root = released_course.root
    parts = ("texts", "solutions", "notebooks", "submitted", "autograded", "feedback")
    assert [getattr(released_course, part).relative_to(root).as_posix() for part in parts] == [
        "course",
        "solutions",
        "notebooks",
        "autograder/submitted",
        "autograder/autograded",
        "autograder/feedback",
    ]


def test_folders_of_the_configuration(tmp_path: Path) -> None:
    """Do folders follow what the course's own configuration says?"""
    course = configured(tmp_path, 'c = get_config()\nc.CourseDirectory.release_directory = "out"')
    assert course.notebooks == tmp_path / "out"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///grades.db", "sqlite:///{root}/grades.db"),
        ("sqlite:////var/grades.db", "sqlite:////var/grades.db"),
        ("postgresql://host/grades", "postgresql://host/grades"),
    ],
)
def test_gradebook(tmp_path: Path, url: str, expected: str) -> None:
    """Is the gradebook the same whatever folder a command is run in?"""
    course = configured(tmp_path, f'c = get_config()\nc.CourseDirectory.db_url = "{url}"')
    assert course.db_url == expected.format(root=tmp_path)


def test_no_course(tmp_path: Path) -> None:
    """Does a folder without a configuration say so, with the mend?"""
    with pytest.raises(AutograderError, match="no nbgrader_config.py; go to the course folder"):
        _ = Course(tmp_path).notebooks


def test_units(released_course: Course) -> None:
    """Are units known by text and by release?"""
    assert released_course.authored() == released_course.released() == [toy.NAME]
    assert released_course.authored((toy.NAME,)) == [toy.NAME]


@pytest.mark.parametrize("which", ["authored", "released"])
def test_unknown_unit(released_course: Course, which: str) -> None:
    """Is an unknown unit named together with those that there are?"""
    with pytest.raises(UnknownName, match="unknown unit '05'; there is: 90_toy"):
        getattr(released_course, which)(("05",))


def test_no_units(tmp_path: Path) -> None:
    """Is a course without units empty, and does an unknown one say that there is none?"""
    course = configured(tmp_path, "")
    assert course.authored() == course.released() == []
    with pytest.raises(UnknownName, match="there is: none"):
        course.released((toy.NAME,))


def test_other_files_are_no_units(course: Course) -> None:
    """Is a notebook beside the released one no unit?"""
    (course.notebooks / toy.NAME / "notes.ipynb").write_text("{}")
    (course.texts / "helpers.py").touch()
    assert course.released() == course.authored() == [toy.NAME]


def test_limits(tmp_path: Path) -> None:
    """Does a course set limits by name, and is a name that is none told with those there are?"""
    assert configured(tmp_path, "c.Limits.cell = 7").limits == Limits(cell=7)
    with pytest.raises(AutograderError, match="'cells'; there are call, cell, notebook"):
        configured(tmp_path, "c.Limits.cells = 7").limits  # noqa: B018
