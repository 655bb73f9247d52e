"""Is whatever an answer returns right or wrong, and never a fault of the grader?"""

from typing import Any

import numpy as np
import pytest

from tests.autograder import toy
from tests.autograder.here import Here, grade_one, judged, right
from vaelib import records
from vaelib.cases import Case

pytestmark = pytest.mark.usefixtures("public_records")


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
)
def test_odd_results(value: Any) -> None:
    """Is every value but the right one wrong, whatever it claims to be?"""
    result = judged(lambda x: value)
    assert (result.score, result.verdict) == (0.0, "error" if value is None else "wrong")
    assert result.message


@pytest.mark.parametrize("wrap", [list, np.float32, np.asfortranarray, lambda x: x[None][0]])
def test_other_clothes(wrap: Any) -> None:
    """Is a right result right as a list, in single precision, or as a view?"""
    assert judged(lambda x: wrap(right(x))).score == 2.0


def test_changed_input() -> None:
    """Is an answer that changes its arguments told so, and the next question not spoilt?"""

    def spoil(x: Any) -> Any:
        result = right(x)
        x[:] = 0
        return result

    result = judged(spoil)
    assert (result.score, result.verdict) == (0.0, "wrong")
    assert "changes the arrays" in result.message


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
        result = grade_one(here, exercise, 1)
    assert (result.score, result.verdict) == (0.0, "wrong")
