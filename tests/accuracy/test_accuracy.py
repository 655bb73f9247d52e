"""Does the measurement of the grader measure what it says?"""

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import exercises
from autograder.results import ExerciseResult, Result
from autograder.specification import Exercise, Submitted, Unit
from tests.accuracy import forked, grading, mutants, seeds
from tests.accuracy.answers import REFERENCE, Entry, entries, pack
from tests.accuracy.measured import Measured, version
from tests.accuracy.mutations import mutants as mutate
from tests.accuracy.report import BEGIN, END, render, total, write
from tests.autograder import toy

SOURCE = '''\
def scaled(x, mean):
    """Not changed: 1 + 1."""
    ### BEGIN SOLUTION
    y = x - mean
    return np.sum(-2.0 * y, axis=0)
    ### END SOLUTION
'''
CHANGED = """
x + mean|mean - x|mean|x|x - x|mean - mean
-np.sum(-2.0 * y, axis=0)|np.mean(-2.0 * y, axis=0)|np.sum(-2.0 * y)|-2.0 * y|np.sum(y, axis=0)
np.sum(-2.0, axis=0)|np.sum(-2.0 / y, axis=0)|np.sum(2.0 * y, axis=0)|np.sum(-4.0 * y, axis=0)
np.sum(-1.0 * y, axis=0)|np.sum(-2.0 * y, axis=1)|np.sum(-2.0 * y, axis=-1)
"""


def unit02() -> Unit:
    """Unit 02, which needs no TensorFlow."""
    unit = exercises.load("02_normal_distributions")
    assert unit is not None
    return unit


def test_mutator_makes_the_expected_mutants() -> None:
    """Is each change made once, in the solution only?"""
    lines = [ast_line for text in mutate(SOURCE) for ast_line in _body(text)]
    expected = [change for row in CHANGED.split("\n") for change in row.split("|") if change]
    assert sorted(lines) == sorted(expected)


def _body(text: str) -> list[str]:
    """What follows `y = ` or `return ` where it is not as in SOURCE."""
    kept = SOURCE.splitlines()
    changed = [line for line in text.splitlines()[2:] if line not in kept]
    return [line.strip().removeprefix("y = ").removeprefix("return ") for line in changed]


def test_mutants_of_an_exercise_are_found_out() -> None:
    """Are wrong mutants found, and equal ones set apart?"""
    unit = unit02()
    tried = mutants.run(unit["std_from_log_var"], grading.solutions_of(unit))
    assert tried.made >= 5
    assert (tried.equivalent, tried.survivors) == (0, ())
    assert tried.checked == tried.judged == tried.made


def test_equal_mutant_is_no_survivor() -> None:
    """Is `x + mean` for `mean + x` alike?"""
    unit = toy.UNIT
    exercise, solutions = unit["toy_width"], toy.solutions()
    source = solutions.source(exercise)
    assert mutants._same(exercise, solutions, source.replace("1 / 2", "0.5"))
    assert not mutants._same(exercise, solutions, source.replace("1 / 2", "0.50001"))


def test_right_answers_do_not_flip() -> None:
    """Does a right answer pass with each seed, and a wrong one show as flips?"""
    unit = unit02()
    exercise, solutions = unit["std_from_log_var"], grading.solutions_of(unit)
    assert seeds.run(exercise, solutions, 3).flips == ()
    assert len(seeds._flips(exercise, solutions, exercise.misconceptions[0], range(3))) >= 3


def test_what_hangs_or_dies_costs_itself_only() -> None:
    """Do the others still get done?"""

    def do(thing: int) -> int:
        if thing == 1:
            time.sleep(60)
        if thing == 3:
            os._exit(1)
        return 10 * thing

    expected = [(0, 0), (1, None), (2, 20), (3, None), (4, 40)]
    assert list(forked.each(do, range(5), seconds=1)) == expected


