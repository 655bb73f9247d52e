"""Does every submission end in one result, and is nobody's score anybody else's doing?"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder import grade as module
from autograder.grade import Graded, Task, grade
from autograder.kernels import Limits
from autograder.samples import answered
from tests.autograder import toy
from tests.autograder.canned import verdicts

Answers = Callable[..., NotebookNode]
Make = Callable[..., Task]
Run = Callable[..., Graded]

CORRECT = {exercise.name: "correct" for exercise in toy.UNIT}


def assert_no_score(graded: Graded, status: str, what: str) -> None:
    """There is a reason in the place of a score."""
    result = graded.result
    assert (result.status, result.score, result.max_score) == (status, None, toy.ALL)
    assert what in result.message
    assert set(verdicts(graded).values()) == {"missing"}
    assert graded.notebook is None


# What is handed in


def test_solution(graded: Run, answers: Answers) -> None:
    """Does the solution earn everything, without a warning?"""
    done = graded(answers())
    result = done.result
    assert (result.status, result.score, result.max_score) == ("graded", toy.ALL, toy.ALL)
    assert verdicts(done) == CORRECT
    assert (result.warnings, result.message, result.seed) == ((), "", 1)
    assert len(result.digest) == 64


def test_untouched(graded: Run, released: NotebookNode) -> None:
    """Does the released notebook earn zero, each exercise being unanswered and none wrong?"""
    result = graded(released)
    assert (result.result.status, result.result.score) == ("graded", 0.0)
    assert set(verdicts(result).values()) == {"unanswered"}


def test_half_right(graded: Run, released: NotebookNode, right: dict[str, str]) -> None:
    """Do the exercises that are answered earn their points, each on its own?"""
    done = {name: right[name] for name in ("toy_width", "toy_pair")}
    result = graded(answered(released, done))
    assert result.result.score == 4.0
    assert verdicts(result) == {
        "toy_share": "unanswered",
        "toy_width": "correct",
        "toy_pair": "correct",
        "toy_both": "unanswered",
    }


def test_four_mistakes(graded: Run, answers: Answers, right: dict[str, str]) -> None:
    """Is each kind of mistake told by its own name, in one notebook?"""
    vaelib = "from vaelib.finished import finished\n\n\n@finished\n"
    result = graded(
        answers(
            toy_share=right["toy_share"].replace("np.sum(", "np.max("),
            toy_width=vaelib + right["toy_width"],
            toy_pair="def toy_pair(x)\n    return 1, 2",
            toy_both="def toy_bath(x):\n    return x",
        )
    )
    assert result.result.score == 0.0
    assert verdicts(result) == {
        "toy_share": "wrong",
        "toy_width": "delegated",
        "toy_pair": "error",
        "toy_both": "missing",
    }
    exercises = result.result.exercises
    assert exercises["toy_share"].misconception == "largest-for-sum"
    assert exercises["toy_pair"].message.startswith("the answer's cell: SyntaxError: ")


def test_answer_that_calls_another(graded: Run, answers: Answers) -> None:
    """Is an answer judged on what it returns, also where the one that it calls is wrong?"""
    result = graded(answers(toy_width="def toy_width(x):\n    return np.exp(x / 2) * 3"))
    assert verdicts(result) == {**CORRECT, "toy_width": "wrong"}


@pytest.mark.parametrize("seed", [None, 2, 3])
def test_seeds(graded: Run, answers: Answers, seed: int | None) -> None:
    """Is a score the same with every seed, and the seed kept?"""
    swapped = "def toy_pair(x):\n    return x.max(), x.min()"
    result = graded(answers(toy_pair=swapped), seed=seed).result
    assert result.score == toy.ALL - 3
    assert result.seed is not None
    assert seed in (None, result.seed)


def test_version(task: Make, released: NotebookNode) -> None:
    """Does the version change with the released notebook?"""
    one = task("ada", released)
    before = one.version
    assert before == task("bob", b"[]").version
    one.released.write_bytes(one.released.read_bytes() + b" ")
    assert one.version != before


# What cannot be graded


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", "needs-human", "empty file"),
        (b'{"cells": [', "needs-human", "cut short"),
        (b"[]", "rejected", "a list at top level"),
        (b'{"nbformat": 5}', "needs-human", "notebook format 5"),
        (b'{"nbformat": 4, "cells": [1, 2, null]}', "rejected", "none of the answers of 90_toy"),
    ],
)
def test_not_gradable(graded: Run, content: bytes, status: str, what: str) -> None:
    """Is there a status and a reason, and no zero?"""
    assert_no_score(graded(content), status, what)


def test_another_notebook(graded: Run) -> None:
    """Is another unit's notebook rejected, with the mend?"""
    other = new_notebook(cells=[new_code_cell("def kl_loss(x):\n    return 0")])
    assert_no_score(graded(other), "rejected", "hand in that unit's own notebook")


