"""Ask one answer from outside, compare here, and say what came of it in words that tell nothing.

Hidden cases decide; what fails is explained by public ones.
"""

import re
import secrets
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from autograder import question
from autograder.cells import FATES
from autograder.question import Planted
from autograder.results import ExerciseResult
from autograder.session import Session
from autograder.specification import Exercise
from vaelib.cases import Case, Facts, failures
from vaelib.finished import HOMES, REFUSAL
from vaelib.judge import judge

ONLY_PUBLIC = (
    "Right on the public examples, wrong on others: does the answer depend on their shapes, sizes "
    "or values?"
)
_REFUSED = re.compile(REFUSAL.format(name=r"(\w+)"))
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
NO_REPLY = {
    "raises": np.asarray("NoReply"),
    "message": np.asarray("the notebook changes Python itself, and nothing could be asked"),
}


class Broken(Exception):
    """The kernel hung or died over a question."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def on_hidden_cases(session: Session, exercise: Exercise, seed: int) -> ExerciseResult:
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


def on_first_public_cases(session: Session, exercise: Exercise) -> ExerciseResult | None:
    """What the public cases say, where one of the first fails: most mistakes show at once."""
    cases = exercise.public.cases
    first = next(answers(session, exercise.name, cases, SCREENING))
    if any(failures(case, facts) for case, facts in zip(cases, first, strict=False)):
        return on_public_cases(session, exercise, first)
    return None


def on_public_cases(
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


def called(result: ExerciseResult) -> str | None:
    """Of which exercise an answer has called vaelib's version, where it has."""
    match = _REFUSED.search(result.message) if result.verdict == "delegated" else None
    return match.group(1) if match else None


def handed_on(exercise: Exercise, name: str) -> ExerciseResult:
    """Nothing, as the answer is made of vaelib's version of the exercise of this name."""
    return _zero(exercise, "delegated", REFUSAL.format(name=name))


def failed(exercise: Exercise, verdict: str) -> ExerciseResult:
    """Nothing, for a reason that is all in its name."""
    return _zero(exercise, verdict, SAID[verdict])


def _by_name(session: Session, exercise: Exercise, facts: Facts) -> ExerciseResult | None:
    """The verdict that the harness itself has raised, where it has."""
    raised = str(facts.get("raises", "")).lower()
    if raised == "missing":
        return _undefined(session, exercise)
    if raised == "delegated":
        return _delegated(exercise, str(facts["message"]))
    if raised in SAID:
        return failed(exercise, raised)
    # What a cell has bound before it ended at another exercise's version, such as a model that
    # `fit` has yet to train, is not the answer. At its own it may just have been compared.
    refused = _refused(session, exercise)
    return refused if refused is not None and called(refused) != exercise.name else None


def _undefined(session: Session, exercise: Exercise) -> ExerciseResult:
    """Why there is no answer of this name: its cell broke the kernel, raised, or is not there."""
    broken, error = session.fate(exercise.name)
    if broken is not None:
        return failed(exercise, broken)
    if (refused := _refused(session, exercise)) is not None:
        return refused
    if error is not None:
        return _zero(exercise, "error", f"the answer's cell: {error}")
    return failed(exercise, "missing")


def _refused(session: Session, exercise: Exercise) -> ExerciseResult | None:
    """Nothing, where the answer's cell itself ended at a version of vaelib's."""
    _, error = session.fate(exercise.name)
    if error is None or not error.startswith("Delegated: "):
        return None
    return _delegated(exercise, error.removeprefix("Delegated: "))


def _delegated(exercise: Exercise, message: str) -> ExerciseResult:
    """message: what was raised, of which no more counts than the name in it."""
    names = [name for name in _REFUSED.findall(message) if name in HOMES]
    return handed_on(exercise, names[-1] if names else exercise.name)


def _right(exercise: Exercise) -> ExerciseResult:
    return ExerciseResult(float(exercise.points), float(exercise.points), "correct")


def _zero(
    exercise: Exercise, verdict: str, message: str, misconception: str | None = None
) -> ExerciseResult:
    return ExerciseResult(0.0, float(exercise.points), verdict, misconception, message)
