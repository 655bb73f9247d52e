"""`vaelib.progress`: what is answered in the unit that this notebook is about."""

import sys
from typing import Any

from vaelib import records
from vaelib.card import Card, headline, table

SAID = {
    "correct": "\N{CHECK MARK} right",
    "unanswered": "\N{WHITE CIRCLE} not answered yet",
    "changed": "\N{MIDDLE DOT} changed since its check",
    "unchecked": "\N{MIDDLE DOT} not checked yet",
}
WRONG = "\N{BALLOT X} not right yet"
WIDTH = max(map(len, SAID.values()))

_found: dict[str, tuple[str, Any]] = {}  # the verdict of each last check, and on which answer


def remember(exercise: str, verdict: str, answer: Any) -> None:
    """Keep what a check has found; the exercise checked last says which unit this is."""
    _found.pop(exercise, None)
    _found[exercise] = verdict, answer


def progress(unit: str | None = None) -> None:
    """Show for each exercise of a unit what its last check in this session has found.

    unit: a name such as "05_kl_divergence"; None for the unit that was checked last.
    ValueError where there is no unit of this name.
    """
    if unit is None and not _found:
        text = "\N{MIDDLE DOT} no check has run yet: run the cells above, then this one"
        Card(text, "open", "progress", headline(text)).show()
        return
    of_unit(records.load_unit(unit or records.load(list(_found)[-1]).unit)).show()


def of_unit(record: records.UnitRecord) -> Card:
    """The card that says what is answered in a unit."""
    states = {name: _state(name) for name in record.exercises}
    points = [record.exercises[name] for name, state in states.items() if state == "correct"]
    complete, total = len(points) == len(states), sum(record.exercises.values())
    sign = SAID["correct" if complete else "unanswered"][0]
    first = (
        f"{sign} {record.unit}: {len(points)} of {len(states)} exercises right, "
        f"{sum(points):g} of {total:g} points"
    )
    last = f"The written answer ({record.reflection_points:g} points) is graded by a person."
    rows = [(n, SAID.get(s, WRONG), f"{record.exercises[n]:g}") for n, s in states.items()]
    width = max(map(len, states))
    lines = [f"  {name:<{width}}  {said:<{WIDTH}}  {worth:>2}" for name, said, worth in rows]
    body = headline(first) + table("", ("exercise", "state", "points"), rows) + f"<p>{last}</p>"
    text = "\n".join([first, *lines, f"  {last}"])
    return Card(text, "right" if complete else "open", "progress", body)


def _state(exercise: str) -> str:
    """The verdict of the last check, unless the notebook has another answer by now."""
    if exercise not in _found:
        return "unchecked"
    verdict, answer = _found[exercise]
    changed = getattr(sys.modules["__main__"], exercise, answer) is not answer
    return "changed" if changed else verdict
