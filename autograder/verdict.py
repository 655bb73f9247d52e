"""Judge the answers of a notebook: who is asked in which kernel, and who is asked once more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from autograder import asking
from autograder.results import ExerciseResult
from autograder.session import Session
from autograder.specification import Exercise, Unit

HANDED_IN = "judged by the trained model that was handed in beside the notebook"
BREAKING = {"crashed", "timeout"}
DOUBTFUL = {"wrong", "error", "missing", *BREAKING}
ERASED = {"missing", "delegated"}  # what stands under the name in the end is no answer

R = TypeVar("R")
Ask = Callable[[Session, Exercise], ExerciseResult | None]


def grade(session: Session, unit: Unit, seed: int) -> dict[str, ExerciseResult]:
    """Ask each exercise's answer in a session and score it, whole or nothing.

    A public case comes first: what fails is explained by public ones, in a kernel that has never
    seen a hidden input. A failure that is no known mistake, or shows later, is asked about once
    more in a fresh kernel, as another answer's question may have spoilt the first one. What may
    still be another answer's doing is asked once more without it.
    """
    session.renew(barred=[exercise.name for exercise in unit])
    found = _in_turn(session, unit.exercises, seed, public=asking.on_first_public_cases)
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
    first = {e.name: _settled(session, e, public or asking.on_public_cases) for e in asked}
    found = {name: result for name, result in first.items() if result is not None}
    hidden = partial(asking.on_hidden_cases, seed=seed)
    return found | {e.name: _settled(session, e, hidden) for e in asked if e.name not in found}


def _settled(
    session: Session, exercise: Exercise, ask: Callable[[Session, Exercise], R]
) -> R | ExerciseResult:
    """What asking an answer gives; the next one is asked in a kernel as this one found it."""
    try:
        return ask(session, exercise)
    except asking.Broken as broken:
        return asking.failed(exercise, broken.verdict)
    finally:
        session.settle()


def _is_doubtful(session: Session, exercise: Exercise, result: ExerciseResult) -> bool:
    """Whether a failure of no known kind is asked about again; to train again takes too long."""
    if result.verdict not in ("wrong", "error") or result.misconception is not None:
        return False
    return not exercise.training and session.fate(exercise.name) == (None, None)


def _renewed_for(session: Session, exercise: Exercise, found: dict[str, ExerciseResult]) -> bool:
    """Whether a failure may be another answer's doing; then the session goes on without that."""
    name, result, everyone = exercise.name, found[exercise.name], list(found)
    spoilers = session.spoilers.keys() - {session.index(name)}
    broken = [r for r in found.values() if r.verdict in BREAKING]
    if result.verdict == "delegated" and not result.message.startswith(f"{name} "):
        # It used vaelib's version of another exercise, which it may, but not to come back here.
        session.renew((), [name, *_leading_to(name, found)])
    elif result.verdict == "crashed" or (result.verdict in BREAKING and len(broken) > 1):
        session.forgive(name)  # who breaks a kernel late is not told from who runs then
        session.renew(session.others(name), everyone)
    elif result.verdict in DOUBTFUL and spoilers:
        session.renew(spoilers, everyone)
    elif later := _later_to_blame(session, exercise, result):
        session.renew(later, everyone)
    else:
        return False
    return True


def _later_to_blame(session: Session, exercise: Exercise, result: ExerciseResult) -> list[int]:
    """Cells behind the check that may have taken the answer's name, or one that it needs.

    None where one of them answers anew: then that is the answer.
    """
    name, later = exercise.name, session.behind_check(exercise.name)
    if result.verdict == "correct" or exercise.training:
        return []
    if session.takes(name, later) or (result.verdict in ERASED and session.answers(name)):
        return later
    anew = session.makes(name, later)
    return later if _is_doubtful(session, exercise, result) and not anew else []


def _leading_to(name: str, found: dict[str, ExerciseResult]) -> list[str]:
    """Exercises whose answers hand on to vaelib's versions, from one to the next, until `name`."""
    handed = {n: called for n, result in found.items() if (called := asking.called(result))}
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
