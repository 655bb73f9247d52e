"""Grades as CSV for nbgrader's users, Canvas and Moodle.

A student without a gradable submission has an empty score and a status, never a zero. Text is
quoted and cannot be taken for a formula by a spreadsheet; numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import write_atomically
from autograder.gradebook import storable
from autograder.standings import Standing, standings

Row = Sequence[Any]
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # wide forms count, too
CONTROL = ("\t", "\r", "\n")
NO_GRADE = "-"  # Moodle's own export writes it; an empty field can become a zero there


def write(course: Course, form: str, path: Path) -> Path:
    """Write the grades of all graded units; `form` is "nbgrader", "canvas" or "moodle".

    AutograderError where there are no grades.
    """
    return save(standings(course).entries, form, path)


def save(entries: Sequence[Standing], form: str, path: Path) -> Path:
    """Write standings in one of the three forms."""
    rows = {"nbgrader": _nbgrader, "canvas": _canvas, "moodle": _moodle}[form](entries)
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    write_atomically(path, file.getvalue().encode("utf-8", "backslashreplace"))
    return path


NBGRADER = (  # the columns of `nbgrader export`, in its order
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
    "raw_score,late_submission_penalty,score,max_score"
)
OURS = (
    "status,auto_score,max_auto_score,needs_manual_grade,message,warnings,"
    "submission_sha256,version,seed"
)


def _nbgrader(entries: Sequence[Standing]) -> Iterator[Row]:
    yield f"{NBGRADER},{OURS}".split(",")
    for e in entries:
        r = e.result
        yield (
            *(r.unit, e.due, e.submitted, r.student, e.last_name, e.first_name, e.email),
            *(e.raw, e.penalty, e.score, None if e.raw is None else e.maximum),
            *(r.status, r.score, r.max_score, e.open, r.message, "; ".join(r.warnings)),
            *(r.digest, r.version, r.seed),
        )


def _canvas(entries: Sequence[Standing]) -> Iterator[Row]:
    """Canvas's gradebook import: a column a unit, its maximum in a row of its own."""
    units, students = _by_student(entries)
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *units)
    maxima = {entry.result.unit: entry.maximum for entry in entries}
    yield ("    Points Possible", "", "", "", "", *(maxima[unit] for unit in units))
    for student, found in students.items():
        one = next(iter(found.values()))
        yield (one.name, one.lms_id, "", student, "", *_scores(found, units))


def _moodle(entries: Sequence[Standing]) -> Iterator[Row]:
    """Moodle's grade import: students by ID number, a column a unit.

    Addresses only where all are known: Moodle gives the grades of a row without one to the student
    of the row before.
    """
    units, students = _by_student(entries)
    addresses = ("Email address",) if all(entry.email for entry in entries) else ()
    yield ("ID number", *addresses, *units)
    for student, found in students.items():
        address = (next(iter(found.values())).email,) if addresses else ()
        scores = _scores(found, units)
        yield (student, *address, *(NO_GRADE if score is None else score for score in scores))


def _by_student(
    entries: Sequence[Standing],
) -> tuple[list[str], dict[str, dict[str, Standing]]]:
    """All units, and for each student the standing in each of them."""
    students: dict[str, dict[str, Standing]] = {}
    for entry in entries:
        students.setdefault(storable(entry.result.student), {})[entry.result.unit] = entry
    return sorted({entry.result.unit for entry in entries}), dict(sorted(students.items()))


def _scores(found: Mapping[str, Standing], units: Sequence[str]) -> list[float | None]:
    return [found[unit].score if unit in found else None for unit in units]


def _safe(cell: Any) -> Any:
    """A cell that a spreadsheet shows and does not run."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) or text == NO_GRADE:
        return cell
    return f"'{text}" if text.startswith(CONTROL) or text.lstrip().startswith(FORMULA) else text
