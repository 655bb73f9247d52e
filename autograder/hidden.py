"""The hidden half of a check cell, for `nbgrader autograde` run by hand.

It judges on freshly drawn cases inside the kernel. `autograder grade` does not need it: it asks
from outside.
"""

import secrets
from typing import Any

from autograder import exercises
from autograder.specification import Exercise
from vaelib import records
from vaelib.cases import failures
from vaelib.check import CheckFailed, put
from vaelib.finished import barred


def verify(name: str, answer: Any) -> None:
    """Raise CheckFailed unless `answer` is right on cases that nobody has seen."""
    exercise = find(name)
    with barred(name):
        for case in exercise.draw(secrets.randbits(32)):
            if failures(case, put(case, answer)):
                raise CheckFailed(f"{name}: right on the public examples, wrong on others")


def find(name: str) -> Exercise:
    """The specification of an exercise, by its name."""
    unit = exercises.load(records.load(name).unit)
    assert unit is not None
    return unit[name]
