"""Does the verdict on a right answer ever depend on the seed?"""

from dataclasses import dataclass
from functools import partial

from autograder.answers import Solutions
from autograder.specification import Exercise, Submitted
from tests.accuracy import forked
from tests.accuracy.answers import right
from vaelib.cases import failures
from vaelib.check import put
from vaelib.finished import barred

HUNG = 3600.0  # seconds for all seeds of one answer


@dataclass(frozen=True)
class Steady:
    """Right answers of one exercise, the seeds each was judged with, and what went wrong."""

    exercise: str
    answers: int
    seeds: int
    flips: tuple[str, ...] = ()


def run(exercise: Exercise, solutions: Solutions, seeds: int) -> Steady:
    """Judge each right answer of an exercise with this many seeds."""
    answers = right(exercise)
    judged = forked.each(partial(_flips, exercise, solutions, seeds), answers, HUNG)
    flips = [
        flip
        for answer, found in judged
        for flip in ([f"{answer.name}: hung or died"] if found is None else found)
    ]
    return Steady(exercise.name, len(answers), seeds, tuple(flips))


def _flips(exercise: Exercise, solutions: Solutions, seeds: int, right: Submitted) -> list[str]:
    answer = solutions.answer(exercise, right)
    with barred(exercise.name):
        return [
            f"{right.name}: seed {seed}, case {number}: {', '.join(failed)}"
            for seed in range(seeds)
            for number, case in enumerate(exercise.draw(seed), 1)
            if (failed := failures(case, put(case, answer)))
        ]
