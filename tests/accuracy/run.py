"""Measure the grader: `python -m tests.accuracy.run [--part PART] [--units 02,05] ...`.

Parts: `answers` grades every known answer by the real command, `seeds` judges right answers with
many seeds, `mutants` changes the solutions. Figures are kept by exercise; docs/accuracy.md is
written after each unit. Exit status 1 where what was measured misses a target.
"""

import sys
import time
from collections.abc import Iterable

import click

from autograder import exercises
from autograder.answers import Solutions
from autograder.course import Course
from autograder.specification import Exercise, Unit
from tests.accuracy import grading, mutants, report, seeds
from tests.accuracy.measured import Measured, version
from vaelib.quiet import quietly

with quietly():
    import keras  # noqa: F401  # once, for all processes that are forked from this one

PARTS = ("answers", "seeds", "mutants")
OWN_HINT, CAUGHT = 0.9, 0.98  # shares of wrong answers, and of mutants that differ


def known() -> list[tuple[Unit, Solutions]]:
    """The course's units with their solutions."""
    names = Course(grading.ROOT).authored()
    units = [unit for name in names if (unit := exercises.load(name)) is not None]
    return [(unit, grading.solutions_of(unit)) for unit in units]


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Default: all.")
@click.option("--units", default="", help="Numbers such as 02,05. Default: all.")
@click.option("--exercises", "names", default="", help="Only these.")
@click.option("--jobs", default="2,1,2", show_default=True, help="Of each round of grading.")
@click.option("--seeds", "count", default=200, show_default=True, help="For each right answer.")
@click.option("--mutants", "most", type=int, help="At most so many an exercise. Default: all.")
def main(
    parts: tuple[str, ...], units: str, names: str, jobs: str, count: int, most: int | None
) -> None:
    """Measure how often the grader is wrong, and write docs/accuracy.md."""
    measured, everything, missed = Measured(), known(), False
    rounds = [int(number) for number in jobs.split(",")]
    for unit, solutions in everything:
        chosen = [e for e in unit if not names or e.name in names.split(",")]
        if not chosen or (units and unit.name[:2] not in units.split(",")):
            continue
        untrained = grading.solutions_of(unit, trained=False)
        for part in parts or PARTS:
            started = time.monotonic()
            if part == "answers":
                found = _answers(measured, unit, solutions, chosen, rounds)
            elif part == "seeds":
                found = _seeds(measured, unit, untrained, chosen, count)
            else:
                found = _mutants(measured, unit, untrained, chosen, most)
            missed |= any([_tell(line, ok) for line, ok in found])
            print(f"{unit.name}, {part}: {time.monotonic() - started:.0f} s", flush=True)
            report.write(measured, everything)
    sys.exit(1 if missed else 0)


def _tell(line: str, ok: bool) -> bool:
    """Print a line; whether it is a miss."""
    print(line if ok else f"{line}   <-- misses the target", flush=True)
    return not ok


def _answers(
    measured: Measured, unit: Unit, solutions: Solutions, chosen: list[Exercise], jobs: list[int]
) -> Iterable[tuple[str, bool]]:
    graded, repeated = grading.run(unit, chosen, jobs)
    if len(jobs) > 1:
        measured.keep("repeats", unit.name, "class", repeated)
    for exercise, found in zip(chosen, graded, strict=True):
        measured.keep("answers", unit.name, exercise.name, found, version(exercise, solutions))
        hinted = found.wrong - len(found.other_hints)
        line = (
            f"{exercise.name}: {found.wrong} wrong answers, {len(found.accepted)} accepted; "
            f"{found.right} right ones, {len(found.rejected)} rejected; own hint: {hinted} "
            f"{' '.join((*found.accepted, *found.rejected, *found.other_hints))}"
        )
        yield line, not found.accepted and not found.rejected and hinted >= OWN_HINT * found.wrong
    line = f"{unit.name}: {repeated.submissions} submissions graded {len(jobs)} times, "
    yield f"{line}{len(repeated.differing)} scores differ", not repeated.differing


def _seeds(
    measured: Measured, unit: Unit, solutions: Solutions, chosen: list[Exercise], count: int
) -> Iterable[tuple[str, bool]]:
    for exercise in (e for e in chosen if not e.training):
        found = seeds.run(exercise, solutions, count)
        measured.keep("seeds", unit.name, exercise.name, found, version(exercise, solutions))
        line = f"{exercise.name}: {found.answers} right answers, {count} seeds each, "
        yield "\n  ".join([f"{line}{len(found.flips)} flips", *found.flips]), not found.flips


def _mutants(
    measured: Measured, unit: Unit, solutions: Solutions, chosen: list[Exercise], most: int | None
) -> Iterable[tuple[str, bool]]:
    judged = differ = 0
    for exercise in (e for e in chosen if not e.training):
        found = mutants.run(exercise, solutions, most)
        measured.keep("mutants", unit.name, exercise.name, found, version(exercise, solutions))
        judged, differ = judged + found.judged, differ + found.made - found.equivalent
        line = (
            f"{exercise.name}: {found.made} mutants, {found.equivalent} alike; the check finds "
            f"{found.checked}, the verdict {found.judged}"
        )
        yield "\n  missed: ".join([line, *found.survivors]), True
    line = f"{unit.name}: the verdict finds {judged} of {differ} mutants that differ"
    yield line, judged >= CAUGHT * differ


if __name__ == "__main__":
    main()
