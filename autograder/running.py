"""Which cells of a notebook run before its answers are asked."""

from nbformat.notebooknode import NotebookNode

from autograder.roles import is_answer, is_check
from autograder.studentcells import functions, used

SKIPPED = {"demo"}


def runs(cell: NotebookNode) -> bool:
    """Whether a verdict may depend on a cell: not prose, not a check, not a demonstration."""
    return _is_code(cell) and not SKIPPED & set(cell.metadata.get("tags", []))


def trains(cell: NotebookNode) -> bool:
    """Whether a cell trains a model, for which it has a time limit of its own."""
    return "training" in cell.metadata.get("tags", [])


def _is_code(cell: NotebookNode) -> bool:
    lines = (line.strip() for line in cell.source.splitlines())
    does_nothing = all(not line or line.startswith("#") for line in lines)
    return cell.cell_type == "code" and not does_nothing and not is_check(cell)


def needed_demos(notebook: NotebookNode) -> frozenset[int]:
    """Where demonstrations stand that define a function which a cell of the student's uses."""
    own = [c for c in notebook.cells if is_answer(c) or "student" in c.metadata.get("tags", [])]
    names = set().union(*(used(cell.source) for cell in own if _is_code(cell)))
    demos = [(i, c) for i, c in enumerate(notebook.cells) if _is_code(c) and not runs(c)]
    return frozenset(i for i, cell in demos if names & functions(cell.source))