def test_fault_of_the_grader(
    graded: Run, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a person look where the grader itself fails?"""
    monkeypatch.setattr(module.verdict, "grade", lambda *args: 1 / 0)
    assert_no_score(graded(answers()), "needs-human", "ZeroDivisionError")


def test_no_kernel(task: Make, answers: Answers) -> None:
    """Does a person look where no kernel starts?"""

    def fail(folder: Path) -> Any:
        raise RuntimeError("Kernel died before replying to kernel_info")

    graded = grade(replace(task("ada", answers()), starter=fail))
    assert_no_score(graded, "needs-human", "Kernel died before replying")


# What breaks kernels


def test_answer_that_ends_its_kernel(graded: Run, answers: Answers) -> None:
    """Does an answer that dies when it is called cost itself only?"""
    result = graded(answers(toy_width="import os\n\ndef toy_width(x):\n    os._exit(0)"))
    assert verdicts(result)["toy_share"] == verdicts(result)["toy_pair"] == "correct"
    assert verdicts(result)["toy_width"] == "crashed"


def test_answer_that_never_returns(graded: Run, answers: Answers) -> None:
    """Does an answer that hangs cost itself only?"""
    hang = "import time\n\ndef toy_pair(x):\n    time.sleep(600)"
    result = graded(answers(toy_pair=hang), limits=Limits(call=3.0))
    assert verdicts(result) == {**CORRECT, "toy_pair": "timeout"}
    assert result.result.exercises["toy_pair"].message == "the answer ran longer than a call may"


def test_cell_that_ends_its_kernel(graded: Run, answers: Answers) -> None:
    """Does an answer's cell that dies cost itself only, with a warning that names it?"""
    result = graded(answers(toy_pair="def toy_pair(x):\n    return x\n\nexit()"))
    assert verdicts(result) == {**CORRECT, "toy_pair": "crashed"}
    assert result.result.status == "graded-with-warnings"
    assert result.result.warnings == ("toy_pair: ended the kernel",)


# Honest work


def test_honest_detours(graded: Run, answers: Answers) -> None:
    """Does honest work earn everything: helpers, split answers, imports, a trial of its own?"""
    notebook = answers(
        toy_pair="from math import inf\n\ndef smallest(x):\n    return min([inf, *x])",
    )
    index = next(i for i, c in enumerate(notebook.cells) if "smallest" in c.source)
    second = "def toy_pair(x):\n    return smallest(x), LARGEST(x)"
    notebook.cells[index:index] = [new_code_cell("LARGEST = max")]
    notebook.cells[index + 2 : index + 2] = [new_code_cell(second), new_code_cell("1 / 0")]
    result = graded(notebook).result
    assert (result.score, result.status) == (toy.ALL, "graded")


def test_last_definition_counts(graded: Run, answers: Answers) -> None:
    """Is the definition judged that is in force when the notebook has run?"""
    notebook = answers(toy_pair="def toy_pair(x):\n    return 0")
    notebook.cells.append(new_code_cell("def toy_pair(x):\n    return x.min(), x.max()"))
    assert graded(notebook).result.score == toy.ALL


def test_format_3_and_stripped(graded: Run, answers: Answers) -> None:
    """Does a notebook survive that was saved in an old format, without metadata?"""
    old = nbformat.convert(answers(), 3)
    for cell in old.worksheets[0].cells:
        cell.metadata = {}
    result = graded(nbformat.writes(old, version=3).encode()).result
    assert (result.score, result.status) == (toy.ALL, "graded-with-warnings")


def test_warnings_of_every_step(graded: Run, answers: Answers) -> None:
    """Are the warnings of reading, cells, transplant and run all in the result?"""
    notebook = answers(toy_width="def toy_width(x):\n    return 0\nprint('x' * 5000)")
    notebook.cells = [c for c in notebook.cells if c.id != "toy_pair-check"]
    notebook.cells[0]["cell_type"] = "cocoa"
    content = b"\xef\xbb\xbf" + json.dumps(notebook).encode()
    result = graded(content, limits=Limits(output_bytes=1000)).result
    assert result.status == "graded-with-warnings"
    parts = ("byte-order mark", "cell 1 is not readable", "toy_pair_check: ", "toy_width: printed")
    for part, warning in zip(parts, result.warnings, strict=True):
        assert part in warning
