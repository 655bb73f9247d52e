"""Grade a submission by the tests in its notebooks' cells, by nbgrader's own rules.

The tests, hidden ones too, run in the student's kernel, as they do under nbgrader. Who wants
verdicts out of the student's reach writes a specification (`autograder.exercises`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import IgnorePattern, LimitOutput

from autograder import intake, studentcells
from autograder.grade import Graded, Packed, Task, resulting
from autograder.intake import Refused, Snapshot
from autograder.kernels import Starter
from autograder.plain import assignment as plain
from autograder.plain import folders
from autograder.plain.assignment import Assignment, is_test
from autograder.plain.cellrun import CellRun, limits_of
from autograder.plain.cellscores import is_untouched
from autograder.results import (
    GRADED,
    NEEDS_HUMAN,
    REJECTED,
    WITH_WARNINGS,
    ExerciseResult,
    Result,
)
from autograder.roles import is_answer, is_written
from autograder.transplant import Transplanted, transplant

KERNEL = "python3"
VERDICTS = {"AssertionError": "wrong", "NotRun": "crashed"}


@dataclass(frozen=True)
class CellTask(Task):
    """A submission to grade by the tests in its cells, for want of a specification."""

    assignment: Assignment = field(kw_only=True)

    @property
    def version(self) -> str:
        return self.assignment.version

    def content(self) -> bytes:
        return self.assignment.packed

    def snapshot(self) -> Snapshot:
        names = self.assignment.notebooks
        return folders.snapshot(self.submitted, self.student, self.unit.name, names)

    def pack(self) -> "PackedCells":
        return PackedCells(**vars(super().pack()))


@dataclass(frozen=True)
class PackedCells(Packed):
    """A `CellTask` by value: `released` is the assignment, `handed_in` a whole folder."""

    def grade(self, starter: Starter) -> Graded:
        assignment = plain.unpack(self.released)
        return resulting(self.student, assignment.unit, lambda: _grade(self, assignment, starter))


def _grade(packed: PackedCells, assignment: Assignment, starter: Starter) -> Graded:
    _require_kernel(assignment)
    taken = packed.snapshot()
    handed, files = folders.unpack(taken)
    planted = {}
    for name in sorted(handed):
        with _naming(assignment, name):
            planted[name] = _plant(assignment, name, handed[name])
    _require_answers(assignment, planted.values())
    limits = limits_of(assignment.settings["Execute"]["timeout"], packed.limits)
    found, warnings = _missing(assignment), list(taken.warnings)
    for name, part in planted.items():
        run = CellRun(part.notebook, {**files, **assignment.files}, starter, limits)
        run.run_all()
        found |= dict(_results(assignment, name, run))
        said = [*part.warnings, *run.warnings]
        warnings += said if len(assignment.notebooks) == 1 else [f"{name}: {w}" for w in said]
    result = Result(
        student=packed.student,
        unit=assignment.name,
        status=WITH_WARNINGS if warnings else GRADED,
        score=sum(e.score for e in found.values()),
        max_score=assignment.unit.max_score,
        exercises=found,
        warnings=tuple(warnings),
        digest=taken.digest,
        version=packed.version,
    )
    return Graded(result, {n: part.notebook for n, part in planted.items()}, taken.timestamp)


def _require_kernel(assignment: Assignment) -> None:
    for name, notebook in assignment.notebooks.items():
        kernel = notebook.metadata.get("kernelspec", {}).get("name", KERNEL)
        if kernel != KERNEL:
            raise Refused(
                NEEDS_HUMAN,
                f"{name}.ipynb wants the kernel {kernel!r}, and only {KERNEL!r} runs here; choose "
                "that one in the source notebook and release it again, or grade this assignment "
                "with nbgrader autograde",
            )


@contextmanager
def _naming(assignment: Assignment, name: str) -> Iterator[None]:
    """Say of which notebook a refusal is, if there are several."""
    try:
        yield
    except Refused as refused:
        if len(assignment.notebooks) == 1:
            raise
        raise Refused(refused.status, f"{name}.ipynb: {refused}") from None


def _plant(assignment: Assignment, name: str, content: bytes) -> Transplanted:
    """The student's answers in a notebook of the assignment."""
    notebook, notes = intake.parse(content)
    cells, unreadable = studentcells.read(intake.cells(notebook))
    planted = transplant(assignment.notebooks[name], cells)
    assignment.complete(name, planted.notebook)
    planted.warnings = [*notes, *unreadable, *planted.warnings]
    return planted


def _require_answers(assignment: Assignment, planted: Iterable[Transplanted]) -> None:
    parts = list(planted)
    wanted = [c for p in parts for c in p.notebook.cells if is_answer(c) or is_written(c)]
    if wanted and len(wanted) == sum(len(part.missing) for part in parts):
        raise Refused(REJECTED, f"what was handed in has none of the answers of {assignment.name}")


def _missing(assignment: Assignment) -> dict[str, ExerciseResult]:
    """Nothing for any test: what those of notebooks that were not handed in earn."""
    return {e.name: ExerciseResult(0.0, float(e.points), "missing") for e in assignment.unit}


def _results(
    assignment: Assignment, name: str, run: CellRun
) -> Iterator[tuple[str, ExerciseResult]]:
    """Each test's result, once nbgrader has left out of the output what it does not count."""
    for kind in (IgnorePattern, LimitOutput):
        kind(**assignment.settings[kind.__name__])(run.notebook, {})
    untouched = False
    for index, cell in enumerate(run.notebook.cells):
        if is_answer(cell):
            untouched = is_untouched(cell)
        if is_test(cell):
            found = _result(cell, index, run)
            if untouched and not found.score:
                found = replace(found, verdict="unanswered", message="not answered yet")
            elif assignment.hides(name, cell):
                found = replace(found, message=found.message.partition(":")[0])
            yield assignment.key(name, cell), found


def _result(cell: NotebookNode, index: int, run: CellRun) -> ExerciseResult:
    """What nbgrader gives for the output of a test; Refused where that cannot be told."""
    name = cell.metadata.nbgrader.grade_id
    if index in run.cut:
        raise Refused(
            NEEDS_HUMAN,
            f"{name} printed more than is kept, so its points are not known; look at the answer, "
            "and give the points by hand",
        )
    try:
        score, points = utils.determine_grade(cell)
    except (KeyError, ValueError) as error:
        raise Refused(NEEDS_HUMAN, f"{name} shows no points that nbgrader takes: {error}") from None
    verdict, message = _verdict(cell, float(score) / points if points else 1.0)
    return ExerciseResult(float(score), points, run.broken.get(index, verdict), message=message)


def _verdict(cell: NotebookNode, share: float) -> tuple[str, str]:
    """The word for a test's output, and what a student is told of it."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        name, value = str(errors[0].ename), str(errors[0].evalue)
        message = f"the test stopped with {name}: {value}".removesuffix(": ")
        return VERDICTS.get(name, "error"), message[:500]
    if utils.has_failed(cell):
        return "error", "the test printed to stderr, which counts as a failure"
    return ("correct" if share == 1 else "partial" if share else "wrong"), ""
