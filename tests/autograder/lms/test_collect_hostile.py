"""Is a download sorted whose files are not what was asked for, without loss and without harm?"""

from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.lms.collect import Outcome
from tests.autograder import toy
from tests.autograder.lms.downloads import (
    FILE,
    LATER,
    NEW,
    OLD,
    Collect,
    Content,
    canvas,
    moodle,
    packed,
    run,
    there,
    whats,
)


def test_namesakes(course: Course, collected: Collect) -> None:
    """Does nobody's work go to a student whom two people may be?"""
    twice = ((moodle("Ada Lovelace", n), OLD) for n in (98, 99))
    outcomes = collected(*twice)
    assert set(whats(outcomes).values()) == {"unknown"}
    assert "several people may be ada" in outcomes["Ada Lovelace 98"].note
    assert not course.submitted.exists()


def test_namesake_of_a_number(course: Course, collected: Collect) -> None:
    """Is the one of two namesakes collected whose number fits, and the other told?"""
    outcomes = collected((moodle("Ada Lovelace", 99), NEW), (moodle("Ada Lovelace", 12), OLD))
    assert outcomes["ada"] == Outcome("Ada Lovelace 12", "ada", "collected")
    assert there(course) == OLD
    other = outcomes["Ada Lovelace 99"]
    assert other.what == "unknown"
    assert "has the name of ada, and another one the number" in other.note


def test_other_number(collected: Collect) -> None:
    """Is it told where a name fits, but Moodle's number is not the one in the list?"""
    outcomes = collected((moodle("Ada Lovelace", 99), NEW), (moodle("Bob Ng", 34), OLD))
    assert whats(outcomes) == {"ada": "collected", "bob": "collected"}
    assert outcomes["ada"].note == "the name fits, the number does not: 12 in the list"
    assert outcomes["bob"].note == ""
    assert collected(("Bob Ng_assignsubmission_file_/" + FILE, OLD))["bob"].note == ""


@pytest.mark.parametrize("name", ["..", ".", "*", "'\"", "\u202e"])
def test_names_that_are_no_folder(course: Course, collected: Collect, name: str) -> None:
    """Does a name lead nowhere that has no letter in it?"""
    outcomes = collected((canvas(name, 1, 2), OLD), (canvas("ada", 12, 9), OLD), people=False)
    assert sorted(whats(outcomes).values()) == ["collected", "unknown"]
    assert intake.students(course.submitted) == ["ada_12"]


def test_no_notebook(course: Course, collected: Collect) -> None:
    """Is a report in place of a notebook told, and does `grade` tell it, too?"""
    report, stamped = moodle("Bob Ng", 34, "report.pdf"), moodle("Bob Ng", 34, "timestamp.txt")
    outcomes = collected((moodle("Ada Lovelace", 12), OLD), (report, b"%PDF"), (stamped, b"2001"))
    assert outcomes["bob"].what == "unsuitable"
    assert "no notebook: 'report.pdf'" in outcomes["bob"].note
    with pytest.raises(intake.Refused, match="no notebook here, only .*'report.pdf'"):
        intake.take(course.submitted, "bob", toy.NAME)
    assert not (course.submitted / "bob" / toy.NAME / "timestamp.txt").exists()


def test_other_name(course: Course, collected: Collect) -> None:
    """Is a single notebook taken whatever its name, and other files named?"""
    members = ((moodle("Ada Lovelace", 12, f), f.encode()) for f in ("Untitled.ipynb", "numpy.py"))
    outcomes = collected(*members, unit=toy.NAME)
    assert there(course) == b"Untitled.ipynb"
    assert outcomes["ada"].note == "was named 'Untitled.ipynb'; left out: 'numpy.py'"


def test_several_notebooks(course: Course, collected: Collect) -> None:
    """Is a person asked where several notebooks could be meant?"""
    members = ((moodle("Ada Lovelace", 12, f), OLD) for f in ("a.ipynb", "b.ipynb"))
    assert whats(collected(*members, unit=toy.NAME)) == {"ada": "unsuitable"}
    with pytest.raises(intake.Refused, match="several notebooks"):
        intake.take(course.submitted, "ada", toy.NAME)


def test_archive_of_a_student(course: Course, collected: Collect) -> None:
    """Is a zip archive opened that a student handed in, and not one inside of that?"""
    inner = packed([(f"work/{FILE}", OLD), ("deep.zip", packed([(FILE, NEW)]))])
    outcomes = collected((moodle("Ada Lovelace", 12, "work.zip"), inner), unit=toy.NAME)
    assert (outcomes["ada"].what, there(course)) == ("collected", OLD)
    assert "left out: 'deep.zip'" in outcomes["ada"].note


