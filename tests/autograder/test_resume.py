"""Is nothing lost, doubled or half there when the grader is killed, at whatever moment?"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from autograder.gradebook import open_gradebook, storable
from autograder.results import Result
from autograder.samples import hand_in
from autograder.schedule import Ledger, run
from tests.autograder import canned, toy
from tests.autograder.dying import tasks
from tests.autograder.processes import TOY, environment

NAMES = ["ada", "bob", "cy", "dee", "eve", "flo"]
GRADE = f"import {TOY}; from autograder.cli import main; main()"


@pytest.fixture
def school(course: Course, answers: Callable[..., NotebookNode]) -> Course:
    """A course in which six have handed in, two of them with a mistake."""
    for name in NAMES:
        wrong = {"toy_pair": "def toy_pair(x):\n    return 0"} if name in ("bob", "eve") else {}
        hand_in(course.submitted, name, toy.NAME, answers(**wrong))
    return course


def python(course: Course, *arguments: str | Path) -> "subprocess.Popen[bytes]":
    """Start a process that knows the toy unit."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, env=environment(course.root / "records"))


def assert_whole(course: Course) -> list[Result]:
    """Each ledger entry can be read, and is what the gradebook says; returns the ledger.

    The gradebook may have a submission more: one that is whole, and waits for its ledger entry.
    """
    results = Ledger(course).results()
    with open_gradebook(course) as book:
        found = book.assignment_submissions(toy.NAME)
        scores = {s.student_id: [g.auto_score for g in s.notebooks[0].grades] for s in found}
    marked = {student: [p for p in points if p is not None] for student, points in scores.items()}
    assert {len(points) for points in marked.values()} <= {len(toy.UNIT.exercises)}
    for result in results:
        assert sum(marked[storable(result.student)]) == result.score
    assert len(marked) - len(results) in (0, 1)
    return results


@pytest.mark.parametrize("count", [1, 4])
def test_killed_while_grading(school: Course, tmp_path: Path, count: int) -> None:
    """Does the next run keep what was graded, and grade the rest, each once?"""
    lines = tmp_path / "results.jsonl"
    grade = ("-c", GRADE, "--course", school.root, "grade", "--jobs", "2", "--results", lines)
    first = python(school, *grade)
    while len(list(Ledger(school).path(toy.NAME, "").parent.glob("*.json"))) < count:
        assert first.poll() is None
        time.sleep(0.01)
    below = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    first.wait()
    assert below and not psutil.wait_procs(below, timeout=10)[1]
    assert not lines.exists()
    kept = assert_whole(school)
    assert count <= len(kept) < len(NAMES)
    assert python(school, *grade).wait() == 0
    assert_done(school)
    done = {line["student"]: line for line in map(json.loads, lines.read_text().splitlines())}
    assert list(done) == NAMES
    assert [Result.from_line(json.dumps(done[r.student])) for r in kept] == kept
    assert {name: line["score"] for name, line in done.items()} == {
        name: toy.ALL - 3 * (name in ("bob", "eve")) for name in NAMES
    }


@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("autograder.gradebook.record", 2),
        ("nbgrader.api.Gradebook.update_or_create_submission", 2),
        ("autograder.gradebook._write_scores", 2),
        ("autograder.schedule.Ledger.keep", 2),
        ("os.replace", 3),  # of the second notebook
        ("os.replace", 4),  # of the second ledger entry
    ],
)
def test_killed_between_two_writes(school: Course, place: str, count: int) -> None:
    """Is everything whole after that, and complete after the next run?"""
    first = python(school, "-m", "tests.autograder.dying", school.root, place, str(count))
    assert first.wait() == -signal.SIGKILL
    assert [result.student for result in assert_whole(school)] == ["ada"]
    again: list[str] = []
    list(run(school, tasks(school), canned.grader(again)))
    assert again == NAMES[1:]
    assert_done(school)


def test_killed_while_grading_again(school: Course) -> None:
    """Does the ledger never show an older score than the gradebook?"""
    wrong = {"toy_width": canned.WIDTH_WRONG}
    list(run(school, tasks(school), lambda those: (canned.grade(task, wrong) for task in those)))
    dying = ("-m", "tests.autograder.dying", school.root, "autograder.schedule.Ledger.keep", "2")
    assert python(school, *dying).wait() == -signal.SIGKILL
    assert [r.student for r in assert_whole(school)] == [n for n in NAMES if n != "bob"]
    again: list[str] = []
    list(run(school, tasks(school), canned.grader(again)))
    assert again == ["bob"]
    assert_done(school)


def assert_done(course: Course) -> None:
    """Everybody is in ledger and gradebook, once, and no unfinished file is left for a reader."""
    assert [result.student for result in assert_whole(course)] == NAMES
    with open_gradebook(course) as book:
        assert len(book.assignment_submissions(toy.NAME)) == len(NAMES)
    assert sorted(p.parent.parent.name for p in course.autograded.rglob("*.ipynb")) == NAMES
