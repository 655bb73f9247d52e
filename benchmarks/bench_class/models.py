"""A class of unit 06 whose model is trained again, and the same class with the model handed in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench_class.classes import REPOSITORY, make_course
from bench_class.rates import ours
from report import Row

from autograder import coursetext
from autograder.answers import Solutions
from autograder.build import specification
from vaelib.handin import save_trained

UNIT, EXERCISE = "06_training", "trained_vae"


def models(students: int) -> Iterator[Row]:
    """Seconds a submission both ways; everybody hands in the solution's model."""
    solutions = Solutions(coursetext.read(REPOSITORY / "course" / f"{UNIT}.py"))
    model = solutions.answer(specification(UNIT)[EXERCISE])
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course", UNIT, students)
        trained = ours(course, UNIT, students, 2)
        for student in (course / "autograder" / "submitted").iterdir():
            save_trained(EXERCISE, model, student / UNIT)
        loaded = ours(course, UNIT, students, 2)
    yield Row("06", f"{students} submissions, {EXERCISE} trained again", f"{trained:.2f} s each")
    yield Row("06", f"{students} submissions, {EXERCISE} handed in", f"{loaded:.2f} s each")
