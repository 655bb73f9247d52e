"""Is a whole submission of unit 06 judged by the model beside it, where there is a sound one?"""

import json
from pathlib import Path

import pytest

from autograder.verdict import HANDED_IN
from tests.hostile import checks, models
from tests.hostile.case import CASES
from tests.hostile.course import hostile

pytestmark = pytest.mark.xdist_group("hostile")
NAMES = ("model_handed_in", "model_cut_short_by_an_upload", "model_linked", "model_of_a_terabyte")


def test_models_handed_in(tmp_path: Path) -> None:
    """Does the result line say so, and what was trained again instead, and does nobody else pay?"""
    cases = {case.student: case for case in CASES if case.student in NAMES}
    with hostile(tmp_path / "hostile") as made:
        made.hand_in(list(cases.values()))
        before = checks.snapshot(made.submitted)
        results = made.root / "results.jsonl"
        done = made.run("grade", models.VAE, "--jobs", "2", "--results", str(results))
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in results.read_text().splitlines()]
        for case in cases.values():
            assert list(checks.of_case(case, lines, made.kit(case.unit))) == []
        assert checks.snapshot(made.submitted) == before
        assert made.survivors == []
    said = {line["student"]: line["exercises"]["trained_vae"]["message"] for line in lines}
    assert said == {**said, "model_handed_in": HANDED_IN, "model_cut_short_by_an_upload": ""}
    assert not any(HANDED_IN in said[name] for name in ("model_linked", "model_of_a_terabyte"))
