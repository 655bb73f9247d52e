"""A unit of four small exercises, for tests: its text, its specification, its submissions.

It needs NumPy only, so that a kernel is ready within a second.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from autograder import coursetext
from autograder.answers import Solutions
from autograder.specification import Exercise, Unit
from vaelib.cases import Case

NAME = "90_toy"
TEXT = Path(__file__).parent / "course" / f"{NAME}.py"

toy_share = Exercise("toy_share", 2, "x")
toy_width = Exercise("toy_width", 1, "log_var")
toy_pair = Exercise("toy_pair", 3, "x")
toy_both = Exercise("toy_both", 2, "x")
UNIT = Unit(NAME, (toy_share, toy_width, toy_pair, toy_both))
ALL = UNIT.max_score
WRITTEN = "My reasons."  # the written answer of a submission


def vectors(rng: np.random.Generator) -> Iterator[Case]:
    """Three vectors of different lengths, none of them short in digits."""
    for n in (4, 1, 3):
        yield Case((rng.uniform(0.5, 2.0, n),))


for _exercise in UNIT:
    _exercise.cases(vectors)

toy_share.reference(lambda x: x / x.sum())
toy_width.reference(lambda log_var: np.exp(log_var / 2))
toy_pair.reference(lambda x: (x.min(), x.max()))
toy_both.reference(lambda x: np.exp(x / 2) / np.exp(x / 2).sum())

toy_share.misconception(
    "largest-for-sum",
    "Your largest share is always 1, however many there are.",
    {"np.sum(x, axis=None": "np.max(x, axis=None"},
)
toy_width.misconception(
    "root-missing", "Your width is the square of what is expected.", {", 1 / 2": ", 1"}
)


@toy_pair.variant("sorted")
def sorted_pair(x):
    ordered = np.sort(x)
    return [ordered[0], ordered[-1]]


def solutions() -> Solutions:
    """The toy unit's solutions, from its own text."""
    return Solutions(coursetext.read(TEXT))
