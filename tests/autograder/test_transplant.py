"""Is each answer found and put where it belongs, and whatever was repaired told?"""

import copy
from collections.abc import Callable

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import studentcells
from autograder.transplant import (
    Transplanted,
    grade_id,
    is_answer,
    is_check,
    is_written,
    transplant,
)
from tests.autograder import toy

Answers = Callable[..., NotebookNode]
NAMES = [exercise.name for exercise in toy.UNIT]
SHARE, WIDTH, PAIR, BOTH = NAMES
WRITTEN = "My reasons."


@pytest.fixture
def handed(answers: Answers) -> NotebookNode:
    """A submission in which everything is right and nothing was moved."""
    return answers(reflection_90=WRITTEN)


@pytest.fixture
def plant(released: NotebookNode) -> Callable[[NotebookNode], Transplanted]:
    """`plant(handed)`: transplant a submission into the released notebook."""

    def run(handed: NotebookNode) -> Transplanted:
        cells, unreadable = studentcells.read(copy.deepcopy(handed.cells))
        assert unreadable == []
        return transplant(released, cells)

    return run


Plant = Callable[[NotebookNode], Transplanted]


def place(notebook: NotebookNode, name: str) -> int:
    """Where the cell with this grade_id stands."""
    return next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name)


def sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells]


def own(planted: Transplanted) -> list[str]:
    """The student's own cells, in order."""
    return [c.source for c in planted.notebook.cells if c.metadata.get("tags") == ["student"]]


def assert_right(planted: Transplanted, right: dict[str, str]) -> None:
    """Every answer is the student's, none is missing, and each stands before the next."""
    places = [place(planted.notebook, name) for name in NAMES]
    assert places == sorted(places)
    assert [planted.notebook.cells[i].source for i in places] == [right[name] for name in NAMES]
    assert planted.missing == []


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
    assert WRITTEN in sources(planted.notebook)


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


