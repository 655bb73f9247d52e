"""Is each answer found and put where it belongs, and whatever was repaired told?"""

import copy

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.roles import grade_id, is_answer, is_check, is_written
from autograder.transplant import NO_CELL
from tests.autograder import toy
from tests.autograder.planting import (
    NAMES,
    SHARE,
    WIDTH,
    Plant,
    assert_right,
    own,
    place,
    sources,
)


def test_kinds_of_cells(released: NotebookNode) -> None:
    """Are answers, checks and written answers told apart?"""
    kinds = {
        kind.__name__: [grade_id(cell) for cell in released.cells if kind(cell)]
        for kind in (is_answer, is_check, is_written)
    }
    assert kinds == {
        "is_answer": NAMES,
        "is_check": [f"{name}_check" for name in NAMES],
        "is_written": ["reflection_90"],
    }


def test_ordinary_submission(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is nothing repaired where nothing is broken?"""
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == []
    assert sources(planted.notebook) == sources(handed)
    assert toy.WRITTEN in sources(planted.notebook)


def test_released_notebook_is_not_changed(
    plant: Plant, handed: NotebookNode, released: NotebookNode
) -> None:
    """Are both notebooks as they were?"""
    before = copy.deepcopy((released, handed))
    planted = plant(handed)
    planted.notebook.cells[0].metadata["changed"] = True
    assert (released, handed) == before


def test_only_text_is_taken(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Does nothing but text reach the graded notebook: no outputs, points or kernel?"""
    for cell in handed.cells:
        cell.metadata["evil"] = True
        cell.metadata.get("nbgrader", {}).update(points=100, locked=False, schema_version=99)
        if cell.cell_type == "code":
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "correct"}]
            cell.execution_count = 7
    handed.metadata["kernelspec"] = {"name": "bash"}
    planted = plant(handed)
    assert planted.notebook.metadata == released.metadata
    for new, old in zip(planted.notebook.cells, released.cells, strict=True):
        assert (new.metadata, new.id) == (old.metadata, old.id)
        assert new.get("outputs", []) == []


# How answers are found


@pytest.mark.parametrize("wrong", ["other_name", None, 5, [], "toy_width_check"])
def test_by_cell_id(
    plant: Plant, handed: NotebookNode, right: dict[str, str], wrong: object
) -> None:
    """Is an answer whose grade_id was lost or changed known by its cell id?"""
    cell = handed.cells[place(handed, WIDTH)]
    cell.metadata["nbgrader"]["grade_id"] = wrong
    number = handed.cells.index(cell) + 1
    planted = plant(handed)
    assert_right(planted, right)
    assert len(planted.warnings) == 1
    assert planted.warnings[0].startswith(f"{WIDTH}: cell {number}")
    assert planted.warnings[0].endswith("was taken as the answer, by its cell id")


@pytest.mark.parametrize("names", [{}, {"nbgrader": {"grade_id": "other_name"}}])
def test_by_definition(
    plant: Plant, handed: NotebookNode, right: dict[str, str], names: dict[str, object]
) -> None:
    """Is an answer without a name that is known found by what it defines?"""
    index = place(handed, WIDTH)
    handed.cells[index] = new_code_cell(right[WIDTH], metadata=names)
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [
        f"{WIDTH}: cell {index + 1} was taken as the answer, by what it defines"
    ]


