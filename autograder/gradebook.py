"""Write results into nbgrader's own gradebook, from one place and one submission at a time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from dateutil import parser
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry

from autograder import exercises
from autograder.course import Course
from autograder.files import write_atomically
from autograder.formgrader import shown
from autograder.grade import Graded
from autograder.plain import cellscores
from autograder.results import Result
from autograder.roles import grade_id, is_written


def record(course: Course, graded: Graded) -> None:
    """Write one graded submission: the notebook as it was graded, then its scores.

    A manual score or comment that a person gave stays. What has no score leaves no score, not even
    that of an earlier submission.
    """
    try:
        _record(course, graded)
    except InvalidEntry:  # another writer made the same row a moment before: now it is found
        _record(course, graded)


def _record(course: Course, graded: Graded) -> None:
    result = graded.result
    name = storable(result.student)
    with open_gradebook(course) as book, _one_transaction(book):
        book.update_or_create_student(name)
        words = _words(course, result)
        _write_notebooks(course, graded)
        if not result.graded:
            _take_back(book, result.unit, name)
            return
        when = _moment(graded.timestamp)
        submission = book.update_or_create_submission(
            result.unit, name, **({"timestamp": when} if when else {})
        )
        late = submission.total_seconds_late > 0 or submission.late_submission_penalty > 0
        if exercises.load(result.unit) is not None:
            now = _words(course, result)
            _write_scores(book, result, name, {n for n in now if now[n] != words.get(n)})
        else:
            cellscores.write(book, graded, name)
    if late:  # now, or when it was graded before
        cellscores.assign_late_penalties(course, graded, name)


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """nbgrader's gradebook of a course."""
    with Gradebook(course.db_url, course.nbgrader.course_id) as book:
        yield book


@contextmanager
def _one_transaction(book: Gradebook) -> Iterator[None]:
    """Make all that nbgrader commits in steps one transaction: who dies in it leaves nothing."""
    with book.engine.begin() as connection:
        book.db.remove()
        book.db.configure(bind=connection)
        yield


def storable(student: str) -> str:
    """A folder's name as text that a database takes, whatever bytes it is made of; none twice."""
    student = student.replace("\\", "\\\\")
    return student.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def autograded_path(course: Course, student: str, unit: str, notebook: str = "") -> Path:
    """Where a notebook as it was graded lies; without a name, the one of a unit."""
    return course.autograded / student / unit / f"{notebook or unit}.ipynb"


def _write_notebooks(course: Course, graded: Graded) -> None:
    """The notebooks as they were graded; one that is no longer handed in goes."""
    student, unit = graded.result.student, graded.result.unit
    for name, notebook in graded.notebooks.items():
        source = course.solutions / unit / f"{name}.ipynb"
        content = nbformat.writes(shown(notebook, graded.result, source)).encode("utf-8", "replace")
        write_atomically(autograded_path(course, student, unit, name), content)
    for path in autograded_path(course, student, unit).parent.glob("*.ipynb"):
        if path.stem not in graded.notebooks:
            path.unlink()
    if not graded.notebooks:  # a folder is nbgrader's sign that a submission has been graded
        with suppress(OSError):
            autograded_path(course, student, unit).parent.rmdir()


def _take_back(book: Gradebook, unit: str, student: str) -> None:
    """Leave nothing of what was graded before but what a person gave, and let a person look."""
    try:
        notebooks = book.find_submission(unit, student).notebooks
    except MissingEntry:
        return
    for notebook in notebooks:
        notebook.late_submission_penalty = None
        for grade in notebook.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        for comment in notebook.comments:
            comment.auto_comment = None
    book.db.commit()


def _words(course: Course, result: Result) -> dict[str, str]:
    """Written answers of the notebook that was graded last, by name."""
    try:
        path = autograded_path(course, result.student, result.unit)
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError):
        return {}
    return {str(grade_id(cell)): cell.source for cell in cells if is_written(cell)}


def _write_scores(book: Gradebook, result: Result, student: str, rewritten: set[str]) -> None:
    """All scores of a submission, and who has to look.

    rewritten: written answers that are not what a person may have given points for.
    """
    submission = book.find_submission_notebook(result.unit, result.unit, student)
    grades = {grade.name: grade for grade in submission.grades}
    comments = {comment.name: comment for comment in submission.comments}
    for name, exercise in result.exercises.items():
        grade = grades[f"{name}_check"]
        grade.auto_score = exercise.score
        grade.needs_manual_grade = grade.manual_score is not None
        if name in comments:
            said = f"{exercise.verdict}: {exercise.message}".strip(": ")
            comments[name].auto_comment = said.encode("utf-8", "replace").decode("utf-8")
    for name, grade in grades.items():
        if name.removesuffix("_check") not in result.exercises:
            grade.needs_manual_grade |= grade.manual_score is None or name in rewritten
    book.db.commit()


def _moment(timestamp: str) -> datetime | None:
    """A submission's time in UTC without a zone, as nbgrader keeps it; None where it is none."""
    try:
        moment = parser.parse(timestamp)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError, TypeError):
        return None


def recorded(course: Course) -> set[tuple[str, str]]:
    """Unit and student (as `storable` writes it) of each submission in the gradebook."""
    with open_gradebook(course) as book:
        return {(unit.name, s.student_id) for unit in book.assignments for s in unit.submissions}


def known_assignment(course: Course, unit: str) -> bool:
    """Whether nbgrader has this unit in its gradebook, which `release` puts there."""
    with open_gradebook(course) as book:
        try:
            return bool(book.find_assignment(unit).notebooks)
        except MissingEntry:
            return False
