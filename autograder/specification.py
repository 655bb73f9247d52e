"""The vocabulary in which `autograder/exercises/` declares exercises."""

import ast
import copy
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.personal import Personal
from vaelib import records
from vaelib.cases import Case, Digits, Expectation, close, equal
from vaelib.check import put
from vaelib.records import Record

Draw = Callable[[np.random.Generator], Iterable[Case]]
Answer = Callable[..., Any]
KEPT = equal(True, "Your answer changes the arrays that it was given.")


@dataclass(frozen=True)
class Submitted:
    """An answer as text: a right variant, or (with a hint) a misconception.

    text: source of the answer, or None where it is the solution with `swaps` applied.
    swaps: pieces of the solution's text and what stands there instead.
    """

    name: str
    text: str | None = None
    swaps: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""

    def source(self, solution: str) -> str:
        """Text of the answer cell, given the solution's; ValueError where a swap finds nothing."""
        if self.text is not None:
            return self.text
        for old, new in self.swaps.items():
            if old not in solution:
                raise ValueError(f"{self.name}: the solution has no {old!r} to swap for {new!r}")
            solution = solution.replace(old, new)
        return solution


@dataclass
class Exercise:
    """One exercise: how many points, what is asked, what is right, which mistakes are known.

    parameters: names of the arguments, as in the contract, for messages.
    rtol, atol: tolerance of results that a reference gives.
    training: the answer's cell trains a model and may take longer than others.
    personal: what each student may be asked with values of their own; values: those, if it is done.
    """

    name: str
    points: float
    parameters: str = ""
    rtol: float = 1e-4
    atol: float = 1e-6
    training: bool = False
    personal: Personal | None = None
    values: Mapping[str, Any] = field(default_factory=dict, init=False)
    misconceptions: list[Submitted] = field(default_factory=list, init=False)
    variants: list[Submitted] = field(default_factory=list, init=False)
    _draw: Draw | None = field(default=None, init=False)
    _reference: Answer | None = field(default=None, init=False)

    def cases(self, draw: Draw) -> Draw:
        """Decorator: `draw(rng)` yields the cases of one run."""
        self._draw = draw
        return draw

    def reference(self, function: Answer) -> Answer:
        """Decorator: the right answer in NumPy, for cases that state no expectation themselves."""
        self._reference = function
        return function

    def misconception(self, name: str, hint: str, swaps: Mapping[str, str] | None = None) -> Any:
        """Declare a known mistake: decorate a wrong implementation, or name swaps in the solution.

        hint: names the symptom, never the answer.
        """
        return self._declare(self.misconceptions, Submitted(name, hint=hint), swaps)

    def variant(self, name: str, swaps: Mapping[str, str] | None = None) -> Any:
        """Declare a right answer that looks different, in the same two ways."""
        return self._declare(self.variants, Submitted(name), swaps)

    def _declare(self, to: list[Submitted], entry: Submitted, swaps: Any) -> Any:
        if entry.name in [other.name for other in to]:
            raise ValueError(f"{self.name}: two entries are called {entry.name!r}")
        if swaps is not None:
            to.append(replace(entry, swaps=dict(swaps)))
            return None

        def keep(thing: Any) -> Any:
            text = _source(thing) + f"\n\n\n{self.name} = {thing.__name__}\n"
            to.append(replace(entry, text=text))
            return thing

        return keep

    def posed(self, values: Mapping[str, Any]) -> "Exercise":
        """This exercise as a student is asked who has these values."""
        posed = copy.copy(self)
        posed.values = values
        if self.personal is not None and values:
            left_out = self.personal.without
            posed.misconceptions = [m for m in self.misconceptions if m.name not in left_out]
        return posed

    def solution(self, general: str) -> str:
        """Text of the solution for this exercise's values, given that for the general question."""
        if self.personal is None or not self.values:
            return general
        return Submitted("the solution for own numbers", swaps=self.personal.swaps).source(general)

    @property
    def public(self) -> Record:
        """What the check in the notebook holds an answer against."""
        known = records.load_personal(self.name) if self.values else None
        return records.load(self.name) if known is None else known.of(self.values)

    @property
    def right(self) -> Answer:
        """The reference, for this exercise's values."""
        assert self._reference is not None, f"{self.name} has neither expectations nor reference"
        return functools.partial(self._reference, **self.values)

    @property
    def declared_in(self) -> ModuleType:
        """The module in which the exercise's cases are written."""
        assert self._draw is not None, f"{self.name} has no cases"
        return sys.modules[self._draw.__module__]

    def draw(self, seed: int) -> list[Case]:
        """The cases that `seed` gives, each with its expectations."""
        assert self._draw is not None, f"{self.name} has no cases"
        return [self._complete(case) for case in self._draw(np.random.default_rng(seed))]

    def _complete(self, case: Case) -> Case:
        expected = dict(case.expected)
        if set(expected) <= {"dtype", "an int"}:
            expected = self._expected(case) | expected
        if "raises" not in expected and case.probe == "call.call" and _has_arrays(case):
            expected["inputs unchanged"] = KEPT
        return replace(case, expected=expected)

    def _expected(self, case: Case) -> dict[str, Expectation]:
        facts = put(case, self.right)
        if "raises" in facts:
            return {"raises": equal(facts["raises"])}
        keys = [key for key in facts if key.startswith("value[")] or ["value"]
        count = {"results": equal(facts["results"])} if "results" in facts else {}
        return {key: close(facts[key], self.rtol, self.atol) for key in keys} | count


def _has_arrays(case: Case) -> bool:
    return any(isinstance(arg, np.ndarray | Digits) for arg in case.args)


def _source(thing: Any) -> str:
    """Source text of a function or class without its decorators, after the imports it needs."""
    lines = textwrap.dedent(inspect.getsource(thing)).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("def ", "class ")))
    body = "\n".join(lines[first:])
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    return "\n".join([*_imports(inspect.getmodule(thing), used), "", "", body])


def _imports(module: Any, used: set[str]) -> list[str]:
    """Import statements of a module for the names used, those of specifications left out."""
    statements = []
    for node in _import_nodes(module):
        names = [n for n in node.names if (n.asname or n.name).split(".")[0] in used]
        if names:
            kept = copy.copy(node)
            kept.names = names
            statements.append(ast.unparse(kept))
    return statements


@functools.cache
def _import_nodes(module: Any) -> list[ast.Import | ast.ImportFrom]:
    body = ast.parse(inspect.getsource(module)).body
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [n for n in imports if not str(getattr(n, "module", "")).startswith("autograder")]


@dataclass(frozen=True)
class Unit:
    """The exercises of one unit, in the order of the notebook, and its written answer's points."""

    name: str
    exercises: tuple[Exercise, ...]
    reflection_points: float = 2.0

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self.exercises)

    def __getitem__(self, name: str) -> Exercise:
        return next(exercise for exercise in self.exercises if exercise.name == name)

    @property
    def max_score(self) -> float:
        """Automatic points of the unit."""
        return float(sum(exercise.points for exercise in self.exercises))