def test_by_definition(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is an answer without any name known by what it defines?"""
    index = place(handed, WIDTH)
    handed.cells[index] = new_code_cell(right[WIDTH])
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
    assert WRITTEN in sources(planted.notebook)
    assert len(planted.warnings) == len(NAMES) + 1
    assert own(planted) == []


def test_metadata_and_ids_stripped(
    plant: Plant, handed: NotebookNode, right: dict[str, str]
) -> None:
    """Are automatic answers found by what they define, and is the lost written one told?"""
    for cell in handed.cells:
        cell.metadata = {}
        del cell["id"]
    planted = plant(handed)
    assert planted.missing == ["reflection_90"]
    planted.missing.clear()
    assert_right(planted, right)
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
    if stripped:
        planted.missing.remove("reflection_90")
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


def test_deleted_answer(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Is the empty answer put back, and the others kept?"""
    del handed.cells[place(handed, WIDTH)]
    planted = plant(handed)
    assert planted.missing == [WIDTH]
    assert planted.warnings == [f"{WIDTH}: no answer cell was found; the empty one was put back"]
    empty = released.cells[place(released, WIDTH)].source
    assert planted.notebook.cells[place(planted.notebook, WIDTH)].source == empty


def test_deleted_check(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is a deleted check put back?"""
    del handed.cells[place(handed, f"{WIDTH}_check")]
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [f"{WIDTH}_check: the check had been deleted and was put back"]
    assert place(planted.notebook, f"{WIDTH}_check")


def test_everything_deleted(plant: Plant, handed: NotebookNode, released: NotebookNode) -> None:
    """Is a notebook without cells the released one?"""
    handed.cells = []
    planted = plant(handed)
    assert sources(planted.notebook) == sources(released)
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
    assert planted.notebook.cells[index].source == WRITTEN
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


# Copies


def test_copy_of_an_answer(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is the first of two answers the answer, and the second one run after it?"""
    index = place(handed, WIDTH)
    again = copy.deepcopy(handed.cells[index])
    again.source, again.id = "def toy_width(x):\n    return 0", "copied"
    handed.cells.insert(index + 1, again)
    planted = plant(handed)
    assert_right(planted, right)
    found = sources(planted.notebook)
    assert found[index : index + 2] == [right[WIDTH], again.source]
    assert planted.warnings == [
        f"{WIDTH}: cell {index + 2} ({WIDTH}) has the same name; the first one is the answer, "
        "this one runs as an own cell"
    ]


def test_copy_of_a_check(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is a copied check ignored and told?"""
    index = place(handed, f"{WIDTH}_check")
    handed.cells.insert(index, copy.deepcopy(handed.cells[index]))
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [
        f"cell {index + 2} ({WIDTH}_check) is a copy of a check and was ignored"
    ]
    assert own(planted) == []


# Own cells and order


def test_helper_before_an_answer(plant: Plant, handed: NotebookNode) -> None:
    """Does a helper cell stay before the answer that needs it?"""
    handed.cells.insert(place(handed, WIDTH), new_code_cell("HALF = 0.5"))
    planted = plant(handed)
    assert sources(planted.notebook) == sources(handed)
    assert planted.warnings == []


def test_answer_in_two_cells(plant: Plant, handed: NotebookNode) -> None:
    """Does the second half of an answer stay behind the first?"""
    index = place(handed, WIDTH)
    handed.cells[index].source = "def root(x):\n    return x ** 0.5"
    half = new_code_cell("def toy_width(x):\n    return root(np.exp(x))")
    handed.cells.insert(index + 1, half)
    planted = plant(handed)
    assert sources(planted.notebook) == sources(handed)
    assert own(planted) == [half.source]


def test_trial_cell(plant: Plant, handed: NotebookNode) -> None:
    """Does a trial cell run that the student made use of?"""
    index = next(i for i, c in enumerate(handed.cells) if c.source.startswith("# toy_share("))
    handed.cells[index].source = "print(toy_share(np.ones(3)))"
    assert own(plant(handed)) == ["print(toy_share(np.ones(3)))"]


def test_own_cells_at_the_ends(plant: Plant, handed: NotebookNode) -> None:
    """Do cells before the first and after the last stay there?"""
    handed.cells = [new_code_cell("FIRST = 1"), *handed.cells, new_code_cell("LAST = 1")]
    planted = plant(handed)
    assert sources(planted.notebook) == sources(handed)


def test_own_prose_and_empty_cells(plant: Plant, handed: NotebookNode) -> None:
    """Is what does not run left out?"""
    handed.cells[2:2] = [new_markdown_cell("Note."), new_code_cell("  \n")]
    planted = plant(handed)
    assert "Note." not in sources(planted.notebook)
    assert own(planted) == []


def test_order_changed(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Are moved answers moved back, and told?"""
    answer = handed.cells.pop(place(handed, BOTH))
    handed.cells.insert(2, answer)
    planted = plant(handed)
    assert_right(planted, right)
    assert planted.warnings == [
        f"answers were moved back to their places; they stood as {BOTH}, {SHARE}, {WIDTH}, {PAIR}, "
        "reflection_90"
    ]


def test_order_reversed(plant: Plant, handed: NotebookNode, right: dict[str, str]) -> None:
    """Is even a notebook that stands on its head put right?"""
    handed.cells.reverse()
    planted = plant(handed)
    assert_right(planted, right)
    assert own(planted) == []
    assert len(planted.warnings) == 1


def test_helper_moves_with_its_answer(plant: Plant, handed: NotebookNode) -> None:
    """Is a helper still before an answer that was moved together with it?"""
    answer = handed.cells.pop(place(handed, BOTH))
    handed.cells[2:2] = [new_code_cell("HALF = 0.5"), answer]
    found = sources(plant(handed).notebook)
    assert found.index("HALF = 0.5") < found.index(answer.source)


def test_ids_stay_unique(plant: Plant, handed: NotebookNode) -> None:
    """Has every cell of the graded notebook an id of its own?"""
    handed.cells[3:3] = [new_code_cell(f"x = {n}", id="same") for n in range(3)]
    ids = [cell.id for cell in plant(handed).notebook.cells]
    assert len(set(ids)) == len(ids)
