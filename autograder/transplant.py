"""Put a student's answers into a fresh copy of the released notebook.

The graded notebook is the released one: its prose, set-up, checks, metadata. From the submission
come the text of the answers, the written answer, and the student's own cells in their places.
Nothing else of the student's JSON survives, and what was repaired or ignored becomes a warning.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.matching import Matching
from autograder.roles import grade_id, is_answer
from autograder.studentcells import StudentCell

NO_CELL = "# There is no cell with this answer."


@dataclass
class Transplanted:
    """The notebook to run, exercises without any answer cell, and what was repaired or ignored."""

    notebook: NotebookNode
    missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def transplant(released: NotebookNode, cells: list[StudentCell]) -> Transplanted:
    """Combine a released notebook (not changed) with a student's cells."""
    match = Matching(released, cells)
    notebook = _Placing(released, match).notebook()
    return Transplanted(notebook, match.missing, match.warnings)


def answered(released: NotebookNode, planted: Transplanted) -> set[str | None]:
    """The grade_ids of the answers that are not as they were released."""
    before = {grade_id(cell): cell.source for cell in released.cells if is_answer(cell)}
    after = [c for c in planted.notebook.cells if grade_id(c) in before.keys() - {*planted.missing}]
    return {grade_id(c) for c in after if c.source.strip() != before[grade_id(c)].strip()}


class _Placing:
    """Where does each cell go?"""

    def __init__(self, released: NotebookNode, match: Matching) -> None:
        self.released = released
        self.match = match
        self.own: dict[int, list[StudentCell]] = {}  # index -> own cells that follow it

    def notebook(self) -> NotebookNode:
        """The released notebook with the student's answers and own cells in it."""
        self._place_own_cells()
        notebook = copy.deepcopy(self.released)
        notebook.cells = [new for i, cell in enumerate(self.released.cells) for new in self._at(i)]
        return notebook

    def _place_own_cells(self) -> None:
        """Own cells stay behind the released cell that they followed."""
        anchor = -1
        for cell in self.match.cells:
            anchor = max(anchor, self.match.home.get(cell.number, -1))
            if self.match.is_own(cell):
                place = min([anchor, *self._users_of(cell, anchor)])
                self.own.setdefault(place, []).append(cell)

    def _users_of(self, own: StudentCell, anchor: int) -> Iterator[int]:
        """Where there is place before answers that stood below an own cell which they need."""
        for cell in self.match.cells:
            home = self.match.home.get(cell.number, anchor + 1)
            if home <= anchor and cell.number > own.number and own.defined & cell.used:
                yield home - 1

    def _at(self, index: int) -> list[NotebookNode]:
        """The released cell at `index`, answered if it is an answer, and own cells behind it."""
        cell = copy.deepcopy(self.released.cells[index])
        if (answer := self.match.taken.get(index)) is not None:
            cell.source = answer.source
            _attach(cell, answer)
        elif index in self.match.elsewhere:
            cell.source = f"# the answer is in {self.match.elsewhere[index].name}"
        elif is_answer(cell):
            cell.source = NO_CELL
        before = self.own.get(-1, []) if index == 0 else []
        return [
            *(self._own_cell(own) for own in before),
            cell,
            *(self._own_cell(own) for own in self.own.get(index, [])),
        ]

    def _own_cell(self, cell: StudentCell) -> NotebookNode:
        make = new_code_cell if cell.kind == "code" else new_markdown_cell
        tags = {"tags": ["student"]}
        return _attach(make(source=cell.source, id=f"own-{cell.number}", metadata=tags), cell)


def _attach(cell: NotebookNode, answer: StudentCell) -> NotebookNode:
    """Put the images that a student pasted into prose beside it."""
    if answer.images and cell.cell_type == "markdown":
        cell.attachments = from_dict({**cell.get("attachments", {}), **answer.images})
    return cell
