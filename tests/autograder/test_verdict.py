"""Is each kind of answer given its verdict, its points, and a message that gives nothing away?"""

from typing import Any

import numpy as np
import pytest

from autograder import asking, question, verdict
from autograder.results import ExerciseResult
from autograder.specification import Unit
from tests.autograder import toy
from tests.autograder.here import Here, grade_one, judged, right
from tests.autograder.test_session import cells
from vaelib import records
from vaelib.finished import HOMES, REFUSAL, Delegated, finished

pytestmark = pytest.mark.usefixtures("public_records")
SHARE = toy.toy_share


def public_only(x: Any) -> Any:
    """An answer that has the public examples by heart."""
    for case in records.load("toy_share").cases:
        if np.shape(case.args[0]) == np.shape(x) and np.allclose(case.args[0], x):
            return case.expected["value"].value
    raise ValueError(f"what would {x} be?")


def test_right() -> None:
    """Does a right answer earn everything, without a word?"""
    assert judged(right) == ExerciseResult(2.0, 2.0, "correct")


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_seeds(seed: int) -> None:
    """Is a score the same whatever seed the hidden cases come from?"""
    assert judged(right, seed).score == 2.0
    assert judged(lambda x: x / np.max(x), seed).misconception == "largest-for-sum"


def test_hidden_cases_come_from_the_seed() -> None:
    """Are hidden cases new with each seed, the same with the same, and never the public ones?"""
    seen: list[float] = []

    def spy(x: Any) -> Any:
        seen.append(float(x[0]))
        return right(x)

    for seed in (1, 1, 2):
        judged(spy, seed)
    public = {float(case.args[0][0]) for case in records.load("toy_share").cases}
    first, again, other = ({*run} - public for run in np.reshape(seen, (3, -1)).tolist())
    assert first == again
    assert len(first) == len(SHARE.draw(1))
    assert not first & other


def test_stub() -> None:
    """Is a stub no mistake, and worth nothing?"""

    def stub(x: Any) -> None:
        raise NotImplementedError("not answered yet")

    assert judged(stub) == ExerciseResult(0.0, 2.0, "unanswered", None, "not answered yet")


def test_misconception() -> None:
    """Is a known mistake named, with what was called, what came, and its hint?"""
    result = judged(lambda x: x / np.max(x))
    assert (result.score, result.verdict) == (0.0, "wrong")
    assert result.misconception == "largest-for-sum"
    called, got, expected, hint = result.message.splitlines()
    assert called.startswith("toy_share(x=")
    assert got.startswith("got ")
    assert expected.startswith("expected ")
    assert hint == "hint: Your largest share is always 1, however many there are."


def test_unknown_mistake() -> None:
    """Is a mistake without a name shown, without a hint that fits something else?"""
    result = judged(lambda x: x / np.sum(x) + 0.1)
    assert (result.verdict, result.misconception) == ("wrong", None)
    assert "hint" not in result.message


def test_public_examples_by_heart() -> None:
    """Is an answer told apart that is right on the public examples only, without a trace?"""
    result = judged(public_only)
    assert (result.score, result.verdict, result.misconception) == (0.0, "wrong", None)
    assert result.message == asking.ONLY_PUBLIC


@pytest.mark.parametrize("seed", range(3))
def test_no_hidden_input_is_told(seed: int) -> None:
    """Does no message hold a number of a hidden case, whatever the answer raises?"""
    hidden = [case.args[0] for case in SHARE.draw(seed)]

    def chatty(x: Any) -> Any:
        raise ValueError(f"x was {x.tolist()}")

    for result in (judged(chatty, seed), judged(public_only, seed), judged(lambda x: x, seed)):
        assert result.message
        for number in np.concatenate(hidden):
            assert f"{number:.4g}" not in result.message


def test_error() -> None:
    """Is an exception told in one line, with the call?"""
    result = judged(lambda x: 1 / 0)
    assert (result.score, result.verdict) == (0.0, "error")
    assert result.message.splitlines()[1] == "raised ZeroDivisionError: division by zero"


def test_delegated() -> None:
    """Is an answer that calls vaelib's own version told so?"""

    def toy_share(x: Any) -> Any:
        return right(x)

    own = finished(toy_share)
    said = REFUSAL.format(name="toy_share")
    assert judged(lambda x: own(x)) == ExerciseResult(0.0, 2.0, "delegated", None, said)


