"""Make submissions out of a released notebook: for the demo, tests and measurements."""

import copy
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.coursetext import BEGIN, END
from autograder.roles import grade_id


def answered(released: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy of a released notebook with the given text in the cells of these grade_ids.

    KeyError where the notebook has no cell of a name.
    """
    notebook = copy.deepcopy(released)
    cells = {grade_id(cell): cell for cell in notebook.cells}
    for name, source in answers.items():
        cells[name].source = "\n".join(
            line for line in source.splitlines() if BEGIN not in line and END not in line
        )
    return notebook


def hand_in(folder: Path, student: str, unit: str, content: NotebookNode | bytes) -> Path:
    """Put a notebook, or raw bytes, where the grader looks for a student's submission."""
    path = folder / student / unit / f"{unit}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = content if isinstance(content, bytes) else nbformat.writes(content).encode()
    path.write_bytes(raw)
    return path
