"""Mistakes that nobody wrote down: small changes to a right answer, one at a time.

Only what stands between the marks of the solution is changed. Changes that cannot but fail, such
as taking away the only definition of a name, are not made.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.coursetext import BEGIN, END

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
PAIRS = (
    "sum mean|max min|argmax argmin|var std|exp expm1|log log1p|log10 log|sqrt square|any all|"
    "ones_like zeros_like|ceil floor|append extend|normal uniform|trainable_variables variables"
)
FUNCTIONS = dict(pair.split() for pair in PAIRS.split("|"))
FUNCTIONS |= {new: old for old, new in FUNCTIONS.items()} | {"log": "log1p"}
WORDS = {"relu": "linear", "sigmoid": "linear", "same": "valid", "valid": "same"}


def mutants(source: str) -> list[str]:
    """The texts of an answer that differ from `source` in one place each, none of them twice."""
    tree = ast.parse(source)
    texts = dict.fromkeys(text.replace("--", "") for text in _changed(tree, _solved(source, tree)))
    return [text for text in texts if text != ast.unparse(tree)]


def _solved(source: str, tree: ast.Module) -> set[int]:
    """The lines between the marks of the solution; not those of errors, whose words are free."""
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), 1):
        inside = (inside or BEGIN in line) and END not in line
        lines |= {number} if inside else set()
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return lines - {n for node in raised for n in range(node.lineno, (node.end_lineno or 0) + 1)}


def _changed(tree: ast.Module, lines: set[int]) -> Iterator[str]:
    """The text after each change in these lines; `tree` is as it was afterwards."""
    arguments = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    for parent in list(ast.walk(tree)):
        for name, value in ast.iter_fields(parent):
            children = value if isinstance(value, list) else [value]
            for place, child in enumerate(children):
                if getattr(child, "lineno", 0) not in lines:
                    continue
                for instead in [*_statements(child, tree), *_expressions(child, arguments)]:
                    new = [*children[:place], instead, *children[place + 1 :]]
                    setattr(parent, name, new if isinstance(value, list) else new[0])
                    yield ast.unparse(tree)
                setattr(parent, name, value)


def _statements(node: ast.AST, tree: ast.Module) -> Iterator[ast.AST]:
    """What a statement may be replaced by: nothing, if that leaves no name without a value."""
    match node:
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Assign(targets=targets):
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            if names and all(_bound_before(name, node, tree) for name in names):
                yield ast.Pass()
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield ast.Pass()
        case ast.Expr() | ast.AugAssign() | ast.For():
            yield ast.Pass()


def _bound_before(name: str, node: ast.stmt, tree: ast.Module) -> bool:
    """Whether a name has a value before the line of a statement, in whatever function."""
    earlier = [n for n in ast.walk(tree) if getattr(n, "lineno", node.lineno) < node.lineno]
    stored = {n.id for n in earlier if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return name in stored | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _expressions(node: ast.AST, arguments: Sequence[str]) -> Iterator[ast.AST]:
    """What an expression may be replaced by."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield left
            yield right
            if not isinstance(op, ast.Add | ast.Mult):
                yield ast.BinOp(right, op, left)
            if type(op) in OPERATORS:
                yield ast.BinOp(left, OPERATORS[type(op)](), right)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            yield from values
        case ast.Compare(left=left, ops=[op], comparators=right):
            yield from (ast.Compare(left, [new()], right) for new in COMPARISONS[type(op)])
        case ast.Constant(value=value):
            yield from (ast.Constant(new) for new in _constants(value))
        case ast.Name(id=name, ctx=ast.Load()) if name in arguments:
            other = arguments[(arguments.index(name) + 1) % len(arguments)]
            yield ast.Name(other, ast.Load())
        case ast.Tuple(elts=parts, ctx=ast.Load()) | ast.List(elts=parts, ctx=ast.Load()):
            yield from (type(node)(new, ast.Load()) for new in (*_swaps(parts), *_drops(parts)))
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()) if name in FUNCTIONS:
            yield ast.Attribute(value, FUNCTIONS[name], ast.Load())
        case ast.Call():
            yield from _calls(node)


def _constants(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, -value]
    if isinstance(value, float):
        return [2 * value, value / 2, -value]
    return [WORDS[value]] if isinstance(value, str) and value in WORDS else []


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """Another order of arguments, one less of those with a name, no call at all."""
    function, given, named = node.func, node.args, node.keywords
    for new in _swaps(given):
        yield ast.Call(function, new, named)
    for new in _drops(named):
        yield ast.Call(function, given, new)
    if given and not getattr(function, "attr", "")[:1].isupper():
        yield given[0]
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.expr) and not given:
        yield function.value


def _swaps(parts: Sequence[Any]) -> Iterator[list[Any]]:
    """The same parts with two neighbours exchanged."""
    for i in range(len(parts) - 1):
        yield [*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]]


def _drops(parts: Sequence[Any]) -> Iterator[list[Any]]:
    """All parts but one."""
    for i in range(len(parts)):
        yield [*parts[:i], *parts[i + 1 :]]
