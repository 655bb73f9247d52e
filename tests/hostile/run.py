"""Grade the hostile class and say what came of it: `python -m tests.hostile.run [--jobs N]`.

Prints a line a fault and the sums; exit status 1 unless every case was handled.
"""

import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from autograder.course import Course
from tests.hostile import (
    archives,
    astray,
    checks,
    documents,
    files,
    formats,
    honest,
    models,
    names,
    reach,
    reading,
    resources,
    score,
    structure,
)
from tests.hostile.case import CASES, UNIT, Case
from tests.hostile.checks import Fault
from tests.hostile.course import Hostile, hostile

GROUPS = (
    honest,
    astray,
    structure,
    formats,
    documents,
    files,
    names,
    score,
    reach,
    resources,
    reading,
    models,
    archives,
)
SEED = 20
SHORT = {"call": 3.0, "cell": 5.0, "notebook": 20.0}
LONG = {"call": 30.0, "cell": 30.0, "notebook": 120.0}  # for units that work with models
Round = tuple[tuple[str, ...], str, dict[str, float]]  # units, students, limits


def grade(cases: Sequence[Case], root: Path, jobs: int = 2) -> list[Fault]:
    """Hand in, grade, and check; what is wrong, nothing if all is well."""
    with hostile(root) as made:
        made.hand_in(cases)
        before = checks.snapshot(made.submitted)
        screen, lines = _run(made, cases, jobs)
        faults = list(_faults(made, cases, lines, screen))
        after = checks.snapshot(made.submitted)
        changed = {path for path, _ in before.items() ^ after.items()}
        return faults + [Fault(path, "cheated", "an original was changed") for path in changed]


def _run(made: Hostile, cases: Sequence[Case], jobs: int) -> tuple[str, list[checks.Line]]:
    """Grade everybody in the main unit, and who handed in others in those; pages; a table."""
    others = [case for case in cases if case.unit != UNIT]
    rounds: list[Round] = [((UNIT,), "", SHORT)] if len(others) < len(cases) else []
    if others:
        units = tuple(sorted({case.unit for case in others}))
        rounds.append((units, ",".join(case.student for case in others), LONG))
    screen, lines = "", []
    for units, students, limits in rounds:
        made.limit(**limits)
        results = made.root / "results.jsonl"
        chosen = ("--students", students) if students else ()
        options = ("--jobs", str(jobs), "--seed", str(SEED), "--results", str(results))
        done = made.run("grade", *units, *options, *chosen)
        screen += done.stdout + done.stderr
        if done.returncode == 0:
            lines += [json.loads(line) for line in results.read_text().splitlines()]
    for arguments in (("feedback",), ("export", "--output", str(made.root / "grades.csv"))):
        done = made.run(*arguments)
        if done.returncode != 0:
            lines, screen = [], f"{screen}\n{arguments[0]} failed: {done.stderr[-2000:]}"
    return screen, lines


def _faults(
    made: Hostile, cases: Sequence[Case], lines: list[checks.Line], screen: str
) -> Iterator[Fault]:
    if not lines:
        yield Fault("", "lost", f"grading ended without results: {screen[-3000:]}")
        return
    course = Course(made.course)
    by_case = {(line["student"], line["unit"]): line for line in lines}
    for case in cases:
        kit = made.kit(case.unit)
        yield from checks.of_case(case, lines, kit)
        if (line := by_case.get((case.student, case.unit))) is not None:
            yield from checks.of_written(case, line, course, kit)
    yield from checks.of_gradebook(course, lines)
    yield from checks.of_pages(made, course, lines, SEED)
    yield from checks.of_screen(screen)
    yield from checks.of_table(made.root / "grades.csv", lines)
    texts = {"screen": screen, "lines": json.dumps(lines)}
    yield from checks.of_secrets(made, course, texts)


def report(cases: Sequence[Case], faults: Sequence[Fault]) -> str:
    """The faults, and how many cases were handled."""
    kinds = Counter(fault.kind for fault in faults)
    bad = {fault.student for fault in faults}
    handled = sum(case.student not in bad for case in cases)
    lines = [f"{fault.kind}: {fault.student!r}: {fault.text}" for fault in faults]
    sums = ", ".join(f"{kinds[k]} {k}" for k in ("lost", "cheated", "wrong status", "afterwards"))
    return "\n".join([*lines, f"{len(cases)} cases, {handled} handled, {sums}"])


@click.command()
@click.option("--jobs", default=2, show_default=True)
@click.option("--group", help="Only the cases of this group.")
@click.option("--case", "only", help="Only these students, separated by commas.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for the course.")
def main(jobs: int, group: str | None, only: str | None, keep: Path | None) -> None:
    """Run the hostile corpus through `autograder grade`, in a sandbox, as one class."""
    chosen = [case for case in CASES if group in (None, case.group)]
    chosen = [case for case in chosen if only is None or case.student in only.split(",")]
    root = keep or Path(tempfile.mkdtemp(prefix="hostile-"))
    started = time.monotonic()
    faults = grade(chosen, root, jobs)
    print(report(chosen, faults))
    print(f"{time.monotonic() - started:.0f} s")
    if keep is None:
        shutil.rmtree(root, ignore_errors=True)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
