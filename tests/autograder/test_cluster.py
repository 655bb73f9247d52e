"""Does a Dask cluster give the results of this machine, whatever becomes of its workers?"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import dask
import pytest
from nbformat.notebooknode import NotebookNode
from rich.console import Console

from autograder import cluster, workers
from autograder.classrun import grade_class
from autograder.cluster import Cluster
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grade import Graded, Task
from autograder.kernels import Limits
from autograder.results import Result
from autograder.schedule import Ledger
from autograder.warm import WarmParent
from autograder.workers import Workers
from tests.autograder import toy
from tests.autograder.processes import KILLER, PRELOAD, TOY, DaskProcesses

Answers = Callable[..., NotebookNode]
Make = Callable[..., Task]
QUIET = Console(quiet=True)
pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture
def processes(course: Course, tmp_path: Path) -> Iterator[DaskProcesses]:
    """A scheduler without workers."""
    folder = tmp_path / "dask"
    folder.mkdir()
    with DaskProcesses(folder, course.root / "records", allowed_failures=0) as started:
        yield started


@pytest.fixture
def tasks(task: Make, answers: Answers, released: NotebookNode) -> list[Task]:
    """A class in which everything occurs that a result can say."""
    handed: dict[str, NotebookNode | bytes] = {
        "ada": answers(),
        "bob": answers(toy_width="def toy_width(log_var):\n    return np.exp(log_var)"),
        "cy": released,
        "dee": b"{",
        "eve": b"[]",
        "flo": answers(toy_pair="exit()"),
        "gus": b"\xef\xbb\xbf" + json.dumps(answers()).encode(),
        "hal": answers(toy_share="print('x' * 9)\n\ndef toy_share(x):\n    return x / x.sum()"),
        "\udcff": answers(),
    }
    return [task(name, content) for name, content in handed.items()]


@pytest.fixture
def locally(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Task]], dict[str, Graded]]:
    """Grade on this machine."""
    quick = functools.partial(WarmParent, preload=PRELOAD)
    monkeypatch.setattr(workers, "WarmParent", quick)

    def grade(tasks: list[Task]) -> dict[str, Graded]:
        with Workers(1, Limits()) as here:
            return by_student(list(here.run(tasks)))

    return grade


def by_student(graded: list[Graded]) -> dict[str, Graded]:
    """What was graded, each student once, without what differs from run to run."""
    alike = [replace(g, result=replace(g.result, seconds=0.0)) for g in graded]
    found = {g.result.student: g for g in alike}
    assert len(found) == len(graded)
    return found


def test_a_worker_is_killed(
    processes: DaskProcesses,
    tasks: list[Task],
    locally: Callable[[list[Task]], dict[str, Graded]],
) -> None:
    """Has every submission its local result, notebook included, where a worker ends half-way?"""
    first, _ = processes.worker(), processes.worker()
    graded = []
    with Cluster(processes.address) as there:
        for one in there.run(tasks):
            graded.append(one)
            if len(graded) == 3:
                first.kill()
    assert by_student(graded) == locally(tasks)


def test_whole_run(course: Course, processes: DaskProcesses, tasks: list[Task]) -> None:
    """Does `--scheduler` fill ledger, gradebook and result lines, and go on where it stopped?"""
    processes.worker()
    lines = course.root / "results.jsonl"
    whole = functools.partial(
        grade_class, course, scheduler=processes.address, results=lines, seed=1, console=QUIET
    )
    done = whole()
    assert [Result.from_line(line) for line in lines.read_text().splitlines()] == done
    assert Ledger(course).results() == done
    assert {r.student: r.score for r in done} == {
        "ada": toy.ALL, "bob": toy.ALL - 3, "cy": 0, "dee": None, "eve": None,
        "flo": toy.ALL - 3, "gus": toy.ALL, "hal": toy.ALL, "\udcff": toy.ALL,
    }, [result.message for result in done]  # fmt: skip
    assert all(result.sandboxed for result in done if result.graded)
    assert [r for r in whole() if r.graded] == [r for r in done if r.graded]  # to the second


def test_submission_that_ends_workers(
    processes: DaskProcesses, task: Make, answers: Answers
) -> None:
    """Does it need a human, and does it harm nobody who is graded beside it?"""
    processes.worker(TOY, "--nanny", "--nthreads", "2")
    tasks = [task(name, answers()) for name in ("ada", KILLER, "bob")]
    with Cluster(processes.address) as there:
        graded = by_student(list(there.run(tasks)))
    assert {name: g.result.score for name, g in graded.items()} == {
        "ada": toy.ALL, "bob": toy.ALL, KILLER: None
    }, [g.result.message for g in graded.values()]  # fmt: skip
    message = graded[KILLER].result.message
    assert "each worker that graded this submission, and no other, has ended, 1 in all" in message


# What cannot work


def refused(address: str, tasks: Sequence[Task] = ()) -> str:
    """With which words grading on a cluster ends."""
    with pytest.raises(AutograderError) as error, Cluster(address) as there:
        list(there.run(tasks))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_nobody_there() -> None:
    """Is it said that no scheduler answers?"""
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        said = refused("tcp://127.0.0.1:9")
    assert "tcp://127.0.0.1:9 cannot be reached; start one with: dask scheduler" in said


def test_no_worker(processes: DaskProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it said that the cluster has no worker?"""
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    assert "has no worker; start one with: dask worker" in refused(processes.address)


