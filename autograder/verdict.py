"""Judge the answers of a notebook: who is asked in which kernel, and who is asked once more."""

from collections.abc import Callable, Collection, Sequence
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
Opened = dict[str, frozenset[str]]  # answer -> exercises of which it may call vaelib's versions


def grade(session: Session, unit: Unit, seed: int) -> dict[str, ExerciseResult]:
    """Ask each exercise's answer in a session and score it, whole or nothing.

    A public case comes first: what fails is explained by public ones, in a kernel that has never
    seen a hidden input. A failure that is no known mistake, or shows later, is asked about once
    more in a fresh kernel, as another answer's question may have spoilt the first one. What may
    still be another answer's doing is asked once more without it. Answers that are made of each
    other's finished versions earn nothing.
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
    failed = [e for e in unit if found[e.name].verdict != "correct"]
    opened = {e.name: _once_more(session, unit, e, seed, found) for e in failed}
    for name in _in_rings(opened):
        if found[name].verdict == "correct":
            found[name] = asking.handed_on(unit[name], min(opened[name]))
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


def _once_more(
    session: Session,
    unit: Unit,
    exercise: Exercise,
    seed: int,
    found: dict[str, ExerciseResult],
) -> frozenset[str]:
    """Ask an answer again for as long as its failure may be something else's doing.

    Each time the session goes on without that too, or with one more of vaelib's versions that the
    answer has called, which it may; these are returned. What came of it is put into `found`.
    """
    name, names = exercise.name, {e.name for e in unit}
    result, without, opened = found[name], _needless(session, unit, [exercise]), frozenset[str]()
    forgiven = False
    while result.verdict != "correct":
        before = without, opened, forgiven
        called = asking.called(result)
        if called in names - {name}:
            opened |= {called}
        elif _is_broken(result, found):
            session.forgive(name)  # who breaks a kernel late is not told from who runs then
            forgiven, without = True, without.union(session.names.others(name))
        else:
            without = without.union(_to_blame(session, exercise, result))
        if (without, opened, forgiven) == before:
            break
        session.renew(without, names - opened)
        result = _in_turn(session, [exercise], seed)[name]
        if result.verdict in ("correct", "wrong") or asking.called(result) == name:
            found[name] = result
    return opened


def _is_broken(result: ExerciseResult, found: dict[str, ExerciseResult]) -> bool:
    """Whether a kernel broke, perhaps not over this answer."""
    broken = [r for r in found.values() if r.verdict in BREAKING]
    return result.verdict == "crashed" or (result.verdict in BREAKING and len(broken) > 1)


def _to_blame(session: Session, exercise: Exercise, result: ExerciseResult) -> Collection[int]:
    """Cells whose doing a failure may be."""
    spoilers = session.spoilers.keys() - {session.names.index(exercise.name)}
    doubtful = result.verdict in DOUBTFUL and spoilers
    return spoilers if doubtful else _later_to_blame(session, exercise, result)


def _later_to_blame(session: Session, exercise: Exercise, result: ExerciseResult) -> list[int]:
    """Cells behind the check that may have taken the answer's name, or one that it needs.

    None where one of them answers anew: then that is the answer.
    """
    name, later = exercise.name, session.names.behind_check(exercise.name)
    if exercise.training:
        return []
    if session.names.takes(name, later) or (result.verdict in ERASED and session.answers(name)):
        return later
    doubtful = _is_doubtful(session, exercise, result) or session.names.needs(name, later)
    return later if doubtful and not session.names.makes(name, later) else []


def _in_rings(opened: Opened) -> list[str]:
    """Exercises whose answers lead back to themselves, by way of vaelib's versions of others."""
    return [name for name in opened if name in _reached(opened, name)]


def _reached(opened: Opened, start: str) -> set[str]:
    reached: set[str] = set()
    ahead = {*opened[start]}
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead |= opened.get(name, frozenset())
    return reached


def _with_source(session: Session, exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
    """A result that says so where a model that was handed in was judged."""
    if exercise.name not in session.models:
        return result
    return replace(result, message=f"{HANDED_IN}\n{result.message}".strip())


def _needless(session: Session, unit: Unit, doubtful: list[Exercise]) -> frozenset[int]:
    """Cells that train for an exercise that is not in doubt."""
    trained = [session.names.index(e.name) for e in unit if e.training and e not in doubtful]
    return frozenset(index for index in trained if index is not None)
