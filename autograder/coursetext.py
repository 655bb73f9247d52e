"""Read the authored text of a unit: percent-format cells with terse markers.

A marker line looks like `# %% exercise="kl_loss" role="answer"`. Roles:

- `setup` imports and seeds, which answers depend on;
- `answer` and `check`, a pair for each exercise;
- `demo` a figure or widget, which no verdict depends on;
- `reflection` the written answer (a Markdown cell whose solution region holds the rubric).

Cells without a role are prose, or code that a verdict may depend on.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import jupytext

from autograder.errors import CourseTextError
from autograder.specification import Unit

ROLES = ("setup", "answer", "check", "demo", "reflection")
PAIR = ("answer", "check")
SOLVED = ("answer", "reflection")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Cell:
    """One authored cell. `line` is where its marker stands; `kind` is "code" or "markdown"."""

    line: int
    kind: str
    source: str
    role: str | None
    exercise: str | None


@dataclass(frozen=True)
class CourseText:
    """One unit as authored."""

    path: Path
    cells: tuple[Cell, ...]

    def answer(self, exercise: str) -> str:
        """Source of the answer cell of an exercise, solution included."""
        return next(c.source for c in self.cells if (c.role, c.exercise) == ("answer", exercise))

    def setup(self) -> str:
        """The set-up cells' source: what an answer may take for granted."""
        return "\n".join(cell.source for cell in self.cells if cell.role == "setup")


def read(path: Path) -> CourseText:
    """Read `course/NN_topic.py`; CourseTextError names the file, the line and the mend."""
    text = _text(path)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# %%( |$)", line)]
    notebook = jupytext.reads(text, fmt="py:percent")
    if len(notebook.cells) != len(lines):
        raise CourseTextError(path, 1, "text before the first marker", 'begin with "# %%"')
    cells = []
    for line, cell in zip(lines, notebook.cells, strict=True):
        marks = {k: v for k, v in cell.metadata.items() if not k.startswith("lines_to_")}
        role, exercise = marks.pop("role", None), marks.pop("exercise", None)
        if marks:
            raise CourseTextError(path, line, f"unknown mark {min(marks)!r}", "use role, exercise")
        if role is not None and role not in ROLES:
            mend = f"use one of {', '.join(ROLES)}"
            raise CourseTextError(path, line, f"unknown role {role!r}", mend)
        cells.append(Cell(line, cell.cell_type, cell.source, role, exercise))
    return CourseText(path, tuple(cells))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise CourseTextError(path, line, "text that is not UTF-8", "save it as UTF-8") from None


def validate(text: CourseText, unit: Unit) -> None:
    """Hold a text against its unit's specification; CourseTextError at the first difference."""
    known = [exercise.name for exercise in unit]
    seen: dict[tuple[str | None, str | None], int] = {}
    for cell in text.cells:
        _validate_cell(text.path, cell, known)
        key = (cell.role, cell.exercise)
        if cell.role in ("answer", "check", "reflection"):
            if key in seen:
                what = f"a second {cell.role} of {cell.exercise or 'the unit'}"
                raise CourseTextError(text.path, cell.line, what, f"keep line {seen[key]} or this")
            seen[key] = cell.line
    wanted: dict[tuple[str, str | None], str] = {
        (role, n): f'exercise="{n}" role="{role}"' for n in known for role in PAIR
    }
    wanted[("reflection", None)] = '[markdown] role="reflection"'
    for key, marker in wanted.items():
        if key not in seen:
            what = f"no {key[0]}" + (f" of {key[1]}" if key[1] else "")
            last = text.cells[-1].line if text.cells else 1
            raise CourseTextError(text.path, last, what, f"add a cell # %% {marker}")


def _validate_cell(path: Path, cell: Cell, known: list[str]) -> None:
    needs_name = cell.role in PAIR
    if needs_name and cell.exercise is None:
        mend = f'add exercise="..." beside role="{cell.role}"'
        raise CourseTextError(path, cell.line, "a marker without its exercise", mend)
    if cell.exercise is not None and not needs_name:
        mend = 'add role="answer" or role="check"'
        raise CourseTextError(path, cell.line, "a marker without its role", mend)
    if cell.exercise is not None and cell.exercise not in known:
        what = f"exercise {cell.exercise!r} is not in the specification"
        raise CourseTextError(path, cell.line, what, f"use one of {', '.join(known)}")
    _validate_solution(path, cell)


def _validate_solution(path: Path, cell: Cell) -> None:
    """A solution stands between pairs of marks, and only where the release takes it out."""
    marks = re.findall(f"{BEGIN}|{END}", cell.source)
    if marks and cell.role not in SOLVED:
        mend = 'add role="answer", or take the marks out'
        raise CourseTextError(path, cell.line, "a solution outside of an answer", mend)
    pairs = marks.count(BEGIN)
    if cell.role in SOLVED and (not marks or marks != [BEGIN, END] * pairs):
        what = f"{pairs} of {BEGIN!r} and {marks.count(END)} of {END!r}"
        mend = "mark the solution with one pair or more, in order"
        raise CourseTextError(path, cell.line, what, mend)
