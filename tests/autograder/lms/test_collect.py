"""Does each notebook of a download reach its student, and is nothing lost without a word?"""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Course
from autograder.gradebook import open_gradebook
from autograder.lms.collect import Outcome, collect
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


def stamp(course: Course, student: str = "ada") -> str:
    """The time of handing in that `grade` finds."""
    path = course.submitted / student / toy.NAME / "timestamp.txt"
    return path.read_text() if path.exists() else ""


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let local time be that of Greenwich."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


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


def test_times(course: Course, collected: Collect) -> None:
    """Are an archive's times kept where they are those of handing in, and dropped if stale?"""
    ada, bob = moodle("Ada Lovelace", 12), moodle("Bob Ng", 34)
    collected((ada, OLD, TIME), (bob, OLD, LATER))
    assert datetime.strptime(stamp(course), "%Y-%m-%d %H:%M:%S UTC\n")
    assert stamp(course) < stamp(course, "bob")
    collected((ada, NEW, LATER), (bob, OLD, LATER))
    assert stamp(course) == ""


def test_times_of_the_download(course: Course, collected: Collect) -> None:
    """Is nobody late because of the moment at which the download was packed?"""
    collected((moodle("Ada Lovelace", 12), OLD), (moodle("Bob Ng", 34), OLD))
    assert (stamp(course), stamp(course, "bob")) == ("", "")


def test_times_of_a_roster(course: Course, tmp_path: Path) -> None:
    """Are times of handing in taken from a list that has them, and others told?"""
    people = tmp_path / "roster.csv"
    people.write_text("student_id,timestamp\nada,2026-01-05 10:00 UTC\nbob,soon\n")
    archive = download(tmp_path, (moodle("ada", 1), OLD), (moodle("bob", 2), OLD))
    _, bob = collect(course, archive, people=people)
    assert stamp(course) == "2026-01-05 10:00:00 UTC\n"
    assert "no time known: 'soon'" in bob.note


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wednesday, 6 May 2026, 8:00 PM", "2026-05-06 20:00"),
        ("2026-05-06 20:00", "2026-05-06 20:00"),
        ("2026-05-06T18:00:30+00:00", "2026-05-06 18:00"),
        ("2026/05/06", "2026-05-06 00:00"),
        ("20260506T2000", "2026-05-06 20:00"),
        ("13.05.2026 20:00", "2026-05-13 20:00"),
        ("06.05.2026 20:00", ""),
        ("26-05-06", ""),
        ("Wednesday, 8:00 PM", ""),
        ("8:00 PM", ""),
        ("May 2026", ""),
        ("12", ""),
    ],
)
def test_times_read(
    course: Course, collected: Collect, utc: None, tmp_path: Path, text: str, moment: str
) -> None:
    """Is a time read that can be read in one way only, and another told instead of guessed?"""
    (tmp_path / "roster.csv").write_text(f'student_id,timestamp\nada,"{text}"\n')
    outcomes = collected((moodle("ada", 1), OLD))
    assert stamp(course)[:16] == moment
    told = f"no time known: {text!r} is none that can be read"
    assert outcomes["ada"].note == ("" if moment else told)


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
