"""Run a transplanted notebook and keep a kernel at hand in which its answers can be asked.

A cell that kills or hangs its kernel costs itself only: a new kernel runs the other cells again.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.kernels import Kernel, Limits, Reply, Starter
from autograder.transplant import is_check

SKIPPED = {"demo"}
MAX_KERNELS = 12
FATES = {"timeout": "timeout", "died": "crashed"}
SAID = {"timeout": "ran too long", "died": "ended the kernel"}


class Session:
    """One submission at work. Use as a context manager; no kernel outlives it."""

    def __init__(self, notebook: NotebookNode, starter: Starter, limits: Limits) -> None:
        self.notebook = notebook
        self.limits = limits
        self.warnings: list[str] = []
        self.broken: dict[int, str] = {}  # index of a cell -> how it broke its kernel
        self._starter = starter
        self._kernels = 0
        self._left = limits.notebook
        self._kernel: Kernel | None = None

    def __enter__(self) -> "Session":
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        return self

    def __exit__(self, *exception: Any) -> None:
        self._drop()
        self._folder.cleanup()

    def ask(self, code: str, expression: str) -> Reply:
        """Run `code` silently after the whole notebook and return the text of `expression`."""
        kernel = self.kernel()
        if kernel is None:
            return Reply("died")
        return kernel.run(code, self.limits.call, self.limits, {"value": expression})

    def kernel(self) -> Kernel | None:
        """A kernel in which every cell that can run has run; None where that is hopeless."""
        while self._kernel is None or not self._kernel.alive:
            self._drop()
            if self._kernels >= MAX_KERNELS:
                return None
            self._kernels += 1
            self._kernel = self._starter(Path(self._folder.name))
            self._run_cells(self._kernel)
        return self._kernel

    def renew(self) -> None:
        """Give up the present kernel: what is asked next finds fresh state."""
        self._drop()

    def fate(self, grade_id: str) -> tuple[str | None, str | None]:
        """How the cell of this name broke its kernel, and what it raised, where it did."""
        for index, cell in enumerate(self.notebook.cells):
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
                errors = [o for o in cell.get("outputs", ()) if o.output_type == "error"]
                raised = f"{errors[0].ename}: {errors[0].evalue}"[:200] if errors else None
                return self.broken.get(index), raised
        return None, None

    def _run_cells(self, kernel: Kernel) -> None:
        for index, cell in enumerate(self.notebook.cells):
            if runs(cell) and index not in self.broken and kernel.alive:
                self._run_cell(kernel, index, cell)

    def _run_cell(self, kernel: Kernel, index: int, cell: NotebookNode) -> None:
        training = "training" in cell.metadata.get("tags", [])
        timeout = self.limits.training if training else min(self.limits.cell, self._left)
        if timeout <= 0:
            self.broken[index] = "timeout"
            self._say(index, cell, "did not run; the notebook's time was used up before")
            return
        started = time.monotonic()
        reply = kernel.run(cell.source, timeout, self.limits)
        self._left -= 0 if training else time.monotonic() - started
        cell.outputs = reply.outputs
        cell.execution_count = index + 1
        if reply.status in ("timeout", "died"):
            self.broken[index] = FATES[reply.status]
            self._say(index, cell, reply.excess or SAID[reply.status])
        elif reply.cut:
            self._say(index, cell, "printed more than is kept; the rest was cut")

    def _say(self, index: int, cell: NotebookNode, what: str) -> None:
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"code cell {index + 1}"
        warning = f"{name}: {what}"
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _drop(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()
            self._kernel.client.stop_channels()
            self._kernel = None


def runs(cell: NotebookNode) -> bool:
    """Whether a verdict may depend on a cell: not prose, not a check, not a demonstration."""
    if cell.cell_type != "code" or not cell.source.strip() or is_check(cell):
        return False
    return not SKIPPED & set(cell.metadata.get("tags", []))
