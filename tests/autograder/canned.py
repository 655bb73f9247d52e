"""Results without a kernel, for tests of what is done with results."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import nbformat

from autograder import intake, studentcells
from autograder.grade import Graded, Task
from autograder.results import ExerciseResult, Result
from autograder.transplant import transplant
from tests.autograder import toy

Wrong = Mapping[str, ExerciseResult]
WIDTH_WRONG = ExerciseResult(0.0, 1.0, "wrong", "root-missing", "got 2\nhint: It is the square.")


def exercises(wrong: Wrong | None = None) -> dict[str, ExerciseResult]:
    """Everything right but for the results given."""
    right = {e.name: ExerciseResult(e.points, e.points, "correct") for e in toy.UNIT}
    return {**right, **(wrong or {})}


def result(student: str = "ada", wrong: Wrong | None = None, **settings: object) -> Result:
    """The result of a student who has everything right but for the results given."""
    found = exercises(wrong)
    made = Result(student, toy.NAME, "graded", sum(e.score for e in found.values()), toy.ALL, found)
    return replace(made, **settings)  # type: ignore[arg-type]


def refused(student: str, status: str = "needs-human", message: str = "cut short") -> Result:
    """The result of a student whose work could not be graded."""
    none = {e.name: ExerciseResult(0.0, e.points, "missing") for e in toy.UNIT}
    return Result(student, toy.NAME, status, None, toy.ALL, none, message=message)


def grade(task: Task, wrong: Wrong | None = None, **settings: object) -> Graded:
    """What `grade` gives, with everything right but for the results given, and nothing run."""
    try:
        taken = intake.take(task.submitted, task.student, task.unit.name)
    except intake.Refused as error:
        return Graded(refused(task.student, error.status, str(error)))
    cells, _ = studentcells.read(intake.cells(taken.notebook))
    planted = transplant(nbformat.read(task.released, as_version=4), cells)
    known = {"digest": taken.digest, "seed": task.seed, "version": task.version}
    made = result(task.student, wrong, **{**known, **settings})
    return Graded(made, {toy.NAME: planted.notebook}, taken.timestamp)


def grader(log: list[str] | None = None) -> Callable[[Sequence[Task]], Iterable[Graded]]:
    """A grader that notes whom it grades."""

    def run(tasks: Sequence[Task]) -> Iterator[Graded]:
        for task in tasks:
            if log is not None:
                log.append(task.student)
            yield grade(task)

    return run


def verdicts(graded: Graded) -> dict[str, str]:
    """The verdict of each exercise."""
    return {name: e.verdict for name, e in graded.result.exercises.items()}
