"""A graded notebook as Formgrader shows it: with its warnings and the rubrics."""

import re
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.results import Result
from autograder.roles import grade_id, is_written

SOLUTION = re.compile(r"^### BEGIN SOLUTION\n(.*?)^### END SOLUTION", re.DOTALL | re.MULTILINE)


def shown(notebook: NotebookNode, result: Result, source: Path) -> NotebookNode:
    """The notebook with what a person needs beside it, who gives points by hand.

    source: the instructor's notebook, whose written answers hold the rubrics; without it, none.
    """
    cells = [*_warnings(result)]
    known = rubrics(source)
    for cell in notebook.cells:
        cells.append(cell)
        if is_written(cell) and (rubric := known.get(str(grade_id(cell)))):
            cells.append(new_markdown_cell(_quoted(rubric), id=f"rubric-{len(cells)}"))
    return NotebookNode({**notebook, "cells": cells})


def rubrics(source: Path) -> dict[str, str]:
    """Text of the solution region of each written answer, by its name."""
    try:
        cells = nbformat.read(source, as_version=4).cells
    except (OSError, ValueError):
        return {}
    found = {str(grade_id(c)): SOLUTION.search(c.source) for c in cells if is_written(c)}
    return {name: match[1].strip() for name, match in found.items() if match}


def _quoted(rubric: str) -> str:
    lines = ["**For whoever grades this**", "", *rubric.split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _warnings(result: Result) -> list[NotebookNode]:
    """A cell with the warnings, which Formgrader has no other place for."""
    if not result.warnings:
        return []
    told = [f"    {' '.join(warning.split())}" for warning in result.warnings]  # never markup
    text = "\n".join(["**Graded with warnings**", "", *told])
    return [new_markdown_cell(text, id="warnings")]
