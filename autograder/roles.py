"""What a cell of a released notebook is there for, as nbgrader's metadata say."""

from nbformat.notebooknode import NotebookNode


def is_answer(cell: NotebookNode) -> bool:
    """Whether a released cell is an automatic exercise's answer."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("solution")) and not marks.get("grade")


def is_check(cell: NotebookNode) -> bool:
    """Whether a released cell holds a check, which the grader does not run."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade")) and not marks.get("solution")


def is_written(cell: NotebookNode) -> bool:
    """Whether a released cell is a written answer, graded by hand."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade")) and bool(marks.get("solution"))


def grade_id(cell: NotebookNode) -> str | None:
    """The nbgrader name of a cell, if it has one."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def sets_up(cell: NotebookNode) -> bool:
    """Whether a released cell is code that the answers may need."""
    if cell.cell_type != "code" or "demo" in cell.metadata.get("tags", []):
        return False
    lines = [line.strip() for line in cell.source.splitlines()]
    marked = is_answer(cell) or is_check(cell) or is_written(cell)
    return not marked and any(line and not line.startswith("#") for line in lines)
