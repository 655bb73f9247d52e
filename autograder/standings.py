"""Where each student stands in each unit: the ledger's result beside the gradebook's scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.gradebook import open_gradebook, storable
from autograder.results import REJECTED, Result
from autograder.schedule import Ledger

WHO = ("last_name", "first_name", "email", "lms_user_id")  # nbgrader's columns of a student
NOTHING = "nothing was handed in for {}"  # in the words of `intake`


@dataclass(frozen=True)
class Standing:
    """One student in one unit. Without a gradable submission there is no score, not even zero.

    raw: automatic and manual points; penalty: what nbgrader's plugin takes off for lateness.
    maximum: of the unit, manual points included. open: whether a person has something to grade.
    """

    result: Result
    maximum: float
    due: datetime | None
    last_name: str
    first_name: str
    email: str
    lms_id: str
    raw: float | None = None
    penalty: float | None = None
    submitted: datetime | None = None
    open: bool | None = None

    @property
    def score(self) -> float | None:
        """The score that counts, as `nbgrader export` has it."""
        return None if self.raw is None else max(0.0, self.raw - (self.penalty or 0.0))

    @property
    def absent(self) -> bool:
        """Whether there is nothing of this student's for this unit."""
        return self.result.message == NOTHING.format(self.result.unit)

    @property
    def name(self) -> str:
        """ "Last, First" where the gradebook knows it, else the student's id."""
        known = ", ".join(filter(None, (self.last_name, self.first_name)))
        return known or self.result.student


def standings(course: Course) -> list[Standing]:
    """All graded units by unit and student, with each student that the gradebook has.

    AutograderError where nothing has been graded, or the gradebook lacks what the ledger has.
    """
    results = Ledger(course).results()
    if not results:
        raise AutograderError("nothing has been graded yet; run: autograder grade")
    with open_gradebook(course) as book:
        students = {student.id: student for student in book.students}
        units = sorted({result.unit for result in results})
        return [entry for unit in units for entry in _unit(book, unit, results, students)]


def _unit(
    book: Gradebook, unit: str, results: Sequence[Result], students: Mapping[str, Any]
) -> Iterator[Standing]:
    try:
        assignment = book.find_assignment(unit)
    except MissingEntry:
        raise AutograderError(f"the gradebook has lost {unit}; run: autograder grade") from None
    submissions = {submission.student_id: submission for submission in assignment.submissions}
    found = {storable(r.student): r for r in results if r.unit == unit}
    nothing = NOTHING.format(unit)
    for name in sorted({*found, *students}):
        result = found.get(name) or Result(name, unit, REJECTED, None, 0.0, message=nothing)
        yield _standing(assignment, result, students.get(name), submissions.get(name))


def _standing(assignment: Any, result: Result, student: Any, submission: Any) -> Standing:
    last, first, email, lms_id = (getattr(student, field, None) or "" for field in WHO)
    known = Standing(result, assignment.max_score, assignment.duedate, last, first, email, lms_id)
    if not result.graded:
        return known
    if submission is None:
        lost = f"{result.student!r} in {result.unit}"
        raise AutograderError(f"the gradebook has lost {lost}; run: autograder grade")
    return replace(
        known,
        raw=submission.score,
        penalty=submission.late_submission_penalty,
        submitted=submission.timestamp,
        open=bool(submission.needs_manual_grade),
    )
