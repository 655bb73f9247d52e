"""The normal form of an answer: what is left of its syntax tree when taste is taken out.

Left out are comments, docstrings, annotations, imports, the values of numbers and text, what is
only tried out at the end of the cell, the names that the answer itself gives, and the order of
assignments that do not need each other. Names of what it uses stay.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from autograder.studentcells import MAX_CODE, statements

LEFT_OUT = {"ctx", "annotation", "returns", "type_comment", "type_params", "kind", "simple"}
NAMES = (ast.Name, ast.Attribute)
CONSTANTS = (ast.Constant, ast.JoinedStr)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CAUGHT = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
BODIES = {"body", "orelse", "finalbody"}
MAX_SORTED = 30  # assignments in a row; more stay in the order that they have
Naming = Callable[[str], str]


def normal_form(source: str, imported: Mapping[str, str] | None = None) -> str:
    """The normal form of code; "" where there is none, or code that nobody wrote by hand.

    imported: names that other cells import, with what they stand for.
    """
    if len(source) > MAX_CODE:
        return ""
    try:
        body = statements(source)
        module = ast.Module([node for node in body if _defines(node)], [])
        own = imports(body) if "import" in source else {}
        return _Writer(module, {**(imported or {}), **own}).text()
    except (RecursionError, MemoryError):
        return ""


def size(form: str) -> int:
    """How many nodes of a syntax tree a normal form has."""
    return form.count("(")


def imports(body: Sequence[ast.stmt]) -> dict[str, str]:
    """Names that statements import, with what they stand for."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.Module(list(body), [])):
        if isinstance(node, ast.Import | ast.ImportFrom):
            home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found |= {n.asname or n.name: home + n.name for n in node.names}
    return found


def _defines(node: ast.stmt) -> bool:
    """Whether a statement of a cell says what is defined, and not only tries it out or renames."""
    renames = isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)
    return not renames and not isinstance(node, ast.Expr)


class _Writer:
    """Writes a tree as text. Names that the tree gives are told by the order of their use."""

    def __init__(self, module: ast.Module, imported: Mapping[str, str]) -> None:
        self._module, self._imported = module, imported
        self._given = {name for node in ast.walk(module) for name in _given(node)}
        self._order: dict[str, str] = {}

    def text(self) -> str:
        """The whole tree."""
        return self._block(self._module.body, self._by_order)

    def _by_order(self, name: str) -> str:
        if name not in self._given:
            return self._imported.get(name, name)
        return self._order.setdefault(name, f"name{len(self._order)}")

    def _any(self, name: str) -> str:
        return "name" if name in self._given else self._imported.get(name, name)

    def _block(self, body: Sequence[ast.stmt], naming: Naming) -> str:
        """Statements that do something; assignments in an order that is nobody's choice."""
        written = []
        for movable, nodes in groupby((n for n in body if not _does_nothing(n)), _is_movable):
            run = list(nodes)
            if movable and 1 < len(run) <= MAX_SORTED:
                run = list(_sorted(run, [self._write(node, self._any) for node in run]))
            written += [self._write(node, naming) for node in run]
        return "; ".join(written)

    def _write(self, node: object, naming: Naming) -> str:
        if isinstance(node, list):
            return ", ".join(self._write(entry, naming) for entry in node)
        if isinstance(node, str):
            return naming(node)
        if not isinstance(node, ast.AST):
            return str(node)
        if isinstance(node, CONSTANTS):
            return _constant(node)
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node = ast.Assign([node.target], node.value)
        return f"{type(node).__name__}({', '.join(self._fields(node, naming))})"

    def _fields(self, node: ast.AST, naming: Naming) -> Iterator[str]:
        for name, value in ast.iter_fields(node):
            if name in BODIES and isinstance(value, list):
                yield f"[{self._block(value, naming)}]"
            elif isinstance(node, ast.Attribute) and name == "attr":
                yield naming(f".{value}")
            elif isinstance(node, ast.keyword) and name == "arg":
                yield str(value)
            elif name not in LEFT_OUT:
                yield self._write(value, naming)


def _sorted(run: Sequence[ast.stmt], shapes: Sequence[str]) -> Iterator[ast.stmt]:
    """Assignments, each behind those that it needs, else by their shapes."""
    uses = [_Uses.of(node) for node in run]
    needs = [{e for e in range(i) if own.needs(uses[e])} for i, own in enumerate(uses)]
    left = set(range(len(run)))
    while left:
        first = min((i for i in left if not needs[i] & left), key=lambda i: (shapes[i], i))
        left.remove(first)
        yield run[first]


@dataclass(frozen=True)
class _Uses:
    """The names that an assignment reads and binds."""

    reads: frozenset[str]
    binds: frozenset[str]

    @classmethod
    def of(cls, node: ast.stmt) -> "_Uses":
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
        bound = {n.id for n in names if not isinstance(n.ctx, ast.Load)}
        return cls(frozenset(read), frozenset(bound))

    def needs(self, earlier: "_Uses") -> bool:
        """Whether this one has to stay behind one that stands before it."""
        return bool(earlier.binds & (self.reads | self.binds) or earlier.reads & self.binds)


def _is_movable(node: ast.stmt) -> bool:
    """Whether a statement does nothing but give names to values."""
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name)
    if not isinstance(node, ast.Assign):
        return False
    return all(isinstance(n, ast.Name | ast.Tuple) for n in node.targets)


def _does_nothing(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    bare = isinstance(node, ast.AnnAssign) and node.value is None
    return constant or bare or isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)


def _given(node: ast.AST) -> Iterator[str]:
    """Names that a node gives to something, attributes with their dot."""
    if isinstance(node, NAMES) and not isinstance(node.ctx, ast.Load):
        yield node.id if isinstance(node, ast.Name) else f".{node.attr}"
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, CAUGHT) and node.name:
        yield node.name


def _constant(node: ast.Constant | ast.JoinedStr) -> str:
    """What kind of constant it is; yes, no and nothing as they are."""
    if isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes):
        return "Text()"
    known = isinstance(node.value, bool) or node.value is None or node.value is Ellipsis
    return f"{node.value}()" if known else "Number()"