def test_all_metadata_stripped(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Does a notebook survive an editor that keeps no metadata?"""
    for cell in handed.cells:
        cell.metadata = {}
    planted = plant(handed)
    assert_right(planted, right)
    assert toy.WRITTEN in sources(planted.notebook)
    assert len(planted.warnings) == len(NAMES) + 1
    assert own(planted) == []


def test_metadata_and_ids_stripped(
    plant: Plant, handed: NotebookNode, right: dict[str, str]
) -> None:
    """Are answers found by what they define, and the written one by where it stands?"""
    for cell in handed.cells:
        cell.metadata = {}
        del cell["id"]
    planted = plant(handed)
    assert_right(planted, right)
    assert toy.WRITTEN in sources(planted.notebook)
    assert own(planted) == []


@pytest.mark.parametrize("name", ["first", "toy_share-answer", "toy_both-check", "reflection"])
@pytest.mark.parametrize("stripped", [False, True])
def test_all_ids_equal(
    plant: Plant, handed: NotebookNode, right: dict[str, str], name: str, stripped: bool
) -> None:
    """Do ids say nothing that all cells share, be it the id of a released cell?"""
    helper = new_code_cell("HALF = 0.5")
    handed.cells.insert(place(handed, WIDTH), helper)
    for cell in handed.cells:
        cell.id = name
        if stripped:
            cell.metadata = {}
    planted = plant(handed)
    assert_right(planted, right)
    text = sources(planted.notebook)
    assert text.index(right[SHARE]) < text.index("HALF = 0.5") < text.index(right[WIDTH])
    assert own(planted) == ["HALF = 0.5"]


def test_swapped_names(plant: Plant, handed: NotebookNode) -> None:
    """Does everything run where two answers stand in each other's cells?"""
    first, second = (handed.cells[place(handed, name)] for name in (SHARE, WIDTH))
    first.source, second.source = second.source, first.source
    planted = plant(handed)
    assert planted.missing == []
    assert sources(planted.notebook) == sources(handed)


# What is missing


def test_deleted_answer(plant: Plant, handed: NotebookNode) -> None:
    """Is it told in the answer's place that there is none, and are the others kept?"""
    del handed.cells[place(handed, WIDTH)]
    planted = plant(handed)
    assert planted.missing == [WIDTH]
    assert planted.warnings == [f"{WIDTH}: no answer cell was found"]
    assert planted.notebook.cells[place(planted.notebook, WIDTH)].source == NO_CELL


def test_deleted_check(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is a deleted check put back?"""
    del handed.cells[place(handed, f"{WIDTH}_check")]
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [f"{WIDTH}_check: the check had been deleted and was put back"]
    assert place(planted.notebook, f"{WIDTH}_check")


def test_everything_deleted(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Is a notebook without cells the released one, without answers?"""
    handed.cells = []
    planted = plant(handed)
    wanted = [NO_CELL if is_answer(cell) else cell.source for cell in released.cells]
    assert sources(planted.notebook) == wanted
    assert planted.missing == [*NAMES, "reflection_90"]


# What was changed


@pytest.mark.parametrize(
    "source", ["print('correct')", "", "import vaelib; vaelib.check = print", "raise SystemExit"]
)
def test_edited_check(
    plant: Plant, handed: NotebookNode, released: NotebookNode, source: str
) -> None:
    """Is what a student wrote into a check ignored, not run, and told?"""
    index = place(handed, f"{WIDTH}_check")
    handed.cells[index].source = source
    planted = plant(handed)
    name = f"cell {index + 1} ({WIDTH}_check)"
    assert planted.warnings == [f"{WIDTH}_check: changes to the check in {name} were ignored"]
    assert planted.notebook.cells[index].source == released.cells[index].source
    assert own(planted) == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_answer_became_text(
    plant: Plant, handed: NotebookNode, right: dict[str, str], kind: str
) -> None:
    """Is an answer that was turned into text code again?"""
    index = place(handed, WIDTH)
    handed.cells[index].cell_type = kind
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.notebook.cells[index].cell_type == "code"
    assert planted.warnings == [f"{WIDTH}: cell {index + 1} ({WIDTH}) had become a {kind} cell"]


def test_check_became_text(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is a check that was turned into text back?"""
    handed.cells[place(handed, f"{WIDTH}_check")].cell_type = "markdown"
    planted = plant(handed)
    assert_right(planted, right)
    assert "changes to the check" in planted.warnings[0]


def test_written_answer_became_code(plant: Plant, handed: NotebookNode) -> None:
    """Is a written answer still text, whatever cell it was written in?"""
    index = place(handed, "reflection_90")
    handed.cells[index].cell_type = "code"
    planted = plant(handed)
    assert planted.notebook.cells[index].cell_type == "markdown"
    assert planted.notebook.cells[index].source == toy.WRITTEN
    assert len(planted.warnings) == 1


@pytest.mark.parametrize("name", [WIDTH, f"{WIDTH}_check"])
def test_skip_execution(
    plant: Plant, handed: NotebookNode, right: dict[str, str], name: str
) -> None:
    """Is a tag that would keep a cell from running ignored, and told?"""
    handed.cells[place(handed, name)].metadata["tags"] = ["skip-execution"]
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [f"{name}: tag skip-execution ignored"]
    assert "tags" not in planted.notebook.cells[place(planted.notebook, name)].metadata


def test_edited_setup(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Do both run where the set-up was edited, the released one first?"""
    index = next(i for i, c in enumerate(released.cells) if c.metadata.get("tags") == ["setup"])
    handed.cells[index].source = "import numpy as np\nimport math"
    planted = plant(handed)
    found = sources(planted.notebook)
    assert found[index] == released.cells[index].source
    assert found[index + 1] == "import numpy as np\nimport math"


def test_edited_prose(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Is prose the released one, without a word about it?"""
    handed.cells[0].source = "# Mine"
    planted = plant(handed)
    assert sources(planted.notebook)[0] == released.cells[0].source
    assert planted.warnings == []
