"""Which changes of the right answers are found out, by the check and by the grader."""

import ast
import difflib
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.answers import Solutions
from autograder.specification import Exercise, Submitted
from tests.accuracy import forked, mutations
from vaelib.cases import Case, Facts, failures
from vaelib.check import evaluate, put
from vaelib.finished import barred

STRONG = range(1000, 1020)  # seeds of the stronger check
TIGHTER = 10  # times the tolerance of the verdict
HUNG = 90.0  # seconds for one mutant
HUNG_STRONG = 900.0


@dataclass(frozen=True)
class Tried:
    """What became of the mutants of one exercise.

    equivalent: how many the stronger check cannot tell from the solution. checked, judged: how
    many of the others the check in the notebook and the hidden verdict find. survivors: the lines
    that the verdict missed, as changed, each with what they were.
    """

    exercise: str
    made: int
    equivalent: int
    checked: int
    judged: int
    survivors: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


def run(exercise: Exercise, solutions: Solutions, most: int | None = None) -> Tried:
    """Try all mutants of the solution, or `most` of them, spread evenly."""
    source = solutions.source(exercise)
    texts = mutations.mutants(source)
    if most is not None and len(texts) > most:
        texts = [texts[i] for i in np.linspace(0, len(texts) - 1, most).astype(int)]
    found = list(forked.each(lambda t: _found(exercise, solutions, t), texts, HUNG))
    missed = [text for text, by in found if by is not None and not by[1]]
    same = dict(forked.each(lambda t: _same(exercise, solutions, t), missed, HUNG_STRONG))
    alike = [text for text in missed if same[text]]
    others = [by for text, by in found if text not in alike]
    return Tried(
        exercise.name,
        len(texts),
        len(alike),
        sum(by is None or by[0] for by in others),
        sum(by is None or by[1] for by in others),
        tuple(difference(source, text) for text in missed if text not in alike),
        tuple(difference(source, text) for text in alike),
    )


def _found(exercise: Exercise, solutions: Solutions, text: str) -> tuple[bool, bool]:
    """Whether the check and the hidden verdict find fault with an answer."""
    answer = _answer(exercise, solutions, text)
    if answer is None:
        return True, True
    checked = not evaluate(exercise.name, answer).passed
    with barred(exercise.name):
        cases = exercise.draw(zlib.crc32(text.encode()))
        return checked, any(failures(case, put(case, answer)) for case in cases)


def _same(exercise: Exercise, solutions: Solutions, text: str) -> bool:
    """Whether an answer does as the solution does on many more cases, held to it more tightly."""
    answer, solution = _answer(exercise, solutions, text), solutions.answer(exercise)
    with barred(exercise.name):
        return all(
            _agree(case, put(case, answer), put(case, solution))
            for seed in STRONG
            for case in exercise.draw(seed)
        )


def _agree(case: Case, facts: Facts, right: Facts) -> bool:
    """Whether two answers showed the same on a case; of random facts, whether both are in range."""
    for name, wanted in case.expected.items():
        if wanted.kind != "between" and name in right:
            rtol, atol = wanted.rtol / TIGHTER, wanted.atol / TIGHTER
            wanted = replace(wanted, value=right[name], rtol=rtol, atol=atol)
        if not wanted.holds(facts.get(name)):
            return False
    return True


def _answer(exercise: Exercise, solutions: Solutions, text: str) -> Any:
    """The answer that a text defines; None where it defines none."""
    try:
        return solutions.answer(exercise, Submitted("mutant", text=text))
    except Exception:
        return None


def difference(source: str, text: str) -> str:
    """What a mutant has changed: `old -> new`, a line each."""
    before, after = ast.unparse(ast.parse(source)).splitlines(), text.splitlines()
    lines = difflib.ndiff(before, after)
    changed = [line for line in lines if line[:2] in ("- ", "+ ")]
    old = [line[2:].strip() for line in changed if line[0] == "-"]
    new = [line[2:].strip() for line in changed if line[0] == "+"]
    return f"{' '.join(old)} -> {' '.join(new)}"
