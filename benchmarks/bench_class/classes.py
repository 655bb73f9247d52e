"""Course folders and classes to grade: the same submissions for everyone who is measured."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
import numpy as np

from autograder import coursetext
from autograder.answers import Solutions
from autograder.build import specification
from autograder.samples import answered, hand_in
from autograder.specification import Exercise

REPOSITORY = Path(__file__).resolve().parents[2]
PEER_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "peer"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "autograder/submitted"
c.CourseDirectory.autograded_directory = "autograder/autograded"
c.CourseDirectory.db_url = "sqlite:///autograder/gradebook.db"
c.Execute.timeout = 600
c.Execute.startup_timeout = 600
c.Execute.iopub_timeout = 600
"""
RIGHT, WRONG = 0.8, 0.15  # shares of the answers; the rest is left as it was released


def make_course(root: Path, unit: str, students: int, config: str | None = None) -> Path:
    """A course folder with one unit and a class; config: text of nbgrader_config.py, if another."""
    for folder in ("solutions", "notebooks"):
        shutil.copytree(REPOSITORY / folder / unit, root / folder / unit)
    (root / "course").mkdir()
    (root / "autograder").mkdir()
    shutil.copy(REPOSITORY / "course" / f"{unit}.py", root / "course")
    given = (REPOSITORY / "nbgrader_config.py").read_text() if config is None else config
    (root / "nbgrader_config.py").write_text(given)
    released = nbformat.read(root / "notebooks" / unit / f"{unit}.ipynb", as_version=4)
    for number in range(students):
        notebook = answered(released, answers(unit, number))
        hand_in(root / "autograder" / "submitted", f"s{number:04}", unit, notebook)
    return root


def answers(unit: str, number: int) -> Mapping[str, str]:
    """What student `number` answers: most of it right, some known mistakes, some not at all."""
    rng = np.random.default_rng(number)
    solutions = Solutions(coursetext.read(REPOSITORY / "course" / f"{unit}.py"))
    drawn = {e.name: _answer(e, solutions.source(e), rng) for e in specification(unit)}
    return {name: text for name, text in drawn.items() if text is not None}


def _answer(exercise: Exercise, solution: str, rng: np.random.Generator) -> str | None:
    share = rng.random()
    if share < RIGHT:
        return solution
    if share < RIGHT + WRONG:
        known = exercise.misconceptions
        return known[rng.integers(len(known))].source(solution)
    return None
