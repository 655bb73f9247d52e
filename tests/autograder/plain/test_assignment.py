"""Is an assignment what nbgrader's gradebook says it is, hidden tests and files included?"""

import shutil
from collections.abc import Callable
from dataclasses import replace

import nbformat
import pytest

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.plain import assignment as plain
from autograder.release import generate
from autograder.roles import grade_id
from tests.autograder.plain import plaincourse
from tests.autograder.plain.plaincourse import NAME, TESTS

pytestmark = pytest.mark.xdist_group("plain")


@pytest.fixture
def configured(course: Course) -> Callable[[str], Course]:
    """`configured("c.X.y = 1")`: the course with one line more in its configuration."""

    def configure(line: str) -> Course:
        path = course.root / "nbgrader_config.py"
        path.write_text(path.read_text() + line + "\n")
        return Course(course.root)

    return configure


def test_tests(course: Course) -> None:
    """Is each test an exercise with its points, by notebook and name?"""
    unit = plain.load(course, NAME).unit
    points = {f"numbers/{name}": points for name, (points, _) in TESTS.items()}
    points["words/greet_test"] = points.pop("numbers/greet_test")
    assert {exercise.name: exercise.points for exercise in unit} == points


def test_hidden_tests(course: Course) -> None:
    """Are hidden tests kept beside a notebook that has none, and put in when it is complete?"""
    assignment = plain.load(course, NAME)
    notebook = assignment.notebooks["numbers"]
    cell = next(c for c in notebook.cells if grade_id(c) == "square_test")
    assert "secret" not in cell.source
    assert list(assignment.hidden) == ["numbers/square_test"]
    assignment.complete("numbers", notebook)
    assert cell.source == TESTS["square_test"][1]


def test_files(course: Course) -> None:
    """Are there the files of the source folder, no notebook and nothing that is ignored?"""
    (course.solutions / NAME / "__pycache__").mkdir()
    (course.solutions / NAME / "__pycache__" / "x.pyc").write_text("")
    files = plain.load(course, NAME).files
    assert {path: content.decode() for path, content in files.items()} == plaincourse.FILES


def test_files_of_students_own(configured: Callable[[str], Course]) -> None:
    """Is a file left out that the course wants students to write?"""
    course = configured('c.Autograde.exclude_overwriting = {"ps1": ["helper.py"]}')
    assert set(plain.load(course, NAME).files) == {"data.csv", "tables/more.csv"}


def test_without_sources(course: Course) -> None:
    """Does a course without its source folder take the files of the release?"""
    shutil.rmtree(course.solutions)
    assert set(plain.load(course, NAME).files) == set(plaincourse.FILES)


def test_settings(configured: Callable[[str], Course]) -> None:
    """Are the course's own settings kept, of base classes too?"""
    course = configured("c.ExecutePreprocessor.timeout = None\nc.IgnorePattern.pattern = 'loud'")
    settings = plain.load(course, NAME).settings
    assert settings["IgnorePattern"] == {"enabled": False, "pattern": "loud"}
    assert settings["Execute"] == {"timeout": 5}
    assert settings["LimitOutput"]["max_lines"] == 1000


def test_packed(course: Course) -> None:
    """Is an assignment the same after a journey as bytes?"""
    assignment = plain.load(course, NAME)
    assert plain.unpack(assignment.packed) == assignment
    assert plain.load(course, NAME).version == assignment.version


def test_version(course: Course) -> None:
    """Do another hidden test, another file and another setting each make another version?"""
    first = plain.load(course, NAME)
    path = course.solutions / NAME / "numbers.ipynb"
    path.write_text(path.read_text().replace("'secret'", "'another'"))
    generate(course, NAME)
    second = plain.load(course, NAME)
    others = (second, replace(first, files={}), replace(first, settings={}))
    assert second.notebooks["numbers"].cells[0] == first.notebooks["numbers"].cells[0]
    assert len({first.version, *(other.version for other in others)}) == 4


def test_old_format(course: Course) -> None:
    """Has every cell of a notebook without cell ids one, always the same?"""
    path = course.notebooks / NAME / "words.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, path)
    cells = plain.load(course, NAME).notebooks["words"].cells
    assert [cell.id for cell in cells] == [f"released-{n}" for n in range(4)]


def test_missing_release(course: Course) -> None:
    """Is a notebook that was never released an error with the mend?"""
    (course.notebooks / NAME / "words.ipynb").unlink()
    with pytest.raises(AutograderError, match=r"words.ipynb is missing; run: nbgrader gen\w+ ps1"):
        plain.load(course, NAME)


def test_other_release(course: Course) -> None:
    """Is a release that lacks a cell of the gradebook an error that names the cell?"""
    path = course.notebooks / NAME / "words.ipynb"
    path.write_text(path.read_text().replace("greet_test", "met_test"))
    with pytest.raises(AutograderError, match="words.ipynb lacks greet_test; run: nbgrader"):
        plain.load(course, NAME)
