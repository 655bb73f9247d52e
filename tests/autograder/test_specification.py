"""Does a specification draw complete cases, and turn declared answers into text?"""

import numpy as np
import pytest

from autograder.specification import Exercise, Submitted, Unit
from tests.autograder import toy
from vaelib.cases import Case, equal


def exercise(*cases: Case) -> Exercise:
    """An exercise that doubles its argument."""
    made = Exercise("double", 2, "x", rtol=1e-3, atol=1e-9)
    made.cases(lambda rng: cases)
    made.reference(lambda x: 2 * x)
    return made


def test_cases_repeat_with_their_seed() -> None:
    """Are cases the same with the same seed, and others with another?"""
    one, again, other = ([str(c.args) for c in toy.toy_share.draw(s)] for s in (1, 1, 2))
    assert one == again != other


def test_reference_completes_a_case() -> None:
    """Does a case without expectations expect what the reference gives, within the tolerance?"""
    (case,) = exercise(Case((np.array([1.0, 2.0]),))).draw(1)
    assert list(case.expected) == ["value", "inputs unchanged"]
    value = case.expected["value"]
    np.testing.assert_array_equal(value.value, [2.0, 4.0])
    assert (value.rtol, value.atol) == (1e-3, 1e-9)


def test_several_results() -> None:
    """Is each of several results expected on its own, and no other?"""
    (case, *_) = toy.toy_pair.draw(1)
    assert list(case.expected) == ["value[0]", "value[1]", "results", "inputs unchanged"]
    assert case.expected["results"].value == 2


def test_reference_that_raises() -> None:
    """Is an error expected where the reference raises one?"""
    made = exercise(Case((1.0,)))
    made.reference(lambda x: [][0])
    assert str(made.draw(1)[0].expected["raises"].value) == "IndexError"


def test_stated_expectations_stay() -> None:
    """Is the reference not asked where a case says itself what is right?"""
    stated = Case((1.0,), {"value": equal(3.0)})
    assert exercise(stated).draw(1) == [stated]


def test_expectation_beside_the_reference() -> None:
    """Does a case that only names the result's type still expect the result?"""
    (case,) = exercise(Case((1.0,), {"dtype": equal("float64")})).draw(1)
    assert set(case.expected) == {"value", "dtype"}


def test_two_entries_of_a_name() -> None:
    """Is a second misconception of the same name refused?"""
    made = exercise()
    made.misconception("half", "Your result is too small.", {"2": "1"})
    with pytest.raises(ValueError, match="double: two entries are called 'half'"):
        made.misconception("half", "Your result is too small.", {"2": "1"})


def test_swaps() -> None:
    """Are all pieces swapped, and the rest left as it is?"""
    swapped = Submitted("s", swaps={"a": "b", "2": "3"}).source("a * 2 + a")
    assert swapped == "b * 3 + b"


def test_unit() -> None:
    """Does a unit know its exercises by name and the sum of their points?"""
    assert toy.UNIT["toy_pair"] is toy.toy_pair
    assert [e.name for e in toy.UNIT] == ["toy_share", "toy_width", "toy_pair", "toy_both"]
    assert Unit("91_none", ()).max_score == 0.0
    assert toy.UNIT.max_score == 8.0
