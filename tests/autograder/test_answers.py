"""Do answers in text become live ones, as they would in a notebook?"""

from pathlib import Path

import numpy as np
import pytest

from autograder import coursetext
from autograder.answers import Solutions
from autograder.errors import AutograderError
from autograder.specification import Submitted
from tests.autograder import toy


def wrong(name: str) -> Submitted:
    """The first misconception of a toy exercise."""
    return toy.UNIT[name].misconceptions[0]


def test_solution_runs() -> None:
    """Does a solution work, with the set-up's imports and the answers before it?"""
    share = toy.solutions().answer(toy.toy_both)(np.zeros(4))
    np.testing.assert_allclose(share, 0.25)


def test_misconception_is_a_swap_in_the_solution() -> None:
    """Does a misconception differ from the solution in what it names, and nowhere else?"""
    solutions = toy.solutions()
    source = solutions.source(toy.toy_width)
    assert solutions.source(toy.toy_width, wrong("toy_width")) == source.replace(", 1 / 2", ", 1")
    assert solutions.answer(toy.toy_width, wrong("toy_width"))(2.0) == pytest.approx(np.exp(2.0))


def test_wrong_answers_do_not_stay() -> None:
    """Is the solution back after a wrong answer was made?"""
    solutions = toy.solutions()
    solutions.answer(toy.toy_width, wrong("toy_width"))
    assert solutions.answer(toy.toy_width)(2.0) == pytest.approx(np.e)
    assert solutions.answer(toy.toy_both)(np.zeros(2)) == pytest.approx(0.5)


def test_decorated_variant() -> None:
    """Does an answer written as a function carry its imports and the exercise's name?"""
    source = toy.solutions().source(toy.toy_pair, toy.toy_pair.variants[0])
    assert source.startswith("import numpy as np")
    assert source.endswith("toy_pair = sorted_pair\n")
    pair = toy.solutions().answer(toy.toy_pair, toy.toy_pair.variants[0])
    assert pair(np.array([2.0, 1.0, 3.0])) == [1.0, 3.0]


def test_misconception_that_no_longer_fits(tmp_path: Path) -> None:
    """Does a swap whose text has gone from the solution name exercise, swap and file?"""
    path = tmp_path / "90_toy.py"
    path.write_text(toy.TEXT.read_text().replace("1 / 2", "0.5"))
    with pytest.raises(AutograderError, match="toy_width: root-missing: .*', 1 / 2'.* 90_toy.py"):
        Solutions(coursetext.read(path)).source(toy.toy_width, wrong("toy_width"))
