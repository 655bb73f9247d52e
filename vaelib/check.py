"""`vaelib.check`: tell a student within a second whether an answer is right, and what is off."""

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vaelib import card, personal
from vaelib.cases import Case, Facts, failures, materialize
from vaelib.finished import barred, finished_version
from vaelib.judge import Verdict, judge
from vaelib.probes.call import is_stub, observe, revive
from vaelib.progress import remember
from vaelib.stubs import called_stub


class CheckFailed(AssertionError):
    """A check failed while nbgrader, which scores by exceptions, runs the notebook."""

    def _render_traceback_(self) -> list[str]:
        """Let Validate show the check's words alone, without the lines of code that raised."""
        return str(self).splitlines()


def check(exercise: str, answer: Any) -> None:
    """Check an answer and show what was found, in a notebook as a card, elsewhere as plain text.

    The text is one line if the answer is right, at most six if not. Raises nothing in a working
    session, so that a notebook runs on. While nbgrader validates or autogrades, anything but a
    right answer raises `CheckFailed`, which is what nbgrader scores by.
    ValueError where there is no exercise of this name.
    """
    verdict = evaluate(exercise, answer)
    remember(exercise, verdict.verdict, answer)
    if verdict.verdict == "unanswered" and (stub := called_stub(answer)):
        verdict = replace(verdict, hint=f"It calls {stub}, which is not answered yet.")
    text = render(exercise, verdict)
    if not verdict.passed and "NBGRADER_EXECUTION" in os.environ:
        raise CheckFailed(text)
    card.of_verdict(exercise, verdict, text).show()


def evaluate(exercise: str, answer: Any) -> Verdict:
    """Check an answer on the exercise's public cases; prints nothing, raises nothing of its own."""
    if answer is None or answer is Ellipsis:
        return Verdict("unanswered")
    record = personal.record(exercise)
    if record is None:
        return Verdict("unanswered", hint=personal.WHO)
    observed: list[Facts] = []
    with barred(exercise):
        for case in record.cases:
            observed.append(put(case, answer))
            if "raises" in observed[-1] and failures(case, observed[-1]):
                break  # one error is enough, and a stub is never slow to check
    return judge(record, observed)


def put(case: Case, answer: Any) -> Facts:
    """Put one case to an answer in this process."""
    module, function = case.probe.split(".")
    probe = getattr(importlib.import_module(f"vaelib.probes.{module}"), function)
    return observe(probe, answer, [revive(arg) for arg in materialize(case.args)])


def render(exercise: str, verdict: Verdict) -> str:
    """The verdict as plain text for a terminal."""
    if verdict.passed:
        return f"\N{CHECK MARK} {exercise}: correct"
    lines = [f"\N{BALLOT X} {exercise}: not right yet", *(f"  {line}" for line in verdict.lines)]
    if verdict.verdict == "unanswered":
        lines = [f"\N{WHITE CIRCLE} {exercise}: not answered yet"]
    return "\n".join(lines + ([f"  hint: {verdict.hint}"] if verdict.hint else []))


def yours_or_ours(exercise: str, answer: Any) -> Any:
    """Return the student's answer if it passes its check, else vaelib's version, with a note.

    Demonstrations use this, so that one unfinished exercise never blocks the rest of a notebook.
    """
    own = personal.is_asked(exercise)
    if not own and evaluate(exercise, answer).passed:
        return answer
    why = "is for your own numbers" if own else "does not pass its check yet"
    print(f"(using vaelib's {exercise} here, as yours {why})")
    return finished_version(exercise)


def attempt(make: Callable[[], Any]) -> Any:
    """Call `make()`, an answer that is a variable; None, with a note, while it is still a stub."""
    try:
        return make()
    except NotImplementedError as error:
        if not is_stub(error):
            raise
        stub = called_stub(make)
        print(f"({make.__name__} {f'calls {stub}, which ' if stub else ''}is not answered yet)")
        return None
