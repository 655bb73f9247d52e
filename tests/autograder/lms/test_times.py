"""Is the time of handing in that of the student, and none where nobody knows it?"""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.lms.collect import collect
from tests.autograder import toy
from tests.autograder.lms.downloads import LATER, NEW, OLD, TIME, Collect, download, moodle


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
