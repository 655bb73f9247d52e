"""Run a transplanted notebook and keep a kernel at hand in which its answers can be asked.

A cell that kills or hangs its kernel costs itself only: a new kernel runs the other cells again. So
does a cell, or a question, that changes what all cells share.
"""

import tempfile
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.cells import MAX_TIME, Cells
from autograder.kernels import Kernel, Limits, Reply, Starter
from autograder.names import Names
from autograder.question import probe_text
from autograder.roles import grade_id, is_answer
from autograder.running import needed_demos, runs, trains
from autograder.studentcells import definitions
from vaelib.probes.call import both_ends

MAX_CRASHES = 12
LOOK_TIME = 10.0  # seconds
_STATE = probe_text("shown") + Path(__file__).with_name("shared_state.py").read_text("utf-8")
START = """\
import sys as __sys
__sys._look_at_state = {{}}
exec(compile({state!r}, "<state>", "exec"), __sys._look_at_state)
from vaelib.finished import refuse as __refuse
__refuse({names})
del __sys, __refuse
"""
_STATE_OF = "__import__('sys')._look_at_state"
_LOOK = f"{_STATE_OF}['Shown']({_STATE_OF}['%s'](__import__('builtins').globals()))"
LOOK_AFTER_CELL = {"changed": _LOOK % "after_cell"}
LOOK_AFTER_QUESTION = {"changed": _LOOK % "after_question"}
LOAD = """\
from vaelib.handin import load_trained as __load
{name} = __load({path!r}, globals())
"""


