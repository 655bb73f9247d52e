"""Do the public checks tell right answers from wrong ones, each wrong one with its own hint?"""

import functools
from pathlib import Path

import numpy as np
import pytest

from autograder import coursetext, exercises
from autograder.answers import Solutions
from autograder.specification import Exercise, Submitted, Unit
from vaelib.cases import failures
from vaelib.check import evaluate, put, render
from vaelib.finished import barred

TEXTS = sorted((Path(__file__).parents[2] / "course").glob("[0-9][0-9]_*.py"))
UNITS = [unit for text in TEXTS if (unit := exercises.load(text.stem)) is not None]
EXERCISES = [pytest.param(unit, exercise, id=exercise.name) for unit in UNITS for exercise in unit]
WRONG = [
    pytest.param(unit, exercise, wrong, id=f"{exercise.name}-{wrong.name}")
    for unit in UNITS
    for exercise in unit
    for wrong in exercise.misconceptions
]
RIGHT = [
    pytest.param(unit, exercise, right, id=f"{exercise.name}-{right.name}")
    for unit in UNITS
    for exercise in unit
    for right in exercise.variants
]


@functools.cache
def solutions(unit: str) -> Solutions:
    """The solutions of a unit, run once for all tests."""
    return Solutions(coursetext.read(next(text for text in TEXTS if text.stem == unit)))


def first_hidden_failures(exercise: Exercise, answer: object, seed: int) -> list[str]:
    """Which facts are off on the first case that the answer fails, of those that a seed gives."""
    with barred(exercise.name):
        found = (failures(case, put(case, answer)) for case in exercise.draw(seed))
        return next((failed for failed in found if failed), [])


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_solution_passes_public_and_hidden_cases(unit: Unit, exercise: Exercise) -> None:
    answer = solutions(unit.name).answer(exercise)
    verdict = evaluate(exercise.name, answer)
    assert verdict.passed, render(exercise.name, verdict)
    assert first_hidden_failures(exercise, answer, seed=7) == []


@pytest.mark.parametrize(("unit", "exercise", "wrong"), WRONG)
def test_misconception_fails_with_its_own_hint(
    unit: Unit, exercise: Exercise, wrong: Submitted
) -> None:
    answer = solutions(unit.name).answer(exercise, wrong)
    verdict = evaluate(exercise.name, answer)
    assert not verdict.passed
    assert (verdict.misconception, verdict.hint) == (wrong.name, wrong.hint)
    assert len(render(exercise.name, verdict).splitlines()) <= 6
    assert first_hidden_failures(exercise, answer, seed=11)


@pytest.mark.parametrize(("unit", "exercise", "right"), RIGHT)
def test_right_variant_passes_public_and_hidden_cases(
    unit: Unit, exercise: Exercise, right: Submitted
) -> None:
    answer = solutions(unit.name).answer(exercise, right)
    verdict = evaluate(exercise.name, answer)
    assert verdict.passed, render(exercise.name, verdict)
    assert first_hidden_failures(exercise, answer, seed=13) == []


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_cases_differ_by_seed_and_repeat_with_it(unit: Unit, exercise: Exercise) -> None:
    again = [str(case.args) for case in exercise.draw(3)]
    assert [str(case.args) for case in exercise.draw(3)] == again
    assert np.any([str(case.args) for case in exercise.draw(4)] != np.array(again, dtype=object))


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_hints_are_distinct_sentences(unit: Unit, exercise: Exercise) -> None:
    hints = [wrong.hint for wrong in exercise.misconceptions]
    assert len(set(hints)) == len(hints)
    assert all(hint.endswith((".", "?")) and len(hint) > 30 for hint in hints)
