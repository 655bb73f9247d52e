"""Workers of this machine, and what every worker does, here or in a cluster."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from autograder import sandbox
from autograder.build import specification
from autograder.errors import AutograderError
from autograder.grade import Graded, Packed, Task, grade_packed, version
from autograder.kernels import Limits
from autograder.plain.celltests import PackedCells
from autograder.warm import ParentError, WarmParent

LOOK = 10.0  # seconds without a result after which a look is taken at why
T = TypeVar("T")


class Bench:
    """Where a worker grades: a warm parent for each of its threads.

    sandboxed: run students' code in bubblewrap; NoSandbox at once where that cannot be had.
    ahead: parents that start to import now; the others do when they are needed.
    """

    def __init__(self, limits: Limits, sandboxed: bool = True, ahead: int = 0) -> None:
        if sandboxed:
            sandbox.require()
        self._limits, self._sandboxed = limits, sandboxed
        self._own = threading.local()
        self._parents = [WarmParent(limits, sandboxed) for _ in range(ahead)]
        self._free = list(self._parents)
        self._lock = threading.Lock()

    def grade(self, packed: Packed) -> Graded:
        """Grade one submission; AutograderError where the course is another one here."""
        if isinstance(packed, PackedCells):
            return self._marked(packed.grade(self._start))
        unit = specification(packed.unit)
        if (here := version(packed.released, unit)) != packed.version:
            raise AutograderError(
                f"the worker has version {here} of {unit.name}, and version {packed.version} is "
                "to be graded; bring the worker's course up to date, restart it and grade again"
            )
        return self._marked(grade_packed(packed, unit, self._start))

    def _marked(self, graded: Graded) -> Graded:
        return replace(graded, result=replace(graded.result, sandboxed=self._sandboxed))

    def close(self) -> None:
        """End all warm parents."""
        for parent in self._parents:
            parent.close()

    def _start(self, folder: Any) -> Any:
        """A kernel of this thread's parent; a new parent where the old one has gone."""
        try:
            return self._parent().start(folder)
        except ParentError:
            self._own.parent = None
            return self._parent().start(folder)

    def _parent(self) -> WarmParent:
        parent: WarmParent | None = getattr(self._own, "parent", None)
        if parent is None:
            with self._lock:
                if self._free:
                    parent = self._free.pop()
                else:
                    parent = WarmParent(self._limits, self._sandboxed)
                    self._parents.append(parent)
            self._own.parent = parent
        return parent


class Workers:
    """Grade tasks on this machine, several at a time. Use as a context manager.

    NoSandbox at once where a sandbox is asked for and cannot be had.
    """

    def __init__(self, jobs: int, limits: Limits, sandboxed: bool = True) -> None:
        self._bench = Bench(limits, sandboxed, ahead=jobs)
        self._pool = ThreadPoolExecutor(max_workers=jobs)
        self._jobs = jobs

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *exception: Any) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._bench.close()

    def run(self, tasks: Sequence[Task]) -> Iterator[Graded]:
        """Grade tasks; yields them as they finish."""
        for _, future in stream(self._submit, tasks, lambda: self._jobs + 1):
            yield future.result()

    def _submit(self, packed: Packed) -> Future[Graded]:
        return self._pool.submit(self._bench.grade, packed)


def stream(
    submit: Callable[[Packed], Future[T]],
    tasks: Sequence[Task],
    ahead: Callable[[], int],
    look: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Task, Future[T]]]:
    """Submit tasks, packed when their turn comes; yields each with its future when that is done.

    ahead: how many to have submitted at a time, so that memory does not grow with the class;
    look: called whenever nothing was done for a while.
    """
    waiting, pending = iter(tasks), dict[Future[T], Task]()

    def fill() -> None:
        for task in islice(waiting, max(0, ahead() - len(pending))):
            pending[submit(task.pack())] = task

    fill()
    while pending:
        done, _ = wait(pending, timeout=LOOK, return_when=FIRST_COMPLETED)
        if not done:
            look()
        for future in done:
            task = pending.pop(future)
            fill()
            yield task, future
