"""Words for cases and facts: what was called, what came back, what was expected."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from vaelib.cases import Case, Digits, Expectation, Facts, Generator

FEW = 6
NO_BOUND = 1e6
NOISE = re.compile(r"\x1b\[\d*m|\{\{.*?\}\} ")  # Keras's bold type, TensorFlow's names of nodes
RAISED = re.compile(r"\w+(Error|Exception): ")


def describe_call(exercise: str, parameters: Sequence[str], case: Case) -> str:
    """The call of a case, short arguments in full, long ones by shape."""
    if case.probe != "call.call":
        return exercise
    named = zip(parameters, case.args, strict=False)
    return f"{exercise}({', '.join(f'{name}={brief(arg)}' for name, arg in named)})"


def describe_difference(name: str, wanted: Expectation, facts: Facts) -> tuple[str, ...]:
    """Lines "got ..." and "expected ..." for one fact that is off."""
    if "raises" in facts and name != "raises":
        return (f"raised {facts['raises']}: {_one_line(str(facts['message']))}",)
    got = facts.get(name)
    what = "" if name in ("value", "raises") else f"{title(name)}: "
    if name == "raises":
        return (f"got {_outcome(facts)}", f"expected {wanted.value} to be raised")
    if got is None and name.startswith("value[") and "results" not in facts:
        return ("got one result", f"expected {what}{words(wanted)}")
    if got is None:
        return (f"got no {title(name)}", f"expected {what}{words(wanted)}")
    if of_another_shape(got, wanted):
        return (f"got {what}{shape(got)}", f"expected {what}{shape(wanted.value)}")
    if few_and_exact(got, wanted):
        pair = in_full(name, got), in_full(name, wanted.value)
        return (f"got {what}{pair[0]}", f"expected {what}{pair[1]}")
    if got.size > FEW and wanted.kind == "close" and got.dtype.kind in "biufc":
        return _first_off(what, got, wanted)
    return (f"got {what}{brief(got)}", f"expected {what}{words(wanted)}")


def _outcome(facts: Facts) -> str:
    """What an answer did that was to raise something."""
    if "raises" in facts:
        return f"{facts['raises']}: {_one_line(str(facts['message']))}"
    return brief(facts["value"]) if "value" in facts else "a result"


def title(name: str) -> str:
    """What a student calls a fact: `value[1]` is the second of the results."""
    return re.sub(r"^value\b", "result", name)


def in_full(name: str, value: np.ndarray) -> str:
    """A short row of numbers; a shape as Keras shows it, with None where -1 stands for it."""
    if "shape" not in name or value.ndim != 1:
        return brief(value)
    return str(tuple(None if entry == -1 else entry for entry in value.tolist()))


def few_and_exact(got: np.ndarray, wanted: Expectation) -> bool:
    """Whether a short row, such as a shape, is to be shown beside another one or a text."""
    rows = wanted.kind == "equal" and wanted.value.ndim == 1 and wanted.value.size <= FEW
    return rows and (got.dtype.kind == "U" or (got.ndim == 1 and got.size <= FEW))


def of_another_shape(got: np.ndarray, wanted: Expectation) -> bool:
    """Whether shapes are what differs, and all there is to say."""
    other = got.shape != wanted.value.shape and wanted.kind != "between"
    return other and not few_and_exact(got, wanted)


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
        low, high = number(wanted.value), number(wanted.high)
        return f"at least {low}" if np.all(wanted.high >= NO_BOUND) else f"between {low} and {high}"
    return brief(wanted.value)


def shape(array: np.ndarray) -> str:
    """The shape of an array, or the text that it holds."""
    if array.dtype.kind == "U":
        return str(array)
    return "one number" if array.ndim == 0 else f"shape {array.shape}"


def brief(value: Any) -> str:
    """A value in at most about 40 characters."""
    if isinstance(value, Generator):
        return f"default_rng({value.seed})"
    if isinstance(value, Digits):
        return f"x_test[{value.start}:{value.stop}]"
    if not isinstance(value, np.ndarray | np.generic | float):
        return repr(value) if len(repr(value)) <= 40 else type(value).__name__
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array)
    if array.size > FEW:
        return f"array {array.shape}"
    return _nested(array)


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return number(array)
    return f"[{', '.join(_nested(row) for row in array)}]"


def number(value: Any, digits: int = 5) -> str:
    """A single entry in at most `digits` digits, without a minus before 0."""
    array = np.asarray(value)
    return f"{float(array) + 0.0:.{digits}g}" if array.dtype.kind == "f" else str(array)


def _one_line(text: str) -> str:
    """The line of an error's message that says most, in at most 120 characters."""
    lines = [line.strip() for line in NOISE.sub("", text).splitlines() if line.strip()] or [""]
    if lines[0].startswith("Exception encountered when calling") and len(lines) > 1:
        lines = lines[1:]  # by Keras, which goes on with what was encountered
    if lines[0] == "in user code:":  # by AutoGraph, which ends with it
        lines = [line for line in lines if RAISED.match(line)] or lines
    return lines[0] if len(lines[0]) <= 120 else lines[0][:117] + "..."
