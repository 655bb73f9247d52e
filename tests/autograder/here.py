"""A session without a kernel: asks an answer of the toy unit in this process."""

from collections.abc import Collection
from contextlib import ExitStack
from typing import Any

import numpy as np
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from autograder import verdict
from autograder.kernels import Reply
from autograder.names import Names
from autograder.results import ExerciseResult
from autograder.specification import Exercise, Unit
from tests.autograder import toy
from vaelib.finished import barred


class Here:
    """Stands for a session: asks in this process, or answers with the status it is told to."""

    def __init__(
        self, variables: dict[str, Any], status: str = "ok", notebook: NotebookNode | None = None
    ) -> None:
        self.variables, self.status = variables, status
        self.names = Names(notebook or new_notebook())
        self.renewed = 0
        self.barred: Collection[str] = ()
        self.spoilers: dict[int, str] = {}
        self.models: dict[str, bytes] = {}
        self.asked = 0

    def ask(self, code: str, expression: str) -> Reply:
        self.asked += 1
        if self.status != "ok":
            return Reply(self.status)
        with ExitStack() as bars:
            for name in self.barred:
                bars.enter_context(barred(name))
            exec(code, self.variables)
        return Reply("ok", expressions={"value": eval(expression, self.variables).text})

    def renew(
        self, without: Collection[int] | None = None, barred: Collection[str] | None = None
    ) -> None:
        self.renewed += 1
        self.barred = self.barred if barred is None else barred

    def forgive(self, name: str) -> None:
        pass

    def answers(self, name: str) -> bool:
        return True

    def settle(self) -> None:
        pass

    def fate(self, name: str) -> tuple[str | None, str | None]:
        return self.variables.get("fate", (None, None))


def judged(answer: Any, seed: int = 1, **names: Any) -> ExerciseResult:
    """The result of an answer to toy_share."""
    here = Here({"toy_share": answer, **names})
    return grade_one(here, toy.toy_share, seed)


def grade_one(here: Here, exercise: Exercise, seed: int) -> ExerciseResult:
    """The result of a unit that has one exercise only."""
    unit = Unit("one", (exercise,))
    return verdict.grade(here, unit, seed)[exercise.name]  # type: ignore[arg-type]


def right(x: Any) -> Any:
    return x / np.sum(x)
