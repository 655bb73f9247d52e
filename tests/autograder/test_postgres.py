"""Does nbgrader's gradebook work on a PostgreSQL server as it does on SQLite?"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder import export
from autograder.course import Course
from autograder.grade import Task
from autograder.gradebook import open_gradebook, recorded
from autograder.release import generate
from autograder.samples import hand_in
from autograder.schedule import Ledger, run
from tests.autograder import canned, postgres, toy

pytestmark = pytest.mark.xdist_group("postgres")
NAMES = [f"s{number}" for number in range(8)]
REFLECTION = "reflection_90"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server for the tests of this module."""
    if postgres.programs() is None:
        assert "CI" not in os.environ, "CI installs PostgreSQL"
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    with postgres.server() as address:
        yield address


@pytest.fixture
def there(course: Course, server: str, request: pytest.FixtureRequest) -> Course:
    """The course with its gradebook on the server, in a database of the test's own."""
    name = request.node.name
    url = postgres.new_database(server, name)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nget_config().CourseDirectory.db_url = {url!r}  # noqa: F821\n")
    (course.root / "autograder" / "gradebook.db").unlink()
    again = Course(course.root)
    assert again.db_url == url
    generate(again, toy.NAME)
    return again


@pytest.fixture
def tasks(there: Course, task: Callable[..., Task], released: NotebookNode) -> list[Task]:
    """A class of eight."""
    return [task(name, released) for name in NAMES]


def scores(course: Course) -> dict[str, float]:
    """What nbgrader itself reads from the gradebook."""
    with open_gradebook(course) as book:
        return {s["student"]: s["score"] for s in book.submission_dicts(toy.NAME)}


def test_two_runs(there: Course, tasks: list[Task], released: NotebookNode) -> None:
    """Does a class get its scores, and does a second run grade only what has changed?"""
    first, second = list[str](), list[str]()
    assert len(list(run(there, tasks, canned.grader(first)))) == len(NAMES)
    released.cells[0].source = "# Mine"
    hand_in(there.submitted, "s3", toy.NAME, released)
    results = [result for result, _ in run(there, tasks, canned.grader(second))]
    assert (first, second) == (NAMES, ["s3"])
    assert scores(there) == {result.student: result.score for result in results}
    assert not (there.root / "autograder" / "gradebook.db").exists()


def test_nbgrader_reads_it(there: Course, tasks: list[Task]) -> None:
    """Do Formgrader's own questions, and the export, find what was graded?"""
    list(run(there, tasks, canned.grader()))
    api = NbGraderAPI(config=Config(there.config))
    (unit,) = api.get_assignments()
    assert (unit["name"], unit["num_submissions"]) == (toy.NAME, len(NAMES))
    assert (unit["average_code_score"], unit["max_code_score"]) == (toy.ALL, toy.ALL)
    table = export.write(there, "nbgrader", there.root / "grades.csv").read_text()
    assert table.count(f",{toy.ALL}") >= len(NAMES)


def mark(course: Course, student: str, points: float) -> None:
    """Do what a person does in Formgrader."""
    with open_gradebook(course) as book:
        grade = book.find_grade(REFLECTION, toy.NAME, toy.NAME, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def test_a_person_marks_meanwhile(there: Course, tasks: list[Task]) -> None:
    """Are manual scores kept that a person gives while the class is graded again?"""
    list(run(there, tasks, canned.grader()))
    with ThreadPoolExecutor(1) as person:
        marks = [person.submit(mark, there, name, 1.5) for name in NAMES]
        list(run(there, tasks, canned.grader(), force=True))
        for done in marks:
            done.result()
    assert set(scores(there).values()) == {toy.ALL + 1.5}


def test_two_graders(there: Course, tasks: list[Task]) -> None:
    """Does the class come out right where two people start grading it at the same time?"""
    both = threading.Barrier(2)

    def grade() -> list[str]:
        both.wait()
        return [result.status for result, _ in run(there, tasks, canned.grader())]

    with ThreadPoolExecutor(2) as people:
        statuses = [s for done in [people.submit(grade) for _ in range(2)] for s in done.result()]
    assert set(statuses) == {"graded"}
    assert len(recorded(there)) == len(NAMES) == len(Ledger(there).results())
    assert set(scores(there).values()) == {toy.ALL}
