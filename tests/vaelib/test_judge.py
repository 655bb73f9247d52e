"""Does a verdict say what is off, and does it come whatever the facts are?"""

import numpy as np
import pytest

from vaelib.cases import Case, Facts, between, close, equal
from vaelib.judge import judge
from vaelib.probes.call import call, observe
from vaelib.records import Record, Trace


def facts(**values: object) -> Facts:
    """Facts as a probe reports them."""
    return {name: np.asarray(value) for name, value in values.items()}


def test_mistake_that_agrees_in_part() -> None:
    """Is a case shown that the answer fails, where a known mistake fails others, too?"""
    ranges = {"mean": close(0.0, atol=0.1), "rows": between(0, 1), "images": between(0, 1)}
    cases = (Case((1,), ranges), Case((2,), ranges))
    known = (facts(mean=0.15, rows=0.5, images=9.0), facts(mean=0.15, rows=0.5, images=9.0))
    record = Record("noise", "90", 1, ("x",), cases, (Trace("shared", "They share it.", known),))
    observed = [facts(mean=0.05, rows=0.5, images=0.5), facts(mean=0.15, rows=0.5, images=0.5)]
    verdict = judge(record, observed)
    assert verdict.verdict == "wrong"
    assert verdict.lines[1] == "got mean: 0.15"


class Refusal(ValueError):
    """A refinement, as students write them."""


@pytest.mark.parametrize(
    ("error", "passed", "got"),
    [
        (ValueError("no"), True, None),
        (Refusal("no"), True, None),
        (TypeError("no"), False, "got TypeError: no"),
    ],
)
def test_error_that_should_be(error: Exception, passed: bool, got: str | None) -> None:
    """Is every kind of ValueError one, and is another error shown as what came?"""

    def answer(x: object) -> None:
        raise error

    case = Case((1,), {"raises": equal("ValueError", "Something is accepted.")})
    record = Record("refuse", "90", 1, ("x",), (case,), ())
    verdict = judge(record, [observe(call, answer, (1,))])
    assert verdict.passed is passed
    if got is not None:
        assert (verdict.lines[1], verdict.hint) == (got, "")


def test_error_that_should_not_be() -> None:
    """Does an error get no hint that was written for a number that is off?"""
    case = Case((1,), {"value": close(1.0, hint="The number is off.")})
    record = Record("f", "90", 1, ("x",), (case,), ())
    verdict = judge(record, [observe(call, lambda x: undefined, (1,))])  # noqa: F821
    assert (verdict.verdict, verdict.hint) == ("error", "")


def test_another_reason_for_the_same_error() -> None:
    """Is a known mistake named by its error's words, and not by the type alone?"""
    case = Case((1,), {"value": close(1.0)})
    known = (facts(raises="ValueError", message="shapes (2, 3) and (4,) are not aligned"),)
    record = Record("f", "90", 1, ("x",), (case,), (Trace("axis", "Look at the axes.", known),))
    same = facts(raises="ValueError", message="shapes (5, 3) and (6,) are not aligned")
    other = facts(raises="ValueError", message="could not convert string to float")
    assert judge(record, [same]).hint == "Look at the axes."
    assert judge(record, [other]).hint == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (-1.0, -9.0, True),
        (-1.0, 2.0, False),
        ([-1.0, 0.5], [-1.0, 2.0], True),
        (0.2, 0.8, True),
        (0.2, 2.0, False),
        (np.nan, np.nan, True),
        (np.nan, 2.0, False),
        ("None", 2.0, False),
    ],
)
def test_same_side_of_a_range(one: object, other: object, same: bool) -> None:
    """Is a fact like a known mistake's only where both leave the range to the same side?"""
    assert between(0, 1).matches(np.asarray(one), np.asarray(other)) is same


def test_forgotten_return() -> None:
    """Is a student told who returns nothing, and is a class left as it is?"""
    seen = observe(call, lambda x: None, (1,))
    assert str(seen["raises"]) == "TypeError"
    assert "`return`" in str(seen["message"])
    assert observe(lambda answer: {"kind": answer.__name__}, Refusal, ())["kind"] == "Refusal"


def test_results_in_one_array() -> None:
    """Do two results in one array count as two, and a long array as one?"""
    seen = observe(call, lambda x: np.stack([x, 2 * x]), (np.ones((4, 3)),))
    assert (int(seen["results"]), seen["value[1]"].tolist()) == (2, [[2.0] * 3] * 4)
    assert "results" not in observe(call, lambda x: x, (np.ones((4, 3)),))


def test_text_for_a_number() -> None:
    """Is text shown as text, which looks like the number that is expected?"""
    case = Case((1,), {"value": equal(14)})
    record = Record("f", "90", 1, ("x",), (case,), ())
    verdict = judge(record, [observe(call, lambda x: "14", (1,))])
    assert "'14'" in verdict.lines[1]
