"""Does the command line say what is wrong in one line, and exit as documented?"""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder import standings
from autograder.cli import main

UNIT = "02_normal_distributions"
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


def graded(course: Path, submitted: Path, *arguments: str | Path) -> Result:
    """Grade what cannot be read, which takes no kernel."""
    options = ["--submitted", submitted, "--jobs", "1", "--no-sandbox", *arguments]
    return CliRunner().invoke(main, ["--course", str(course), "grade", *map(str, options)])


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Two students with empty files, one of whose names has a comma, and a file of nobody's."""
    for student in ("ada", "Ng, Bob"):
        path = tmp_path / "class" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        path.touch()
    (tmp_path / "class" / "flat.ipynb").touch()
    return tmp_path / "class"


def test_each_once(tmp_path: Path, graded_course: Path, submitted: Path) -> None:
    """Is there one line for a student and unit that were named twice?"""
    lines = tmp_path / "results.jsonl"
    named = ("--students", "ada,ada", "--students", "Ng, Bob", UNIT, UNIT, "--results", lines)
    result = graded(graded_course, submitted, *named)
    assert result.exit_code == 0, result.output
    students = [json.loads(line)["student"] for line in lines.read_text().splitlines()]
    assert students == ["Ng, Bob", "ada"]
    assert result.stderr == "'flat.ipynb' is in no student's folder: move it to STUDENT/UNIT/\n"


@pytest.mark.parametrize(
    "verb", [("grade", "--results"), ("export", "--output"), ("report", "--output")]
)
def test_folder_for_a_file(graded_course: Path, tmp_path: Path, verb: tuple[str, str]) -> None:
    """Is a folder refused where a file is to be written, before anything is done?"""
    arguments = ["--course", str(graded_course), *verb, str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert f"File '{tmp_path}' is a directory" in result.output


def test_no_room_for_a_file(graded_course: Path, submitted: Path, tmp_path: Path) -> None:
    """Is a file that cannot be written named in one line, with the mend?"""
    (tmp_path / "file").touch()
    result = graded(graded_course, submitted, "--results", tmp_path / "file" / "results.jsonl")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / 'file'}: " in result.stderr
    assert "; mend that, or name another file" in result.stderr


@pytest.mark.parametrize("verb", ["grade", "export", "report"])
def test_damaged_gradebook(graded_course: Path, submitted: Path, tmp_path: Path, verb: str) -> None:
    """Is a damaged gradebook named in one line, with the mend?"""
    course = shutil.copytree(graded_course, tmp_path / "course")
    assert graded(course, submitted).exit_code == 0
    book = course / "autograder" / "gradebook.db"
    book.write_bytes(b"garbage" * 1000)
    result = CliRunner().invoke(main, ["--course", str(course), verb])
    if verb == "grade":
        result = graded(course, submitted)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert f"the gradebook {book} cannot be used: file is not a database" in result.stderr
    assert "put a copy in its place" in result.stderr


def test_fault_of_the_grader(graded_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an error that nobody can mend shown as it is?"""
    monkeypatch.setattr(standings, "standings", lambda course: 1 / 0)
    result = CliRunner().invoke(main, ["--course", str(graded_course), "export"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_unreadable_submission_is_no_failure(tmp_path: Path, graded_course: Path) -> None:
    """Does a notebook that cannot be read get its line, with exit status 0?"""
    path = tmp_path / "class" / "ada" / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"cells": [')
    lines = tmp_path / "results.jsonl"
    result = CliRunner().invoke(
        main,
        ["--course", str(graded_course), "grade", UNIT,
         "--submitted", str(tmp_path / "class"), "--results", str(lines)],
    )
    assert result.exit_code == 0, result.output
    line = json.loads(lines.read_text())
    assert (line["status"], line["score"]) == ("needs-human", None)
    assert "save it" in line["message"]
