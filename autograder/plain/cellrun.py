"""Run a notebook as nbgrader does: every code cell in turn, the tests among them.

A cell that kills or hangs its kernel costs itself only: a new kernel runs the other cells again.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from autograder.cells import MAX_TIME, SAID, Cells
from autograder.kernels import Kernel, Limits, Reply, Starter

SKIPPED = "skip-execution"  # Jupyter's own tag; transplanting leaves only those of the release
MAX_KERNELS = 12
# A warm kernel imports nothing from its working folder; an ordinary one does, as IPython has it.
IMPORTABLE = """
import sys
if "" not in sys.path:
    after = [n for n, path in enumerate(sys.path) if path.endswith("-packages")] or [0]
    sys.path.insert(after[0], "")
"""


class CellRun(Cells):
    """One notebook at work.

    files: contents by path, put into the working folder of each kernel. cut: indices of cells whose
    output was too long.
    """

    def __init__(
        self, notebook: NotebookNode, files: Mapping[str, bytes], starter: Starter, limits: Limits
    ) -> None:
        super().__init__(notebook, limits)
        self.files = files
        self.cut: set[int] = set()
        self._starter = starter
        self._end = monotonic() + MAX_TIME * limits.notebook
        self._run = [index for index, cell in enumerate(notebook.cells) if _runs(cell)]

    def run_all(self) -> None:
        """Leave in each cell the output of its last run, or an error that says why there is none.

        nbgrader takes a test without output for one that was passed.
        """
        for index in self._run:
            self._cell(index).outputs = [_error("NotRun", "this cell was not run")]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            for _ in range(MAX_KERNELS):
                kernel = self._starter(Path(folder))
                try:
                    if self._pass(kernel):
                        return
                finally:
                    kernel.kill()
                    kernel.client.stop_channels()

    def _pass(self, kernel: Kernel) -> bool:
        """Run all cells that have not broken a kernel; whether the last one was reached."""
        make = {"": f"exec({IMPORTABLE!r}, {{}})"}
        kernel.run("pass", self.limits.start, self.limits, make, silent=True)
        for path, content in self.files.items():
            kernel.put(path, content, self.limits)
        end = min(self._end, monotonic() + self.limits.notebook)
        for index in self._run:
            if index not in self.broken:
                self._run_cell(kernel, index, end)
            if not kernel.alive:
                return index == self._run[-1]
        return True

    def _run_cell(self, kernel: Kernel, index: int, end: float) -> None:
        reply = self.run(kernel, index, min(self.limits.cell, end - monotonic()))
        if reply is not None:
            self._cell(index).outputs = _outputs(reply)
            self.cut |= {index} if reply.cut else set()

    def _cell(self, index: int) -> NotebookNode:
        return self.notebook.cells[index]


def limits_of(timeout: float | None, limits: Limits) -> Limits:
    """Limits with nbgrader's own for a cell; without one, a cell may take a notebook's time."""
    if timeout is None or timeout < 0:
        return replace(limits, cell=limits.notebook)
    return replace(limits, cell=float(timeout))


def _runs(cell: NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and bool(cell.source.strip()) and SKIPPED not in tags


def _outputs(reply: Reply) -> list[NotebookNode]:
    """A cell's outputs, an error among them unless it came to its end."""
    if reply.status == "ok" or any(o.output_type == "error" for o in reply.outputs):
        return reply.outputs
    return [*reply.outputs, _error(reply.status, SAID.get(reply.status, "an error, not shown"))]


def _error(name: str, what: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=what, traceback=[f"{name}: {what}"])
