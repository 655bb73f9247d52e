"""Cases: what an exercise is asked, and what the facts about its answer must be.

A case names a probe (`vaelib.probes`), the arguments that the probe gets beside the answer, and an
expectation for each fact that the probe reports. Facts are plain NumPy arrays. The same cases, in
the same form, are used in the student's kernel and by the grader outside of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Facts = dict[str, np.ndarray]
WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True)
class Generator:
    """An argument that reaches the answer as `numpy.random.default_rng(seed)`."""

    seed: int


@dataclass(frozen=True)
class Digits:
    """An argument that reaches the answer as bundled test images, `(stop - start, 28, 28, 1)`."""

    start: int
    stop: int


def materialize(args: Sequence[Any]) -> list[Any]:
    """Arguments with their digits in place, and generators as the JSON that `revive` reads."""
    return [_materialize(arg) for arg in args]


def _materialize(arg: Any) -> Any:
    if isinstance(arg, Generator):
        return {"generator": arg.seed}
    if isinstance(arg, Digits):
        from vaelib.data import load_digits

        return load_digits("bundled").x_test[arg.start : arg.stop]
    return arg


@dataclass(frozen=True)
class Expectation:
    """What one fact must be.

    kind: "close" (same shape, within `atol + rtol * |value|`), "equal" (same shape and values) or
        "between" (every entry in [value, high]).
    hint: what to tell the student where this fact is off and no misconception explains it.
    """

    kind: str
    value: np.ndarray
    rtol: float = 0.0
    atol: float = 0.0
    high: float = 0.0
    hint: str = ""

    def holds(self, fact: np.ndarray | None) -> bool:
        """Whether `fact` is as expected; a fact that is not there (None) never is."""
        return fact is not None and self._agree(fact, self.value, 1.0)

    def matches(self, fact: np.ndarray | None, other: np.ndarray | None) -> bool:
        """Whether `fact` says the same as `other`, a misconception's fact, within the tolerance.

        For a range: whether both are within, or both have entries on the same side of it.
        """
        if fact is None or other is None:
            return fact is other
        if self.kind == "between":
            sides, others = self._sides(fact), self._sides(other)
            return bool(sides & others) or sides == others
        return self._agree(fact, other, 2.0)

    def _sides(self, fact: np.ndarray) -> set[str]:
        """On which sides of the range entries lie; empty where all are within."""
        if self.holds(fact):
            return set()
        if fact.dtype.kind not in "biuf" or not fact.size:
            return {"no number"}
        sides = {"below": fact < self.value, "above": fact > self.high, "no number": fact != fact}
        return {side for side, there in sides.items() if np.any(there)}

    def _agree(self, fact: np.ndarray, value: np.ndarray, slack: float) -> bool:
        numeric = fact.dtype.kind in "biufc" and value.dtype.kind in "biufc"
        if self.kind == "equal" or not numeric:
            return fact.shape == value.shape and bool(np.all(fact == value))
        if self.kind == "between":
            return fact.size > 0 and bool(np.all((fact >= value) & (fact <= self.high)))
        if fact.shape != value.shape:
            return False
        rtol, atol = slack * self.rtol, slack * self.atol
        return bool(np.allclose(fact, value, rtol=rtol, atol=atol, equal_nan=slack > 1))


def close(value: Any, rtol: float = 1e-4, atol: float = 1e-6, hint: str = "") -> Expectation:
    """Expect the shape and, within `atol + rtol * |value|`, the numbers of `value`."""
    return Expectation("close", np.asarray(value), rtol=rtol, atol=atol, hint=hint)


def equal(value: Any, hint: str = "") -> Expectation:
    """Expect exactly `value`: a shape, a count, a yes or no, a name."""
    return Expectation("equal", np.asarray(value), hint=hint)


def between(low: float, high: float, hint: str = "") -> Expectation:
    """Expect every entry of the fact in [low, high]."""
    return Expectation("between", np.asarray(low), high=float(high), hint=hint)


@dataclass(frozen=True)
class Case:
    """One question to an answer.

    args: positional arguments for the probe, after the answer itself.
    expected: an expectation a fact; empty in a specification means "as the reference does".
    probe: "module.function" in `vaelib.probes`.
    sizes: named sizes ("batch", "latent") that a wrong result may be off by a factor of.
    """

    args: tuple[Any, ...]
    expected: Mapping[str, Expectation] = field(default_factory=dict)
    probe: str = "call.call"
    sizes: Mapping[str, int] = field(default_factory=dict)


def failures(case: Case, facts: Facts) -> list[str]:
    """Names of the facts that are not as expected, in the order of the case."""
    return [name for name, wanted in case.expected.items() if not wanted.holds(facts.get(name))]


def likeness(case: Case, facts: Facts, known: Facts) -> float:
    """How much facts are like a misconception's `known` ones: 1 where all agree, 0 where not.

    Ranges are for random facts, and one of those may fall on either side; so where something else
    gives the misconception away, the share of the ranges that agree counts, and no more.
    """
    if ("raises" in facts) != ("raises" in known):
        return 0.0
    if "raises" in facts and not _same_error(facts, known):
        return 0.0
    agree = {n: w.matches(facts.get(n), known.get(n)) for n, w in case.expected.items()}
    ranges = [name for name, wanted in case.expected.items() if wanted.kind == "between"]
    if not all(same for name, same in agree.items() if name not in ranges):
        return 0.0
    share = (1 + sum(agree[name] for name in ranges)) / (1 + len(ranges))
    return share if share == 1 or set(failures(case, known)) - set(ranges) else 0.0


def _same_error(facts: Facts, known: Facts) -> bool:
    """Whether both were raised for one reason: same type, and most words of the messages."""
    words, others = (set(WORD.findall(str(f["message"]))) for f in (facts, known))
    alike = len(words & others) >= 0.5 * len(words | others)
    return bool(facts["raises"] == known["raises"]) and alike


def to_json(value: Any) -> Any:
    """Turn arrays, generators, expectations and containers of them into JSON values."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return {
            "array": str(array.dtype),
            "shape": list(array.shape),
            "data": [_shortest(entry) for entry in array.ravel()],
        }
    if isinstance(value, Generator):
        return {"generator": value.seed}
    if isinstance(value, Digits):
        return {"digits": [value.start, value.stop]}
    if isinstance(value, Expectation):
        return {
            "kind": value.kind,
            "value": to_json(value.value),
            "rtol": value.rtol,
            "atol": value.atol,
            "high": value.high,
            "hint": value.hint,
        }
    if isinstance(value, Case):
        return {
            "probe": value.probe,
            "args": to_json(value.args),
            "sizes": dict(value.sizes),
            "expected": to_json(value.expected),
        }
    if isinstance(value, Mapping):
        return {key: to_json(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [to_json(entry) for entry in value]
    return value


def _shortest(entry: np.generic) -> Any:
    """The shortest number that reads back as `entry` in its own precision."""
    return float(str(entry)) if entry.dtype.kind == "f" else entry.item()


def from_json(value: Any) -> Any:
    """Undo `to_json`; a list comes back as a tuple."""
    if isinstance(value, list):
        return tuple(from_json(entry) for entry in value)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return np.array(value["data"], dtype=value["array"]).reshape(value["shape"])
    if "generator" in value:
        return Generator(value["generator"])
    if "digits" in value:
        return Digits(*value["digits"])
    entries = {key: from_json(entry) for key, entry in value.items()}
    if "kind" in value:
        return Expectation(**entries)
    if "probe" in value:
        return Case(**entries)
    return entries
