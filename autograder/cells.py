"""The cells of a notebook as kernels run them: what each printed, and which broke its kernel."""

from nbformat.notebooknode import NotebookNode

from autograder.kernels import Kernel, Limits, Reply
from autograder.roles import grade_id

FATES = {"timeout": "timeout", "died": "crashed"}
SAID = {"timeout": "ran too long", "died": "ended the kernel"}
MAX_TIME = 3  # times a notebook's limit, for all of its kernels together


class Cells:
    """Runs cells one by one, in whatever kernel is at hand, and remembers what became of them.

    broken: index of a cell -> how it broke its kernel. warnings: what a person should know.
    """

    def __init__(self, notebook: NotebookNode, limits: Limits) -> None:
        self.notebook, self.limits = notebook, limits
        self.broken: dict[int, str] = {}
        self.warnings: list[str] = []

    def run(
        self, kernel: Kernel, index: int, timeout: float, expressions: dict[str, str] | None = None
    ) -> Reply | None:
        """Run a cell and keep its outputs; None where no time is left for it."""
        cell = self.notebook.cells[index]
        if timeout <= 0:
            self.broken[index] = "timeout"
            self.say(index, "did not run; the notebook's time was used up before")
            return None
        reply = kernel.run(cell.source, timeout, self.limits, expressions)
        cell.outputs = reply.outputs
        cell.execution_count = index + 1
        if reply.status in FATES:
            self.broken[index] = FATES[reply.status]
            self.say(index, reply.excess or SAID[reply.status])
        elif reply.cut:
            self.say(index, "printed more than is kept; the rest was cut")
        return reply

    def say(self, index: int, what: str) -> None:
        """Warn of a cell, once."""
        name = grade_id(self.notebook.cells[index]) or f"code cell {index + 1}"
        warning = f"{name}: {what}"
        if warning not in self.warnings:
            self.warnings.append(warning)
