"""Judge one exercise from outside: ask with hidden cases, compare here, explain by public ones."""

import zlib

import numpy as np

from autograder import question
from autograder.results import ExerciseResult
from autograder.session import Session
from autograder.specification import Exercise
from vaelib import records
from vaelib.cases import Case, Facts, failures
from vaelib.judge import judge

ONLY_PUBLIC = (
    "Right on the public examples, wrong on others: does the answer depend on their shapes, sizes "
    "or values?"
)
SAID = {
    "unanswered": "not answered yet",
    "missing": "there is no answer of this name after the notebook has run",
    "delegated": "this calls vaelib's own version; write it yourself",
    "timeout": "the answer ran longer than a call may",
    "crashed": "the answer ended its kernel",
}


class Broken(Exception):
    """The kernel hung or died over a question."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def grade(session: Session, exercise: Exercise, seed: int) -> ExerciseResult:
    """Ask an exercise's answer in a session and score it, whole or nothing."""
    entropy = [seed, zlib.crc32(exercise.name.encode())]
    hidden = exercise.draw(int(np.random.SeedSequence(entropy).generate_state(1)[0]))
    try:
        right, fate = _ask_all(session, exercise, hidden)
        if right:
            return ExerciseResult(float(exercise.points), float(exercise.points), "correct")
        if fate == "missing":
            return _undefined(session, exercise)
        return _failed(exercise, fate) if fate else _explained(session, exercise)
    except Broken as broken:
        return _failed(exercise, broken.verdict)


def _ask_all(session: Session, exercise: Exercise, cases: list[Case]) -> tuple[bool, str | None]:
    """Whether all cases hold; a verdict by name where the first failure is one of its own."""
    for case in cases:
        facts = ask(session, exercise.name, case)
        if failures(case, facts):
            raised = str(facts.get("raises", "")).lower()
            return False, raised if raised in SAID else None
    return True, None


def _explained(session: Session, exercise: Exercise) -> ExerciseResult:
    """A failure in the words of the check in the notebook, asked on the public cases."""
    record = records.load(exercise.name)
    observed: list[Facts] = []
    for case in record.cases:
        observed.append(ask(session, exercise.name, case))
        if "raises" in observed[-1] and failures(case, observed[-1]):
            break
    verdict = judge(record, observed)
    if verdict.passed:
        return _zero(exercise, "wrong", ONLY_PUBLIC)
    lines = [*verdict.lines, *([f"hint: {verdict.hint}"] if verdict.hint else [])]
    return _zero(exercise, verdict.verdict, "\n".join(lines), verdict.misconception)


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
    if error is not None:
        return _zero(exercise, "error", f"the answer's cell: {error}")
    return _failed(exercise, "missing")


def _failed(exercise: Exercise, verdict: str) -> ExerciseResult:
    return _zero(exercise, verdict, SAID[verdict])


def _zero(
    exercise: Exercise, verdict: str, message: str, misconception: str | None = None
) -> ExerciseResult:
    return ExerciseResult(0.0, float(exercise.points), verdict, misconception, message)
