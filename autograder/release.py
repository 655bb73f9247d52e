"""solutions/ -> notebooks/: nbgrader's generate_assignment, then the proof that nothing leaked."""

import re
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder import leaks
from autograder.build import specification
from autograder.course import Course
from autograder.errors import AutograderError, LeakError


def release(course: Course, chosen: tuple[str, ...] = ()) -> list[Path]:
    """Release units; return their notebooks.

    LeakError where an answer or a hidden expectation would be in what students get: the notebook
    that leaks is taken back. AutograderError where nbgrader refuses, with nbgrader's own words.
    """
    units = course.authored(chosen)
    for unit in units:
        if not (course.solutions / unit / f"{unit}.ipynb").is_file():
            raise AutograderError(f"solutions/{unit} is not built; run: autograder build {unit}")
    paths = [generate(course, unit) for unit in units]
    found = leaks.find(course, [specification(unit) for unit in course.authored()])
    if found:
        for path in {leak.path for leak in found} & set(paths):
            path.unlink()
        raise LeakError("\n".join(str(leak) for leak in found))
    return paths


def generate(course: Course, unit: str) -> Path:
    """Run nbgrader's generate_assignment for one unit, which also writes it into the gradebook.

    AutograderError, with nbgrader's own words, where it refuses.
    """
    api = NbGraderAPI(config=Config(course.config))
    api.log_level = "ERROR"
    result = api.generate_assignment(unit, force=True, create=True)
    if not result["success"]:
        log = str(result.get("log") or result.get("error"))
        raise AutograderError(f"nbgrader could not release {unit}: {_reason(log)}")
    return course.notebooks / unit / f"{unit}.ipynb"


def _reason(log: str) -> str:
    """The first error that a log speaks of, without its traceback; else the log."""
    errors = re.findall(r"^\s*[\w.]*(?:Error|Exception): (.+)$", log, re.MULTILINE)
    return errors[0] if errors else log.strip()
