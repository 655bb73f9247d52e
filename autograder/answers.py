"""Make live answers of the solution and of declared variants, as a notebook's cells would."""

import functools
import linecache
import zlib
from typing import Any

from autograder.coursetext import CourseText
from autograder.errors import AutograderError
from autograder.specification import Exercise, Submitted
from vaelib.quiet import quietly


class Solutions:
    """The answers of one course text, run in the order of the notebook."""

    def __init__(self, text: CourseText) -> None:
        self._text = text

    @functools.cached_property
    def namespace(self) -> dict[str, Any]:
        """Names that the set-up cells and all solutions define."""
        with quietly():
            names = _run(self._text.setup(), {"__name__": "__main__"})
        for cell in self._text.cells:
            if cell.role == "answer":
                _run(cell.source, names)
        return names

    @functools.cached_property
    def text(self) -> str:
        """Everything that is run: the set-up cells and all solutions."""
        answers = [cell.source for cell in self._text.cells if cell.role == "answer"]
        return "\n".join([self._text.setup(), *answers])

    def source(self, exercise: Exercise, submitted: Submitted | None = None) -> str:
        """Text of an answer cell: the solution's, or that of a variant or misconception.

        AutograderError where a variant or misconception no longer fits the solution.
        """
        try:
            solution = exercise.solution(self._text.answer(exercise.name))
            return solution if submitted is None else submitted.source(solution)
        except ValueError as error:
            mend = f"mend one of the two, in {self._text.path.name} or in the specification"
            raise AutograderError(f"{exercise.name}: {error}; {mend}") from None

    def answer(self, exercise: Exercise, submitted: Submitted | None = None) -> Any:
        """The object that an answer cell defines under the exercise's name."""
        names = {**self.namespace, **exercise.values}
        return _run(self.source(exercise, submitted), names)[exercise.name]


def _run(source: str, names: dict[str, Any]) -> dict[str, Any]:
    name = f"<answer {zlib.crc32(source.encode())}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)  # for AutoGraph
    exec(compile(source, name, "exec"), names)  # our own course text, never a student's
    return names
