"""Grade the whole toy class without kernels, and end at once before a certain call.

    python -m tests.autograder.dying COURSE MODULE.FUNCTION COUNT
"""

import os
import signal
import sys
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from autograder import intake
from autograder.course import Course
from autograder.grade import Task
from autograder.schedule import run
from tests.autograder import canned, toy
from tests.autograder.processes import TOY


def dies(function: Any, count: int) -> Any:
    """A function that ends this process before it is called for the `count`-th time."""
    calls = iter(range(count - 1))

    def call(*arguments: Any, **named: Any) -> Any:
        if next(calls, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)

    return call


def tasks(course: Course) -> list[Task]:
    """What was handed in."""
    released = course.notebooks / toy.NAME / f"{toy.NAME}.ipynb"
    names = intake.students(course.submitted)
    return [Task(course.submitted, name, toy.UNIT, released, seed=1) for name in names]


if __name__ == "__main__":
    resolve_name(TOY)  # makes the toy unit known
    course, place, count = Course(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    with patch(place, dies(resolve_name(place), count)):
        list(run(course, tasks(course), canned.grader(), force=True))