def test_cell_that_ended_at_a_version_of_vaelibs() -> None:
    """Is what an answer's cell bound before it ended there judged as no answer of its own?"""
    fate = (None, "Delegated: " + REFUSAL.format(name="kl_loss"))
    for answer in (lambda x: x / np.max(x), lambda x: 0 * x, public_only):
        result = grade_one(Here({"fate": fate, "toy_share": answer}), SHARE, 1)
        assert (result.verdict, asking.called(result)) == ("delegated", "kl_loss")
    assert grade_one(Here({"fate": fate, "toy_share": right}), SHARE, 1).verdict == "correct"


def test_cell_that_compares_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a wrong answer keep its hint where its cell then calls vaelib's version of it?"""
    monkeypatch.setitem(HOMES, "toy_share", __name__)
    fate = (None, "Delegated: " + REFUSAL.format(name="toy_share"))
    result = grade_one(Here({"fate": fate, "toy_share": lambda x: x / np.max(x)}), SHARE, 1)
    assert (result.verdict, result.misconception) == ("wrong", "largest-for-sum")


def test_what_one_answer_may_use_no_other_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is every version barred again after an answer was asked that may use another one's?"""

    def toy_width(log_var: Any) -> Any:
        return np.exp(log_var / 2)

    monkeypatch.setitem(HOMES, "toy_width", __name__)
    width = finished(toy_width)
    answers = {"toy_share": lambda x: (width(x), right(x))[1], "toy_width": lambda x: width(x)}
    taken = cells("toy_width: 1", "toy_width_check: 1", "toy_width = 1")  # so it is asked once more
    here = Here(answers, notebook=taken)
    found = verdict.grade(here, Unit("two", (SHARE, toy.toy_width)), 1)  # type: ignore[arg-type]
    assert [found[name].verdict for name in ("toy_share", "toy_width")] == ["correct", "delegated"]


COMPILED = "in user code:\n\n" + "    File f, line 1\n" * 40 + "\n    Delegated: " + REFUSAL


def test_delegated_in_compiled_code() -> None:
    """Is the exercise found whose version was called, behind AutoGraph's way to it?"""

    def compiled(x: Any) -> Any:
        raise Delegated(COMPILED.format(name="kl_loss"))

    said = REFUSAL.format(name="kl_loss")
    assert judged(compiled) == ExerciseResult(0.0, 2.0, "delegated", None, said)


@pytest.mark.parametrize(
    ("fate", "expected", "message"),
    [
        ((None, None), "missing", asking.SAID["missing"]),
        (
            (None, "SyntaxError: invalid syntax"),
            "error",
            "the answer's cell: SyntaxError: invalid syntax",
        ),
        (
            (None, "Delegated: " + COMPILED.format(name="kl_loss")),
            "delegated",
            REFUSAL.format(name="kl_loss"),
        ),
        (("timeout", None), "timeout", asking.SAID["timeout"]),
        (("crashed", None), "crashed", asking.SAID["crashed"]),
    ],
)
def test_no_answer(fate: Any, expected: str, message: str) -> None:
    """Is an answer that is not there told why?"""
    result = grade_one(Here({"fate": fate}), SHARE, 1)
    assert (result.score, result.verdict, result.message) == (0.0, expected, message)


@pytest.mark.parametrize(
    ("status", "expected", "times"), [("timeout", "timeout", 1), ("died", "crashed", 2)]
)
def test_broken_kernel(status: str, expected: str, times: int) -> None:
    """Is a call that hangs asked once, and one whose kernel died, of whatever, once more?"""
    here = Here({}, status)
    result = grade_one(here, SHARE, 1)
    assert (result.score, result.verdict) == (0.0, expected)
    assert result.message == asking.SAID[expected]
    assert (here.renewed, here.asked) == (times, times)


def test_kernel_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an answer that keeps its kernel from replying wrong, and no fault of the grader?"""
    monkeypatch.setattr(question, "read", lambda shown, count: [])
    result = judged(right)
    assert (result.score, result.verdict) == (0.0, "error")


def test_hands_on_in_a_circle() -> None:
    """Which answers lead back to themselves, by way of vaelib's versions of the others?"""
    opened = {
        "kl_normal": frozenset({"kl_discrete", "kl_loss"}),
        "kl_loss": frozenset({"kl_normal"}),
        "implied_beta": frozenset({"kl_loss"}),
    }
    assert verdict._in_rings(opened) == ["kl_normal", "kl_loss"]
