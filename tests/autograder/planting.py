"""What tests of transplanting look at: where cells went, and whose they are."""

from collections.abc import Callable

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id
from autograder.transplant import Transplanted
from tests.autograder import toy

NAMES = [exercise.name for exercise in toy.UNIT]
SHARE, WIDTH, PAIR, BOTH = NAMES
Plant = Callable[[NotebookNode], Transplanted]


def place(notebook: NotebookNode, name: str) -> int:
    """Where the cell with this grade_id stands."""
    return next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name)


def sources(notebook: NotebookNode) -> list[str]:
    """The text of each cell."""
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
