"""Are copies, own cells and cells in another order put where they do what was meant?"""

import copy

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.autograder.planting import (
    BOTH,
    PAIR,
    SHARE,
    WIDTH,
    Plant,
    assert_right,
    own,
    place,
    sources,
)

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
        "this one stays as an own cell"
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
    """Does prose of one's own stay where a person will read it, and an empty cell go?"""
    handed.cells[2:2] = [new_markdown_cell("Note."), new_code_cell("  \n")]
    planted = plant(handed)
    assert sources(planted.notebook)[2] == "Note."
    assert own(planted) == ["Note."]


def test_answer_moved_below_its_helper(plant: Plant, handed: NotebookNode) -> None:
    """Does a helper come along where the answer that needs it is moved back, and no other cell?"""
    answer = handed.cells.pop(place(handed, WIDTH))
    answer.source = f"@helped\n{answer.source}"
    helpers = [new_code_cell("helped = abs"), new_code_cell("OTHER = 1")]
    handed.cells += [*helpers, answer]
    found = sources(plant(handed).notebook)
    assert found.index("helped = abs") < found.index(answer.source) < found.index("OTHER = 1")


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


def test_own_cells_keep_their_order(plant: Plant, handed: NotebookNode) -> None:
    """Does an own cell still follow the one that it builds on, wherever answers were moved?"""
    answer = handed.cells.pop(place(handed, BOTH))
    handed.cells[2:2] = [answer, new_code_cell("A = 1")]
    handed.cells.insert(place(handed, SHARE) + 1, new_code_cell("B = A"))
    assert own(plant(handed)) == ["A = 1", "B = A"]


def test_ids_stay_unique(plant: Plant, handed: NotebookNode) -> None:
    """Has every cell of the graded notebook an id of its own?"""
    handed.cells[3:3] = [new_code_cell(f"x = {n}", id="same") for n in range(3)]
    ids = [cell.id for cell in plant(handed).notebook.cells]
    assert len(set(ids)) == len(ids)