class Session:
    """One submission at work. Use as a context manager; no kernel outlives it.

    names: where its answers stand, and what its cells do to their names. spoilers: index of an
    answer's cell -> what it changed that all cells share. models: files of models by exercise,
    which are loaded in the place of the cell that trains them, of which only imports and functions
    run then; those that cannot be loaded are dropped.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        starter: Starter,
        limits: Limits,
        models: Mapping[str, bytes] | None = None,
    ) -> None:
        self.notebook, self.limits = notebook, limits
        self.names = Names(notebook)
        self.models = dict(models or {})
        self.spoilers: dict[int, str] = {}
        self._without: frozenset[int] = frozenset()
        self._barred: frozenset[str] = frozenset()
        self._cells = Cells(notebook, limits)
        self._demos = needed_demos(notebook)
        self._starter = starter
        self._crashes = 0
        self._left = self._left_in_all = self._left_to_ask = 0.0
        self._unsettled = False
        self._kernel: Kernel | None = None

    @property
    def warnings(self) -> list[str]:
        """What a person should know of how the cells ran."""
        return self._cells.warnings

    def __enter__(self) -> "Session":
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._left_in_all = self._left_to_ask = MAX_TIME * self.limits.notebook
        self.renew()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._drop()
        self._folder.cleanup()

    def ask(self, code: str, expression: str) -> Reply:
        """Run `code` silently after the whole notebook and return the text of `expression`."""
        kernel = self.kernel()
        if kernel is None:
            return Reply("died")
        wanted = {"value": expression, **LOOK_AFTER_QUESTION}
        if self._left_to_ask <= 0:
            return Reply("timeout")
        started = time.monotonic()
        timeout = min(self.limits.call, self._left_to_ask)
        reply = kernel.run(code, timeout, self.limits, wanted, silent=True)
        self._left_to_ask -= time.monotonic() - started
        self._unsettled |= kernel.alive and _changed(reply) != ""
        return reply

    def kernel(self) -> Kernel | None:
        """A kernel in which every cell that can run has run; None where that is hopeless."""
        while self._kernel is None or not self._kernel.alive:
            self._crashes += self._kernel is not None
            self._drop()
            if self._crashes >= MAX_CRASHES:
                return None
            self._kernel = self._starter(Path(self._folder.name))
            start = START.format(state=_STATE, names=sorted(self._barred))
            self._kernel.run(start, LOOK_TIME, self.limits, silent=True)
            self._run_cells(self._kernel)
        return self._kernel

    def renew(
        self, without: Collection[int] | None = None, barred: Collection[str] | None = None
    ) -> None:
        """Give up the present kernel: what is asked next finds fresh state.

        without: indices of cells that do not run from now on; barred: exercises of which vaelib's
        own version refuses to work from now on; None for either: as it is now.
        """
        self._drop()
        self._without = self._without if without is None else frozenset(without)
        self._barred = self._barred if barred is None else frozenset(barred)
        self._crashes = 0
        self._unsettled = False
        self._left = self.limits.notebook

    def settle(self) -> None:
        """Give up the present kernel if what was asked has changed what all cells share."""
        if self._unsettled:
            self.renew()

    def retrain(self, name: str) -> None:
        """Go on without the model that was handed in for this exercise: its cell trains one."""
        self.models.pop(name)
        index = self.names.index(name)
        if index is not None:
            self._cells.say(index, f"trained again, as {name}.keras is not right")
        self.renew()

    def forgive(self, name: str) -> None:
        """Run the cell of this name again, although it has broken a kernel."""
        index = self.names.index(name)
        if index is not None:
            self._cells.broken.pop(index, None)

    def answers(self, name: str) -> bool:
        """Whether the cell of this name has code in it that ran to its end."""
        index = self.names.index(name)
        there = index is not None and runs(self.notebook.cells[index])
        return there and self.fate(name) == (None, None)

    def fate(self, name: str) -> tuple[str | None, str | None]:
        """How the cell of this name broke its kernel, and what it raised, where it did."""
        index = self.names.index(name)
        if index is None:
            return None, None
        outputs = self.notebook.cells[index].get("outputs", ())
        raised = [o for o in outputs if o.output_type == "error"]
        said = [f"{o.ename}: {both_ends(o.evalue)}" for o in raised]
        return self._cells.broken.get(index), said[0] if said else None

    def _run_cells(self, kernel: Kernel) -> None:
        left_out = self._without | self._cells.broken.keys()
        for index, cell in enumerate(self.notebook.cells):
            wanted = runs(cell) or index in self._demos
            if wanted and index not in left_out and kernel.alive:
                self._run_cell(kernel, index, cell)
            elif wanted and trains(cell) and index not in self._cells.broken and kernel.alive:
                self._define(kernel, index, cell)

    def _run_cell(self, kernel: Kernel, index: int, cell: NotebookNode) -> None:
        training = trains(cell)
        if training and self._load_model(kernel, index, cell):
            return
        left = min(self._left, self._left_in_all)
        timeout = self.limits.training if training else min(self.limits.cell, left)
        started = time.monotonic()
        reply = self._cells.run(kernel, index, timeout, LOOK_AFTER_CELL)
        if not training:
            self._left -= time.monotonic() - started
            self._left_in_all -= time.monotonic() - started
        if reply is None:
            return
        if kernel.alive and (changed := _changed(reply)) != "":
            # Nothing was read where the cell raised; and what has changed may end the next one.
            again = self._look(kernel)
            self._note_spoiler(kernel, index, None if again is None else changed or again)

    def _define(self, kernel: Kernel, index: int, cell: NotebookNode) -> None:
        """Run what a cell that need not train has for other cells: imports and functions."""
        kernel.run(definitions(cell.source), self.limits.cell, self.limits, silent=True)
        if not kernel.alive:
            self._cells.broken[index] = "crashed"
            self._cells.say(index, "ended the kernel")

    def _look(self, kernel: Kernel) -> str | None:
        reply = kernel.run("pass", LOOK_TIME, self.limits, LOOK_AFTER_CELL, silent=True)
        return _changed(reply)

    def _load_model(self, kernel: Kernel, index: int, cell: NotebookNode) -> bool:
        """Whether the model that the cell would train was handed in, and could be loaded."""
        name = str(grade_id(cell))
        if name not in self.models:
            return False
        self._define(kernel, index, cell)
        wrong = self._wrong_with_model(kernel, name)
        if wrong is None:
            return True
        self.models.pop(name)
        self._cells.say(index, f"trained again, as {name}.keras was of no use ({wrong})")
        return not kernel.alive  # then the next kernel trains

    def _wrong_with_model(self, kernel: Kernel, name: str) -> str | None:
        """Load a model that was handed in; why it cannot be had, None where it can."""
        path = f"{name}.keras"
        try:
            kernel.put(path, self.models[name], self.limits)
        except OSError as error:
            return str(error)
        reply = kernel.run(LOAD.format(name=name, path=path), self.limits.cell, self.limits)
        raised = [f"{o.ename}: {o.evalue}"[:200] for o in reply.outputs if "ename" in o]
        return None if reply.status == "ok" else reply.excess or "".join(raised) or reply.status

    def _note_spoiler(self, kernel: Kernel, index: int, changed: str | None) -> None:
        if changed is None:
            kernel.kill()
            self._cells.broken[index] = "crashed"
            self._cells.say(index, "left the kernel unable to go on")
        elif changed and is_answer(self.notebook.cells[index]):
            self.spoilers[index] = "".join(c for c in changed if c.isprintable())[:200]
            self._cells.say(index, f"changes {self.spoilers[index]} for every cell after it")

    def _drop(self) -> None:
        kernel, self._kernel = self._kernel, None
        if kernel is not None:
            try:
                kernel.kill()
            finally:
                kernel.client.stop_channels()  # which nothing could close later on


def _changed(reply: Reply) -> str | None:
    """What has changed since the last look, of what cells share; None where it cannot say."""
    value = reply.expressions.get("changed", "")
    return value[1:] if reply.status == "ok" and value[:1] == "=" else None
