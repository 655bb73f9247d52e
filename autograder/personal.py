"""Numbers of one's own, if a course sets `c.Course.personal`: which, in which cells, whose.

A released notebook says itself that it asks for them, so that what was released is what is graded.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.kernels import Kernel, Limits, Starter
from autograder.roles import grade_id, is_answer
from vaelib.cases import Case
from vaelib.check import put
from vaelib.personal import choose
from vaelib.records import PersonalRecord, Record, Trace

if TYPE_CHECKING:
    from autograder.specification import Exercise, Unit

MARK = "personal"  # in a notebook's metadata, with the name of the course
TELL = "__import__('vaelib.personal', fromlist=['']).settle({student!r}, {course!r})"
TOLD = 20.0  # seconds
WHO = (
    "**Numbers of your own.** Some exercises here ask each of you with other numbers. They follow "
    "from the id under which you hand in. On a hub your user name is that id; anywhere else, write "
    "yours between the quotes, once."
)
OTHERS = (
    "Your result is right for {}, as another student is asked; you have {}. If that is news to "
    "you, look at the id in vaelib.i_am(...), near the top."
)
GENERAL = "Your result answers the general question above; you have {}."


@dataclass(frozen=True)
class Personal:
    """What an exercise asks each student with other values.

    task: what is asked then, for the student; the values stand in a cell of code below it.
    values: by name, what there is to choose from; the reference takes them as keywords.
    swaps: pieces of the solution's text, and what stands there instead, which uses the values.
    without: misconceptions whose hints quote numbers of the general question.
    """

    task: str
    values: Mapping[str, Sequence[Any]]
    swaps: Mapping[str, str]
    without: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[dict[str, Any], ...]:
        """Every set of values that somebody may have."""
        sets = itertools.product(*self.values.values())
        return tuple(dict(zip(self.values, chosen, strict=True)) for chosen in sets)


def personal_record(exercise: "Exercise", public: Callable[["Exercise"], Record]) -> PersonalRecord:
    """The public record for each set of values, which knows the results of all the others."""
    assert exercise.personal is not None
    made = []
    for own in exercise.personal.choices:
        record = public(exercise.posed(own))
        traces = (*record.traces, *_traces(exercise, own, record.cases))
        made.append(replace(record, traces=traces))
    return PersonalRecord(exercise.personal.choices, tuple(made))


def _traces(exercise: "Exercise", own: Mapping[str, Any], cases: Sequence[Case]) -> Iterator[Trace]:
    """What comes of right answers to the questions of others, and to the general one."""
    assert exercise.personal is not None
    for other in (*exercise.personal.choices, {}):
        facts = tuple(put(case, exercise.posed(other).right) for case in cases)
        if not other:
            yield Trace("general-question", GENERAL.format(_say(own)), facts)
        elif other != own:
            yield Trace("numbers-of-another", OTHERS.format(_say(other), _say(own)), facts)


def _say(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def personalise(notebook: NotebookNode, unit: "Unit", course: str) -> None:
    """Let a unit's notebook ask for numbers of one's own, where an exercise of it can."""
    able = {e.name: (e, e.personal) for e in unit if e.personal is not None}
    if not able:
        return
    notebook.metadata[MARK] = course
    cells, asked = [], False
    for cell in notebook.cells:
        name = grade_id(cell)
        if is_answer(cell) and name in able:
            exercise, own = able[name]
            cells += _values(name, own)
            cell.source = exercise.posed(own.choices[0]).solution(cell.source)
        cells.append(cell)
        if "setup" in cell.metadata.get("tags", []) and not asked:
            cells += _pair(MARK, WHO, f'vaelib.i_am("", course={json.dumps(course)})')
            asked = True
    notebook.cells = cells


def _values(exercise: str, own: Personal) -> list[NotebookNode]:
    """Cells that say what is asked of each student, and bind the student's values."""
    lines = [f'{name} = vaelib.yours("{exercise}", "{name}")' for name in own.values]
    shown = ", ".join(f"{{{name} = }}" for name in own.values)
    return _pair(f"{exercise}-own", own.task, "\n".join([*lines, f'print(f"{shown}")']))


def _pair(name: str, text: str, code: str) -> list[NotebookNode]:
    return [new_markdown_cell(text, id=f"{name}-text"), new_code_cell(code, id=name)]


def course_of(released: NotebookNode) -> str | None:
    """What students' own numbers follow from, beside their ids; None where all are asked alike."""
    found = released.metadata.get(MARK)
    return None if found is None else str(found)


def posed(unit: "Unit", course: str | None, student: str) -> "Unit":
    """A unit as this student is asked."""
    if course is None:
        return unit
    return replace(unit, exercises=tuple(_posed(e, course, student) for e in unit))


def _posed(exercise: "Exercise", course: str, student: str) -> "Exercise":
    if exercise.personal is None:
        return exercise
    return exercise.posed(choose(exercise.personal.choices, course, exercise.name, student))


def telling(starter: Starter, course: str | None, student: str) -> Starter:
    """Start kernels that know whose notebook runs in them, before a cell of it can say so."""
    if course is None:
        return starter
    code = TELL.format(student=student, course=course)

    def start(folder: Path) -> Kernel:
        kernel = starter(folder)
        kernel.run(code, TOLD, Limits(), silent=True)
        return kernel

    return start