def test_no_file_stays() -> None:
    """Is what a child leaves where temporary files go gone with it?"""

    def leave(thing: int) -> str:
        return tempfile.mkstemp()[1]

    left = [Path(str(path)) for _, path in forked.each(leave, range(2), seconds=10)]
    assert len({*left}) == 2
    assert not any(path.exists() for path in left)


def test_each_answer_is_handed_in_once_and_nothing_is_spoilt() -> None:
    """Is no mistake beside an answer that calls it?"""
    unit = unit02()
    submissions = pack(unit, grading.solutions_of(unit), unit)
    handed_in = [entry for submission in submissions for entry in submission.values()]
    assert len(handed_in) == len(entries(unit))
    caller = Entry("diagonal_log_prob", REFERENCE, True)
    calling = [s for s in submissions if s.get("diagonal_log_prob") == caller]
    assert all(s["normal_log_pdf"].answer is REFERENCE for s in calling if "normal_log_pdf" in s)
    assert len(submissions) < len(handed_in) / 3


def result(student: str, **scores: tuple[float, str]) -> Result:
    """A graded submission of the toy unit."""
    found = {n: ExerciseResult(s, 2.0, "wrong", None, f"hint: {h}") for n, (s, h) in scores.items()}
    return Result(student, toy.NAME, "graded", None, 8.0, found)


def test_faults_are_counted(tmp_path: Path) -> None:
    """Do an accepted mistake, a rejected answer and a wrong hint show, in sums that add up?"""
    share: Exercise = toy.UNIT["toy_share"]
    mistake = share.misconceptions[0]
    wrong = Entry("toy_share", mistake, False)
    accepted = Entry("toy_share", Submitted("generous", hint="Never told."), False)
    class_ = [{"toy_share": e} for e in (wrong, accepted, Entry("toy_share", mistake, True))]
    scores = [(0.0, mistake.hint), (2.0, ""), (0.0, "")]
    results = [result(f"s{n}", toy_share=score) for n, score in enumerate(scores)]
    graded = grading.tally(share, class_, results)
    assert (graded.wrong, graded.right) == (2, 1)
    assert (graded.accepted, graded.other_hints) == (("generous",), ("generous",))
    assert graded.rejected == (mistake.name,)
    measured = Measured(tmp_path / "measured.json")
    measured.keep("answers", toy.NAME, "toy_share", graded, "1")
    measured.keep("answers", toy.NAME, "toy_pair", replace(graded, wrong=5), "1")
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nstale\n{END}\nafter\n")
    write(Measured(tmp_path / "measured.json"), [], page)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "stale" not in text
    assert "- `toy_share`: `generous`" in text


def test_sums_add_up() -> None:
    """Is the sum of what was measured given, and nothing where nothing was?"""
    assert total([[1, None, 3], [2, None, None]]) == [3, None, 3]


@pytest.mark.parametrize("unit", [unit02()], ids=lambda unit: unit.name)
def test_figures_of_another_version_are_marked(unit: Unit, tmp_path: Path) -> None:
    """Is it seen that an exercise has changed since it was measured?"""
    solutions, exercise = grading.solutions_of(unit), unit["fit_normal"]
    measured = Measured(tmp_path / "measured.json")
    figures = seeds.Steady("fit_normal", 2, 100)
    measured.keep("seeds", unit.name, "fit_normal", figures, version(exercise, solutions))
    assert "| `fit_normal` |" in render(measured, [(unit, solutions)])
    measured.keep("seeds", unit.name, "fit_normal", figures, "another")
    assert "| `fit_normal`\N{DAGGER} |" in render(measured, [(unit, solutions)])


def test_scores_that_differ_are_named() -> None:
    """Does a class that is graded twice show what has changed?"""
    first, second = result("ada", toy_share=(2.0, "")), result("ada", toy_share=(0.0, ""))
    assert grading.differing([[first], [first]]) == ()
    assert grading.differing([[first], [second]]) == ("ada, toy_share: [2.0, 0.0]",)
