"""Does a plain nbgrader course get the points that `nbgrader autograde` gives, cell by cell?"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat.notebooknode import NotebookNode
from rich.console import Console

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.gradebook import open_gradebook
from autograder.results import Result
from tests.autograder.plain import plaincourse
from tests.autograder.plain.plaincourse import NAME, hand_in, released, solved

pytestmark = pytest.mark.xdist_group("plain_course")
Notebooks = dict[str, NotebookNode]
Scores = dict[tuple[str, str, str], Any]


def tampered(notebooks: Notebooks) -> Notebooks:
    """Tests that cannot fail, and that are worth more."""
    for cell in notebooks["numbers"].cells:
        if cell.id.endswith("_test"):
            cell.source = "pass"
            cell.metadata.nbgrader.points = 100
    return notebooks


def shortened(notebooks: Notebooks) -> Notebooks:
    """The first test is deleted, and so is the second notebook."""
    notebooks["numbers"].cells = [c for c in notebooks["numbers"].cells if c.id != "square_test"]
    return {"numbers": notebooks["numbers"]}


def submissions(course: Course) -> dict[str, Notebooks]:
    """A class: what each student hands in."""
    double = "def square(x):\n    return 2 * x"
    loud = "import sys\n\ndef square(x):\n    if x < 0:\n        print('!', file=sys.stderr)\n"
    stuck = "def square(x):\n    while x == 2:\n        pass\n    return x * x"
    return {
        "stub": released(course),
        "right": solved(course),
        "wrong": solved(course, square=double, greet="def greet(name)\n    return 1"),
        "partial": solved(
            course,
            square=loud + "    return x * x",
            total="def total(path):\n    return 6",
            plot="raise ValueError",
        ),
        "slow": solved(course, square=stuck, greet="while True:\n    pass"),
        "tampered": tampered(solved(course, square=double)),
        "shortened": shortened(solved(course)),
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course, released, with everything handed in and nothing graded."""
    course = plaincourse.make(tmp_path_factory.mktemp("plain") / "course")
    for student, notebooks in submissions(course).items():
        hand_in(course, student, notebooks)
    return course


def autograded(course: Course, name: str, config: str = "") -> Scores:
    """What nbgrader's own command writes into the gradebook of a copy."""
    copy = shutil.copytree(course.root, course.root.parent / name)
    with (copy / "nbgrader_config.py").open("a") as file:
        file.write(config)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", NAME],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
    )
    assert done.returncode == 0, done.stderr
    return scores(Course(copy))


@pytest.fixture(scope="module")
def theirs(course: Course) -> Scores:
    """nbgrader's scores."""
    return autograded(course, "theirs")


@pytest.fixture(scope="module")
def outside(course: Course) -> Scores:
    """nbgrader's scores where its own command runs students' code in the sandbox."""
    config = "from autograder.nbgrader_defaults import grade_outside\ngrade_outside(c)\n"
    return autograded(course, "outside", config)


@pytest.fixture(scope="module")
def lines(course: Course, theirs: Scores, outside: Scores) -> dict[str, Result]:
    """The result of each student, after `autograder grade`."""
    done = grade_class(course, jobs=1, console=Console(quiet=True))
    return {result.student: result for result in done}


def scores(course: Course) -> Scores:
    """Each cell's points, whether a person has to look, and the comment."""
    found: Scores = {}
    with open_gradebook(course) as book:
        for submission in book.find_assignment(NAME).submissions:
            for notebook in submission.notebooks:
                where = (submission.student_id, notebook.name)
                for grade in notebook.grades:
                    points = (grade.auto_score, grade.max_score, bool(grade.needs_manual_grade))
                    found[*where, grade.name] = points
                for comment in notebook.comments:
                    found[*where, f"{comment.name} comment"] = comment.auto_comment
    return found


def test_same_scores(course: Course, theirs: Scores, lines: dict[str, Result]) -> None:
    """Has every cell of every student the points, the flag and the comment nbgrader gives?"""
    ours = scores(course)
    assert {k: (ours.get(k), v) for k, v in theirs.items() if ours.get(k) != v} == {}
    assert ours.keys() == theirs.keys()


def test_same_scores_by_the_button(theirs: Scores, outside: Scores) -> None:
    """Does nbgrader's own command give them in the sandbox, too?"""
    assert outside == theirs


@pytest.mark.parametrize(
    ("student", "score"),
    [("stub", 0), ("right", 12), ("wrong", 5), ("partial", 9), ("slow", 7), ("shortened", 10)],
)
def test_sums(lines: dict[str, Result], student: str, score: float) -> None:
    """Does the result line hold the sum of the automatic points?"""
    assert (lines[student].score, lines[student].max_score) == (score, 12)
    assert lines[student].sandboxed


def test_verdicts(lines: dict[str, Result]) -> None:
    """Does each test of each notebook have a word, and hidden tests keep theirs to themselves?"""
    wrong, slow = lines["wrong"].exercises, lines["slow"].exercises
    assert wrong["numbers/square_test"].verdict == "wrong"
    assert wrong["numbers/square_test"].message == "the test stopped with AssertionError"
    partial = lines["partial"].exercises
    assert partial["numbers/total_test"].verdict == "partial"
    assert "stderr" in partial["numbers/quiet_test"].message
    assert slow["numbers/square_test"].verdict == "timeout"
    assert lines["shortened"].exercises["words/greet_test"].verdict == "missing"


def test_warnings(lines: dict[str, Result]) -> None:
    """Is told what was changed, deleted or not there?"""
    assert lines["right"].warnings == ()
    assert lines["shortened"].warnings == (
        "words.ipynb was not handed in; its points are zero",
        "numbers: square_test: the check had been deleted and was put back",
    )
    assert any("changes to the check" in w for w in lines["tampered"].warnings)


def test_known_the_next_time(course: Course, lines: dict[str, Result], tmp_path: Path) -> None:
    """Is nothing graded again that has not changed?"""
    again = grade_class(course, students=("right",), console=Console(quiet=True))
    assert again == [lines["right"]]
