"""Judge one exercise from outside: ask with hidden cases, compare here, explain by public ones."""

import re
import secrets
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeVar

import numpy as np

from autograder import question
from autograder.cells import FATES
from autograder.question import Planted
from autograder.results import ExerciseResult
from autograder.session import Session
from autograder.specification import Exercise, Unit
from vaelib.cases import Case, Facts, failures
from vaelib.finished import HOMES, REFUSAL
from vaelib.judge import judge

ONLY_PUBLIC = (
    "Right on the public examples, wrong on others: does the answer depend on their shapes, sizes "
    "or values?"
)
HANDED_IN = "judged by the trained model that was handed in beside the notebook"
REFUSED = re.compile(REFUSAL.format(name=r"(\w+)"))
FORGED = (
    "This notebook changes how results are reported: what an answer returned did not come back as "
    "it was."
)
SAID = {
    "unanswered": "not answered yet",
    "missing": "there is no answer of this name after the notebook has run",
    "timeout": "the answer ran longer than a call may",
    "crashed": "the answer ended its kernel",
}
LONG, SCREENING = 1.0, 0.05  # seconds after which a kernel is asked the remaining cases anew
BREAKING = {"crashed", "timeout"}
NO_REPLY = {
    "raises": np.asarray("NoReply"),
    "message": np.asarray("the notebook changes Python itself, and nothing could be asked"),
}
DOUBTFUL = {"wrong", "error", "missing", *BREAKING}
ERASED = {"missing", "delegated"}  # what stands under the name in the end is no answer

R = TypeVar("R")
Ask = Callable[[Session, Exercise], ExerciseResult | None]


class Broken(Exception):
    """The kernel hung or died over a question."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def grade(session: Session, unit: Unit, seed: int) -> dict[str, ExerciseResult]:
    """Ask each exercise's answer in a session and score it, whole or nothing.

    A public case comes first: what fails is explained by public ones, in a kernel that has never
    seen a hidden input. A failure that is no known mistake, or shows later, is asked about once
    more in a fresh kernel, as another answer's question may have spoilt the first one. What may
    still be another answer's doing is asked once more without it.
    """
    session.renew(barred=[exercise.name for exercise in unit])
    found = _in_turn(session, unit.exercises, seed, public=_on_first_public_cases)
    for exercise in unit:
        if exercise.name in session.models and found[exercise.name].verdict != "correct":
            session.retrain(exercise.name)
            found |= _in_turn(session, [exercise], seed)
    doubtful = [e for e in unit if _is_doubtful(session, e, found[e.name])]
    if doubtful:
        session.renew(_needless(session, unit, doubtful))
        found |= _in_turn(session, doubtful, seed)
    for exercise in unit:
        if _renewed_for(session, exercise, found):
            again = _in_turn(session, [exercise], seed)[exercise.name]
            if again.verdict in ("correct", "wrong"):
                found[exercise.name] = again
    return {e.name: _with_source(session, e, found[e.name]) for e in unit}


def _in_turn(
    session: Session, asked: Sequence[Exercise], seed: int, public: Ask | None = None
) -> dict[str, ExerciseResult]:
    """Results of answers: all are asked public cases, then hidden ones where these pass."""
    first = {e.name: _settled(session, e, public or _on_public_cases) for e in asked}
    found = {name: result for name, result in first.items() if result is not None}
    hidden = partial(_on_hidden_cases, seed=seed)
    return found | {e.name: _settled(session, e, hidden) for e in asked if e.name not in found}


def _settled(
    session: Session, exercise: Exercise, ask: Callable[[Session, Exercise], R]
) -> R | ExerciseResult:
    """What asking an answer gives; the next one is asked in a kernel as this one found it."""
    try:
        return ask(session, exercise)
    except Broken as broken:
        return _failed(exercise, broken.verdict)
    finally:
        session.settle()


def _is_doubtful(session: Session, exercise: Exercise, result: ExerciseResult) -> bool:
    """Whether a failure of no known kind is asked about again; to train again takes too long."""
    if result.verdict not in ("wrong", "error") or result.misconception is not None:
        return False
    return not exercise.training and session.fate(exercise.name) == (None, None)


def _renewed_for(session: Session, exercise: Exercise, found: dict[str, ExerciseResult]) -> bool:
    """Whether a failure may be another answer's doing; then the session goes on without that."""
    name, result = exercise.name, found[exercise.name]
    spoilers = session.spoilers.keys() - {session.index(name)}
    broken = [r for r in found.values() if r.verdict in BREAKING]
    if result.verdict == "delegated" and not result.message.startswith(f"{name} "):
        # It used vaelib's version of another exercise, which it may, but not to come back here.
        session.renew((), [name, *_leading_to(name, found)])
    elif result.verdict == "crashed" or (result.verdict in BREAKING and len(broken) > 1):
        session.forgive(name)  # who breaks a kernel late is not told from who runs then
        session.renew(session.others(name))
    elif result.verdict in DOUBTFUL and spoilers:
        session.renew(spoilers)
    elif later := _later_to_blame(session, exercise, result):
        session.renew(later)
    else:
        return False
    return True


def _later_to_blame(session: Session, exercise: Exercise, result: ExerciseResult) -> list[int]:
    """Cells behind the check that may have taken the answer's name, or one that it needs.

    None where one of them answers anew: then that is the answer.
    """
    later = session.behind_check(exercise.name)
    if result.verdict in ERASED:
        return later if session.answers(exercise.name) and not exercise.training else []
    anew = session.binds(exercise.name, later)
    return later if _is_doubtful(session, exercise, result) and not anew else []


