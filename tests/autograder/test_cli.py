"""Does the command line say what is wrong in one line, and exit as documented?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str | Path) -> Result:
    """Run a verb in this course."""
    return CliRunner().invoke(main, ["--course", str(ROOT), *map(str, arguments)])


@pytest.mark.parametrize(
    "verb",
    [
        "build",
        "release",
        "collect",
        "grade",
        "feedback",
        "report",
        "similarity",
        "export",
        "demo",
        "doctor",
    ],
)
def test_help(verb: str) -> None:
    """Has each verb a help page?"""
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("verb", ["build", "release", "grade"])
def test_unknown_unit(verb: str) -> None:
    """Does an unknown unit give one line that lists what there is, and status 2?"""
    result = run(verb, "99_nothing")
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "99_nothing" in result.output
    assert "05_kl_divergence" in result.output


def test_unknown_student(tmp_path: Path) -> None:
    """Does an unknown student give one line that lists who there is, and status 2?"""
    (tmp_path / "ada" / "05_kl_divergence").mkdir(parents=True)
    result = run("grade", "05_kl_divergence", "--submitted", tmp_path, "--students", "bob")
    assert result.exit_code == 2
    assert "'bob'" in result.output
    assert "ada" in result.output


def test_no_course_here(tmp_path: Path) -> None:
    """Does a folder without a course say so?"""
    result = CliRunner().invoke(main, ["--course", str(tmp_path), "grade"])
    assert result.exit_code == 2
    assert "nbgrader_config.py" in result.output


def test_unreadable_submission_is_no_failure(tmp_path: Path, graded_course: Path) -> None:
    """Does a notebook that cannot be read get its line, with exit status 0?"""
    path = tmp_path / "class" / "ada" / "02_normal_distributions" / "02_normal_distributions.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"cells": [')
    lines = tmp_path / "results.jsonl"
    result = CliRunner().invoke(
        main,
        ["--course", str(graded_course), "grade", "02_normal_distributions",
         "--submitted", str(tmp_path / "class"), "--results", str(lines)],
    )
    assert result.exit_code == 0, result.output
    line = json.loads(lines.read_text())
    assert (line["status"], line["score"]) == ("needs-human", None)
    assert "save it" in line["message"]
