"""Makes the toy unit known in a process of its own: a Dask worker that preloads it, or a grader.

Needs TOY_RECORDS, the folder of the unit's public records.
"""

import functools
import os
import signal
from pathlib import Path

import pytest

from autograder import workers
from autograder.grade import Graded, Packed
from autograder.warm import WarmParent
from tests.autograder.conftest import use_toy
from tests.autograder.processes import KILLER, PRELOAD

grade_packed = workers.grade_packed


def grade_or_die(packed: Packed, *context: object) -> Graded:
    """Grade, but for the submission that ends its worker."""
    if packed.student == KILLER:
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_packed(packed, *context)  # type: ignore[arg-type]


use_toy(pytest.MonkeyPatch(), Path(os.environ["TOY_RECORDS"]))
workers.WarmParent = functools.partial(WarmParent, preload=PRELOAD)  # type: ignore[misc,assignment]
workers.grade_packed = grade_or_die
