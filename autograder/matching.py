"""Which released cell does each of a student's cells belong to?

An answer is known by its grade_id, else by its cell id, else by what it defines or where it stands.
What was found by anything but its grade_id, was copied, moved, edited or is missing is a warning.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id, is_answer, is_check, is_written, sets_up
from autograder.studentcells import StudentCell
from autograder.written import Questions, known_by


def _edited(cell: StudentCell, released: NotebookNode) -> bool:
    kept = cell.source.strip() == released.source.strip()
    return not kept or cell.kind != released.cell_type


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


class Matching:
    """Where a student's cells belong.

    home: number of a student's cell -> index of its released cell; taken: index of an answer -> the
    cell that has it; elsewhere: index of an answer without a cell of its own -> the cell that holds
    it; missing: answers that are nowhere.
    """

    def __init__(self, released: NotebookNode, cells: list[StudentCell]) -> None:
        self.released = released
        self.cells = _trusted(released, cells)
        self._questions = Questions(released, self.cells)
        self.warnings: list[str] = []
        self.missing: list[str] = []
        self.home: dict[int, int] = {}
        self.taken: dict[int, StudentCell] = {}
        self.elsewhere: dict[int, StudentCell] = {}
        self._answering: set[int] = set()  # numbers of checks with an answer in them
        for index, cell in enumerate(released.cells):
            if is_answer(cell) or is_written(cell):
                self._find_answer(index, cell)
        self._report_order()
        checks = self._find_others()
        self._find_elsewhere(checks)
        self._report_checks(checks)
        self._report_missing()

    def is_own(self, cell: StudentCell) -> bool:
        """Whether a cell is one of the student's own: added, or a released one rewritten."""
        if cell.kind not in ("code", "markdown") or not cell.source.strip():
            return False
        index = self.home.get(cell.number)
        if index is None or cell.number in self._answering:
            return True
        released = self.released.cells[index]
        if is_answer(released) or is_check(released) or is_written(released):
            return False
        return cell.source.strip() != released.source.strip()

    def _find_answer(self, index: int, cell: NotebookNode) -> None:
        """An answer is found by grade_id, else by cell id, else by definition or place."""
        name = str(grade_id(cell))
        free = [c for c in self.cells if c.number not in self.home]
        for how, find in (  # parsing what a cell defines is left for those that need it
            (None, lambda: [c for c in free if c.grade_id == name]),
            ("its cell id", lambda: self._by_id(free, index)),
            ("what it defines", lambda: self._definitions(free, cell, name)),
            ("its place", lambda: self._questions.prose(free, index)),
        ):
            if (found := find()) and not self._is_left_out(index, found, free):
                return self._take_answer(index, name, found, how)
        self.missing.append(name)
        return None

    def _is_left_out(
        self, index: int, found: list[StudentCell], free: Iterable[StudentCell]
    ) -> bool:
        """Whether a written answer's cells are as they were released, and its words elsewhere."""
        released = self.released.cells[index]
        untouched = all(c.source.strip() in ("", released.source.strip()) for c in found)
        return is_written(released) and untouched and bool(self._questions.prose(free, index))

    def _definitions(
        self, free: Iterable[StudentCell], cell: NotebookNode, name: str
    ) -> list[StudentCell]:
        if cell.cell_type != "code":
            return []
        binding = [c for c in free if c.grade_id is None and name in c.defined]
        return sorted(binding, key=lambda c: name not in c.made)[:1]

    def _by_id(self, free: Iterable[StudentCell], index: int) -> list[StudentCell]:
        """Written answers of all units may share an id, so theirs counts below its question."""
        cell = self.released.cells[index]
        sure = is_answer(cell) or self._questions.number(index) is not None
        return [c for c in free if c.cell_id == cell.id and sure]

    def _take_answer(
        self, index: int, name: str, found: list[StudentCell], how: str | None
    ) -> None:
        stub = self.released.cells[index].source.strip()
        first = next((c for c in found if c.source.strip() not in ("", stub)), found[0])
        others = [c for c in found if c is not first]
        self.home[first.number] = index
        self.taken[index] = first
        if how:
            self.warnings.append(f"{name}: {first.name} was taken as the answer, by {how}")
        if first.kind != self.released.cells[index].cell_type:
            self.warnings.append(f"{name}: {first.name} had become a {first.kind} cell")
        if "skip-execution" in first.tags:
            self.warnings.append(f"{name}: tag skip-execution ignored")
        for other in others:
            if other.source.strip() == stub:
                self.home[other.number] = index
                self.warnings.append(f"{name}: {other.name} has the same name, and no answer in it")
                continue
            self.warnings.append(
                f"{name}: {other.name} has the same name; the first one is the answer, this one "
                "stays as an own cell"
            )

    def _report_order(self) -> None:
        found = [self.home[cell.number] for cell in self.cells if cell.number in self.home]
        places = list(dict.fromkeys(found))  # an empty copy has the place of its original
        if places != sorted(places):
            stood = ", ".join(str(grade_id(self.released.cells[place])) for place in places)
            self.warnings.append(f"answers were moved back to their places; they stood as {stood}")

    def _find_others(self) -> dict[int, StudentCell]:
        """Released cells that are no answers are known by grade_id, cell id or their text.

        The checks among them, by their place.
        """
        places: dict[str, int] = {}
        for index, cell in enumerate(self.released.cells):
            if not is_answer(cell) and not is_written(cell):
                for key in known_by(grade_id(cell), cell.id, cell.source):
                    places.setdefault(key, index)
        checks: dict[int, StudentCell] = {}
        for cell in self.cells:
            keys = known_by(cell.grade_id, cell.cell_id, cell.source)
            place = next((places[key] for key in keys if key in places), None)
            if place is not None and cell.number not in self.home:
                self._match_other(place, cell, checks)
        return checks

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
            elif _edited(cell, released) and cell.number not in self._answering:
                self.warnings.append(f"{name}: changes to the check in {cell.name} were ignored")
            if cell is not None and "skip-execution" in cell.tags:
                self.warnings.append(f"{name}: tag skip-execution ignored")

    def _find_elsewhere(self, checks: dict[int, StudentCell]) -> None:
        """An answer without a cell may stand in another one that runs, or in a check."""
        running = [cell for cell in self.cells if self._runs(cell)]
        edited = [c for i, c in checks.items() if _edited(c, self.released.cells[i])]
        for index, released in enumerate(self.released.cells):
            name = str(grade_id(released))
            if not is_answer(released) or not self._is_unanswered(index, name):
                continue
            places = running if name in self.missing else []
            holder = next((c for c in [*places, *edited] if name in c.defined), None)
            if holder is not None:
                self._take_elsewhere(index, name, holder)

    def _is_unanswered(self, index: int, name: str) -> bool:
        stub = self.released.cells[index].source.strip()
        return name in self.missing or self.taken[index].source.strip() == stub

    def _take_elsewhere(self, index: int, name: str, holder: StudentCell) -> None:
        if name in self.missing:
            self.missing.remove(name)
            self.elsewhere[index] = holder
        place = self.home.get(holder.number)
        if place is not None and is_check(self.released.cells[place]):
            self._answering.add(holder.number)
        self.warnings.append(f"{name}: the answer was found in {holder.name}")

    def _runs(self, cell: StudentCell) -> bool:
        index = self.home.get(cell.number)
        answer = index is not None and is_answer(self.released.cells[index])
        return cell.kind == "code" and (answer or self.is_own(cell))

    def _report_missing(self) -> None:
        for name in self.missing:
            self.warnings.append(f"{name}: no answer cell was found")
        for index, cell in enumerate(self.released.cells):
            if sets_up(cell) and index not in self.home.values():
                first = cell.source.strip().splitlines()[0][:60]
                self.warnings.append(f"a set-up cell was not found and was put back: {first}")
