"""`autograder grade`: choose the submissions, show progress, write the result lines."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from autograder import gradebook, intake, schedule
from autograder.build import specification
from autograder.course import Course
from autograder.files import write_atomically
from autograder.grade import Task
from autograder.kernels import Limits
from autograder.release import generate
from autograder.results import Result
from autograder.workers import Workers


def grade_class(
    course: Course,
    units: tuple[str, ...] = (),
    *,
    submitted: Path | None = None,
    students: tuple[str, ...] = (),
    jobs: int = 1,
    results: Path | None = None,
    seed: int | None = None,
    force: bool = False,
    sandboxed: bool = True,
    console: Console,
) -> list[Result]:
    """Grade submissions of a course, with a progress bar; return a result for each.

    UnknownName for a unit or student that is not there; AutograderError for a unit that nbgrader
    does not know and refuses; NoSandbox where a sandbox is asked for and cannot be had.
    """
    folder = (submitted or course.submitted).resolve()
    chosen, names = course.released(units), intake.students(folder, students)
    tasks = [
        Task(folder, student, specification(unit), released, seed=seed)
        for unit, released in [(unit, _released(course, unit)) for unit in chosen]
        for student in names
    ]
    done: list[Result] = []
    bar = Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=console,
    )
    with Workers(jobs, Limits(), sandboxed) as workers, bar:
        shown = bar.add_task("", total=len(tasks))
        for result, known in schedule.run(course, tasks, workers.run, force):
            done.append(result)
            state = "known" if known else result.status
            bar.update(shown, advance=1, description=_plain(f"{result.student}: {state}"))
    done.sort(key=lambda result: (result.unit, result.student))
    if results is not None:
        write_atomically(results, "".join(r.to_line() + "\n" for r in done).encode())
    console.print(summary(done))
    return done


def _released(course: Course, unit: str) -> Path:
    """The released notebook of a unit that nbgrader knows, told about it now if need be."""
    if not gradebook.known_assignment(course, unit):
        generate(course, unit)  # a fresh clone has the notebooks, and no gradebook yet
    return course.notebooks / unit / f"{unit}.ipynb"


def summary(results: Sequence[Result]) -> str:
    """One line: how many submissions had which status."""
    counts: dict[str, int] = {}
    for result in results:
        counts[result.status] = counts.get(result.status, 0) + 1
    parts = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"{len(results)} submissions: {parts}" if results else "no submissions"


def _plain(text: str) -> str:
    """Text from a student as one line without markup or control characters."""
    safe = "".join(c if c.isprintable() else "?" for c in text)
    return Text(safe[:60]).markup
