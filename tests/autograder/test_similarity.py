"""Are answers alike found where chance does not explain it, and nobody else named?"""

import random
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.notebooknode import NotebookNode

from autograder import coursetext, exercises
from autograder.answers import Solutions
from autograder.cli import main
from autograder.course import Course
from autograder.errors import UnknownName
from autograder.samples import answered, hand_in
from autograder.similarity import Similarity, find, told
from tests.autograder import toy
from tests.autograder.conftest import HERE

NAMES = [exercise.name for exercise in toy.UNIT]
UNITS = sorted(path.stem for path in (HERE / "course").glob("[0-9][0-9]_*.py"))
Answers = Callable[..., NotebookNode]


def own(number: int, name: str) -> str:
    """An answer that nobody with another number writes."""
    steps = ["np.abs(a)" if number >> bit & 1 else "np.sqrt(a) / np.sum(a)" for bit in range(9)]
    lines = [f"def {name}(x):", "    a = x", *(f"    a = {step}" for step in steps)]
    return "\n".join([*lines, "    b = np.max(x)", "    c = np.exp(x)", "    return a, b + c"])


def disguised(source: str) -> str:
    """The same answer, renamed, reordered and commented."""
    first, second = "    b = np.max(x)\n", "    c = np.exp(x)\n"
    assert first + second in source
    moved = source.replace(first + second, second + first)
    return (
        moved.replace("a =", "result =")
        .replace("(a)", "(result)")
        .replace("return a", "# at last\n    return result")
    )


@pytest.fixture
def found(course: Course, answers: Answers) -> Callable[..., Similarity]:
    """`found(ben=...)`: what is found in a class of thirty beside these answers of others."""

    def run(class_of: int = 30, **others: dict[str, str]) -> Similarity:
        each = {f"s{i:03}": {name: own(i, name) for name in NAMES} for i in range(class_of)}
        for student, written in {**each, **others}.items():
            hand_in(course.submitted, student, toy.NAME, answers(**written))
        return find(course, toy.NAME)

    return run


def test_a_copy_in_disguise(found: Callable[..., Similarity]) -> None:
    """Is one pair found, with what it shares and how many have that?"""
    result = found(ben={name: disguised(own(3, name)) for name in NAMES})
    (pair,) = result.pairs
    assert pair.students == ("ben", "s003")
    assert pair.shared == dict.fromkeys(NAMES, 2)
    assert pair.bits > result.least
    assert (len(result.students), result.answers, result.unread) == (31, 124, 0)


def test_three_alike(found: Callable[..., Similarity]) -> None:
    """Is each pair of three named, and that three have it?"""
    copied = {name: own(3, name) for name in NAMES}
    result = found(ben=copied, cho=copied)
    assert [pair.students for pair in result.pairs] == [
        ("ben", "cho"),
        ("ben", "s003"),
        ("cho", "s003"),
    ]
    assert {count for pair in result.pairs for count in pair.shared.values()} == {3}


def test_one_answer_alike(found: Callable[..., Similarity]) -> None:
    """Is a single answer that two share too little to name them?"""
    assert found(ben={"toy_pair": own(3, "toy_pair")}).pairs == ()


def test_what_many_write(found: Callable[..., Similarity]) -> None:
    """Does an answer count for nothing that a third of the class writes, right or wrong?"""
    many = {f"t{i}": {name: own(99, name) for name in NAMES} for i in range(15)}
    assert found(**many).pairs == ()


def test_short_answers(found: Callable[..., Similarity]) -> None:
    """Is a line that two people may well think of too short to tell, however rare it is?"""
    short = {name: f"def {name}(x):\n    return np.cbrt(x)" for name in NAMES}
    assert found(ben=short, cho=short).pairs == ()


def test_nothing_answered(course: Course, released: NotebookNode) -> None:
    """Are released notebooks that nobody touched alike in nothing?"""
    for student in ("ada", "ben", "cho"):
        hand_in(course.submitted, student, toy.NAME, released)
    result = find(course, toy.NAME)
    assert (result.answers, result.unread, result.pairs) == (0, 0, ())


def test_what_cannot_be_read(course: Course, answers: Answers) -> None:
    """Is what is no notebook, or no code, left out and counted?"""
    hand_in(course.submitted, "ada", toy.NAME, b"{")
    deep = {"toy_pair": "a = " + "-" * 50_000 + "1", "toy_width": "def toy_width("}
    hand_in(course.submitted, "ben", toy.NAME, answers(**deep))
    result = find(course, toy.NAME)
    assert list(result.left_out) == ["ada"]
    assert (result.students, result.answers, result.unread) == (("ben",), 2, 2)


@pytest.mark.parametrize("name", UNITS)
def test_right_answers_in_common(name: str, tmp_path: Path) -> None:
    """Are students who solve a whole unit in the same known ways left alone?"""
    unit = exercises.load(name)
    assert unit is not None
    solutions = Solutions(coursetext.read(HERE / "course" / f"{name}.py"))
    ways = {e.name: [solutions.source(e, v) for v in (None, *e.variants)] for e in unit}
    released = nbformat.read(HERE / "notebooks" / name / f"{name}.ipynb", as_version=4)
    rng = random.Random(0)
    first = {exercise: rng.choice(sources) for exercise, sources in ways.items()}
    for number in range(12):  # each third student has the very same answers
        chosen = {e: first[e] if number % 3 == 0 else rng.choice(s) for e, s in ways.items()}
        hand_in(tmp_path, f"s{number}", name, answered(released, chosen))
    result = find(Course(HERE), name, tmp_path)
    assert result.answers == 12 * len(ways)
    assert result.pairs == ()


def test_words(course: Course, found: Callable[..., Similarity]) -> None:
    """Does the command say who, what, how many have it, and what it does not mean?"""
    alike = {f"[red]\x1b{n}": {name: own(3, name) for name in NAMES} for n in "ab"}
    found(**alike)
    ran = CliRunner().invoke(main, ["--course", str(course.root), "similarity", toy.NAME])
    assert ran.exit_code == 0
    said = " ".join(ran.output.split())
    assert "90_toy: 128 answers of 32 submissions compared" in said
    assert "[red]?a and [red]?b: toy_share (3 have it), toy_width (3 have it)" in said
    assert "Agreement shows where to look, and proves nothing" in said
    assert not {"cheat", "copied", "plagiar"} & set(said.lower().split())


def test_nothing_to_say(found: Callable[..., Similarity]) -> None:
    """Is a class in which nobody is like anybody told so, in one line?"""
    *_, last = told(found())
    assert last == "No two submissions agree beyond what the class has in common."


def test_unknown_unit(course: Course) -> None:
    """Is a unit that was not released named, with those that were?"""
    with pytest.raises(UnknownName, match="unknown unit '05'; there is: 90_toy"):
        find(course, "05")


def test_time(found: Callable[..., Similarity]) -> None:
    """Do two hundred submissions take a few seconds at most?"""
    started = time.process_time()
    found(200)
    assert time.process_time() - started < 20  # most of it to write them
