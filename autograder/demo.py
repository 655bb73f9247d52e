"""`autograder demo`: a small class hands in unit 05 and is graded, in a temporary course folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder import coursetext, sandbox
from autograder.answers import Solutions
from autograder.build import build, specification
from autograder.classrun import grade_class
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.export import write as export
from autograder.feedback import write_all
from autograder.release import release
from autograder.results import Result
from autograder.samples import answered, hand_in
from autograder.specification import Unit

UNIT = "05_kl_divergence"
HERE = Path(__file__).resolve().parent.parent
MARKS = {
    "correct": "[green]\N{CHECK MARK}[/]",
    "unanswered": "[dim]\N{MIDDLE DOT}[/]",
}
WRONG = {
    "dora": {"kl_loss": "mean-over-latent"},
    "emil": {"kl_discrete": "nan-where-p-is-zero", "kl_loss": "sum-over-batch"},
    "fay": {"kl_normal": "p-and-q-swapped"},
    "gus": {"kl_to_standard_normal": "std-for-variance", "kl_loss": "std-for-variance"},
    "hana": {"kl_monte_carlo": "densities-swapped", "implied_beta": "upside-down"},
    "ivo": {"kl_discrete": "bits-for-nats"},
}


def run(keep: Path | None, jobs: int, console: Console) -> list[Result]:
    """Build, release, hand in, grade, write feedback and grades; print the class as a table.

    keep: an empty or new folder for the course; a temporary one where it is None.
    """
    course = Course(_folder(keep))
    console.print(f"building and releasing {UNIT}")
    build(course, (UNIT,))
    release(course, (UNIT,))
    for student, content in submissions(course, specification(UNIT)):
        hand_in(course.submitted, student, UNIT, content)
    results = grade_class(
        course,
        (UNIT,),
        jobs=jobs,
        results=course.root / "results.jsonl",
        sandboxed=_sandbox_or_note(console),
        console=console,
    )
    write_all(course)
    grades = export(course, "nbgrader", course.root / "grades.csv")
    console.print(table(results))
    console.print(f"\nfeedback pages  {course.feedback}", soft_wrap=True)
    console.print(f"grades          {grades}", soft_wrap=True)
    console.print(f"result lines    {course.root / 'results.jsonl'}", soft_wrap=True)
    console.print(f"Formgrader      cd {course.root} && jupyter lab", soft_wrap=True)
    return results


def _sandbox_or_note(console: Console) -> bool:
    """Whether there is a sandbox; the demo's submissions are ours and can do without one."""
    try:
        sandbox.require()
    except sandbox.NoSandbox as missing:
        console.print(f"without a sandbox, as these submissions are harmless: {missing}")
        return False
    return True


def _folder(keep: Path | None) -> Path:
    """A course folder with the text of the one unit."""
    root = Path(tempfile.mkdtemp(prefix="vae-course-demo-")) if keep is None else keep.resolve()
    if root.exists() and any(root.iterdir()):
        raise AutograderError(f"{root} is not empty; name a new folder with --keep")
    if not (HERE / "course" / f"{UNIT}.py").is_file():
        raise AutograderError("the demo needs the course's own folder; run it in a clone")
    (root / "course").mkdir(parents=True)
    shutil.copy(HERE / "course" / f"{UNIT}.py", root / "course")
    if (HERE / "course" / UNIT).is_dir():
        shutil.copytree(HERE / "course" / UNIT, root / "course" / UNIT)
    shutil.copy(HERE / "nbgrader_config.py", root)
    (root / "autograder").mkdir()
    return root


def submissions(course: Course, unit: Unit) -> Iterator[tuple[str, NotebookNode | bytes]]:
    """A class of twelve: right, unusual, half done, untouched, mistaken, crashing, truncated."""
    released = nbformat.read(course.notebooks / unit.name / f"{unit.name}.ipynb", as_version=4)
    solutions = Solutions(coursetext.read(course.texts / f"{unit.name}.py"))
    right = {exercise.name: solutions.source(exercise) for exercise in unit}
    unusual = {e.name: solutions.source(e, e.variants[0]) for e in unit}
    yield "ada", answered(released, right)
    yield "bea", answered(released, unusual)
    yield "carl", answered(released, dict(list(right.items())[:3]))
    yield "cleo", released
    for student, mistakes in WRONG.items():
        chosen = {
            e: next(m for m in unit[e].misconceptions if m.name == n) for e, n in mistakes.items()
        }
        wrong = {e: solutions.source(unit[e], m) for e, m in chosen.items()}
        yield student, answered(released, {**right, **wrong})
    dying = "import os\n\n\ndef kl_normal(mean_p, log_var_p, mean_q, log_var_q):\n    os._exit(1)\n"
    yield "jan", answered(released, {**right, "kl_normal": dying})
    whole = nbformat.writes(answered(released, right)).encode()
    yield "kim", whole[: len(whole) // 2]


def table(results: list[Result]) -> Table:
    """The class at a glance: a row a student, a numbered column an exercise."""
    names = list(results[0].exercises)
    numbered = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    marks = "\N{CHECK MARK} right   \N{BALLOT X} not right   \N{MIDDLE DOT} not answered"
    shown = Table(title=f"{UNIT}: the class", title_justify="left", caption=f"{numbered}\n{marks}")
    shown.add_column("student")
    for number in range(1, len(names) + 1):
        shown.add_column(str(number), justify="center")
    shown.add_column("points", justify="right")
    shown.add_column("what to know", overflow="fold")
    for result in results:
        points = "-" if result.score is None else f"{result.score:g} of {result.max_score:g}"
        row = [_mark(result, name) for name in names]
        shown.add_row(Text(result.student), *row, points, Text(_remark(result)))
    return shown


def _mark(result: Result, name: str) -> str:
    verdict = result.exercises[name].verdict
    return MARKS.get(verdict, "[red]\N{BALLOT X}[/]") if result.graded else "[dim]-[/]"


def _remark(result: Result) -> str:
    """What a person wants to know: named mistakes, other failures, or why there is no score."""
    if not result.graded:
        return f"{result.status}: {result.message.split(';')[0]}"
    named = [e.misconception for e in result.exercises.values() if e.misconception]
    quiet = ("correct", "wrong", "unanswered")
    other = [f"{n} {e.verdict}" for n, e in result.exercises.items() if e.verdict not in quiet]
    return ", ".join(named + other)