@pytest.mark.parametrize("content", [b"no archive", packed([("x.ipynb", bytes(30 * 2**20))]), b""])
def test_bad_archive_of_a_student(course: Course, collected: Collect, content: bytes) -> None:
    """Does a bad archive cost only the student who handed it in?"""
    bad = (moodle("Bob Ng", 34, "work.zip"), content)
    outcomes = collected(bad, (moodle("Ada Lovelace", 12), OLD))
    assert whats(outcomes) == {"ada": "collected", "bob": "unsuitable"}
    assert "clear all outputs" in outcomes["bob"].note or ".zip'" in outcomes["bob"].note


@pytest.mark.parametrize("path", ["../../x.ipynb", "/tmp/x.ipynb", "C:\\x.ipynb"])
def test_paths_that_lead_out(course: Course, collected: Collect, path: str) -> None:
    """Is a member listed whose path leads out, and nothing written anywhere?"""
    before = set(course.root.rglob("*"))
    slipping = (f"../{moodle('Bob Ng', 34)}", OLD)
    outcomes = collected((path, OLD), slipping, (moodle("Ada Lovelace", 12), OLD))
    assert {o.what for o in outcomes.values()} == {"collected", "stray", "unsuitable"}
    assert "leads out" in outcomes["bob"].note
    new = {p for p in set(course.root.rglob("*")) - before if p.is_file()}
    assert new == {course.submitted / "ada" / toy.NAME / FILE}


def test_folder_that_is_a_link(course: Course, collected: Collect, tmp_path: Path) -> None:
    """Is nothing written through a link in the folder of submissions?"""
    (tmp_path / "elsewhere").mkdir()
    course.submitted.mkdir(parents=True)
    (course.submitted / "ada").symlink_to(tmp_path / "elsewhere")
    assert "is a link" in collected((moodle("Ada Lovelace", 12), OLD))["ada"].note
    assert not any((tmp_path / "elsewhere").iterdir())


def test_clutter(collected: Collect) -> None:
    """Do files of operating systems and old checkpoints not compete with the notebook?"""
    checkpoint = moodle("Ada Lovelace", 12, f".ipynb_checkpoints/{toy.NAME}-checkpoint.ipynb")
    outcomes = collected(
        (moodle("Ada Lovelace", 12), OLD), (checkpoint, NEW, LATER), ("__MACOSX/._x", b"")
    )
    assert outcomes == {"ada": Outcome("Ada Lovelace 12", "ada", "collected")}


@pytest.mark.parametrize("folder", ["__MACOSX", "__MACOSX/submissions", "submissions"])
@pytest.mark.parametrize("named", [moodle("Ada Lovelace", 12), canvas("lovelaceada", 12, 7)])
def test_packed_again_on_a_mac(collected: Collect, named: str, folder: str) -> None:
    """Are companions of macOS no second person where a download was packed again?"""
    first, *rest = named.split("/")
    paths = {f"._{named}", f"._{first}", "/._".join((first, *rest)) if rest else "._submissions"}
    outcomes = collected((named, OLD), *((f"{folder}/{path}", b"\0\5") for path in paths))
    assert whats(outcomes) == {"ada": "collected"}


def test_only_clutter(collected: Collect) -> None:
    """Is somebody still told of who handed in nothing but what systems leave behind?"""
    clutter = (moodle("Bob Ng", 34, f"._{FILE}"), b"\0\5")
    outcomes = collected((moodle("Ada Lovelace", 12), OLD), clutter)
    assert "nothing that can be read" in outcomes["bob"].note


def test_class_of_three_hundred(course: Course, collected: Collect) -> None:
    """Is everybody of a large class collected?"""
    members = [(canvas(f"student{n}", n, n), b"%d" % n) for n in range(300)]
    assert set(whats(collected(*members, people=False)).values()) == {"collected"}
    assert there(course, "student299_299") == b"299"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([("notes.txt", b"")], "has no names as Moodle and Canvas write them"),
        ([(moodle("Ada", 1, "a.ipynb"), OLD)], "no unit that is released; .*--unit"),
    ],
)
def test_useless_archive(collected: Collect, members: list[Content], message: str) -> None:
    """Does an archive that says too little say what would do?"""
    with pytest.raises(AutograderError, match=message):
        collected(*members)


def test_no_archive(course: Course, tmp_path: Path) -> None:
    """Is a file that is no archive refused in one line?"""
    path = tmp_path / "download.zip"
    path.write_text("<html>Please log in</html>")
    status, output = run(course, path)
    assert (status, output.count("\n")) == (2, 1)
    assert "no zip archive" in output
