"""Are grades exported whole: every student, no zero that is none, nothing that a sheet runs?"""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbformat.notebooknode import NotebookNode
from nbgrader.plugins import CsvExportPlugin

from autograder import export
from autograder.cli import main
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grade import Task
from autograder.gradebook import open_gradebook
from autograder.schedule import run
from tests.autograder import canned, toy

FORMULA = '=HYPERLINK("http://example.org")'
ODD = ['Ng, "Bob"', "two\nlines", FORMULA, "+1", "-2", "@x", "\t=1", "\u202eada"]


@pytest.fixture
def class_(course: Course, task: Callable[..., Task], released: NotebookNode) -> Course:
    """Ada with a mistake, Bob whose work cannot be read, all graded."""
    wrong = {"toy_width": canned.WIDTH_WRONG}
    tasks = [task("ada", released), task("bob", b"{")]
    list(run(course, tasks, lambda open_: [canned.grade(t, wrong) for t in open_]))
    return course


def rows(course: Course, form: str, folder: Path) -> list[list[str]]:
    """What a spreadsheet reads."""
    path = export.write(course, form, folder / "grades.csv")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def table(course: Course, folder: Path) -> dict[str, dict[str, str]]:
    """Rows of the form "nbgrader" by student."""
    head, *lines = rows(course, "nbgrader", folder)
    entries = [dict(zip(head, line, strict=True)) for line in lines]
    return {entry["student_id"]: entry for entry in entries}


def test_graded_student(class_: Course, tmp_path: Path) -> None:
    """Has a student the score, the automatic part of it, and what it was graded against?"""
    ada = table(class_, tmp_path)["ada"]
    assert (ada["assignment"], ada["status"]) == (toy.NAME, "graded")
    assert (float(ada["score"]), float(ada["max_score"])) == (7.0, toy.ALL + 2)
    assert (float(ada["auto_score"]), float(ada["max_auto_score"])) == (7.0, toy.ALL)
    assert ada["needs_manual_grade"] == "True"
    assert (len(ada["submission_sha256"]), ada["seed"]) == (64, "1")
    assert ada["version"]


def test_no_silent_zero(class_: Course, tmp_path: Path) -> None:
    """Is a score empty where nothing could be graded, with status and reason beside it?"""
    bob = table(class_, tmp_path)["bob"]
    assert bob["status"] == "needs-human"
    assert (bob["score"], bob["max_score"], bob["auto_score"]) == ("", "", "")
    assert "damaged" in bob["message"]