def _leading_to(name: str, found: dict[str, ExerciseResult]) -> list[str]:
    """Exercises whose answers hand on to vaelib's versions, from one to the next, until `name`."""
    said = {n: REFUSED.search(r.message) for n, r in found.items() if r.verdict == "delegated"}
    handed = {n: match.group(1) for n, match in said.items() if match}
    leading = []
    for start in handed:
        at, seen = start, set[str]()
        while at in handed and at not in seen:
            seen.add(at)
            at = handed[at]
            if at == name and start != name:
                leading.append(start)
    return leading


def _with_source(session: Session, exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
    """A result that says so where a model that was handed in was judged."""
    if exercise.name not in session.models:
        return result
    return replace(result, message=f"{HANDED_IN}\n{result.message}".strip())


def _needless(session: Session, unit: Unit, doubtful: list[Exercise]) -> list[int]:
    """Cells that train for an exercise that is not in doubt."""
    trained = [session.index(e.name) for e in unit if e.training and e not in doubtful]
    return [index for index in trained if index is not None]


def _on_hidden_cases(session: Session, exercise: Exercise, seed: int) -> ExerciseResult:
    """Right, or a failure in words that tell nothing of these cases.

    An impossible answer, planted among them, shows whether the kernel reports things as they are.
    """
    entropy = [seed, zlib.crc32(exercise.name.encode())]
    cases = exercise.draw(int(np.random.SeedSequence(entropy).generate_state(1)[0]))
    planted = Planted(cases[0], nonce=secrets.randbelow(10**9) + 0.5)
    place = secrets.randbelow(len(cases) + 1)
    asked: list[Case | Planted] = [*cases[:place], planted, *cases[place:]]
    reported = chain.from_iterable(answers(session, exercise.name, asked))
    for one, facts in zip(asked, reported, strict=True):
        if isinstance(one, Planted):
            if not one.came_back(facts):
                return _zero(exercise, "wrong", FORGED)
        elif failures(one, facts):
            return _by_name(session, exercise, facts) or _zero(exercise, "wrong", ONLY_PUBLIC)
    return _right(exercise)


def _on_first_public_cases(session: Session, exercise: Exercise) -> ExerciseResult | None:
    """What the public cases say, where one of the first fails: most mistakes show at once."""
    cases = exercise.public.cases
    first = next(answers(session, exercise.name, cases, SCREENING))
    if any(failures(case, facts) for case, facts in zip(cases, first, strict=False)):
        return _on_public_cases(session, exercise, first)
    return None


def _on_public_cases(
    session: Session, exercise: Exercise, known: Sequence[Facts] = ()
) -> ExerciseResult | None:
    """What the check in the notebook says; None where it passes.

    known: facts of the first cases, where these were asked already.
    """
    record = exercise.public
    others = answers(session, exercise.name, record.cases[len(known) :])
    observed: list[Facts] = []
    for case, facts in zip(record.cases, chain(known, chain.from_iterable(others)), strict=False):
        observed.append(facts)
        if "raises" in facts and failures(case, facts):
            break
    verdict = judge(record, observed)
    if verdict.passed:
        return None
    lines = [*verdict.lines, *([f"hint: {verdict.hint}"] if verdict.hint else [])]
    said = _zero(exercise, verdict.verdict, "\n".join(lines), verdict.misconception)
    return _by_name(session, exercise, observed[-1]) or said


def _by_name(session: Session, exercise: Exercise, facts: Facts) -> ExerciseResult | None:
    """The verdict that the harness itself has raised, where it has."""
    raised = str(facts.get("raises", "")).lower()
    if raised == "missing":
        return _undefined(session, exercise)
    if raised == "delegated":
        return _delegated(exercise, str(facts["message"]))
    return _failed(exercise, raised) if raised in SAID else None


def answers(
    session: Session, exercise: str, asked: Sequence[Case | Planted], long: float = LONG
) -> Iterator[list[Facts]]:
    """Facts that the kernel reports, of some cases at a time; Broken where it does not come back.

    long: seconds after which the kernel is to report what it has.
    """
    while asked:
        reply = session.ask(question.to_code(exercise, asked, long), question.RESULT)
        if reply.status in FATES:
            raise Broken(FATES[reply.status])
        reported = question.read(reply.expressions.get("value", ""), len(asked)) or [None]
        yield [NO_REPLY if facts is None else facts for facts in reported]
        asked = asked[len(reported) :]


def _undefined(session: Session, exercise: Exercise) -> ExerciseResult:
    """Why there is no answer of this name: its cell broke the kernel, raised, or is not there."""
    broken, error = session.fate(exercise.name)
    if broken is not None:
        return _failed(exercise, broken)
    if error is not None and error.startswith("Delegated: "):
        return _delegated(exercise, error.removeprefix("Delegated: "))
    if error is not None:
        return _zero(exercise, "error", f"the answer's cell: {error}")
    return _failed(exercise, "missing")


def _delegated(exercise: Exercise, message: str) -> ExerciseResult:
    """message: what was raised, of which no more counts than the name in it."""
    names = [name for name in REFUSED.findall(message) if name in HOMES]
    said = REFUSAL.format(name=names[-1] if names else exercise.name)
    return _zero(exercise, "delegated", said)


def _right(exercise: Exercise) -> ExerciseResult:
    return ExerciseResult(float(exercise.points), float(exercise.points), "correct")


def _failed(exercise: Exercise, verdict: str) -> ExerciseResult:
    return _zero(exercise, verdict, SAID[verdict])


def _zero(
    exercise: Exercise, verdict: str, message: str, misconception: str | None = None
) -> ExerciseResult:
    return ExerciseResult(0.0, float(exercise.points), verdict, misconception, message)
