"""A student's cells as plain text and names, whatever their JSON looked like."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submission. number counts from 1, as a person would."""

    number: int
    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How a warning calls this cell."""
        return f"cell {self.number}" + (f" ({self.grade_id})" if self.grade_id else "")


def read(entries: Iterable[Any]) -> tuple[list[StudentCell], list[str]]:
    """Readable cells and a warning for each that is not."""
    cells, unreadable = [], []
    for number, entry in enumerate(entries, 1):
        cell = _read(number, entry)
        if cell is None:
            unreadable.append(f"cell {number} is not readable and was ignored")
        else:
            cells.append(cell)
    return cells, unreadable


def _read(number: int, entry: Any) -> StudentCell | None:
    if not isinstance(entry, dict) or entry.get("cell_type") not in (*KINDS, "heading"):
        return None
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    metadata = _dict(entry.get("metadata"))
    tags = metadata.get("tags")
    return StudentCell(
        number,
        entry["cell_type"],
        _whole(source),
        _name(_dict(metadata.get("nbgrader")).get("grade_id")),
        _name(entry.get("id")),
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: Any) -> str | None:
    return _whole(value) if isinstance(value, str) and 0 < len(value) <= 200 else None


def _whole(text: str) -> str:
    """Text without halves of character pairs, which no file and no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def defined(source: str) -> set[str]:
    """Names that code binds at top level; nothing where it does not parse."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names
