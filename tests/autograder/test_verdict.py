"""Is each kind of answer given its verdict, its points, and a message that gives nothing away?"""

from typing import Any

import numpy as np
import pytest

from autograder import question, verdict
from autograder.build import public_record
from autograder.kernels import Reply
from autograder.results import ExerciseResult
from tests.autograder import toy
from vaelib import records
from vaelib.cases import Case
from vaelib.finished import finished

SHARE = toy.toy_share


class Here:
    """Stands for a session: asks in this process, or answers with the status it is told to."""

    def __init__(self, names: dict[str, Any], status: str = "ok") -> None:
        self.names, self.status = names, status
        self.renewed = 0
        self.asked = 0

    def ask(self, code: str, expression: str) -> Reply:
        self.asked += 1
        if self.status != "ok":
            return Reply(self.status)
        exec(code, self.names)
        return Reply("ok", expressions={"value": repr(eval(expression, self.names))})

    def renew(self) -> None:
        self.renewed += 1

    def fate(self, name: str) -> tuple[str | None, str | None]:
        return self.names.get("fate", (None, None))


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy unit's public records, without a file."""
    solutions = toy.solutions()
    made = {e.name: public_record(toy.UNIT, e, solutions) for e in toy.UNIT}
    monkeypatch.setattr(records, "load", made.__getitem__)


def judged(answer: Any, seed: int = 1, **names: Any) -> ExerciseResult:
    """The result of an answer to toy_share."""
    return verdict.grade(Here({"toy_share": answer, **names}), SHARE, seed)  # type: ignore[arg-type]


def right(x: Any) -> Any:
    return x / np.sum(x)


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
    first, again, other = np.reshape(seen, (3, -1)).tolist()
    assert first == again
    public = {float(case.args[0][0]) for case in records.load("toy_share").cases}
    assert not {*first, *other} & public
    assert not {*first} & {*other}


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
    assert result.message == verdict.ONLY_PUBLIC


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
    assert judged(lambda x: own(x)) == ExerciseResult(
        0.0, 2.0, "delegated", None, verdict.SAID["delegated"]
    )


@pytest.mark.parametrize(
    ("fate", "expected", "message"),
    [
        ((None, None), "missing", verdict.SAID["missing"]),
        (
            (None, "SyntaxError: invalid syntax"),
            "error",
            "the answer's cell: SyntaxError: invalid syntax",
        ),
        (("timeout", None), "timeout", verdict.SAID["timeout"]),
        (("crashed", None), "crashed", verdict.SAID["crashed"]),
    ],
)
def test_no_answer(fate: Any, expected: str, message: str) -> None:
    """Is an answer that is not there told why?"""
    result = verdict.grade(Here({"fate": fate}), SHARE, 1)  # type: ignore[arg-type]
    assert (result.score, result.verdict, result.message) == (0.0, expected, message)


@pytest.mark.parametrize(
    ("status", "expected", "renewed"), [("timeout", "timeout", 1), ("died", "crashed", 0)]
)
def test_broken_kernel(status: str, expected: str, renewed: int) -> None:
    """Is a call that hangs or kills its kernel asked once, and a kernel that hung given up?"""
    here = Here({}, status)
    result = verdict.grade(here, SHARE, 1)  # type: ignore[arg-type]
    assert (result.score, result.verdict) == (0.0, expected)
    assert result.message == verdict.SAID[expected]
    assert (here.renewed, here.asked) == (renewed, 1)


def test_kernel_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an answer that keeps its kernel from replying wrong, and no fault of the grader?"""
    monkeypatch.setattr(question, "read", lambda shown: None)
    result = judged(right)
    assert (result.score, result.verdict) == (0.0, "error")


class Equal:
    """Agrees with everything."""

    __array_priority__ = 1e9

    def __eq__(self, other: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


@pytest.mark.parametrize(
    "value",
    [
        Equal(),
        [Equal()] * 4,
        "correct",
        b"correct",
        None,
        True,
        {},
        float("nan"),
        np.inf,
        [],
        object,
        lambda x: x,
        np.ma.masked,
        np.array([None]),
        np.array("x"),
        np.zeros((0,)),
        1j,
        ["a"] * 9,
        np.zeros(9, "M8[s]"),
        range(4),
        {1, 2},
    ],
    ids=repr,
)
def test_odd_results(value: Any) -> None:
    """Is every value but the right one wrong, whatever it claims to be?"""
    result = judged(lambda x: value)
    assert (result.score, result.verdict) == (0.0, "wrong")
    assert result.message


@pytest.mark.parametrize("wrap", [list, np.float32, np.asfortranarray, lambda x: x[None][0]])
def test_other_clothes(wrap: Any) -> None:
    """Is a right result right as a list, in single precision, or as a view?"""
    assert judged(lambda x: wrap(right(x))).score == 2.0


def test_changed_input() -> None:
    """May an answer spoil its arguments without spoiling the next question?"""

    def spoil(x: Any) -> Any:
        result = right(x)
        x[:] = 0
        return result

    assert judged(spoil).score == 2.0


def test_long_text_for_numbers() -> None:
    """Is text where many numbers are due a wrong answer like any other?"""
    long = Case((np.arange(1.0, 9.0),))
    exercise = toy.Exercise("toy_share", 2, "x")
    exercise.cases(lambda rng: [long])
    exercise.reference(lambda x: x / x.sum())
    record = records.Record("toy_share", toy.NAME, 2, ("x",), tuple(exercise.draw(1)))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(records, "load", lambda name: record)
        here = Here({"toy_share": lambda x: ["a"] * 8})
        result = verdict.grade(here, exercise, 1)  # type: ignore[arg-type]
    assert (result.score, result.verdict) == (0.0, "wrong")
