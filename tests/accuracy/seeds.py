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

HUNG = 3600.0  # seconds for one answer and a block of seeds
BLOCK = 40  # seeds in one process, as Keras keeps something of every model until the process ends


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
    blocks = [range(start, min(start + BLOCK, seeds)) for start in range(0, seeds, BLOCK)]
    flips = []
    for answer in answers:
        judge = partial(_flips, exercise, solutions, answer)
        for block in blocks:
            [(_, found)] = forked.each(judge, [block], HUNG)
            flips += [f"{answer.name}: {block} hung or died"] if found is None else found
    return Steady(exercise.name, len(answers), seeds, tuple(flips))


def _flips(exercise: Exercise, solutions: Solutions, right: Submitted, seeds: range) -> list[str]:
    answer = solutions.answer(exercise, right)
    with barred(exercise.name):
        return [
            f"{right.name}: seed {seed}, case {number}: {', '.join(failed)}"
            for seed in seeds
            for number, case in enumerate(exercise.draw(seed), 1)
            if (failed := failures(case, put(case, answer)))
        ]
