"""Does a page come back by nbgrader's exchange to who handed in, and to nobody else?

The whole circle with nbgrader's own commands, in an exchange folder of its own: release, fetch,
submit, collect, grade, feedback, release feedback, fetch feedback. Two students are two folders,
each with a cache of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import coursetext
from autograder.coursetext import CourseText
from autograder.samples import answered, hand_in

HERE = Path(__file__).resolve().parents[2]
UNIT = "02_normal_distributions"
EXCHANGE = "\nc = get_config()\nc.Exchange.root = {root!r}\nc.Exchange.cache = {cache!r}\n"
STUDENT = "c.CourseDirectory.course_id = 'vae'\nc.CourseDirectory.student_id = {name!r}\n"
pytestmark = pytest.mark.xdist_group("exchange")


def run(module: str, folder: Path, *arguments: str) -> str:
    """Run a command in a folder, as whoever sits there would; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def configured(folder: Path, root: Path, text: str = "", more: str = "") -> Path:
    """A folder whose nbgrader uses the exchange in `root`."""
    folder.mkdir(exist_ok=True)
    settings = EXCHANGE.format(root=str(root), cache=str(folder / ".cache"))
    (folder / "nbgrader_config.py").write_text(text + settings + more)
    return folder


def course_folder(folder: Path, root: Path) -> Path:
    """A course with one unit, as in a fresh clone: built and released, and no gradebook yet."""
    course = configured(folder, root, (HERE / "nbgrader_config.py").read_text())
    for part in ("solutions", "notebooks"):
        shutil.copytree(HERE / part / UNIT, course / part / UNIT)
    (course / "autograder").mkdir()
    return course


def solve(path: Path, text: CourseText) -> None:
    """Answer the first exercise of a notebook and leave the others."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.write(answered(notebook, {"normal_pdf": text.answer("normal_pdf")}), path)


@pytest.fixture(scope="module")
def circle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all of them work, after everybody has done their part.

    Ada answers one exercise; Bob's notebook is damaged; Cy's came by mail and has no secret.
    """
    there = tmp_path_factory.mktemp("circle")
    there.chmod(0o755)  # the exchange is for all who have an account
    root = there / "exchange"
    course = course_folder(there / "course", root)
    run("nbgrader", course, "release_assignment", UNIT)
    for name in ("ada", "bob"):
        student = configured(there / name, root, more=STUDENT.format(name=name))
        run("nbgrader", student, "fetch_assignment", UNIT)
    solve(there / "ada" / UNIT / f"{UNIT}.ipynb", coursetext.read(HERE / "course" / f"{UNIT}.py"))
    (there / "bob" / UNIT / f"{UNIT}.ipynb").write_text("{")
    for name in ("ada", "bob"):
        run("nbgrader", there / name, "submit", UNIT)
    run("nbgrader", course, "collect", UNIT)
    hand_in(course / "autograder" / "submitted", "cy", UNIT, b"{")
    run("autograder", course, "grade", UNIT, "--results", "results.jsonl", "--no-sandbox")
    run("autograder", course, "feedback", UNIT)
    run("nbgrader", course, "release_feedback", UNIT)
    for name in ("ada", "bob"):
        run("nbgrader", there / name, "fetch_feedback", UNIT)
    return there


def page(circle: Path, name: str) -> str:
    """The one page that came back to a student."""
    (path,) = (circle / name / UNIT / "feedback").glob(f"*/{UNIT}.html")
    return path.read_text()


def test_grades(circle: Path) -> None:
    """Is what was collected graded, and are nbgrader's own files no reason for a warning?"""
    lines = (circle / "course" / "results.jsonl").read_text().splitlines()
    found = {line["student"]: line for line in map(json.loads, lines)}
    assert (found["ada"]["status"], found["ada"]["score"]) == ("graded", 2.0)
    assert {found[name]["status"] for name in ("bob", "cy")} == {"needs-human"}


def test_page_comes_back(circle: Path) -> None:
    """Has each student the page that was written, with the verdict or the reason for none?"""
    written = circle / "course" / "autograder" / "feedback"
    for name in ("ada", "bob"):
        assert page(circle, name) == (written / name / UNIT / f"{UNIT}.html").read_text()
    assert "Feedback for ada" in page(circle, "ada")
    assert "No score yet" in page(circle, "bob")


def test_assignment_list_offers_it(circle: Path) -> None:
    """Does nbgrader's list, which JupyterLab shows, know where Ada's page lies?"""
    listed = run("nbgrader", circle / "ada", "list", "--cached")
    assert f"vae ada {UNIT}" in listed
    assert "feedback already fetched" in listed


def test_nobody_else_can_find_it(circle: Path) -> None:
    """Can the folder of published pages be entered and not listed, and is Cy's name unguessable?"""
    published = circle / "exchange" / "vae" / "feedback"
    assert published.stat().st_mode & 0o777 == 0o711
    assert len(list(published.glob("*.html"))) == 3
    secret = circle / "course" / "autograder" / "feedback" / "cy" / UNIT / "submission_secret.txt"
    assert len(secret.read_text()) == 128
