"""Is anything found that students get and should not, with its file and its line?"""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import leaks
from autograder.course import Course
from tests.autograder import toy
from vaelib import records
from vaelib.cases import Case

SEED = 4
SECRET = "return np.power(np.exp(log_var), 1 / 2)"
SPLIT = "    ### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched in the place of vaelib."""
    path = tmp_path / "vaelib"
    path.mkdir()
    (path / "__init__.py").touch()
    monkeypatch.setattr(leaks.vaelib, "__file__", str(path / "__init__.py"))
    return path


@pytest.fixture(autouse=True)
def known_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the proof draw cases that a test can know."""
    draws = itertools.cycle([SEED, SEED + 1, SEED + 2])
    monkeypatch.setattr(leaks.secrets, "randbits", lambda bits: next(draws))


def released(course: Course) -> Path:
    """The released notebook."""
    return course.notebooks / toy.NAME / f"{toy.NAME}.ipynb"


def plant(course: Course, kind: str, source: str) -> Path:
    """Add a cell to the released notebook."""
    path = released(course)
    notebook = nbformat.read(path, as_version=4)
    make = {"code": new_code_cell, "markdown": new_markdown_cell}[kind]
    notebook.cells.insert(3, make(source, id="planted"))
    nbformat.write(notebook, path)
    return path


def found(course: Course) -> list[str]:
    """What the proof finds, as text."""
    return [str(leak) for leak in leaks.find(course, [toy.UNIT])]


def line_of(path: Path, part: str) -> int:
    """The first line of a file that has this in it."""
    return next(n for n, row in enumerate(path.read_text().splitlines(), 1) if part in row)


def expected(seed: int = SEED) -> list[float]:
    """Results of the first hidden case of toy_width that a seed draws."""
    return [float(v) for v in toy.toy_width.draw(seed)[0].expected["value"].value]


def test_nothing_in_a_good_release(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a release clean whose cells are those of the text, and so is all of vaelib?"""
    monkeypatch.setattr(leaks.vaelib, "__file__", records.__file__)
    assert found(course) == []


def test_answer_line_in_a_demonstration(course: Course) -> None:
    """Is an answer's line found in a code cell, with its file and line?"""
    path = plant(course, "code", f"def shown(log_var):\n    {SECRET}")
    assert found(course) == [
        f"{path}:{line_of(path, 'np.power')}: a line of the answer to toy_width"
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "One way is `np.power(np.exp(log_var), 1 / 2)`, and there are others.",
        "```python\nnp.power(np.exp(log_var), 1 / 2)\n```",
        "- np.power( np.exp(log_var) , 1/2 )",
    ],
)
def test_answer_line_in_prose(course: Course, prose: str) -> None:
    """Is an answer's line found in Markdown, however it is spaced?"""
    path = plant(course, "markdown", prose)
    assert found(course) == [
        f"{path}:{line_of(path, 'np.power')}: a line of the answer to toy_width"
    ]


@pytest.mark.parametrize("source", [f"# {SECRET}", f"x = 1  # {SECRET}"])
def test_answer_line_in_a_comment(course: Course, source: str) -> None:
    """Is an answer's line found that was commented out?"""
    path = plant(course, "code", source)
    at = line_of(path, "np.power")
    assert found(course) == [f"{path}:{at}: a line of the answer to toy_width"]


def test_answer_in_a_file_beside_the_notebook(course: Course) -> None:
    """Is a text found that was copied into the released folder?"""
    path = released(course).parent / "notes.md"
    path.write_text(f"one\n\n{SECRET}\n")
    assert found(course) == [f"{path}:3: a line of the answer to toy_width"]


def test_answer_in_vaelib(course: Course, package: Path) -> None:
    """Is vaelib searched like a notebook?"""
    path = package / "layers.py"
    path.write_text(f"def width(log_var):\n    {SECRET}\n")
    assert found(course) == [f"{path}:2: a line of the answer to toy_width"]


def test_hidden_value_in_a_record(course: Course, package: Path) -> None:
    """Are a hidden case's results found in a public data file, with the line of one of them?"""
    path = package / "toy_width.json"
    path.write_text("{\n" + f'"data": {json.dumps(expected())}' + "\n}\n")
    assert f"{path}:2: the result of a hidden case of toy_width" in found(course)


def test_hidden_value_in_prose(course: Course) -> None:
    """Are a hidden case's results found in the text of a notebook?"""
    path = plant(course, "markdown", f"Try it out.\nYou should get {expected()}.")
    at = line_of(path, "You should get")
    assert found(course) == [f"{path}:{at}: the result of a hidden case of toy_width"]


def test_other_values_are_no_leak(course: Course) -> None:
    """May a text show results of cases that nobody is asked?"""
    plant(course, "markdown", f"You should get {expected(seed=3)}.")
    assert found(course) == []


def test_half_a_result_is_no_leak(course: Course) -> None:
    """May one number of a hidden result occur by chance?"""
    plant(course, "markdown", f"About {expected()[0]}.")
    assert found(course) == []


def test_what_students_see_is_no_secret() -> None:
    """May a line of the answer also stand where the stub is shown?"""
    line = "total = np.sum(x, axis=0, keepdims=True)"
    source = f"{line}\n" + SPLIT.format(f"{line}\n    return np.divide(x, total, dtype=float)")
    assert leaks.answer_lines(source) == {leaks.normalise("np.divide(x, total, dtype=float)")}


@pytest.mark.parametrize("line", ["return z", "import numpy as np, scipy as sp", "mean + std * x"])
def test_lines_that_say_nothing(line: str) -> None:
    """May short lines and imports occur anywhere?"""
    assert leaks.answer_lines(SPLIT.format(line)) == set()


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("    return a +  b # so", "a + b"),
        ("z, w = f( x )", "f ( x )"),
        ("a == b", "a = = b"),
    ],
)
def test_normalise(line: str, same: str) -> None:
    """Does a line say the same without its spaces, comment and target?"""
    assert leaks.normalise(line) == same


@pytest.mark.usefixtures("public_records")
def test_constant_cases_are_no_secret() -> None:
    """Is a case that every seed gives left out, and every other one searched for?"""
    assert len(leaks.hidden_numbers(toy.toy_width)) == 3 * leaks.DRAWS


@pytest.mark.usefixtures("public_records")
def test_what_a_public_case_expects_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a hidden case no clue that by chance expects the numbers of a public one?"""
    public = records.load("toy_width").cases
    monkeypatch.setattr(toy.toy_width, "_draw", lambda rng: toy_with(public, rng))
    assert leaks.hidden_numbers(toy.toy_width) == []


def toy_with(public: Sequence[Case], rng: np.random.Generator) -> Iterator[Case]:
    """Cases that differ from the public ones by an argument on which nothing depends."""
    for case in public:
        yield replace(case, args=(*case.args, float(rng.random())))
