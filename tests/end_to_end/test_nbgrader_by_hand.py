"""Do nbgrader's own commands, run by hand in the course folder, give the same picture?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.demo import UNIT

pytestmark = pytest.mark.xdist_group("demo")
STUDENTS = ("ada", "dora", "jan")


def nbgrader(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader as an instructor would, without this environment being activated."""
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
    )


def test_autograde_gives_the_same_scores(demo: Path, tmp_path: Path) -> None:
    """Does `nbgrader autograde` agree with `autograder grade`, a dying kernel included?"""
    course = tmp_path / "course"
    shutil.copytree(demo, course, ignore=shutil.ignore_patterns("submitted", "autograded"))
    for student in STUDENTS:
        source = demo / "autograder" / "submitted" / student
        shutil.copytree(source, course / "autograder" / "submitted" / student)
    (course / "autograder" / "gradebook.db").unlink()
    assert nbgrader(course, "generate_assignment", UNIT, "--force").returncode == 0
    done = nbgrader(course, "autograde", UNIT)
    assert done.returncode == 0, done.stderr
    lines = map(json.loads, (demo / "results.jsonl").read_text().splitlines())
    ours = {line["student"]: line["score"] for line in lines if line["student"] in STUDENTS}
    with Gradebook(f"sqlite:///{course / 'autograder' / 'gradebook.db'}") as book:
        theirs = {name: book.find_submission(UNIT, name).score for name in STUDENTS}
    assert theirs == ours


def test_validate_sees_what_is_not_answered(demo: Path, tmp_path: Path) -> None:
    """Does nbgrader's Validate fail each check of an untouched notebook, with our words?"""
    notebook = tmp_path / f"{UNIT}.ipynb"
    shutil.copy(demo / "notebooks" / UNIT / notebook.name, notebook)
    done = nbgrader(tmp_path, "validate", str(notebook))
    assert done.stdout.count("not answered yet") >= 6, done.stdout + done.stderr
