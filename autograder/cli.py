"""The command line: `autograder VERB`, also `python -m autograder VERB`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Before anything can import TensorFlow: the grader runs on the CPU and keeps its screen clean.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
from rich.console import Console

from autograder import warningfilters
from autograder.course import Course
from autograder.errors import AutograderError

console = Console(highlight=False)
UNITS = click.argument(
    "units",
    nargs=-1,
    metavar="[UNIT]...",
    callback=lambda context, parameter, units: tuple(dict.fromkeys(units)),
)
SUBMITTED = click.option(
    "--submitted",
    type=click.Path(path_type=Path),
    help="Folder DIR/STUDENT/UNIT/UNIT.ipynb.",
)
FILE = click.Path(path_type=Path, dir_okay=False)


class _Group(click.Group):
    """Turns errors that a person can act on into one line and exit status 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Exception as error:
            told = _explained(error, context.obj)
            if not told:
                raise
            click.echo(f"autograder: {told}", err=True)
            sys.exit(2)


def _explained(error: Exception, course: Course | None) -> str:
    """One line on what a person can mend; "" for what is click's business, or our fault."""
    if isinstance(error, AutograderError):
        return str(error)
    from autograder.cli_errors import explained

    return explained(error, course)


@click.group(cls=_Group)
@click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    default=".",
    show_default=True,
    help="The course folder, which holds nbgrader_config.py.",
)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """Build, release and grade a course of notebooks."""
    warningfilters.apply()
    context.obj = Course(folder.resolve())


@main.command()
@UNITS
@click.option("--check", is_flag=True, help="Write nothing; fail where the tree is out of date.")
@click.pass_obj
def build(course: Course, units: tuple[str, ...], check: bool) -> None:
    """Build solutions/ and vaelib's public cases from course/."""
    from autograder.build import build as run

    stale = run(course, units, check)
    for path in stale:
        console.print(
            f"{'out of date' if check else 'wrote'}: {path.relative_to(Path.cwd())}"
            if path.is_relative_to(Path.cwd())
            else str(path)
        )
    if check and stale:
        raise AutograderError("the tree is out of date; run: autograder build")
    if not stale:
        console.print("everything is up to date")


@main.command()
@UNITS
@click.pass_obj
def release(course: Course, units: tuple[str, ...]) -> None:
    """Make the students' notebooks, and prove that nothing of the solutions is in them."""
    from autograder.release import release as run

    for path in run(course, units):
        console.print(f"released {path.stem}")


@main.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unit", help="Default: the unit that the notebooks in the archive are named after.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="CSV: student_id, lms_id, name. Default: the gradebook's students.",
)
@click.option("--force", is_flag=True, help="Take the archive's version, older or not.")
@click.pass_obj
def collect(
    course: Course, archive: Path, unit: str | None, roster: Path | None, force: bool
) -> None:
    """Sort a download from Moodle or Canvas into the folder of submissions.

    Exit status 1 where something in the archive needs a person: it is in the list.
    """
    from autograder.lms.collect import UNSETTLED, summary, table
    from autograder.lms.collect import collect as run

    outcomes = run(course, archive, unit, roster, force)
    if any(outcome.note for outcome in outcomes):
        console.print(table(outcomes))
    console.print(summary(outcomes))
    if any(outcome.what in UNSETTLED for outcome in outcomes):
        sys.exit(1)


def _jobs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=cores or 1,
        show_default="cores",
        help="Submissions graded at a time.",
    )(function)


@main.command()
@UNITS
@SUBMITTED
@click.option(
    "--students",
    multiple=True,
    metavar="NAMES",
    help="Only these, separated by commas; can be given several times.",
)
@_jobs_option
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Grade on a Dask cluster, such as tcp://host:8786, in place of --jobs.",
)
@click.option("--results", type=FILE, help="Write a JSON line a submission.")
@click.option("--seed", type=click.IntRange(min=0), help="Draw the hidden cases from this seed.")
@click.option("--force", is_flag=True, help="Grade again what has been graded.")
@click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run students' code with your own rights. Every result says so.",
)
@click.pass_obj
def grade(
    course: Course,
    units: tuple[str, ...],
    submitted: Path | None,
    students: tuple[str, ...],
    jobs: int,
    scheduler: str | None,
    results: Path | None,
    seed: int | None,
    force: bool,
    no_sandbox: bool,
) -> None:
    """Grade submissions; go on where the last run stopped."""
    from autograder.classrun import grade_class
    from autograder.intake_astray import of_nobody
    from autograder.terminal import harmless

    grade_class(
        course,
        units,
        submitted=submitted,
        students=students,
        jobs=jobs,
        scheduler=scheduler,
        results=results,
        seed=seed,
        force=force,
        sandboxed=not no_sandbox,
        console=console,
    )
    for note in of_nobody(submitted or course.submitted):
        click.echo(harmless(note).plain, err=True)


@main.command()
@UNITS
@click.pass_obj
def feedback(course: Course, units: tuple[str, ...]) -> None:
    """Write a page for each graded submission."""
    from autograder.feedback import write_all

    for path in write_all(course, units):
        console.print(str(path), soft_wrap=True)


@main.command()
@UNITS
@click.option("--output", type=FILE, help="Default: report.html here.")
@click.pass_obj
def report(course: Course, units: tuple[str, ...], output: Path | None) -> None:
    """Write one page on the class: scores, exercises, mistakes, and who needs a person."""
    from autograder.report import write

    path = write(course, units, output or Path("report.html"))
    console.print(f"wrote {path}", soft_wrap=True)


@main.command()
@click.argument("unit")
@SUBMITTED
@click.pass_obj
def similarity(course: Course, unit: str, submitted: Path | None) -> None:
    """List pairs of submissions with answers alike that few others have. It proves nothing."""
    from autograder.similarity import find, told
    from autograder.terminal import harmless

    for line in told(find(course, unit, submitted)):
        console.print(harmless(line))


@main.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["nbgrader", "canvas", "moodle"]),
    default="nbgrader",
    show_default=True,
)
@click.option("--output", type=FILE, help="Default: grades.csv here.")
@click.pass_obj
def export(course: Course, form: str, output: Path | None) -> None:
    """Write all grades as CSV, with a status column."""
    from autograder.export import save
    from autograder.standings import standings
    from autograder.terminal import harmless

    found = standings(course)
    path = save(found.entries, form, output or Path("grades.csv"))
    console.print(f"wrote {path}")
    for note in found.notes:
        click.echo(harmless(note).plain, err=True)
    for result in (entry.result for entry in found.entries if entry.score is None):
        told = f"{result.student} in {result.unit}: {result.status}; {result.message}"
        console.print(harmless(f"no score: {told}"))


@main.command()
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the course it makes.")
@_jobs_option
def demo(keep: Path | None, jobs: int) -> None:
    """Show the whole flow on a small sample class, in a temporary course folder."""
    from autograder.demo import run

    run(keep, jobs, console)


@main.command()
@click.pass_obj
def doctor(course: Course) -> None:
    """Say what this machine can do, and the mend for what it cannot."""
    from autograder.doctor import examine

    sys.exit(examine(course, console))
