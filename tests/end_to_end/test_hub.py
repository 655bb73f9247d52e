"""Does the whole circle work on a hub, with two students, a grader and an exchange folder?

Everybody logs in and uses their own server, by way of the proxy and nothing else: the students
with the requests that JupyterLab's Assignment List sends, the grader in a terminal. No accounts
are made; see hub/trial_config.py.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import coursetext, sandbox
from autograder.samples import answered
from tests.end_to_end.hub import ROOT, Person, proxy_runs, trial_hub

UNIT = "02_normal_distributions"  # which needs no TensorFlow
NOTEBOOK = f"{UNIT}/{UNIT}.ipynb"
SCRIPTS = Path(sys.executable).parent
WRONG = "def std_from_log_var(log_var):\n    return np.exp(log_var)"
pytestmark = [
    pytest.mark.xdist_group("exchange"),
    pytest.mark.skipif(
        not proxy_runs(),
        reason="no configurable-http-proxy: run make node_modules, with Node.js 20 or newer",
    ),
]


def course_folder(folder: Path) -> None:
    """A course with one unit, as in a fresh clone: built and released, and no gradebook yet."""
    for part in ("solutions", "notebooks"):
        shutil.copytree(ROOT / part / UNIT, folder / part / UNIT)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "autograder").mkdir()


def sandboxing() -> str:
    """The option that grading needs here."""
    try:
        sandbox.require()
    except sandbox.NoSandbox:
        return "--no-sandbox"
    return ""


def teach(grader: Person, *commands: str) -> None:
    """Type commands into a terminal in the course folder."""
    for command in commands:
        grader.type(f"cd ~/vae-course && {SCRIPTS}/{command}")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Person]]:
    """Ada, Bob and the grader, after everybody has done their part.

    Ada answers two exercises, one of them wrong; Bob none.
    """
    folder = tmp_path_factory.mktemp("hub")
    course_folder(folder / "grader" / "vae-course")
    right = {"normal_pdf": coursetext.read(ROOT / "course" / f"{UNIT}.py").answer("normal_pdf")}
    work = {"ada": right | {"std_from_log_var": WRONG}, "bob": {}}
    with trial_hub(folder) as address:
        everybody = {name: Person(address, name) for name in ("ada", "bob", "grader")}
        teach(everybody["grader"], f"nbgrader release_assignment {UNIT}")
        for name, answers in work.items():
            hand_in(everybody[name], answers)
        teach(
            everybody["grader"],
            f"nbgrader collect {UNIT}",
            f"autograder grade {UNIT} --results results.jsonl {sandboxing()}",
            f"autograder feedback {UNIT}",
            f"nbgrader release_feedback {UNIT}",
        )
        yield everybody


def hand_in(student: Person, answers: dict[str, str]) -> None:
    """Fetch the unit, answer, save and submit."""
    student.assignment("fetch", UNIT)
    released = nbformat.from_dict(student.read(NOTEBOOK))
    student.save(NOTEBOOK, answered(released, answers))
    student.assignment("submit", UNIT)


def submission(student: Person, action: str) -> dict[str, Any]:
    """A student's one submission, as the Assignment List shows it after an action."""
    listed = student.assignment(action, UNIT)
    (found,) = (entry["submissions"] for entry in listed if entry["status"] == "submitted")
    return dict(found[0])


def test_grades(people: dict[str, Person]) -> None:
    """Is everybody's work graded, under the name they have on the hub?"""
    lines = people["grader"].read("vae-course/results.jsonl").splitlines()
    found = {line["student"]: line for line in map(json.loads, lines)}
    assert {name: line["score"] for name, line in found.items()} == {"ada": 2.0, "bob": 0.0}
    assert {line["status"] for line in found.values()} == {"graded"}


@pytest.mark.parametrize("name, said", [("ada", "variance-returned"), ("bob", "unanswered")])
def test_feedback_comes_back(people: dict[str, Person], name: str, said: str) -> None:
    """Does the Assignment List fetch the page, into a folder that the student can open?"""
    handed_in = submission(people[name], "fetch_feedback")
    assert handed_in["has_local_feedback"]
    page = people[name].read(f"{handed_in['local_feedback_path']}/{UNIT}.html")
    assert f"Feedback for {name}" in page
    assert said in page


def test_formgrader_shows_the_class(people: dict[str, Person]) -> None:
    """Does the grader's Formgrader read the gradebook that was written?"""
    shown = people["grader"].ask("GET", f"formgrader/api/submissions/{UNIT}")
    assert {entry["student"]: entry["score"] for entry in shown} == {"ada": 2.0, "bob": 0.0}


def test_nobody_enters_another_server(people: dict[str, Person]) -> None:
    """Is a student turned away from the grader's server?"""
    reply = people["ada"].session.get(f"{people['ada'].hub}/user/grader/api/contents")
    assert reply.status_code == 403
