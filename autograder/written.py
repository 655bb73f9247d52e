"""Where may the words of a written answer stand, if not in its cell?

In the question itself, or in prose below it, up to the next cell that is graded or asks for others.
"""

import math
from collections.abc import Iterable

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id, is_written
from autograder.studentcells import StudentCell


def known_by(name: str | None, cell_id: str | None, source: str) -> list[str]:
    """What a cell can be known by, the surest first."""
    known = {"name": name, "id": cell_id, "text": source.strip()}
    return [f"{kind} {value}" for kind, value in known.items() if value]


class Questions:
    """The questions of a released notebook, looked for among a student's cells."""

    def __init__(self, released: NotebookNode, cells: list[StudentCell]) -> None:
        self._released = released.cells
        self._cells = cells

    def number(self, index: int) -> int | None:
        """Number of the student's cell that has the text before a released cell, or begins so.

        None where several released cells have that text.
        """
        texts = [cell.source.strip() for cell in self._released]
        text = texts[index - 1] if index and texts.count(texts[index - 1]) == 1 else ""
        asked = (c.number for c in self._cells if text and c.source.strip().startswith(text))
        return next(asked, None)

    def prose(self, free: Iterable[StudentCell], index: int) -> list[StudentCell]:
        """The first prose of the student's own in the question of a written answer, or below."""
        question = self.number(index)
        if question is None or self._released[index].cell_type == "code":
            return []
        end = self._next_graded(question, index)
        ids = {cell.id for i, cell in enumerate(self._released) if i != index}
        texts = {cell.source.strip() for cell in self._released} | {""}
        asked = [c for c in free if c.number == question]
        below = [c for c in free if question < c.number < end and c.cell_id not in ids]
        prose = [c for c in [*asked, *below] if c.kind != "code" and c.grade_id is None]
        return [c for c in prose if c.source.strip() not in texts][:1]

    def _next_graded(self, question: int, index: int) -> float:
        """Number of the first cell below a question that is graded, or asks for other words."""
        known = [set(known_by(grade_id(c), c.id, c.source)) for c in self._released]
        behind = enumerate(self._released[1:])
        asks = [i for i, cell in behind if is_written(cell) and i + 1 != index]
        graded = [i for i, cell in enumerate(self._released) if grade_id(cell) and i != index]
        others = set().union(*(known[i] for i in [*asks, *graded])) - known[index]
        below = (c for c in self._cells if c.number > question)
        found = (c.number for c in below if others & {*known_by(c.grade_id, c.cell_id, c.source)})
        return next(found, math.inf)
