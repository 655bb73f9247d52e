"""Does a submission to a plain course get nbgrader's points, and no point that is not known?"""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import feedback
from autograder.course import Course
from autograder.grade import Graded
from autograder.gradebook import open_gradebook, record
from autograder.kernels import Limits
from autograder.plain import assignment as plain
from autograder.plain.celltests import CellTask
from autograder.warm import WarmParent
from tests.autograder.page import Page
from tests.autograder.plain.plaincourse import NAME, hand_in, released, solved

Run = Callable[..., Graded]
pytestmark = pytest.mark.xdist_group("plain")
SQUARE = "def square(x):\n    return x * x\n"


@pytest.fixture(scope="module")
def parent() -> Iterator[WarmParent]:
    """A parent outside of the sandbox, which has tests of its own."""
    parent = WarmParent(Limits(), sandboxed=False, preload=("ipykernel.kernelapp",))
    yield parent
    parent.close()


@pytest.fixture
def graded(course: Course, parent: WarmParent) -> Run:
    """`graded(notebooks)`: ada's work, graded."""

    def run(
        notebooks: dict[str, nbformat.NotebookNode] | None = None,
        files: dict[str, str] | None = None,
        **limits: float,
    ) -> Graded:
        folder = hand_in(course, "ada", solved(course) if notebooks is None else notebooks)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        assignment = plain.load(course, NAME)
        task = CellTask(
            course.submitted,
            "ada",
            assignment.unit,
            course.notebooks,
            limits=Limits(**limits),  # type: ignore[arg-type]
            assignment=assignment,
        )
        packed = pickle.loads(pickle.dumps(task.pack()))  # as it travels to another machine
        return packed.grade(parent.start)

    return run


def assert_no_score(graded: Graded, status: str, what: str) -> None:
    """There is a reason in the place of a score."""
    result = graded.result
    assert (result.status, result.score, result.max_score) == (status, None, 12), result.message
    assert what in result.message
    assert graded.notebooks == {}


def test_right(graded: Run) -> None:
    """Do right answers earn everything, without a warning?"""
    result = graded().result
    assert (result.status, result.score, result.warnings) == ("graded", 12, ())
    assert {e.verdict for e in result.exercises.values()} == {"correct"}


def test_untouched(graded: Run, course: Course) -> None:
    """Does the released notebook earn nothing, and is it called unanswered?"""
    result = graded(released(course)).result
    assert (result.status, result.score) == ("graded", 0)
    assert {e.verdict for e in result.exercises.values()} == {"unanswered"}


def test_messages(graded: Run, course: Course) -> None:
    """Does a student read what a test says, and of a hidden one its kind alone?"""
    result = graded(solved(course, square="def square(x):\n    return 2 * x")).result
    said = {name: e.message for name, e in result.exercises.items() if e.message}
    assert said == {
        "numbers/square_test": "the test stopped with AssertionError",
        "numbers/steps_test": "the test stopped with ValueError: one",
    }


def test_dying_kernel(graded: Run, course: Course) -> None:
    """Does a test whose kernel dies cost its own points only?"""
    deadly = "import os\n\ndef square(x):\n    return x * x if x != 3 else os._exit(1)"
    result = graded(solved(course, square=deadly)).result
    assert (result.score, result.status) == (9, "graded-with-warnings")
    assert result.exercises["numbers/square_test"].verdict == "crashed"
    assert result.warnings == ("numbers: square_test: ended the kernel",)


def test_no_time_left(graded: Run, course: Course) -> None:
    """Does a test for which no time is left earn nothing?"""
    result = graded(solved(course, square="import time\ntime.sleep(60)"), notebook=2.0).result
    assert result.exercises["numbers/steps_test"].verdict == "timeout"
    assert result.score == 2


def test_too_many_points(graded: Run, course: Course) -> None:
    """Does a test that shows more points than it has need a person?"""
    forged = "helper.share = lambda facts: 25\n\ndef total(path):\n    return 0"
    done = graded(solved(course, total=forged))
    assert_no_score(done, "needs-human", "total_test shows no points that nbgrader takes")


def test_output_that_was_cut(graded: Run, course: Course) -> None:
    """Does a test whose points may be in what was cut need a person?"""
    loud = "def square(x):\n    print('x' * 5000)\n    return x * x"
    done = graded(solved(course, square=loud), output_bytes=4000)
    assert_no_score(done, "needs-human", "square_test printed more than is kept")


