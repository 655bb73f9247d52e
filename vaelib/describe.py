"""Words for cases and facts: what was called, what came back, what was expected."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vaelib.cases import Case, Expectation, Facts, Generator


def describe_call(exercise: str, parameters: Sequence[str], case: Case) -> str:
    """The call of a case, short arguments in full, long ones by shape."""
    if case.probe != "call.call":
        return exercise
    named = zip(parameters, case.args, strict=False)
    return f"{exercise}({', '.join(f'{name}={_short(arg)}' for name, arg in named)})"


def describe_difference(name: str, wanted: Expectation, facts: Facts) -> tuple[str, ...]:
    """Lines "got ..." and "expected ..." for one fact that is off."""
    if "raises" in facts and name != "raises":
        return (f"raised {facts['raises']}: {_one_line(str(facts['message']))}",)
    got = facts.get(name)
    what = "" if name in ("value", "raises") else f"{name}: "
    if name == "raises":
        shown = _short(facts["value"]) if "value" in facts else "a result"
        return (f"got {shown}", f"expected {wanted.value} to be raised")
    if got is None:
        return (f"got no {name}", f"expected {what}{words(wanted)}")
    if got.shape != wanted.value.shape and wanted.kind != "between":
        return (
            f"got {what}{shape(got)}",
            f"expected {what}{shape(wanted.value)}",
        )
    if got.size > 6 and wanted.kind == "close" and got.dtype.kind in "biufc":
        return _first_off(what, got, wanted)
    return (f"got {what}{_short(got)}", f"expected {what}{words(wanted)}")


def entries_off(got: np.ndarray, wanted: Expectation) -> np.ndarray:
    """Which entries are not as expected, as an array of bool in the shape of `got`."""
    numeric = got.dtype.kind in "biufc"
    if wanted.kind == "between" and numeric:
        return ~np.asarray((got >= wanted.value) & (got <= wanted.high))
    if wanted.kind == "close" and numeric:
        return ~np.isclose(got, wanted.value, rtol=wanted.rtol, atol=wanted.atol)
    return np.asarray(got != wanted.value)


def _first_off(what: str, got: np.ndarray, wanted: Expectation) -> tuple[str, ...]:
    off = entries_off(got, wanted)
    where = tuple(int(i) for i in np.argwhere(off)[0])
    count = f"{int(off.sum())} of {off.size} entries differ"
    return (
        f"got {what}{number(got[where])} at {list(where)} ({count})",
        f"expected {what}{number(wanted.value[where])} there",
    )


def words(wanted: Expectation) -> str:
    """What an expectation asks for."""
    if wanted.kind == "between":
        return f"between {number(wanted.value)} and {number(wanted.high)}"
    return _short(wanted.value)


def shape(array: np.ndarray) -> str:
    """The shape of an array, or the text that it holds."""
    if array.dtype.kind == "U":
        return str(array)
    return "one number" if array.ndim == 0 else f"shape {array.shape}"


def _short(value: Any) -> str:
    """A value in at most about 40 characters."""
    if isinstance(value, Generator):
        return "rng"
    if not isinstance(value, np.ndarray | np.generic | float):
        return repr(value) if len(repr(value)) <= 40 else type(value).__name__
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array)
    if array.size > 6:
        return f"array {array.shape}"
    return _nested(array)


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return number(array)
    return f"[{', '.join(_nested(row) for row in array)}]"


def number(value: Any, digits: int = 5) -> str:
    """A single entry in at most `digits` digits."""
    array = np.asarray(value)
    return f"{float(array):.{digits}g}" if array.dtype.kind == "f" else str(array)


def _one_line(text: str) -> str:
    lines = text.strip().splitlines() or [""]
    return lines[0] if len(lines[0]) <= 120 else lines[0][:117] + "..."
