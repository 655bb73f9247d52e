"""Judge one exercise from outside: ask with hidden cases, compare here, explain by public ones."""

import secrets
import zlib
from dataclasses import replace

import numpy as np

from autograder import question
from autograder.results import ExerciseResult
from autograder.session import Session
from autograder.specification import Exercise, Unit
from vaelib import records
from vaelib.cases import Case, Facts, failures
from vaelib.finished import HOMES, REFUSAL
from vaelib.judge import judge

ONLY_PUBLIC = (
    "Right on the public examples, wrong on others: does the answer depend on their shapes, sizes "
    "or values?"
)
HANDED_IN = "judged by the trained model that was handed in beside the notebook"
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
BREAKING = {"crashed", "timeout"}
DOUBTFUL = {"wrong", "error", "missing", *BREAKING}


class Broken(Exception):
    """The kernel hung or died over a question."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def grade(session: Session, unit: Unit, seed: int) -> dict[str, ExerciseResult]:
    """Ask each exercise's answer in a session and score it, whole or nothing.

    Hidden cases come first. What fails is explained on the public cases in a fresh kernel, which
    has never seen a hidden input, and asked once more there, as another answer's question may have
    spoilt the first one. What may still be another answer's doing is asked once more without it.
    """
    session.renew(barred=[exercise.name for exercise in unit])
    first = {e.name: _first(session, e, seed) for e in unit}
    found = {name: result for name, result in first.items() if result is not None}
    doubtful = [e for e in unit if e.name not in found]
    if doubtful:
        session.renew(_needless(session, unit, doubtful))
    found |= {e.name: _explained(session, e, seed) for e in doubtful}
    for exercise in unit:
        if _renewed_for(session, exercise, found):
            again = _first(session, exercise, seed)
            if again is None:
                session.renew()
                again = _explained(session, exercise, seed)
            if again.verdict in ("correct", "wrong"):
                found[exercise.name] = again
    return {e.name: _with_source(session, e, found[e.name]) for e in unit}


def _renewed_for(session: Session, exercise: Exercise, found: dict[str, ExerciseResult]) -> bool:
    """Whether a failure may be another answer's doing; then the session goes on without that."""
    name, result = exercise.name, found[exercise.name]
    spoilers = session.spoilers.keys() - {session.index(name)}
    broken = [r for r in found.values() if r.verdict in BREAKING]
    if result.verdict == "delegated" and not result.message.startswith(f"{name} "):
        session.renew((), [name])  # it used vaelib's version of another exercise, which it may
    elif result.verdict in BREAKING and len(broken) > 1:
        session.forgive(name)  # who breaks a kernel late is not told from who runs then
        session.renew(session.others(name))
    elif result.verdict in DOUBTFUL and spoilers:
        session.renew(spoilers)
    else:
        return False
    return True


def _with_source(session: Session, exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
    """A result that says so where a model that was handed in was judged."""
    if exercise.name not in session.models:
        return result
    return replace(result, message=f"{HANDED_IN}\n{result.message}".strip())


def _first(session: Session, exercise: Exercise, seed: int) -> ExerciseResult | None:
    """The result on the hidden cases; None where a failure has to be explained."""
    try:
        if exercise.training:  # explained before hidden inputs arrive: to train again takes long
            found = _on_public_cases(session, exercise) or _on_hidden_cases(session, exercise, seed)
            found = found or _zero(exercise, "wrong", ONLY_PUBLIC)
        else:
            found = _on_hidden_cases(session, exercise, seed)
        session.settle()
        return found
    except Broken as broken:
        return _failed(exercise, broken.verdict)


def _explained(session: Session, exercise: Exercise, seed: int) -> ExerciseResult:
    """A failure in the words of the check in the notebook; right after all if it does not recur."""
    try:
        found = _on_public_cases(session, exercise) or _on_hidden_cases(session, exercise, seed)
        session.settle()
        return found or _zero(exercise, "wrong", ONLY_PUBLIC)
    except Broken as broken:
        return _failed(exercise, broken.verdict)


def _needless(session: Session, unit: Unit, doubtful: list[Exercise]) -> list[int]:
    """Cells that train for an exercise that is not in doubt."""
    trained = [session.index(e.name) for e in unit if e.training and e not in doubtful]
    return [index for index in trained if index is not None]


def _on_hidden_cases(session: Session, exercise: Exercise, seed: int) -> ExerciseResult | None:
    """Right, or a verdict that needs no words; None for any other failure."""
    entropy = [seed, zlib.crc32(exercise.name.encode())]
    cases = exercise.draw(int(np.random.SeedSequence(entropy).generate_state(1)[0]))
    for case in cases:
        facts = ask(session, exercise.name, case)
        if failures(case, facts):
            return _by_name(session, exercise, facts)
    if not _is_honest(session, exercise, cases[0]):
        return _zero(exercise, "wrong", FORGED)
    return _right(exercise)


def _is_honest(session: Session, exercise: Exercise, case: Case) -> bool:
    """Whether the kernel reports an impossible answer, planted by the grader, as what it is."""
    nonce = secrets.randbelow(10**9) + 0.5
    reply = session.ask(question.control(exercise.name, case, nonce), question.RESULT)
    facts = question.read(reply.expressions.get("value", "")) or {}
    return np.array_equal(facts.get("value", np.nan), nonce) and "raises" not in facts


def _on_public_cases(session: Session, exercise: Exercise) -> ExerciseResult | None:
    """What the check in the notebook says; None where it passes."""
    record = records.load(exercise.name)
    observed: list[Facts] = []
    for case in record.cases:
        facts = ask(session, exercise.name, case)
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


def ask(session: Session, exercise: str, case: Case) -> Facts:
    """Facts that the kernel reports on a case; Broken where it does not come back."""
    reply = session.ask(question.to_code(exercise, case), question.RESULT)
    if reply.status == "timeout":
        session.renew()
        raise Broken("timeout")
    if reply.status == "died":
        raise Broken("crashed")
    facts = question.read(reply.expressions.get("value", ""))
    return {"raises": np.asarray("NoReply"), "message": np.asarray("")} if facts is None else facts


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
    """message: what was raised, of which no more counts than the name it begins with."""
    name = message.partition(" ")[0]
    said = REFUSAL.format(name=name if name in HOMES else exercise.name)
    return _zero(exercise, "delegated", said)


def _right(exercise: Exercise) -> ExerciseResult:
    return ExerciseResult(float(exercise.points), float(exercise.points), "correct")


def _failed(exercise: Exercise, verdict: str) -> ExerciseResult:
    return _zero(exercise, verdict, SAID[verdict])


def _zero(
    exercise: Exercise, verdict: str, message: str, misconception: str | None = None
) -> ExerciseResult:
    return ExerciseResult(0.0, float(exercise.points), verdict, misconception, message)
