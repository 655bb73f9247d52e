"""Is work found that stands in an unusual place, and is what was put back told?"""

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import studentcells
from autograder.roles import is_check
from autograder.transplant import transplant
from tests.autograder import toy
from tests.autograder.planting import NAMES, SHARE, WIDTH, Plant, own, place, sources


def test_all_answers_in_one_cell(plant: Plant, handed: NotebookNode, right: dict) -> None:
    """Does no empty answer cell overwrite an answer that stands in another cell?"""
    handed.cells[place(handed, SHARE)].source = "\n\n".join(right.values())
    handed.cells = [c for c in handed.cells if c.id not in [f"{n}-answer" for n in NAMES[1:]]]
    planted = plant(handed)
    number = place(handed, SHARE) + 1
    assert planted.missing == []
    assert planted.warnings == [
        f"{name}: the answer was found in cell {number} ({SHARE})" for name in NAMES[1:]
    ]
    cell = planted.notebook.cells[place(planted.notebook, WIDTH)]
    assert cell.source == f"# the answer is in cell {number} ({SHARE})"


@pytest.mark.parametrize("emptied", [True, False])
def test_answer_in_a_check(
    plant: Plant, handed: NotebookNode, released: NotebookNode, right: dict, emptied: bool
) -> None:
    """Does an answer count that was typed into its check, where there is no other?"""
    handed.cells[place(handed, f"{WIDTH}_check")].source = right[WIDTH]
    index = place(handed, WIDTH)
    handed.cells[index : index + 1] = [released.cells[place(released, WIDTH)]] if emptied else []
    planted = plant(handed)
    assert planted.missing == []
    assert own(planted) == [right[WIDTH]]
    number = place(handed, f"{WIDTH}_check") + 1
    assert planted.warnings == [f"{WIDTH}: the answer was found in cell {number} ({WIDTH}_check)"]


def test_empty_copy_below(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Is an untouched copy of an answer cell not run over the answer?"""
    handed.cells.append(released.cells[place(released, WIDTH)])
    planted = plant(handed)
    assert own(planted) == []
    assert len(planted.warnings) == 1
    assert planted.warnings[0].endswith("has the same name, and no answer in it")


@pytest.mark.parametrize("stripped", [True, False])
def test_deleted_set_up(plant: Plant, handed: NotebookNode, stripped: bool) -> None:
    """Is it told that the set-up was put back, and a cell of comments not missed?"""
    gone = ("import numpy", "# toy_share")
    handed.cells = [cell for cell in handed.cells if not cell.source.startswith(gone)]
    told = [text for text in plant(handed).warnings if "set-up" in text]
    assert told == ["a set-up cell was not found and was put back: import numpy as np"]


def test_written_answer_of_another_unit(plant: Plant, handed: NotebookNode) -> None:
    """Is a cell with the id that all written answers share no answer to another question?"""
    cell = handed.cells[place(handed, "reflection_90")]
    handed.cells = [cell]
    cell.metadata["nbgrader"]["grade_id"] = "reflection_91"
    planted = plant(handed)
    assert planted.missing == [*NAMES, "reflection_90"]
    assert own(planted) == [toy.WRITTEN]


def test_written_answer_in_a_new_cell(plant: Plant, handed: NotebookNode) -> None:
    """Is a written answer known by where it stands, and neither code nor released prose for it?"""
    for cell in handed.cells:
        cell.metadata = {}
        del cell["id"]
    index = sources(handed).index(toy.WRITTEN)
    handed.cells.insert(index, new_code_cell("HALF = 0.5"))
    planted = plant(handed)
    assert planted.missing == []
    assert toy.WRITTEN in sources(planted.notebook)
    assert f"reflection_90: cell {index + 2} was taken as the answer, by its place" in (
        planted.warnings
    )


@pytest.mark.parametrize("where", ["below", "above", "copy"])
def test_words_beside_an_empty_written_answer(
    plant: Plant, handed: NotebookNode, released: NotebookNode, where: str
) -> None:
    """Are words the written answer that stand beside its cell, which nobody has touched?"""
    index = place(handed, "reflection_90")
    written = handed.cells[index]
    empty = released.cells[place(released, "reflection_90")]
    words = new_markdown_cell(toy.WRITTEN)
    cells = {"below": [empty, words], "above": [words, empty], "copy": [empty, written]}
    handed.cells[index : index + 1] = cells[where]
    planted = plant(handed)
    found = planted.notebook.cells[place(planted.notebook, "reflection_90")].source
    assert found == toy.WRITTEN
    assert planted.warnings != []


def two_questions() -> NotebookNode:
    """Two written answers and a plot, all three graded by hand."""
    by_hand = {"grade": True, "solution": True, "schema_version": 3}
    named = {n: {"nbgrader": {"grade_id": n, **by_hand}} for n in ("why", "how", "plot")}
    return new_notebook(
        cells=[
            new_markdown_cell("## Question 1\nWhy?", id="q1"),
            new_markdown_cell("YOUR ANSWER HERE", id="a1", metadata=named["why"]),
            new_markdown_cell("## Question 2\nHow?", id="q2"),
            new_markdown_cell("YOUR ANSWER HERE", id="a2", metadata=named["how"]),
            new_markdown_cell("## Question 3\nPlot it.", id="q3"),
            new_code_cell("# YOUR CODE HERE", id="a3", metadata=named["plot"]),
            new_markdown_cell("The end", id="end"),
        ]
    )


@pytest.mark.parametrize("blank", ["why", "how"])
def test_words_below_another_question(blank: str) -> None:
    """Does a blank answer stay blank, whatever is retyped or added below other questions?"""
    handed, words = two_questions(), "By adding."
    other = {"why": "how", "how": "why"}[blank]
    handed.cells[place(handed, other)] = new_markdown_cell(words)
    handed.cells[-1].source = "The end, without its full stop"
    handed.cells.insert(-1, new_markdown_cell("I made no plot."))
    cells, _ = studentcells.read(handed.cells)
    planted = transplant(two_questions(), cells).notebook
    found = {name: planted.cells[place(planted, name)].source for name in ("why", "how", "plot")}
    assert found == {blank: "YOUR ANSWER HERE", other: words, "plot": "# YOUR CODE HERE"}


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "!ls", "%pwd", "files = !ls", "?x"])
def test_definition_below_a_magic(
    plant: Plant, handed: NotebookNode, right: dict, magic: str
) -> None:
    """Is an answer found by what it defines where IPython's own syntax stands beside it?"""
    handed.cells = [cell for cell in handed.cells if not is_check(cell)]
    cell = new_code_cell(f"{magic}\n{right[WIDTH]}")
    handed.cells[place(handed, WIDTH)] = cell
    planted = plant(handed)
    assert planted.missing == []
    assert cell.source in sources(planted.notebook)
    assert own(planted) == []
