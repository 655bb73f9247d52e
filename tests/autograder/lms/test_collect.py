"""Does each notebook of a download reach its student, and is nothing lost without a word?"""

from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Course
from autograder.gradebook import open_gradebook
from autograder.lms.collect import Outcome
from autograder.lms.handins import is_named
from tests.autograder import toy
from tests.autograder.lms.downloads import (
    FILE,
    LATER,
    NEW,
    OLD,
    TIME,
    Collect,
    canvas,
    download,
    moodle,
    run,
    there,
    whats,
)

TEAM = "not in the roster; if this is a team, give one member its name there"


def test_moodle(course: Course, collected: Collect) -> None:
    """Are folders of a Moodle download sorted by student?"""
    outcomes = collected((moodle("Ada Lovelace", 12), OLD), (moodle("Bob Ng", 34), NEW))
    assert whats(outcomes) == {"ada": "collected", "bob": "collected"}
    assert (there(course), there(course, "bob")) == (OLD, NEW)
    assert intake.students(course.submitted) == ["ada", "bob"]


def test_canvas(course: Course, collected: Collect) -> None:
    """Is a Canvas download sorted by student, and a mark of lateness told?"""
    late = canvas("ngbob", 34, 8, late="_LATE")
    outcomes = collected((canvas("lovelaceada", 12, 7), OLD), (late, NEW))
    assert whats(outcomes) == {"ada": "collected", "bob": "collected"}
    assert "late, says Canvas" in outcomes["bob"].note
    assert (there(course), there(course, "bob")) == (OLD, NEW)


def test_again(course: Course, collected: Collect) -> None:
    """Does collecting again change nothing?"""
    collected((moodle("Ada Lovelace", 12), OLD))
    path = course.submitted / "ada" / toy.NAME / FILE
    before = path.stat().st_mtime_ns
    assert whats(collected((moodle("Ada Lovelace", 12), OLD))) == {"ada": "unchanged"}
    assert path.stat().st_mtime_ns == before


def test_later_download(course: Course, collected: Collect) -> None:
    """Does a newer notebook replace an older one, never the other way round, and is it said?"""
    first = (moodle("Ada Lovelace", 12), OLD, TIME)
    second = (moodle("Ada Lovelace", 12), NEW, LATER)
    collected(first)
    assert whats(collected(second)) == {"ada": "replaced"}
    outcomes = collected(first)
    assert (outcomes["ada"].what, there(course)) == ("kept", NEW)
    assert "--force takes this one" in outcomes["ada"].note
    assert whats(collected(first, force=True)) == {"ada": "replaced"}
    assert there(course) == OLD


def test_edited_by_hand(course: Course, collected: Collect) -> None:
    """Is a notebook kept that was put there by hand since?"""
    path = course.submitted / "ada" / toy.NAME / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(NEW)
    assert whats(collected((moodle("Ada Lovelace", 12), OLD))) == {"ada": "kept"}
    assert there(course) == NEW


def test_several_uploads(course: Course, collected: Collect) -> None:
    """Is the newest of several uploads taken, and the others named?"""
    again = canvas("lovelaceada", 12, 9, f"{toy.NAME}-1.ipynb")
    outcomes = collected((again, NEW, TIME), (canvas("lovelaceada", 12, 8), OLD, LATER))
    assert (outcomes["ada"].what, there(course)) == ("collected", NEW)
    assert f"older ones left out: '{FILE}'" in outcomes["ada"].note


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_same_name_twice(course: Course, collected: Collect) -> None:
    """Is the newer of two members of one name taken?"""
    path = moodle("Ada Lovelace", 12)
    collected((path, NEW, LATER), (path, OLD, TIME))
    assert there(course) == NEW


def test_unknown(course: Course, collected: Collect) -> None:
    """Is somebody listed who is not in the roster, and nothing made up for them?"""
    outcomes = collected((moodle("Eve", 56), OLD), (moodle("Ada Lovelace", 12), NEW))
    assert outcomes["Eve 56"] == Outcome("Eve 56", "", "unknown", TEAM)
    assert intake.students(course.submitted) == ["ada"]


def test_students_of_the_gradebook(course: Course, collected: Collect) -> None:
    """Are nbgrader's students found without a roster?"""
    with open_gradebook(course) as book:
        book.add_student("s1", first_name="Ada", last_name="Lovelace")
    assert whats(collected((moodle("Ada Lovelace", 12), OLD), people=False)) == {"s1": "collected"}


def test_first_hand_in(collected: Collect) -> None:
    """Is a student of whom no list says anything named as in the LMS, and that said?"""
    outcomes = collected((moodle("Zoë de Vos", 12), OLD), people=False)
    assert outcomes["Zoë_de_Vos"].what == "collected"
    assert "named as in the LMS" in outcomes["Zoë_de_Vos"].note
    assert set(collected((canvas("vos", 12, 9), OLD), people=False)) == {"vos_12"}


CANVAS = "-12345678-6d6c-4a53-9a0e-0c1de8a1c111"


@pytest.mark.parametrize("suffix", ["", "-1", CANVAS, " (1)", "(2)", "-Copy1", "_2", " copy"])
def test_copies(suffix: str) -> None:
    """Is a notebook known that a browser or a system renamed, and no other?"""
    assert is_named(f"work/{toy.NAME}{suffix}.ipynb", toy.NAME)
    assert not is_named(f"{toy.NAME}x{suffix}.ipynb", toy.NAME)


def test_command_line(course: Course, tmp_path: Path) -> None:
    """Does the verb say what became of everybody, and exit by whether a person is needed?"""
    fine = download(tmp_path, (moodle("Ada", 1), OLD))
    assert run(course, fine)[0] == 0
    status, output = run(course, download(tmp_path, (moodle("Ada", 1), OLD), ("\x1b[31mx", b"")))
    assert status == 1
    assert "2 in the archive: 1 stray, 1 unchanged" in output
    assert "\x1b" not in output
