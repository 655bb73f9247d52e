"""Put a student's answers into a fresh copy of the released notebook.

The graded notebook is the released one: its prose, set-up, checks, metadata. From the submission
come the text of the answers, the written answer, and the student's own code cells in their places.
Nothing else of the student's JSON survives, and what was repaired or ignored becomes a warning.
"""

import copy
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.studentcells import StudentCell, defined

CHECK = "_check"


@dataclass
class Transplanted:
    """The notebook to run, exercises without any answer cell, and what was repaired or ignored."""

    notebook: NotebookNode
    missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def transplant(released: NotebookNode, cells: list[StudentCell]) -> Transplanted:
    """Combine a released notebook (not changed) with a student's cells."""
    return _Transplant(released, cells).result()


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


def _keys(name: str | None, cell_id: str | None, source: str) -> list[str]:
    """What a cell can be known by, the surest first."""
    known = {"name": name, "id": cell_id, "text": source.strip()}
    return [f"{kind} {value}" for kind, value in known.items() if value]


def _trusted(released: NotebookNode, cells: list[StudentCell]) -> list[StudentCell]:
    """Cells without the names that say nothing: grade_ids never released, ids that repeat."""
    names = {grade_id(cell) for cell in released.cells}
    count = Counter(cell.cell_id for cell in cells)
    return [
        replace(
            cell,
            grade_id=cell.grade_id if cell.grade_id in names else None,
            cell_id=cell.cell_id if count[cell.cell_id] == 1 else None,
        )
        for cell in cells
    ]


class _Transplant:
    def __init__(self, released: NotebookNode, cells: list[StudentCell]) -> None:
        self.released = released
        self.cells = _trusted(released, cells)
        self.warnings: list[str] = []
        self.missing: list[str] = []
        self.home: dict[int, int] = {}  # number of a student's cell -> index of its released cell
        self.own: dict[int, list[StudentCell]] = {}  # index -> own cells that follow it

    def result(self) -> Transplanted:
        for index, cell in enumerate(self.released.cells):
            if is_answer(cell) or is_written(cell):
                self._find_answer(index, cell)
        self._report_order()
        self._find_others()
        self._place_own_cells()
        notebook = copy.deepcopy(self.released)
        notebook.cells = [new for i, cell in enumerate(self.released.cells) for new in self._at(i)]
        return Transplanted(notebook, self.missing, self.warnings)

    # Which released cell does a student's cell belong to?

    def _find_answer(self, index: int, cell: NotebookNode) -> None:
        """An answer is found by its grade_id, else by its cell id, else by what it defines."""
        name = str(grade_id(cell))
        free = [c for c in self.cells if c.number not in self.home]
        for how, found in (
            (None, [c for c in free if c.grade_id == name]),
            ("its cell id", [c for c in free if c.cell_id == cell.id]),
            ("what it defines", self._definitions(free, cell, name)),
        ):
            if found:
                return self._take_answer(index, name, found, how)
        self.missing.append(name)
        self.warnings.append(f"{name}: no answer cell was found; the empty one was put back")
        return None

    def _definitions(
        self, free: Iterable[StudentCell], cell: NotebookNode, name: str
    ) -> list[StudentCell]:
        if cell.cell_type != "code":
            return []
        return [c for c in free if c.grade_id is None and name in defined(c.source)][:1]

    def _take_answer(
        self, index: int, name: str, found: list[StudentCell], how: str | None
    ) -> None:
        first, *others = found
        self.home[first.number] = index
        if how:
            self.warnings.append(f"{name}: {first.name} was taken as the answer, by {how}")
        if first.kind != self.released.cells[index].cell_type:
            self.warnings.append(f"{name}: {first.name} had become a {first.kind} cell")
        if "skip-execution" in first.tags:
            self.warnings.append(f"{name}: tag skip-execution ignored")
        for other in others:
            self.warnings.append(
                f"{name}: {other.name} has the same name; the first one is the answer, this one "
                "runs as an own cell"
            )

    def _report_order(self) -> None:
        places = [self.home[cell.number] for cell in self.cells if cell.number in self.home]
        if places != sorted(places):
            stood = ", ".join(str(grade_id(self.released.cells[place])) for place in places)
            self.warnings.append(f"answers were moved back to their places; they stood as {stood}")

    def _find_others(self) -> None:
        """Released cells that are no answers are known by grade_id, cell id or their text."""
        places: dict[str, int] = {}
        for index, cell in enumerate(self.released.cells):
            if not is_answer(cell) and not is_written(cell):
                for key in _keys(grade_id(cell), cell.id, cell.source):
                    places.setdefault(key, index)
        checks: dict[int, StudentCell] = {}
        for cell in self.cells:
            keys = _keys(cell.grade_id, cell.cell_id, cell.source)
            place = next((places[key] for key in keys if key in places), None)
            if place is not None and cell.number not in self.home:
                self._match_other(place, cell, checks)
        self._report_checks(checks)

    def _match_other(self, index: int, cell: StudentCell, checks: dict[int, StudentCell]) -> None:
        released = self.released.cells[index]
        if is_check(released) and index in checks:
            self.warnings.append(f"{cell.name} is a copy of a check and was ignored")
        elif is_check(released):
            checks[index] = cell
        self.home[cell.number] = index

    def _report_checks(self, checks: dict[int, StudentCell]) -> None:
        for index, released in enumerate(self.released.cells):
            if not is_check(released):
                continue
            name, cell = grade_id(released), checks.get(index)
            if cell is None:
                self.warnings.append(f"{name}: the check had been deleted and was put back")
            elif cell.source.strip() != released.source.strip() or cell.kind != "code":
                self.warnings.append(f"{name}: changes to the check in {cell.name} were ignored")
            if cell is not None and "skip-execution" in cell.tags:
                self.warnings.append(f"{name}: tag skip-execution ignored")

    # Where does each cell go?

    def _place_own_cells(self) -> None:
        """Own cells stay behind the released cell that they followed."""
        anchor = -1
        for cell in self.cells:
            index = self.home.get(cell.number)
            if index is not None:
                anchor = max(anchor, index)
            if self._is_own(cell, index):
                self.own.setdefault(anchor, []).append(cell)

    def _is_own(self, cell: StudentCell, index: int | None) -> bool:
        """Whether a cell is code of the student's own: added, or a released one rewritten."""
        if cell.kind != "code" or not cell.source.strip():
            return False
        if index is None:
            return True
        released = self.released.cells[index]
        if is_answer(released) or is_check(released) or is_written(released):
            return False
        return cell.source.strip() != released.source.strip()

    def _at(self, index: int) -> list[NotebookNode]:
        """The released cell at `index`, answered if it is an answer, and own cells behind it."""
        cell = copy.deepcopy(self.released.cells[index])
        answer = next((c for c in self.cells if self.home.get(c.number) == index), None)
        if answer is not None and (is_answer(cell) or is_written(cell)):
            cell.source = answer.source
        before = self.own.get(-1, []) if index == 0 else []
        return [
            *(self._own_cell(own) for own in before),
            cell,
            *(self._own_cell(own) for own in self.own.get(index, [])),
        ]

    def _own_cell(self, cell: StudentCell) -> NotebookNode:
        return new_code_cell(
            source=cell.source, id=f"own-{cell.number}", metadata={"tags": ["student"]}
        )