def test_other_kernel(graded: Run, course: Course) -> None:
    """Does an assignment for another kernel need a person, who is told what to do?"""
    path = course.notebooks / NAME / "words.ipynb"
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "ir"'))
    done = graded()
    assert_no_score(done, "needs-human", "words.ipynb wants the kernel 'ir', and only 'python3'")


def test_other_assignment(graded: Run, course: Course) -> None:
    """Is a notebook without any of the answers refused?"""
    notebooks = released(course)
    notebooks["numbers"].cells = [new_code_cell("1")]
    del notebooks["words"]
    assert_no_score(graded(notebooks), "rejected", "none of the answers of ps1")


def test_damaged_notebook(graded: Run) -> None:
    """Does one damaged notebook of two need a person, who is told which?"""
    message = "words.ipynb: the notebook is damaged or cut short"
    assert_no_score(graded(files={"words.ipynb": "{"}), "needs-human", message)


def test_empty_notebook(graded: Run) -> None:
    """Is it said which of two notebooks is empty?"""
    message = "words.ipynb: the notebook is an empty file"
    assert_no_score(graded(files={"words.ipynb": ""}), "needs-human", message)


def test_renamed_notebook(graded: Run, course: Course) -> None:
    """Does a notebook earn its points under the name that a browser gave it?"""
    notebooks = solved(course)
    notebooks["numbers (1)"] = notebooks.pop("numbers")
    result = graded(notebooks).result
    assert (result.score, result.status) == (12, "graded-with-warnings")
    assert result.warnings == ("numbers.ipynb found under the name 'numbers (1).ipynb'",)


def test_own_files(graded: Run, course: Course) -> None:
    """Is a file of the student's there, and the course's where both have one?"""
    square = "from mine import square"
    files = {"mine.py": SQUARE, "helper.py": "def share(facts):\n    return 0\n"}
    result = graded(solved(course, square=square), files).result
    assert (result.score, result.warnings) == (12, ())


def test_own_cells(graded: Run, course: Course) -> None:
    """Are the student's own cells kept where they stood, as a task wants them, Markdown too?"""
    notebooks = solved(course)
    image = {"a.png": {"image/png": "QUJD"}}
    notebooks["words"].cells[0].attachments = image
    seen = new_markdown_cell("I see.", attachments=image)
    notebooks["words"].cells[2:2] = [seen, new_code_cell("1 + 1")]
    done = graded(notebooks)
    cells = done.notebooks["words"].cells
    assert cells[0].attachments == cells[2].attachments == image
    kept = [("markdown", "I see."), ("code", "1 + 1")]
    assert [(cell.cell_type, cell.source) for cell in cells[2:4]] == kept
    assert done.result.warnings == ()


# What is recorded


def test_points_by_hand_stay(graded: Run, course: Course) -> None:
    """Does grading again keep a person's points, and ask that person to look?"""
    done = graded()
    record(course, done)
    with open_gradebook(course) as book:
        book.find_grade("why", "words", NAME, "ada").manual_score = 2.5
        book.find_grade("greet_test", "words", NAME, "ada").manual_score = 1
        book.db.commit()
    record(course, done)
    with open_gradebook(course) as book:
        submission = book.find_submission(NAME, "ada")
        assert (submission.score, submission.needs_manual_grade) == (13.5, True)


def test_notebook_that_is_gone(graded: Run, course: Course) -> None:
    """Is a notebook that was taken back worth nothing, whatever it was worth before?"""
    done = graded()
    record(course, done)
    record(course, replace(done, notebooks={"words": done.notebooks["words"]}))
    with open_gradebook(course) as book:
        assert book.find_submission(NAME, "ada").score == 2
    assert [path.stem for path in course.autograded.rglob("*.ipynb")] == ["words"]


def test_late(graded: Run, course: Course) -> None:
    """Does handing in late cost what the course's settings say?"""
    (course.root / "nbgrader_config.py").open("a").write(
        'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    late = Course(course.root)
    with open_gradebook(late) as book:
        book.find_assignment(NAME).duedate = datetime(2020, 1, 1)
        book.db.commit()
    record(late, replace(graded(), timestamp="2020-01-02 00:00:00 UTC"))
    with open_gradebook(late) as book:
        assert book.find_submission(NAME, "ada").late_submission_penalty == 12


def test_feedback(graded: Run, course: Course) -> None:
    """Does the page show both notebooks with their verdicts, and no hidden test?"""
    done = graded(solved(course, square="def square(x):\n    return 2 * x"))
    record(course, done)
    page = feedback.write(course, done.result).read_text(encoding="utf-8")
    assert "secret" not in page
    assert all(name in Page(page).text for name in ("numbers/square_test", "words/greet_test"))
