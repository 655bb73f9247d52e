"""Grades as CSV for nbgrader's users, Canvas and Moodle.

A student without a gradable submission has an empty score and a status, never a zero. No field can
be taken for a formula by a spreadsheet.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.gradebook import open_gradebook, storable
from autograder.results import Result
from autograder.schedule import Ledger

Row = Sequence[Any]


def write(course: Course, form: str, path: Path) -> Path:
    """Write the grades of all graded units; `form` is "nbgrader", "canvas" or "moodle"."""
    results = Ledger(course).results()
    if not results:
        raise AutograderError("nothing has been graded yet; run: autograder grade")
    totals = _totals(course, results)
    rows = {"nbgrader": _nbgrader, "canvas": _canvas, "moodle": _moodle}[form](results, totals)
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([_safe(cell) for cell in row] for row in rows)
    write_atomically(path, file.getvalue().encode("utf-8", "backslashreplace"))
    return path


Totals = dict[tuple[str, str], tuple[float, float, bool]]


def _totals(course: Course, results: Sequence[Result]) -> Totals:
    """Score with manual points, maximum, and whether a person still has to grade something."""
    totals = {}
    with open_gradebook(course) as book:
        for result in results:
            if result.graded:
                found = _find(book, result)
                open_ = bool(found.needs_manual_grade)
                totals[result.unit, result.student] = (found.score, found.max_score, open_)
    return totals


def _find(book: Gradebook, result: Result) -> Any:
    try:
        return book.find_submission(result.unit, storable(result.student))
    except MissingEntry:
        who = f"{result.student!r} in {result.unit}"
        raise AutograderError(f"the gradebook has lost {who}; run: autograder grade") from None


def _nbgrader(results: Sequence[Result], totals: Totals) -> Iterator[Row]:
    yield (
        "assignment",
        "student_id",
        "status",
        "score",
        "max_score",
        "auto_score",
        "max_auto_score",
        "needs_manual_grade",
        "message",
        "warnings",
        "submission_sha256",
        "version",
        "seed",
    )
    for r in results:
        score, maximum, open_ = totals.get((r.unit, r.student), ("", "", ""))
        yield (
            r.unit,
            r.student,
            r.status,
            score,
            maximum,
            "" if r.score is None else r.score,
            r.max_score,
            open_,
            r.message,
            "; ".join(r.warnings),
            r.digest,
            r.version,
            r.seed,
        )


def _canvas(results: Sequence[Result], totals: Totals) -> Iterator[Row]:
    """Canvas's gradebook import: a column a unit, its maximum in a row of its own."""
    units, students = _axes(results)
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *units)
    best = {unit: maximum for (unit, _), (_, maximum, _) in totals.items()}
    yield ("    Points Possible", "", "", "", "", *(best.get(unit, "") for unit in units))
    for student in students:
        scores = (totals.get((unit, student), ("",))[0] for unit in units)
        yield (student, "", "", student, "", *scores)


def _moodle(results: Sequence[Result], totals: Totals) -> Iterator[Row]:
    """Moodle's grade import: students by ID number, a column a unit."""
    units, students = _axes(results)
    yield ("ID number", *units)
    for student in students:
        yield (student, *(totals.get((unit, student), ("",))[0] for unit in units))


def _axes(results: Sequence[Result]) -> tuple[list[str], list[str]]:
    return sorted({r.unit for r in results}), sorted({r.student for r in results})


def _safe(cell: Any) -> Any:
    """A cell that a spreadsheet shows and does not run."""
    if isinstance(cell, str) and cell.lstrip()[:1] in ("=", "+", "-", "@"):
        return f"'{cell}"
    return cell
