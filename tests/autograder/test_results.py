"""Is a result one line, whatever is in it, and the same after it was read back?"""

import json

import pytest

from autograder.results import ExerciseResult, Result
from tests.autograder import canned

LINE = canned.result(wrong={"toy_width": canned.WIDTH_WRONG}).to_line()


def test_contract() -> None:
    """Has a line the names and values that callers rely on?"""
    line = json.loads(LINE)
    names = ["student", "unit", "status", "score", "max_score", "exercises", "warnings", "seconds"]
    assert set(names) <= set(line)
    assert (line["student"], line["status"]) == ("ada", "graded")
    assert (line["score"], line["max_score"], line["warnings"]) == (7.0, 8.0, [])
    assert line["exercises"]["toy_width"] == {
        "score": 0.0,
        "max_score": 1.0,
        "verdict": "wrong",
        "misconception": "root-missing",
        "message": "got 2\nhint: It is the square.",
    }


def test_no_score() -> None:
    """Is the score of what could not be graded null?"""
    line = json.loads(canned.refused("bob").to_line())
    assert line["score"] is None
    assert line["message"]


@pytest.mark.parametrize("name", ["ada", "two\nlines", "\u2028", "\u202e", "\udcff", '",{', "\x00"])
def test_there_and_back(name: str) -> None:
    """Is any name and message one line of ASCII, and the same when it is read?"""
    told = ExerciseResult(0.5, 1.0, "partial", None, name)
    settings = {"warnings": (name, "x"), "message": name, "seed": 2**62}
    result = canned.result(name, {"toy_width": told}, **settings)
    line = result.to_line()
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert Result.from_line(line) == result


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "5",
        "{}",
        LINE.replace('"student"', '"pupil"'),
        LINE.replace("[]", "null"),
        LINE.replace('"exercises": {', '"exercises": {"f": 5, '),
    ],
)
def test_no_result_line(line: str) -> None:
    """Is a line that is none a ValueError and nothing else?"""
    with pytest.raises(ValueError):
        Result.from_line(line)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("graded", True), ("graded-with-warnings", True), ("needs-human", False), ("rejected", False)],
)
def test_graded(status: str, expected: bool) -> None:
    """Which statuses have a score?"""
    assert canned.result(status=status).graded is expected
