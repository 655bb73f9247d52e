"""Grade a class: several submissions at a time, results recorded as they come, resumable.

A result is written to the ledger, one file a submission, after it is in the gradebook. Running
again takes what the ledger has, as long as the submission is the one that was graded.
"""

import errno
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from nbgrader.api import InvalidEntry
from sqlalchemy.exc import OperationalError

from autograder import changes, gradebook
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.grade import Graded, Task
from autograder.intake import Refused
from autograder.results import NEEDS_HUMAN, Result

PATIENCE = 60.0  # seconds that somebody else, Formgrader for one, may have the gradebook
FULL = re.compile("disk is full|DiskFull|No space left")  # SQLite, PostgreSQL
GONE = "the submission is not there any more; what was graded before stays"
T = TypeVar("T")


class Ledger:
    """Results that are safely recorded, by unit and student."""

    def __init__(self, course: Course) -> None:
        self._folder = course.root / "autograder" / "ledger"

    def path(self, unit: str, student: str) -> Path:
        """The file of one result; students' names are hashed, as they may hold anything."""
        name = hashlib.sha256(student.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self._folder / unit / f"{name}.json"

    def find(self, unit: str, student: str) -> Result | None:
        """A recorded result; None where there is none that can be read."""
        try:
            return Result.from_line(self.path(unit, student).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, result: Result) -> None:
        """Record a result for good."""
        line = result.to_line() + "\n"
        write_atomically(self.path(result.unit, result.student), line.encode())

    def forget(self, result: Result) -> None:
        """Drop the entry that a result is about to replace."""
        self.path(result.unit, result.student).unlink(missing_ok=True)

    def results(self) -> list[Result]:
        """All recorded results, by unit and student; AutograderError where one is damaged."""
        found = map(self._read, self._folder.glob("*/*.json"))
        return sorted(found, key=lambda result: (result.unit, result.student))

    def _read(self, path: Path) -> Result:
        try:
            return Result.from_line(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise AutograderError(f"{path}: {error}; delete it and grade again") from None


Grader = Callable[[Sequence[Task]], Iterable[Graded]]


def run(
    course: Course, tasks: Sequence[Task], grader: Grader, force: bool = False
) -> Iterator[tuple[Result, bool]]:
    """Grade tasks and record the results; yields each, and whether it was there already."""
    ledger = Ledger(course)
    recorded = _patiently(lambda: gradebook.recorded(course))
    open_tasks = []
    for task in tasks:
        there = (task.unit.name, gradebook.storable(task.student)) in recorded
        known = _still_valid(ledger, task) if there and not force else None
        if known is not None:
            yield known, True
        else:
            open_tasks.append(task)
    for graded in grader(open_tasks):
        there = (graded.result.unit, gradebook.storable(graded.result.student)) in recorded
        kept = _outlasting(ledger, graded.result) if there else None
        yield (_record(course, ledger, graded), False) if kept is None else (kept, True)


def _outlasting(ledger: Ledger, result: Result) -> Result | None:
    """What was graded before, where nothing lies here now: only new work takes a score back."""
    before = ledger.find(result.unit, result.student)
    if not result.absent or before is None or not before.graded:
        return None
    return replace(before, warnings=(*before.warnings, GONE))


def _still_valid(ledger: Ledger, task: Task) -> Result | None:
    """The recorded result of a task whose submission has not changed since."""
    known = ledger.find(task.unit.name, task.student)
    if known is None or not known.graded or known.version != task.version:
        return None
    try:
        now = task.snapshot()
    except Refused:
        return None
    return known if now.digest == known.digest else None


def _record(course: Course, ledger: Ledger, graded: Graded) -> Result:
    """Write a result into the gradebook, then the ledger; no student stops the class.

    AutograderError where nothing more can be written.
    """
    try:
        before = ledger.find(graded.result.unit, graded.result.student)
        ledger.forget(graded.result)  # who dies between the two writes grades this one again
        result = _in_gradebook(course, graded)
        changes.note(course, before, result)
        ledger.keep(result)
        return result
    except OSError as error:
        raise AutograderError(
            f"cannot write into {course.root}: {error.strerror}; what was graded so far is kept, "
            "make room or mend the permissions and grade again"
        ) from None


def _in_gradebook(course: Course, graded: Graded) -> Result:
    """A result that is in the gradebook, or says why it is not; OSError where the disk is full."""
    try:
        _patiently(lambda: gradebook.record(course, graded))
        return graded.result
    except OSError:
        raise
    except Exception as error:
        if FULL.search(_own_words(error)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        reason = f"graded, but not recorded in the gradebook: {type(error).__name__}: {error}"
        return replace(graded.result, status=NEEDS_HUMAN, score=None, message=reason[:500])


def _patiently(call: Callable[[], T]) -> T:
    """What `call` gives, tried again for as long as somebody else has the gradebook."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except (OperationalError, InvalidEntry) as error:
            if "locked" not in _own_words(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _own_words(error: Exception) -> str:
    """What a database says; below that there may be text of a student's."""
    return str(error).partition("\n")[0]
