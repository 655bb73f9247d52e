"""Every answer whose verdict is known beforehand, packed into as few submissions as may be."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.answers import Solutions
from autograder.specification import Exercise, Submitted, Unit

REFERENCE = Submitted("reference")


@dataclass(frozen=True)
class Entry:
    """One answer to one exercise, and whether it is right."""

    exercise: str
    answer: Submitted
    right: bool


Class = list[dict[str, Entry]]


def right(exercise: Exercise) -> list[Submitted]:
    """The answers that must earn everything, the course's own first."""
    return [REFERENCE, *exercise.variants]


def entries(exercises: Iterable[Exercise]) -> list[Entry]:
    """All right and wrong answers that are declared for these exercises."""
    return [
        Entry(exercise.name, answer, is_right)
        for exercise in exercises
        for is_right, answers in ((True, right(exercise)), (False, exercise.misconceptions))
        for answer in answers
    ]


def pack(unit: Unit, solutions: Solutions, chosen: Iterable[Exercise]) -> Class:
    """A class in which each answer to the chosen exercises is handed in once.

    A submission has at most one for each exercise.
    What an answer calls, by way of others too, is the solution in its submission: an answer that
    calls another is judged on what it returns.
    """
    submissions: list[list[tuple[Entry, set[str]]]] = []
    for entry in entries(chosen):
        new = entry, _called(unit, solutions, entry)
        fitting = (s for s in submissions if not any(_disturb(new, held) for held in s))
        held = next(fitting, None)
        if held is None:
            submissions.append(held := [])
        held.append(new)
    return [{entry.exercise: entry for entry, _ in held} for held in submissions]


def _disturb(one: tuple[Entry, set[str]], other: tuple[Entry, set[str]]) -> bool:
    """Whether two answers answer the same, or one of them calls the other, a solution excepted."""
    return any(
        first.exercise == second.exercise
        or (second.answer is not REFERENCE and second.exercise in called)
        for (first, called), (second, _) in ((one, other), (other, one))
    )


def _called(unit: Unit, solutions: Solutions, entry: Entry) -> set[str]:
    """The unit's other exercises that an answer names, itself or by way of their solutions."""
    names, found = {exercise.name for exercise in unit}, {entry.exercise}
    unread = [solutions.source(unit[entry.exercise], entry.answer)]
    while unread:
        nodes = ast.walk(ast.parse(unread.pop()))
        new = {node.id for node in nodes if isinstance(node, ast.Name)} & names - found
        found |= new
        unread += [solutions.source(unit[name]) for name in new]
    return found - {entry.exercise}


def texts(unit: Unit, solutions: Solutions, submission: Mapping[str, Entry]) -> dict[str, str]:
    """What stands in the cells of a submission; the solution where it has no entry.

    An exercise that trains is left as its stub there, as it would take minutes for nothing.
    """
    written = [e for e in unit if e.name in submission or not e.training]
    return {
        e.name: solutions.source(e, submission[e.name].answer if e.name in submission else None)
        for e in written
    }
