"""Grade one submission: intake, transplant, execute, verdict. Nothing is recorded here."""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder import intake, kernels, studentcells, verdict
from autograder.intake import Refused, Submission
from autograder.kernels import Limits, Starter
from autograder.results import GRADED, NEEDS_HUMAN, WITH_WARNINGS, ExerciseResult, Result
from autograder.session import Session
from autograder.specification import Unit
from autograder.transplant import Transplanted, is_written, transplant
from vaelib import records


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
        parts = [self.released.read_bytes()]
        parts += [records.load(exercise.name).to_text().encode() for exercise in self.unit]
        return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


@dataclass(frozen=True)
class Graded:
    """A result and, where there is one, the notebook as it was graded."""

    result: Result
    notebook: NotebookNode | None = None
    timestamp: str = ""


def grade(task: Task) -> Graded:
    """Grade one submission. Whatever happens there is a result; nobody gets a silent zero."""
    started = time.monotonic()
    try:
        submission = intake.take(task.submitted, task.student, task.unit.name)
        cells, unreadable = studentcells.read(intake.cells(submission.notebook))
        return _grade(task, submission, cells, unreadable, started)
    except Refused as refused:
        return Graded(_without_score(task, refused.status, str(refused), started))
    except Exception as error:  # the class goes on, and a person looks at this one
        reason = f"grading failed: {type(error).__name__}: {error}"[:500]
        mend = "; this is a fault of the grader: grade again, then report it"
        return Graded(_without_score(task, NEEDS_HUMAN, reason + mend, started))


def _grade(
    task: Task,
    submission: Submission,
    cells: list[studentcells.StudentCell],
    unreadable: list[str],
    started: float,
) -> Graded:
    released = nbformat.read(task.released, as_version=4)
    planted = transplant(released, cells)
    seed = secrets.randbits(63) if task.seed is None else task.seed
    if not _has_answers(task.unit, planted):
        message = (
            f"this notebook has none of the answers of {task.unit.name}; hand in that unit's own "
            "notebook"
        )
        return Graded(_without_score(task, "rejected", message, started))
    with Session(planted.notebook, task.starter, task.limits) as session:
        exercises = {e.name: verdict.grade(session, e, seed) for e in task.unit}
        warnings = (*submission.warnings, *unreadable, *planted.warnings, *session.warnings)
    result = Result(
        student=task.student,
        unit=task.unit.name,
        status=WITH_WARNINGS if warnings else GRADED,
        score=sum(e.score for e in exercises.values()),
        max_score=task.unit.max_score,
        exercises=exercises,
        warnings=warnings,
        seconds=round(time.monotonic() - started, 2),
        digest=submission.digest,
        seed=seed,
        version=task.version,
    )
    return Graded(result, planted.notebook, submission.timestamp)


def _has_answers(unit: Unit, planted: Transplanted) -> bool:
    written = [c for c in planted.notebook.cells if is_written(c)]
    return len(planted.missing) < len(unit.exercises) + len(written)


def _without_score(task: Task, status: str, message: str, started: float) -> Result:
    seconds = round(time.monotonic() - started, 2)
    unit = task.unit
    exercises = {e.name: ExerciseResult(0.0, float(e.points), "missing") for e in unit}
    return Result(
        task.student, unit.name, status, None, unit.max_score, exercises, (), message, seconds
    )
