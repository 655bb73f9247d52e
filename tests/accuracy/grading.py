"""The class of known answers, graded by the real command in a course folder of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from autograder import coursetext
from autograder.answers import Solutions
from autograder.results import ExerciseResult, Result
from autograder.samples import answered, hand_in
from autograder.specification import Exercise, Unit
from tests.accuracy.answers import Class, Entry, pack, texts

ROOT = Path(__file__).resolve().parents[2]
FIRST_SEED = 100


@dataclass(frozen=True)
class Graded:
    """What became of the known answers to one exercise.

    accepted, rejected: names of wrong answers that earned points, of right ones that lost some.
    other_hints: names of wrong answers that were told another hint than their own.
    """

    exercise: str
    wrong: int
    right: int
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    other_hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repeated:
    """The same class graded several times: seeds, jobs, and what differed."""

    unit: str
    submissions: int
    seeds: tuple[int, ...]
    jobs: tuple[int, ...]
    differing: tuple[str, ...] = ()


def solutions_of(unit: Unit, trained: bool = True) -> Solutions:
    """The solutions of a unit, from the course's text; without those that train, if so wanted."""
    text = coursetext.read(ROOT / "course" / f"{unit.name}.py")
    left_out = [] if trained else [exercise.name for exercise in unit if exercise.training]
    cells = tuple(cell for cell in text.cells if cell.exercise not in left_out)
    return Solutions(replace(text, cells=cells))


def run(
    unit: Unit, chosen: Sequence[Exercise], jobs: Sequence[int]
) -> tuple[list[Graded], Repeated]:
    """Hand in every known answer to some exercises; grade the class once an entry of `jobs`."""
    solutions = solutions_of(unit)
    submissions = pack(unit, solutions, chosen)
    with tempfile.TemporaryDirectory(prefix="accuracy-", ignore_cleanup_errors=True) as folder:
        course = _make_course(Path(folder), unit)
        released = nbformat.read(course / "notebooks" / unit.name / f"{unit.name}.ipynb", 4)
        for number, submission in enumerate(submissions):
            notebook = answered(released, texts(unit, solutions, submission))
            hand_in(course / "autograder" / "submitted", f"s{number:03}", unit.name, notebook)
        seeds = tuple(range(FIRST_SEED, FIRST_SEED + len(jobs)))
        rounds = [_grade(course, unit, s, j) for s, j in zip(seeds, jobs, strict=True)]
    told = [tally(exercise, submissions, rounds[0]) for exercise in chosen]
    return told, Repeated(unit.name, len(submissions), seeds, tuple(jobs), differing(rounds))


def tally(exercise: Exercise, submissions: Class, results: Sequence[Result]) -> Graded:
    """Count what the grader said of the entries to one exercise."""
    said = [
        (submission[exercise.name], result.exercises[exercise.name])
        for submission, result in zip(submissions, results, strict=True)
        if exercise.name in submission
    ]

    def names(right: bool, fault: Callable[[Entry, ExerciseResult], bool]) -> tuple[str, ...]:
        return tuple(e.answer.name for e, r in said if e.right == right and fault(e, r))

    return Graded(
        exercise.name,
        wrong=sum(not entry.right for entry, _ in said),
        right=sum(entry.right for entry, _ in said),
        accepted=names(False, lambda entry, result: result.score > 0),
        rejected=names(True, lambda entry, result: result.score < exercise.points),
        other_hints=names(False, lambda entry, result: result.hint != entry.answer.hint),
    )


def differing(rounds: Sequence[Sequence[Result]]) -> tuple[str, ...]:
    """The scores that are not the same in each round of grading."""
    found = []
    for results in zip(*rounds, strict=True):
        for exercise in results[0].exercises:
            scores = [result.exercises[exercise].score for result in results]
            if len(set(scores)) > 1:
                found.append(f"{results[0].student}, {exercise}: {scores}")
    return tuple(found)


def _make_course(root: Path, unit: Unit) -> Path:
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder / unit.name, root / folder / unit.name)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "autograder").mkdir()
    return root


def _grade(course: Path, unit: Unit, seed: int, jobs: int) -> list[Result]:
    """Results by student, of the command as an instructor would give it."""
    lines = course / "results.jsonl"
    options = f"--seed {seed} --jobs {jobs} --force --results {lines}".split()
    subprocess.run(
        [sys.executable, "-m", "autograder", "--course", str(course), "grade", unit.name, *options],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    return [Result.from_line(line) for line in lines.read_text().splitlines()]
