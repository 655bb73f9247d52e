"""Workers of this machine: each a thread with a warm parent of its own, made when it is needed."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Any

from autograder import sandbox
from autograder.grade import Graded, Task, grade
from autograder.kernels import Limits
from autograder.warm import ParentError, WarmParent


class Workers:
    """Grade tasks, several at a time. Use as a context manager; nothing that it started is left.

    sandboxed: run students' code in bubblewrap; NoSandbox at once where that cannot be had.
    """

    def __init__(self, jobs: int, limits: Limits, sandboxed: bool = True) -> None:
        if sandboxed:
            sandbox.require()
        self._limits, self._sandboxed = limits, sandboxed
        self._pool = ThreadPoolExecutor(max_workers=jobs)
        self._own = threading.local()
        self._parents: list[WarmParent] = []
        self._lock = threading.Lock()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *exception: Any) -> None:
        self._pool.shutdown(cancel_futures=True)
        for parent in self._parents:
            parent.close()

    def run(self, tasks: Sequence[Task]) -> Iterator[Graded]:
        """Grade tasks; yields them as they finish."""
        for future in as_completed([self._pool.submit(self._grade, task) for task in tasks]):
            yield future.result()

    def _grade(self, task: Task) -> Graded:
        graded = grade(replace(task, starter=self._start, limits=self._limits))
        return replace(graded, result=replace(graded.result, sandboxed=self._sandboxed))

    def _start(self, folder: Any) -> Any:
        """A kernel of this worker's parent; a new parent where the old one has gone."""
        try:
            return self._parent().start(folder)
        except ParentError:
            self._own.parent = None
            return self._parent().start(folder)

    def _parent(self) -> WarmParent:
        parent: WarmParent | None = getattr(self._own, "parent", None)
        if parent is None:
            parent = self._own.parent = WarmParent(self._limits, self._sandboxed)
            with self._lock:
                self._parents.append(parent)
        return parent
