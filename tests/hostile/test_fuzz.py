"""Does every mutated notebook get a status or a sound notebook, in a bounded time?"""

from pathlib import Path

from tests.hostile.case import UNIT
from tests.hostile.fuzz import counts, fuzz
from tests.hostile.kit import Kit


def test_mutated_notebooks() -> None:
    """Is there neither a crash nor a hang in some seconds of fuzzing?"""
    fuzz(Kit(UNIT, Path(), Path(), 0, "fuzz"), 100, 5)
    assert sum(counts.values()) >= 100
    assert min(counts.values()) > 0