def test_worker_without_the_course(processes: DaskProcesses, tmp_path: Path) -> None:
    """Is it said that workers lack the course's packages?"""
    bare = tmp_path / "bare.py"
    bare.write_text("import sys\nsys.modules['autograder'] = None\n")
    processes.worker(str(bare))
    assert "has workers without this course" in refused(processes.address)


def test_worker_with_another_version(processes: DaskProcesses, task: Make) -> None:
    """Does a worker refuse that holds another version of the unit?"""
    record = processes.records / "toy_pair.json"
    record.write_text(record.read_text().replace("toy_pair", "toy_pear", 1))
    worker = processes.worker()
    said = refused(processes.address, [task("ada", b"{")])
    assert worker.poll() is None
    assert said.startswith("worker tcp://127.0.0.1:")
    assert "bring the worker's course up to date" in said


def test_worker_without_a_sandbox(
    processes: DaskProcesses, tmp_path: Path, task: Make, answers: Answers
) -> None:
    """Does a worker refuse that has no bubblewrap, unless that is asked for?"""
    bare = tmp_path / "bare.py"
    bare.write_text(f"import os, {TOY}\nos.environ['PATH'] = '/nowhere'\n")
    processes.worker(str(bare))
    tasks = [task("ada", answers())]
    assert "apt-get install bubblewrap" in refused(processes.address, tasks)
    with Cluster(processes.address, sandboxed=False) as there:
        (graded,) = there.run(tasks)
    assert graded.result.sandboxed is False
    assert graded.result.score == toy.ALL, graded.result.message


def test_scheduler_is_killed(processes: DaskProcesses, tasks: list[Task]) -> None:
    """Is what was graded kept, and the rest told, where the scheduler ends half-way?"""
    processes.worker()
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(AutograderError, match="start it again and grade again"),
        Cluster(processes.address) as there,
    ):
        for _ in there.run(tasks):
            processes.kill_scheduler()


def test_all_workers_are_killed(
    processes: DaskProcesses, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a run end, with the mend, where no worker comes back?"""
    monkeypatch.setattr(workers, "LOOK", 0.2)
    only = processes.worker()
    with pytest.raises(AutograderError, match="lost all its workers; .* grade again"):
        with Cluster(processes.address) as there:
            monkeypatch.setattr(cluster, "PATIENCE", 0.5)
            for _ in there.run(tasks):
                only.kill()
