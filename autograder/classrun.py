"""`autograder grade`: choose the submissions, show progress, write the result lines."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from autograder import changes, exercises, gradebook, intake, schedule
from autograder.course import Course
from autograder.files import write_atomically
from autograder.grade import Task
from autograder.plain import assignment as plain
from autograder.plain.celltests import CellTask
from autograder.release import generate
from autograder.results import Result
from autograder.terminal import harmless
from autograder.workers import Workers

if TYPE_CHECKING:
    from autograder.cluster import Cluster


def grade_class(
    course: Course,
    units: tuple[str, ...] = (),
    *,
    submitted: Path | None = None,
    students: tuple[str, ...] = (),
    jobs: int = 1,
    scheduler: str | None = None,
    results: Path | None = None,
    seed: int | None = None,
    force: bool = False,
    sandboxed: bool = True,
    console: Console,
) -> list[Result]:
    """Grade submissions of a course, with a progress bar; return a result for each.

    scheduler: address of the Dask cluster to grade on, in place of `jobs` workers of this machine.
    UnknownName for a unit or student that is not there; AutograderError for a unit that nbgrader
    does not know and refuses, or a cluster that does not answer; NoSandbox where a sandbox is
    asked for and cannot be had.
    """
    folder = (submitted or course.submitted).resolve()
    chosen, names = course.released(units), intake.students(folder, students)
    done: list[Result] = []
    changed = len(changes.read(course))
    bar = Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=console,
    )
    busy = max(1, min(jobs, len(chosen) * len(names)))
    with _workers(course, scheduler, busy, sandboxed) as workers:
        kinds = [_task(course, unit, folder, seed) for unit in chosen]
        tasks = [replace(task, student=student) for task in kinds for student in names]
        with bar:
            shown = bar.add_task("", total=len(tasks))
            for result, known in schedule.run(course, tasks, workers.run, force):
                done.append(result)
                state = "known" if known else result.status
                bar.update(shown, advance=1, description=_plain(f"{result.student}: {state}"))
    done.sort(key=lambda result: (result.unit, result.student))
    if results is not None:
        write_atomically(results, "".join(r.to_line() + "\n" for r in done).encode())
    console.print(summary(done))
    for change in changes.read(course)[changed:]:
        console.print(harmless(f"changed: {change}"))
    return done


def _workers(
    course: Course, scheduler: str | None, jobs: int, sandboxed: bool
) -> "Workers | Cluster":
    if scheduler is None:
        return Workers(jobs, course.limits, sandboxed)
    from autograder.cluster import Cluster  # takes a second to import

    return Cluster(scheduler, sandboxed)


def _task(course: Course, unit: str, submitted: Path, seed: int | None) -> Task:
    """What every submission of a unit is held against: its specification, else nbgrader's tests."""
    if not gradebook.known_assignment(course, unit):
        generate(course, unit)  # a fresh clone has the notebooks, and no gradebook yet
    released = course.notebooks / unit / f"{unit}.ipynb"
    known = exercises.load(unit)
    if known is not None:
        return Task(submitted, "", known, released, limits=course.limits, seed=seed)
    assignment = plain.load(course, unit)
    return CellTask(
        submitted, "", assignment.unit, released, limits=course.limits, assignment=assignment
    )


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
