"""A student's cells as plain text and names, whatever their JSON looked like."""

import ast
import functools
import re
import symtable
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("code", "markdown", "raw")
IMAGES = ("image/png", "image/jpeg", "image/gif")
MAX_CODE = 100_000  # characters
MAGIC = re.compile(
    r"^([ \t]*+)(?:(?:\w[\w., ]*+=[ \t]*+)?[%!?](?:.*\\\n)*+.*|.*\?[ \t]*)$", re.MULTILINE
)
PROMPT = re.compile(r"^(>>>|\.\.\.)(?: |$)", re.MULTILINE)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*DEFINITIONS, ast.Lambda, *COMPREHENSIONS)
NAMED = (ast.Lambda, ast.Name, ast.Attribute)


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submission.

    number: counts from 1, as a person would; images: pasted into prose, as Jupyter keeps them, by
    name and kind.
    """

    number: int
    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None
    tags: tuple[str, ...] = ()
    images: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @functools.cached_property
    def defined(self) -> set[str]:
        """Names that the cell binds; nothing for a cell so long that nobody wrote it."""
        return defined(self.source) if len(self.source) <= MAX_CODE else set()

    @functools.cached_property
    def made(self) -> set[str]:
        """Those among them that are given to a function, a class, or what has a name already."""
        return made(self.source) if len(self.source) <= MAX_CODE else set()

    @functools.cached_property
    def used(self) -> set[str]:
        """Names that the cell reads; nothing for a cell so long that nobody wrote it."""
        return used(self.source) if len(self.source) <= MAX_CODE else set()

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
        dict(_images(entry.get("attachments"))),
    )


def _images(attachments: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for name, kinds in _dict(attachments).items():
        kept = {k: v for k, v in _dict(kinds).items() if k in IMAGES and isinstance(v, str)}
        if kept:
            yield _whole(name), {kind: _whole(content) for kind, content in kept.items()}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: Any) -> str | None:
    return _whole(value) if isinstance(value, str) and 0 < len(value) <= 200 else None


def _whole(text: str) -> str:
    """Text with plain line ends, without halves of character pairs, which no file takes."""
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def defined(source: str) -> set[str]:
    """Names that code binds outside of functions, magics aside; nothing where it does not parse."""
    return _names(source, _bound)


def made(source: str) -> set[str]:
    """Those among them that are given to a function, a class, or what has a name already."""
    return _names(source, _made)


def _names(source: str, of: Callable[[ast.AST], set[str]]) -> set[str]:
    names: set[str] = set()
    found: list[ast.AST] = [*statements(source)]
    while found:
        node = found.pop()
        names |= of(node)
        if not isinstance(node, SCOPES):
            found += ast.iter_child_nodes(node)
    return names


def _bound(node: ast.AST) -> set[str]:
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return {node.name} if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name else set()


def _made(node: ast.AST) -> set[str]:
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, ast.Assign) and isinstance(node.value, NAMED):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


def functions(source: str) -> set[str]:
    """Names of the functions and classes that code defines outside of all others."""
    return {node.name for node in statements(source) if isinstance(node, DEFINITIONS)}


def used(source: str) -> set[str]:
    """Names that code reads anywhere; nothing where it does not parse."""
    nodes = (node for statement in statements(source) for node in ast.walk(statement))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def needed(source: str) -> set[str]:
    """Names that the functions in code look up where it stands whenever they are called."""
    try:
        text = ast.unparse(ast.Module(statements(source), []))
        tables = symtable.symtable(text, "<cell>", "exec").get_children()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = set()
    while tables:
        table = tables.pop()
        names |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return names


def definitions(source: str) -> str:
    """The imports, functions and classes of code, without what else it does."""
    kinds = (ast.Import, ast.ImportFrom, *DEFINITIONS)
    return "\n".join(ast.unparse(s) for s in statements(source) if isinstance(s, kinds))


def statements(source: str) -> list[ast.stmt]:
    """Code as a syntax tree, magics and prompts aside; nothing where it does not parse."""
    return _parsed(source) or _parsed(MAGIC.sub(r"\1pass", PROMPT.sub("", textwrap.dedent(source))))


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