def test_manual_points_count(class_: Course, tmp_path: Path) -> None:
    """Are points that a person gave in the score, and is nothing left to grade then?"""
    with open_gradebook(class_) as book:
        grade = book.find_grade("reflection_90", toy.NAME, toy.NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.db.commit()
    ada = table(class_, tmp_path)["ada"]
    assert (float(ada["score"]), float(ada["auto_score"])) == (8.5, 7.0)
    assert ada["needs_manual_grade"] == "False"


def test_canvas(class_: Course, tmp_path: Path) -> None:
    """Has Canvas its columns, the maximum in a row of its own, and no zero for Bob?"""
    head, best, ada, bob = rows(class_, "canvas", tmp_path)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", toy.NAME]
    assert (best[0].strip(), float(best[-1])) == ("Points Possible", toy.ALL + 2)
    assert (ada[0], ada[3], float(ada[-1])) == ("ada", "ada", 7.0)
    assert (bob[0], bob[-1]) == ("bob", "")


def test_moodle(class_: Course, tmp_path: Path) -> None:
    """Has Moodle a row a student, and for Bob the sign that it takes for no grade?"""
    head, ada, bob = rows(class_, "moodle", tmp_path)
    assert head == ["ID number", toy.NAME]
    assert (ada[0], float(ada[1])) == ("ada", 7.0)
    assert bob == ["bob", "-"]


def test_addresses_for_moodle(class_: Course, tmp_path: Path) -> None:
    """Are there addresses where all are known, and none where one is missing?"""
    for student, expected in [("ada", "ID number"), ("bob", "Email address")]:
        with open_gradebook(class_) as book:
            book.update_or_create_student(student, email=f"{student}@example.org")
        assert rows(class_, "moodle", tmp_path)[0][-2] == expected


def test_names_for_canvas(class_: Course, tmp_path: Path) -> None:
    """Does Canvas get names and numbers where the gradebook knows them?"""
    with open_gradebook(class_) as book:
        book.update_or_create_student(
            "ada", first_name="Ada", last_name="de Vos", lms_user_id="12345"
        )
    _, _, ada, _ = rows(class_, "canvas", tmp_path)
    assert ada[:4] == ["de Vos, Ada", "12345", "", "ada"]


def test_enrolled_without_a_word(class_: Course, tmp_path: Path) -> None:
    """Is somebody listed who handed in nothing, without a zero?"""
    with open_gradebook(class_) as book:
        book.add_student("eve")
    eve = table(class_, tmp_path)["eve"]
    assert (eve["status"], eve["score"]) == ("rejected", "")
    assert eve["message"] == f"nothing was handed in for {toy.NAME}"
    assert rows(class_, "canvas", tmp_path)[-1] == ["eve", "", "", "eve", "", ""]


def late(course: Course, task: Callable[..., Task], released: NotebookNode, days: int) -> None:
    """Ada hands in some days late, is graded, and has points for her written answer."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(PENALTY)
    with open_gradebook(course) as book:
        book.update_or_create_assignment(toy.NAME, duedate=datetime(2026, 1, 5, 10))
    work = task("ada", released)
    stamp = course.submitted / "ada" / toy.NAME / "timestamp.txt"
    stamp.write_text(f"2026-01-{5 + days:02} 10:00:00 UTC")
    list(run(Course(course.root), [work], canned.grader()))


PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class PointADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400


get_config().AssignLatePenalties.plugin_class = PointADay
"""


@pytest.mark.parametrize(("days", "penalty"), [(0, 0.0), (2, 2.0), (20, toy.ALL)])
def test_late(
    course: Course,
    task: Callable[..., Task],
    released: NotebookNode,
    tmp_path: Path,
    days: int,
    penalty: float,
) -> None:
    """Does nbgrader's plugin take off what it does, at most all, and are both scores shown?"""
    late(course, task, released, days)
    ada = table(course, tmp_path)["ada"]
    shown = [float(ada[key]) for key in ("raw_score", "late_submission_penalty", "score")]
    assert shown == [toy.ALL, penalty, toy.ALL - penalty]
    assert ada["timestamp"] == f"2026-01-{5 + days:02} 10:00:00"


@pytest.mark.parametrize("days", [0, 2])
def test_as_nbgrader_exports(
    course: Course, task: Callable[..., Task], released: NotebookNode, tmp_path: Path, days: int
) -> None:
    """Does `nbgrader export` say the same of an ordinary student in all of its columns?"""
    late(course, task, released, days)
    with open_gradebook(course) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="de Vos", email="a@b.c")
        CsvExportPlugin(to=str(tmp_path / "nbgrader.csv")).export(book)
    with (tmp_path / "nbgrader.csv").open(newline="") as file:
        (theirs,) = csv.DictReader(file)
    ours = table(course, tmp_path)["ada"]
    assert list(ours)[: len(theirs)] == list(theirs)
    assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.parametrize("form", ["nbgrader", "canvas", "moodle"])
def test_quotes(class_: Course, tmp_path: Path, form: str) -> None:
    """Is every text quoted, and nothing else?"""
    path = export.write(class_, form, tmp_path / "grades.csv")
    with path.open(newline="", encoding="utf-8") as file:
        cells = [c for row in csv.reader(file, quoting=csv.QUOTE_NONNUMERIC) for c in row]
    assert 7.0 in cells
    assert "7.0" not in cells


@pytest.mark.parametrize("text", ["=1", " =1", "\t", "\tx", "\rx", "\nx", "@x", "＝1", "-1"])
def test_formulas(text: str) -> None:
    """Is each beginning that a spreadsheet takes for a formula made text?"""
    assert export._safe(text) == f"'{text}"


@pytest.mark.parametrize("form", ["nbgrader", "canvas", "moodle"])
def test_odd_names(
    course: Course, task: Callable[..., Task], released: NotebookNode, tmp_path: Path, form: str
) -> None:
    """Does each name stay one field, and can no field be taken for a formula?"""
    tasks = [task(name, released) for name in ODD]
    list(run(course, tasks, canned.grader()))
    read = rows(course, form, tmp_path)
    assert len({len(row) for row in read}) == 1
    shown = {field.removeprefix("'") for row in read for field in row}
    assert set(ODD) <= shown
    for row in read:
        assert not any(field.lstrip()[:1] in tuple("=+-@") for field in row if field)


