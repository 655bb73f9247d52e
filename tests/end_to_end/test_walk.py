"""Does the walk through the units see what should not be?"""

from pathlib import Path

import pytest

from autograder import exercises
from tests.end_to_end.browser import CHROMIUM
from tests.end_to_end.walk import main

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]
NAME = "std_from_log_var"
OPTIONS = ["--units", "02", "--exercises", NAME, "--out"]


def test_both_answers_get_their_cards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is there one line an exercise, a picture of each answer, and one of the unit?"""
    assert main([*OPTIONS, str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"02 {what}: as it should be" for what in (NAME, "the whole unit")]
    pictures = {picture.name for picture in tmp_path.rglob("*.png")}
    assert pictures > {f"{NAME}-wrong.png", f"{NAME}-right.png", "page-00.png"}


def test_wrong_answer_that_passes_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is it told that a check takes for right what is declared as a mistake?"""
    unit = exercises.load("02_normal_distributions")
    assert unit is not None
    monkeypatch.setattr(unit[NAME], "misconceptions", unit[NAME].variants)
    assert main([*OPTIONS, str(tmp_path)]) == 1
    assert f"{NAME}: the wrong answer was told: " in capsys.readouterr().out
