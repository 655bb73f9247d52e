"""Errors that a person can act on. The command line prints their text in one line and exits 2."""

from collections.abc import Iterable
from pathlib import Path


class AutograderError(Exception):
    """Something that the caller can mend; the message says what came and what would do."""


class CourseTextError(AutograderError):
    """A course text that cannot be built: file, line, what is wrong, and the mend."""

    def __init__(self, path: Path, line: int, what: str, mend: str) -> None:
        super().__init__(f"{path}:{line}: {what}; {mend}")


class UnknownName(AutograderError):
    """A unit or student that does not exist, with those that do."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown {kind} {name!r}; there is: {', '.join(known) or 'none'}")


class LeakError(AutograderError):
    """Something of a solution is in what students get; names file and line of each."""
