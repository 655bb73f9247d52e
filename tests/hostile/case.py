"""What a hostile submission is, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.results import GRADED, NEEDS_HUMAN, REJECTED, WITH_WARNINGS

UNIT = "05_kl_divergence"
SCORED = frozenset({GRADED, WITH_WARNINGS})
WARNED = frozenset({WITH_WARNINGS})
UNSCORED = frozenset({NEEDS_HUMAN, REJECTED})
HUMAN, REFUSED = frozenset({NEEDS_HUMAN}), frozenset({REJECTED})
ANY = SCORED | UNSCORED


@dataclass(frozen=True)
class Case:
    """One submission and what must come of it.

    make: `make(kit)` returns a notebook, a JSON value or bytes; `make(kit, folder)` of a placed one
        puts whatever it wants into the student's folder of the unit.
    student: the folder's name. statuses: those allowed.
    zero: exercises that must earn nothing. loose: exercises that may earn something or nothing,
        "all" for any. All others must earn everything, and the written answer must be there.
    warning: text of a warning or of the message, any one of "a|b". slow: waits for a time limit.
    """

    student: str
    group: str
    make: Callable[..., Any]
    statuses: frozenset[str] = SCORED
    zero: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    warning: str = ""
    placed: bool = False
    slow: bool = False
    written: bool = True
    unit: str = UNIT


CASES: list[Case] = []


def submission(group: str, student: str = "", **expected: Any) -> Callable[..., Any]:
    """Register a function as a case of a group; its name is the student's, if no other is given."""

    def register(make: Callable[..., Any]) -> Callable[..., Any]:
        CASES.append(Case(student or make.__name__, group, make, **expected))
        return make

    return register


def each(group: str, sources: dict[str, str], **expected: Any) -> None:
    """Register a case for each wrong `kl_normal`: its text, with what the cheat adds to it."""
    for student, source in sources.items():
        settings = {"zero": ("kl_normal",), "loose": (), **expected}
        CASES.append(Case(student, group, _answering(source), **settings))


def _answering(source: str) -> Callable[..., Any]:
    return lambda kit: kit.notebook(kl_normal=kit.fill(source))
