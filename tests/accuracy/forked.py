"""Do something with each of many things in a forked process that may hang or die over one."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
FORK = multiprocessing.get_context("fork")


def each(
    function: Callable[[T], R], things: Sequence[T], seconds: float
) -> Iterator[tuple[T, R | None]]:
    """Each thing with `function(thing)`, in order; None where it hung, died or raised.

    One child does one after another, so that what it has imported and compiled serves them all; a
    new one goes on behind the thing that broke it. Nothing that it prints is seen, and nothing
    stays of the files that TensorFlow writes for every function that it compiles.
    """
    rest = list(things)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        while rest:
            for result in _by_one_child(function, tuple(rest), seconds, folder):
                yield rest.pop(0), result
            if rest:
                yield rest.pop(0), None


def _by_one_child(
    function: Callable[[T], R], things: Sequence[T], seconds: float, folder: str
) -> Iterator[R]:
    """Results of the first things, up to the one that broke the child."""
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_work, args=(function, things, sender, folder), daemon=True)
    child.start()
    sender.close()
    try:
        for _ in things:
            if not receiver.poll(seconds):
                break
            yield receiver.recv()
    except EOFError:
        pass  # it died
    finally:
        child.kill()
        child.join()


def _work(function: Callable[[T], R], things: Sequence[T], sender: Connection, folder: str) -> None:
    tempfile.tempdir = folder
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    for thing in things:
        sender.send(function(thing))
