"""Where the answers of a transplanted notebook stand, and what its cells do to their names."""

from collections.abc import Collection

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id, is_answer
from autograder.running import runs
from autograder.studentcells import defined, made, needed


class Names:
    """The names of a notebook's answers; cells are known by their indices."""

    def __init__(self, notebook: NotebookNode) -> None:
        self._cells = notebook.cells

    def index(self, name: str) -> int | None:
        """Where the cell with this grade_id stands."""
        found = (index for index, cell in enumerate(self._cells) if grade_id(cell) == name)
        return next(found, None)

    def others(self, name: str) -> list[int]:
        """Where the answers stand that do not have this name."""
        cells = enumerate(self._cells)
        return [index for index, cell in cells if is_answer(cell) and grade_id(cell) != name]

    def behind_check(self, name: str) -> list[int]:
        """Where code stands behind the check of this exercise."""
        check = self.index(f"{name}_check")
        cells = enumerate(self._cells)
        return [i for i, cell in cells if check is not None and i > check and runs(cell)]

    def makes(self, name: str, indices: Collection[int]) -> bool:
        """Whether one of these cells defines what has this name anew."""
        return any(name in made(self._cells[i].source) for i in indices)

    def takes(self, name: str, indices: Collection[int]) -> bool:
        """Whether one of these cells gives this name to something else, such as a result."""
        sources = [self._cells[i].source for i in indices]
        return any(name in defined(source) - made(source) for source in sources)

    def needs(self, name: str, indices: Collection[int]) -> bool:
        """Whether one of these cells binds a name that this answer looks up when it is called."""
        index = self.index(name)
        names = set() if index is None else needed(self._cells[index].source)
        return any((names - {name}) & defined(self._cells[i].source) for i in indices)
