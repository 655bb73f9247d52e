"""Grade on a Dask cluster: submissions go out and results come back as bytes, no disk is shared."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from time import monotonic
from typing import Any, cast

import dask
import nbformat
from distributed import Client, KilledWorker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from autograder.errors import AutograderError
from autograder.grade import Graded, Packed, Task, fault, without_score
from autograder.kernels import Limits
from autograder.results import NEEDS_HUMAN, Result
from autograder.workers import Bench, stream

PATIENCE = 60.0  # seconds without any worker after which the run ends
Flat = tuple[str, dict[str, bytes], str]  # a result line, graded notebooks by name, timestamp


class Benches(WorkerPlugin):
    """What a worker of the cluster keeps from one submission to the next, until it ends."""

    name = "autograder"
    idempotent = True

    def setup(self, worker: Any) -> None:
        """Dask calls this on each worker, those that come later included."""
        self._lock = threading.Lock()
        self._made: dict[tuple[Limits, bool], Bench] = {}

    def teardown(self, worker: Any) -> None:
        """Dask calls this when the worker ends."""
        for bench in self._made.values():
            bench.close()

    def bench(self, limits: Limits, sandboxed: bool) -> Bench:
        """This worker's bench; NoSandbox where a sandbox is asked for and cannot be had."""
        with self._lock:
            if (limits, sandboxed) not in self._made:
                self._made[limits, sandboxed] = Bench(limits, sandboxed)
            return self._made[limits, sandboxed]


def grade_there(packed: Packed, sandboxed: bool) -> Flat:
    """Grade one submission on the worker that runs this; AutograderError names that worker."""
    worker = get_worker()
    benches = cast(Benches, worker.plugins[Benches.name])
    try:
        graded = benches.bench(packed.limits, sandboxed).grade(packed)
    except AutograderError as error:
        raise AutograderError(f"worker {worker.address}: {error}") from None
    texts = {name: nbformat.writes(notebook) for name, notebook in graded.notebooks.items()}
    notebooks = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    return graded.result.to_line(), notebooks, graded.timestamp


def _graded(line: str, notebooks: dict[str, bytes], timestamp: str) -> Graded:
    there = {name: nbformat.reads(n.decode(), as_version=4) for name, n in notebooks.items()}
    return Graded(Result.from_line(line), there, timestamp)


class Cluster:
    """Grade tasks on the workers of a Dask scheduler. Use as a context manager.

    AutograderError where nobody answers at the address, there is no worker, or the workers cannot
    grade this course.
    """

    def __init__(self, address: str, sandboxed: bool = True) -> None:
        self._address, self._sandboxed = address, sandboxed
        self._seen = monotonic()  # when there was a worker
        with self._told("cannot be reached; start one with: dask scheduler", TypeError):
            self._client = Client(address, set_as_default=False)
        try:
            self._prepare()
        except BaseException:
            self._client.close()
            raise

    def _prepare(self) -> None:
        with self._told("has no worker; start one with: dask worker ADDRESS --nthreads 1"):
            self._client.wait_for_workers(1, timeout=PATIENCE)
        with self._told("has workers without this course; start them in its folder", Exception):
            self._client.register_plugin(Benches())
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *exception: Any) -> None:
        self._client.close()

    def run(self, tasks: Sequence[Task]) -> Iterator[Graded]:
        """Grade tasks; yields them as they finish. AutograderError where the cluster ends."""
        suspects = []
        for task, future in stream(self._submit, tasks, self._ahead, self._look):
            if not future.cancelled() and isinstance(future.exception(), KilledWorker):
                suspects.append(task)
            else:
                yield self._result(task, future)
        # Dask blames all that a worker held when it ended; one at a time, only the culprit is hit.
        for task, future in stream(self._submit, suspects, lambda: 1, self._look):
            yield self._result(task, future)

    def _result(self, task: Task, future: Future[Flat]) -> Graded:
        try:
            return _graded(*future.result())
        except AutograderError:
            raise
        except CancelledError:
            raise self._gone("has ended") from None
        except KilledWorker as killed:
            message = (
                f"each worker that graded this submission, and no other, has ended, "
                f"{killed.allowed_failures + 1} in all; look into their logs and memory, then "
                "grade it on one machine, without --scheduler"
            )
        except Exception as error:  # the class goes on, and a person looks at this one
            message = fault(error)
        return without_score(task.student, task.unit, NEEDS_HUMAN, message)

    def _submit(self, packed: Packed) -> Future[Flat]:
        # Dask warns of arguments beyond 10 MB; a notebook may be twice that.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100MB"}):
            future: Future[Flat] = self._executor.submit(grade_there, packed, self._sandboxed)
        return future

    def _threads(self) -> int:
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, RuntimeError):
            raise self._gone("has ended") from None
        if threads:
            self._seen = monotonic()
        return threads

    def _ahead(self) -> int:
        """Two submissions for each thread, so that none waits for the next one to travel."""
        return max(1, 2 * self._threads())

    def _look(self) -> None:
        if not self._threads() and monotonic() - self._seen > PATIENCE:
            raise self._gone("has lost all its workers")

    def _gone(self, what: str) -> AutograderError:
        mend = "what was graded so far is kept, start it again and grade again"
        return AutograderError(f"the Dask scheduler at {self._address} {what}; {mend}")

    @contextmanager
    def _told(self, what: str, *kinds: type[Exception]) -> Iterator[None]:
        """Turn an error of the cluster into one line."""
        expected: tuple[type[Exception], ...] = (OSError, ValueError, *kinds)
        try:
            yield
        except expected as error:
            raise AutograderError(
                f"the Dask scheduler at {self._address} {what} ({error})"
            ) from None
