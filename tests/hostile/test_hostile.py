"""Are the cheap parts of the hostile class handled? `make hostile` has all of it."""

from pathlib import Path

import pytest

from tests.hostile.case import CASES, SCORED, UNIT
from tests.hostile.run import grade, report

RUN = (
    "full_marks skipped_check metadata_and_ids_stripped all_answers_in_one_cell modules_beside "
    "numpy_patched forged_lines delegated stays loopback canary_written quit_in_the_answer "
    "live_everywhere inputs_raised"
).split()
pytestmark = pytest.mark.xdist_group("hostile")


def test_corpus_is_large() -> None:
    """Are there at least 90 cases in eight groups, each student once?"""
    names = [case.student for case in CASES]
    assert len(set(names)) == len(names) >= 90
    assert len({case.group for case in CASES}) >= 8


def test_cheap_part(tmp_path: Path) -> None:
    """Is each case handled that no kernel runs for, and some that one does?"""
    cheap = [c for c in CASES if c.unit == UNIT and (c.student in RUN or not c.statuses & SCORED)]
    assert len(cheap) >= 40
    faults = grade(cheap, tmp_path / "hostile")
    assert faults == [], report(cheap, faults)
