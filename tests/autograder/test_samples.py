"""Are made-up submissions like those that students hand in?"""

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import intake
from autograder.samples import answered, hand_in
from tests.autograder import toy


def test_answers_are_filled_in(released: NotebookNode) -> None:
    """Are the answers in their cells, without the author's marks, and the release unchanged?"""
    before = copy.deepcopy(released)
    source = toy.solutions().source(toy.toy_width)
    handed = answered(released, {"toy_width": source, "reflection_90": "Mine."})
    assert released == before
    changed = [n.source for n, o in zip(handed.cells, released.cells, strict=True) if n != o]
    assert changed == [
        'def toy_width(log_var):\n    """Return the root of the exponential."""\n'
        "    return np.power(np.exp(log_var), 1 / 2)",
        "Mine.",
    ]


def test_unknown_answer(released: NotebookNode) -> None:
    """Is an answer refused that has no cell?"""
    with pytest.raises(KeyError, match="toy_none"):
        answered(released, {"toy_none": ""})


@pytest.mark.parametrize("raw", [False, True])
def test_handed_in(tmp_path: Path, released: NotebookNode, raw: bool) -> None:
    """Does the grader find what was handed in, be it a notebook or bytes?"""
    content = nbformat.writes(released).encode() if raw else released
    hand_in(tmp_path, "ada", toy.NAME, content)
    taken = intake.take(tmp_path, "ada", toy.NAME)
    assert taken.warnings == ()
    assert len(taken.notebook["cells"]) == len(released.cells)
