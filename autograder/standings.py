"""Where each student stands in each unit: the ledger's result beside the gradebook's scores."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.gradebook import open_gradebook, storable
from autograder.results import NOTHING, REJECTED, Result
from autograder.schedule import Ledger

WHO = ("last_name", "first_name", "email", "lms_user_id")  # nbgrader's columns of a student
LEFT = (
    "left out: {!r} in {}, graded once, and now neither in the gradebook nor among the submissions"
)


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
        return self.result.absent

    @property
    def name(self) -> str:
        """ "Last, First" where the gradebook knows it, else the student's id."""
        known = ", ".join(filter(None, (self.last_name, self.first_name)))
        return known or self.result.student


@dataclass(frozen=True)
class Standings:
    """All graded units, by unit and student, and the results of those who left the course."""

    entries: Sequence[Standing]
    left: Sequence[Result] = ()

    def of(self, units: Sequence[str]) -> "Standings":
        """Those in some units."""
        entries = [entry for entry in self.entries if entry.result.unit in units]
        return Standings(entries, [result for result in self.left if result.unit in units])

    @property
    def notes(self) -> list[str]:
        """A line on each result that is left out."""
        return [LEFT.format(result.student, result.unit) for result in self.left]


def standings(course: Course) -> Standings:
    """Where everybody stands who has been graded or is in the gradebook.

    AutograderError where nothing has been graded, or the gradebook lacks what the ledger has.
    """
    results = Ledger(course).results()
    if not results:
        raise AutograderError("nothing has been graded yet; run: autograder grade")
    with open_gradebook(course) as book:
        students = {student.id: student for student in book.students}
        parts = [
            _unit(course, _assignment(book, unit), [r for r in results if r.unit == unit], students)
            for unit in sorted({result.unit for result in results})
        ]
    entries = [entry for part, _ in parts for entry in part]
    if not entries:  # of a class graded with --submitted, no folder need be here
        raise AutograderError("the gradebook has lost all students; run: autograder grade")
    return Standings(entries, [result for _, part in parts for result in part])


def _assignment(book: Gradebook, unit: str) -> Any:
    try:
        return book.find_assignment(unit)
    except MissingEntry:
        raise AutograderError(f"the gradebook has lost {unit}; run: autograder grade") from None


def _unit(
    course: Course, assignment: Any, results: Sequence[Result], students: Mapping[str, Any]
) -> tuple[list[Standing], list[Result]]:
    """Where everybody stands in one unit, and who has left."""
    submissions = {submission.student_id: submission for submission in assignment.submissions}
    entries, left = [], []
    nothing = NOTHING.format(assignment.name)
    absent = Result("", assignment.name, REJECTED, None, 0.0, message=nothing)
    found = {name: replace(absent, student=name) for name in students}
    found |= {storable(result.student): result for result in results}
    for name, result in sorted(found.items()):
        student, submission = students.get(name), submissions.get(name)
        lost = (submission if result.graded else student) is None
        if lost and not os.path.lexists(course.submitted / result.student):
            left.append(result)
        else:
            entries.append(_standing(assignment, result, student, submission))
    return entries, left


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
