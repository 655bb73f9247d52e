"""Is what is said about exercises right, and nothing said that too few results would carry?"""

from collections.abc import Sequence

import pytest

from autograder import items
from autograder.results import ExerciseResult, Result
from tests.autograder import canned

LOST = ExerciseResult(0.0, 2.0, "wrong", "largest-for-sum", "got 1\nhint: It is always 1.")
ODD = ExerciseResult(0.0, 2.0, "wrong", None, "got 7")


def a_class(wrong: Sequence[bool], also: Sequence[bool]) -> list[Result]:
    """Students who have toy_share wrong where `wrong`, and toy_width where `also`."""
    failing = [{"toy_share": LOST} if w else {} for w in wrong]
    more = [{"toy_width": canned.WIDTH_WRONG} if w else {} for w in also]
    return [canned.result(wrong={**f, **m}) for f, m in zip(failing, more, strict=True)]


def item(results: Sequence[Result]) -> items.Item:
    """What is said about toy_share."""
    return items.items(results)[0]


def test_difficulty_and_counts() -> None:
    """Is difficulty the share of points that were earned, with each verdict counted?"""
    found = item(a_class([True, False, False, False], [False] * 4))
    assert (found.name, found.max_score, found.difficulty) == ("toy_share", 2, 0.75)
    assert (found.counts["right"], found.counts["wrong"], found.counts["failed"]) == (3, 1, 0)


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    """Is it 1 where who fails elsewhere fails here, -1 the other way, and the item not in it?"""
    half = [True] * 5 + [False] * 5
    assert item(a_class(half, half)).discrimination == pytest.approx(1)
    assert item(a_class(half, half[::-1])).discrimination == pytest.approx(-1)
    crossed = [True, False] * 5
    assert item(a_class(half, crossed)).discrimination == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("wrong", "also"),
    [
        ([True] * 4 + [False] * 5, [True] * 4 + [False] * 5),  # nine students
        ([True] * 2 + [False] * 18, [True] * 2 + [False] * 18),  # two without full points
        ([True] * 18 + [False] * 2, [True] * 18 + [False] * 2),  # two with full points
        ([True] * 5 + [False] * 5, [False] * 10),  # the rest is the same for all
    ],
)
def test_no_discrimination(wrong: list[bool], also: list[bool]) -> None:
    """Is no number given where it would be chance, or does not exist?"""
    assert item(a_class(wrong, also)).discrimination is None


def test_mistakes() -> None:
    """Is each mistake counted among the answers that failed, with the hint that students read?"""
    odd = canned.result(wrong={"toy_share": ODD})
    empty = canned.result(wrong={"toy_share": ExerciseResult(0.0, 2.0, "unanswered")})
    found = items.mistakes([*a_class([True] * 2 + [False], [False] * 3), odd, empty])
    assert found == [
        items.Mistake("toy_share", "largest-for-sum", 2, 3, "It is always 1."),
        items.Mistake("toy_share", items.UNNAMED, 1, 3, ""),
    ]


@pytest.mark.parametrize(
    ("values", "top", "bars"),
    [
        ([0, 2, 2], 3, {"0": 1, "1": 0, "2": 2, "3": 0}),
        ([2.5], 2, {"0": 0, "1": 0, "2": 1}),
        ([0.0], 0, {"0": 1}),
        ([3, 49], 49, None),
    ],
)
def test_histogram(values: list[float], top: float, bars: dict[str, int] | None) -> None:
    """Is every value in one bar, the largest too, and their number such that one can look?"""
    found = items.histogram(values, top)
    assert sum(bar.count for bar in found) == len(values)
    assert len(found) <= items.MOST_BARS
    assert bars is None or {bar.label: bar.count for bar in found} == bars


def test_wide_bars_say_from_where_to_where() -> None:
    """Has a bar that holds several numbers both ends in its label?"""
    assert [bar.label for bar in items.histogram([99])][:2] == ["0\u20134", "5\u20139"]
