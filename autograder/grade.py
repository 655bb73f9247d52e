"""Grade one submission: intake, transplant, execute, verdict. Nothing is recorded here."""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder import intake, kernels, personal, studentcells, verdict
from autograder.intake import Refused, Snapshot
from autograder.kernels import Limits, Starter
from autograder.results import (
    GRADED,
    NEEDS_HUMAN,
    REJECTED,
    WITH_WARNINGS,
    ExerciseResult,
    Result,
)
from autograder.roles import is_written
from autograder.session import Session
from autograder.specification import Unit
from autograder.transplant import Transplanted, answered, transplant
from vaelib import records

SEED_BITS = 53  # what a spreadsheet keeps of a number


@dataclass(frozen=True)
class Task:
    """One submission to grade: where it lies and against what.

    released: path of the released notebook; seed: of the hidden cases, None for a fresh one.
    """

    submitted: Path
    student: str
    unit: Unit
    released: Path
    starter: Starter = kernels.start
    limits: Limits = field(default_factory=Limits)
    seed: int | None = None

    @property
    def version(self) -> str:
        """Digest of what a submission is held against: notebook and specification."""
        return version(self.content(), self.unit)

    def content(self) -> bytes:
        """What the answers are put into: the released notebook."""
        return self.released.read_bytes()

    def snapshot(self) -> Snapshot:
        """What is handed in at this moment; Refused where it is nothing."""
        trained = [exercise.name for exercise in self.unit if exercise.training]
        return intake.snapshot(self.submitted, self.student, self.unit.name, trained)

    def pack(self) -> "Packed":
        """This task by value, with what is handed in at this moment."""
        return Packed(
            student=self.student,
            unit=self.unit.name,
            handed_in=self._handed_in(),
            released=self.content(),
            version=self.version,
            limits=self.limits,
            seed=self.seed,
        )

    def _handed_in(self) -> Snapshot | Refused:
        try:
            return self.snapshot()
        except Refused as refused:
            return refused
        except Exception as error:
            return Refused(NEEDS_HUMAN, fault(error))


@dataclass(frozen=True)
class Packed:
    """A task as it goes to a worker, on this machine or another: nothing but values.

    handed_in: a snapshot, or why there is none; released: the released notebook's bytes;
    version: of the course that packed it.
    """

    student: str
    unit: str
    handed_in: Snapshot | Refused
    released: bytes
    version: str
    limits: Limits
    seed: int | None

    def snapshot(self) -> Snapshot:
        """What was handed in; Refused where it was nothing."""
        if isinstance(self.handed_in, Refused):
            raise self.handed_in
        return self.handed_in


def version(released: bytes, unit: Unit) -> str:
    """Digest of a released notebook and the specification that is known here."""
    parts = [released, *(records.load(e.name).to_text().encode() for e in unit)]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


@dataclass(frozen=True)
class Graded:
    """A result and, where there is a score, each notebook as it was graded, by its name."""

    result: Result
    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)
    timestamp: str = ""

    @property
    def notebook(self) -> NotebookNode | None:
        """The one notebook that a unit has."""
        return self.notebooks.get(self.result.unit)


def grade(task: Task) -> Graded:
    """Grade one submission. Whatever happens there is a result; nobody gets a silent zero."""
    return grade_packed(task.pack(), task.unit, task.starter)


def grade_packed(packed: Packed, unit: Unit, starter: Starter) -> Graded:
    """Grade one submission against `unit`, in kernels of `starter`; a result, whatever happens."""
    return resulting(packed.student, unit, lambda: _grade(packed, unit, starter))


def resulting(student: str, unit: Unit, grading: Callable[[], Graded]) -> Graded:
    """What `grading` gives, or a result that says why it failed; with the time it took."""
    started = time.monotonic()
    try:
        graded = grading()
    except Refused as refused:
        graded = without_score(student, unit, refused.status, str(refused))
    except Exception as error:  # the class goes on, and a person looks at this one
        graded = without_score(student, unit, NEEDS_HUMAN, fault(error))
    seconds = round(time.monotonic() - started, 2)
    return replace(graded, result=replace(graded.result, seconds=seconds))


def _grade(packed: Packed, unit: Unit, starter: Starter) -> Graded:
    taken = packed.snapshot()
    submission = intake.read(taken)
    cells, unreadable = studentcells.read(intake.cells(submission.notebook))
    released = nbformat.reads(packed.released.decode(), as_version=4)
    planted = transplant(released, cells)
    models = {n: m for n, m in taken.models.items() if n in answered(released, planted)}
    idle = [f"{n}: {n}.keras ignored, as it is unanswered" for n in taken.models.keys() - models]
    seed = secrets.randbits(SEED_BITS) if packed.seed is None else packed.seed
    course = personal.course_of(released)
    if not _has_answers(unit, planted):
        raise Refused(
            REJECTED,
            f"this notebook has none of the answers of {unit.name}; hand in that unit's own "
            "notebook",
        )
    starter = personal.telling(starter, course, packed.student)
    with Session(planted.notebook, starter, packed.limits, models) as session:
        exercises = verdict.grade(session, personal.posed(unit, course, packed.student), seed)
        warnings = (*submission.warnings, *unreadable, *planted.warnings, *idle, *session.warnings)
    result = Result(
        student=packed.student,
        unit=unit.name,
        status=WITH_WARNINGS if warnings else GRADED,
        score=sum(e.score for e in exercises.values()),
        max_score=unit.max_score,
        exercises=exercises,
        warnings=warnings,
        digest=submission.digest,
        seed=seed,
        version=packed.version,
    )
    return Graded(result, {unit.name: planted.notebook}, submission.timestamp)


def fault(error: Exception) -> str:
    """What a person is told whose submission the grader failed at."""
    reason = f"grading failed: {type(error).__name__}: {error}"[:500]
    return reason + "; this is a fault of the grader: grade again, then report it"


def _has_answers(unit: Unit, planted: Transplanted) -> bool:
    written = [c for c in planted.notebook.cells if is_written(c)]
    return len(planted.missing) < len(unit.exercises) + len(written)


def without_score(student: str, unit: Unit, status: str, message: str) -> Graded:
    """A submission that cannot be graded: message says why, and the mend."""
    none = {e.name: ExerciseResult(0.0, float(e.points), "missing") for e in unit}
    return Graded(Result(student, unit.name, status, None, unit.max_score, none, message=message))
