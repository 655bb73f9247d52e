"""Is a class taken in as fast as it is graded, and no faster?"""

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from threading import Timer

import pytest

from autograder import intake, workers
from autograder.errors import AutograderError
from autograder.grade import Packed, Task
from autograder.kernels import Limits
from autograder.samples import hand_in
from autograder.workers import Bench, stream
from tests.autograder import toy

NAMES = [f"s{number}" for number in range(7)]


class Pool:
    """Stands for workers: notes how many submissions are there at a time, and ends one by one."""

    def __init__(self, delay: float = 0.0) -> None:
        self.there: list[Packed] = []
        self.most = 0
        self.delay = delay

    def submit(self, packed: Packed) -> "Future[Packed]":
        future: Future[Packed] = Future()
        self.there.append(packed)
        self.most = max(self.most, len(self.there))
        Timer(self.delay, self._end, (packed, future)).start()
        return future

    def _end(self, packed: Packed, future: "Future[Packed]") -> None:
        self.there.remove(packed)
        future.set_result(packed)


@pytest.fixture
def tasks(task: Callable[..., Task]) -> list[Task]:
    """A class of seven."""
    return [task(name, name.encode()) for name in NAMES]


def test_each_once_and_few_at_a_time(tasks: list[Task]) -> None:
    """Is every task done once, with no more than three in memory?"""
    pool = Pool()
    done = [(t, f.result()) for t, f in stream(pool.submit, tasks, lambda: 3)]
    assert sorted(task.student for task, _ in done) == NAMES
    assert all(task.student == packed.student for task, packed in done)
    assert pool.most <= 3


def test_packed_when_its_turn_comes(tasks: list[Task]) -> None:
    """Is a submission graded as it is when its own grading begins, not that of the class?"""
    found = []
    for _, future in stream(Pool().submit, tasks, lambda: 2):
        found.append(future.result().snapshot().content)
        hand_in(tasks[-1].submitted, NAMES[-1], toy.NAME, b"anew")
    assert set(found) == {*(name.encode() for name in NAMES[:-1]), b"anew"}


def test_looks_why_nothing_comes(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a look taken where nothing is done for a while, and may it end the run?"""
    monkeypatch.setattr(workers, "LOOK", 0.01)

    def look() -> None:
        raise AutograderError("nobody works")

    with pytest.raises(AutograderError, match="nobody works"):
        list(stream(Pool(delay=0.5).submit, tasks, lambda: 1, look))


def test_another_version(tasks: list[Task]) -> None:
    """Does a worker refuse what was packed with another course?"""
    packed = replace(tasks[0].pack(), version="0123456789abcdef")
    with pytest.raises(AutograderError, match="version 0123456789abcdef is to be graded"):
        Bench(Limits(), sandboxed=False).grade(packed)


def test_nothing_handed_in_travels_too(tasks: list[Task]) -> None:
    """Does a refusal reach the worker as what it is?"""
    packed = pickle.loads(pickle.dumps(replace(tasks[0], student="nobody").pack()))
    with pytest.raises(intake.Refused, match="nothing was handed in") as refused:
        packed.snapshot()
    assert refused.value.status == "rejected"