def test_formulas_in_messages(
    course: Course, task: Callable[..., Task], released: NotebookNode, tmp_path: Path
) -> None:
    """Are warnings and messages, which quote a student, no formulas either?"""
    done = canned.grade(task("ada", released), warnings=(f"{FORMULA} ignored",), message=FORMULA)
    list(run(course, [task("ada", released)], lambda tasks: [done]))
    ada = table(course, tmp_path)["ada"]
    assert ada["message"] == f"'{FORMULA}"
    assert ada["warnings"] == f"'{FORMULA} ignored"


@pytest.mark.parametrize("number", [-1.0, 0.0, 3])
def test_numbers_stay_numbers(number: Any) -> None:
    """Is a number never turned into text?"""
    assert export._safe(number) == number


def test_bytes_of_a_name(
    course: Course, task: Callable[..., Task], released: NotebookNode, tmp_path: Path
) -> None:
    """Can a folder be exported whose name is no text?"""
    list(run(course, [task("\udcff", released)], canned.grader()))
    assert list(table(course, tmp_path)) == ["\\udcff"]


def test_same_bytes_again(class_: Course, tmp_path: Path) -> None:
    """Does exporting again give the same file, in the same order?"""
    first = export.write(class_, "nbgrader", tmp_path / "1.csv").read_bytes()
    assert export.write(class_, "nbgrader", tmp_path / "2.csv").read_bytes() == first


def test_nothing_graded(course: Course, tmp_path: Path) -> None:
    """Does an export before grading say what to run, and write nothing?"""
    with pytest.raises(AutograderError, match="nothing has been graded yet; run: autograder grade"):
        export.write(course, "nbgrader", tmp_path / "grades.csv")
    assert not (tmp_path / "grades.csv").exists()


def test_unreadable_resubmission(class_: Course, task: Callable[..., Task], tmp_path: Path) -> None:
    """Is the score of an earlier submission gone then, and no zero in its place?"""
    list(run(class_, [task("ada", b"{")], canned.grader()))
    ada = table(class_, tmp_path)["ada"]
    assert (ada["status"], ada["raw_score"], ada["score"]) == ("needs-human", "", "")


def leave(course: Course, student: str) -> None:
    """Take a student out of the gradebook, and the work out of the submissions."""
    shutil.rmtree(course.submitted / student)
    with open_gradebook(course) as book:
        book.remove_student(student)


@pytest.mark.parametrize("form", ["nbgrader", "canvas", "moodle"])
def test_who_left(class_: Course, tmp_path: Path, form: str) -> None:
    """Are students left out who left the course, graded or not, and named on the screen?"""
    leave(class_, "ada")
    leave(class_, "bob")
    with open_gradebook(class_) as book:
        book.add_student("eve")
    path = tmp_path / "grades.csv"
    options = ["--course", str(class_.root), "export", "--format", form, "--output", str(path)]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 0, done.output
    assert "eve" in path.read_text()
    assert not {"ada", "bob"} & set(re.findall(r"\w+", path.read_text()))
    assert f"left out: 'ada' in {toy.NAME}" in done.stderr
    assert f"left out: 'bob' in {toy.NAME}" in done.stderr


def test_unit_made_anew_in_the_gradebook(class_: Course, tmp_path: Path) -> None:
    """Is somebody left out whose submission is in no place, though the student is enrolled?"""
    with open_gradebook(class_) as book:
        book.remove_submission(toy.NAME, "ada")
    shutil.rmtree(class_.submitted / "ada")
    assert list(table(class_, tmp_path)) == ["bob"]


def test_everybody_is_lost(class_: Course, tmp_path: Path) -> None:
    """Is a gradebook taken for lost, and no empty file written, where nobody is left in it?"""
    leave(class_, "ada")
    leave(class_, "bob")
    with pytest.raises(AutograderError, match="lost all students; run: autograder grade"):
        export.write(class_, "nbgrader", tmp_path / "grades.csv")


def test_lost_gradebook(class_: Course, tmp_path: Path) -> None:
    """Does an export say what to run where the gradebook lacks a submission?"""
    with open_gradebook(class_) as book:
        book.remove_submission(toy.NAME, "ada")
    with pytest.raises(AutograderError, match="ada.*run: autograder grade"):
        export.write(class_, "nbgrader", tmp_path / "grades.csv")
