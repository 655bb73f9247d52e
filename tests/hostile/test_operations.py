"""Is nothing lost, doubled or half there, whatever happens to the grader while it works?"""

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from tests.autograder import toy
from tests.hostile.checks import snapshot
from tests.hostile.operations import LESS, RIGHT, WRONG, School, running

pytestmark = pytest.mark.xdist_group("operations")
NAMES = ["ada", "bob", "cy", "dee"]
STAYS = """\
import os, signal, subprocess, sys, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {mark!r}],
                     start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
end = time.time() + 300
while time.time() < end:
    try:
        time.sleep(1)
    except BaseException:
        pass
"""


@pytest.fixture
def school(course: Course, answers: Callable[..., NotebookNode]) -> School:
    """A course in which nobody has handed in anything yet."""
    return School(course, answers)


def test_killed_over_a_hostile_submission(school: School) -> None:
    """Does nothing of it survive the grader, and does the next run go on to the end?"""
    mark = f"stays-{school.course.root.parent.name}"
    school.hand_in("ada")
    school.hand_in("bob", own=STAYS.format(mark=mark))
    school.hand_in("cy", **WRONG)
    before = snapshot(school.course.submitted)
    grader = school.start()
    school.wait_for("ada", grader)
    while not running(mark):
        time.sleep(0.02)
    below = psutil.Process(grader.pid).children(recursive=True)
    grader.kill()
    grader.communicate()
    assert not psutil.wait_procs([*below, *running(mark)], timeout=10)[1]
    assert school.assert_whole() == ["ada"]
    kept = school.course.root.joinpath("autograder", "ledger").rglob("*.json")
    (ada,) = [json.loads(path.read_text()) for path in kept]
    lines, _ = school.graded()
    assert not running(mark)
    assert lines["ada"] == ada
    assert {name: line["score"] for name, line in lines.items()} == {
        "ada": RIGHT,
        "bob": RIGHT,
        "cy": LESS,
    }
    assert "ran too long" in " ".join(lines["bob"]["warnings"])
    assert school.assert_whole() == ["ada", "bob", "cy"]
    assert snapshot(school.course.submitted) == before


def test_folders_change_while_they_are_graded(school: School) -> None:
    """Is each graded as it was when its turn came, told what is there no more, and renewed next?"""
    for name in ("ada", "cy", "dee", "eve", "flo"):
        school.hand_in(name)
    school.hand_in("bob", own="import time\ntime.sleep(4)")
    grader = school.start()
    school.wait_for("ada", grader)  # now bob's turn has come, and cy's folder has been read
    school.hand_in("bob", **WRONG)
    for name in ("cy", "dee"):
        shutil.rmtree(school.course.submitted / name)
    path = school.hand_in("eve")
    path.write_bytes(path.read_bytes()[:2000])  # an upload that has not come to its end
    lines, _ = school.end(grader)
    assert {name: line["score"] for name, line in lines.items()} == {
        "ada": RIGHT,
        "bob": RIGHT,
        "cy": RIGHT,
        "dee": None,
        "eve": None,
        "flo": RIGHT,
    }
    assert (lines["dee"]["status"], lines["eve"]["status"]) == ("rejected", "needs-human")
    assert "nothing was handed in" in lines["dee"]["message"]
    school.hand_in("dee")
    school.hand_in("eve")
    lines, said = school.graded()
    assert {name: line["score"] for name, line in lines.items()} == {
        "ada": RIGHT,
        "bob": LESS,
        "dee": RIGHT,
        "eve": RIGHT,
        "flo": RIGHT,
    }
    assert f"bob, {toy.NAME}: {RIGHT:g} -> {LESS:g} (new submission" in said


def test_locked_gradebook(school: School) -> None:
    """Does grading wait for who else has the gradebook for some seconds, as Formgrader may?"""
    for name in ("ada", "bob", "cy"):
        school.hand_in(name)
    grader = school.start()
    school.wait_for("ada", grader)
    path = school.course.root / "autograder" / "gradebook.db"
    with sqlite3.connect(path, isolation_level=None, timeout=30) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(8)  # longer than SQLite's own patience
        other.execute("ROLLBACK")
    other.close()
    lines, _ = school.end(grader)
    assert {line["status"] for line in lines.values()} == {"graded"}, lines
    assert school.assert_whole() == ["ada", "bob", "cy"]


FULL = """\
mount -t tmpfs -o size=8m none "$PLACE"
cp -a "$KEPT"/. "$PLACE"
head -c $(($(stat -f -c "%a * %S" "$PLACE") - $FREE)) /dev/zero > "$PLACE/filler"
"$@"
code=$?
rm "$PLACE/filler"
cp -a "$PLACE/." "$KEPT"
exit $code
"""


def can_mount() -> bool:
    """Whether a disk can be mounted that nobody else sees."""
    tried = shutil.which("unshare") and subprocess.run(["unshare", "-Urm", "true"], check=False)
    return bool(tried) and tried.returncode == 0


@pytest.mark.skipif(not can_mount(), reason="a small disk needs a namespace of its own")
@pytest.mark.parametrize("free", [0, 100_000])
def test_full_disk(school: School, tmp_path: Path, free: int) -> None:
    """Is it said what to do, is what was written whole, and is the rest graded once there is room?

    free: bytes that are left in the course's folder, which lies on a small disk of its own.
    """
    for name in NAMES:
        school.hand_in(name)
    before = snapshot(school.course.submitted)
    place = school.course.root / "autograder"
    kept = shutil.copytree(place, tmp_path / "kept")
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", FULL, "sh", *school.command()],
        env={**school.environment, "PLACE": str(place), "KEPT": str(kept), "FREE": str(free)},
        capture_output=True,
        text=True,
    )
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    last = done.stderr.splitlines()[-1]  # below what nbgrader has logged
    assert done.returncode == 2, done.stderr
    assert last.startswith("autograder: ") and "No space left on device" in last
    assert "make room" in last
    graded = school.assert_whole()
    assert len(graded) < 4
    lines, _ = school.graded()
    assert {name: line["score"] for name, line in lines.items()} == dict.fromkeys(NAMES, RIGHT)
    assert school.assert_whole() == NAMES
    assert snapshot(school.course.submitted) == before
