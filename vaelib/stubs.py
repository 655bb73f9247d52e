"""Why an answer that has been written may still be unanswered: it calls one that has not."""

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

RAISED = NotImplementedError.__name__


def called_stub(answer: Any) -> str:
    """Name of the stub that a function or class calls; empty where there is none, or it is one.

    Nothing is run: a stub is what names NotImplementedError in its code.
    """
    functions = list(_functions(answer))
    used = {name for function in functions for name in _names(function.__code__)}
    if not functions or RAISED in used:
        return ""
    known = functions[0].__globals__
    return next((name for name in sorted(used) if _is_stub(known.get(name))), "")


def _is_stub(thing: Any) -> bool:
    return any(RAISED in _names(function.__code__) for function in _functions(thing))


def _functions(thing: Any) -> Iterator[FunctionType]:
    """A function itself, the functions of a class, nothing of anything else."""
    if isinstance(thing, FunctionType):
        yield thing
    elif isinstance(thing, type):
        yield from (entry for entry in vars(thing).values() if isinstance(entry, FunctionType))


def _names(code: CodeType) -> set[str]:
    """All global names and attributes that a piece of code mentions, functions within included."""
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*map(_names, inner))
