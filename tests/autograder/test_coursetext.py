"""Does a course text that cannot be built say where, what, and what would do?"""

from pathlib import Path

import pytest

from autograder import coursetext
from autograder.errors import CourseTextError
from tests.autograder import toy

GOOD = toy.TEXT.read_text(encoding="utf-8")
ANSWER = '# %% exercise="toy_width" role="answer"'
CHECK = '# %% exercise="toy_width" role="check"'
PAIR = '# %% exercise="toy_pair" role="answer"'
REFLECTION = '# %% [markdown] role="reflection"'


def line(text: str, marker: str) -> int:
    """The number of the first line that is `marker`."""
    return text.splitlines().index(marker) + 1


def refusal(folder: Path, text: str) -> str:
    """What is said of a text that cannot be built, without its path."""
    path = folder / "90_toy.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseTextError) as error:
        coursetext.validate(coursetext.read(path), toy.UNIT)
    message = str(error.value)
    assert message.startswith(f"{path}:")
    return message.removeprefix(f"{path}:")


def test_good_text_is_read_whole() -> None:
    """Are roles, exercises, kinds and lines those of the text?"""
    text = coursetext.read(toy.TEXT)
    coursetext.validate(text, toy.UNIT)
    found = [(c.role, c.exercise) for c in text.cells if c.exercise]
    assert found == [(r, e.name) for e in toy.UNIT for r in ("answer", "check")]
    assert [c.kind for c in text.cells if c.role == "reflection"] == ["markdown"]
    for cell in text.cells:
        assert GOOD.splitlines()[cell.line - 1].startswith("# %%")


def test_answer_and_setup_are_found() -> None:
    """Does the text give an exercise's answer and what it may take for granted?"""
    text = coursetext.read(toy.TEXT)
    assert text.answer("toy_width").startswith("def toy_width(log_var):")
    assert text.setup() == "import numpy as np\n\nimport vaelib"


@pytest.mark.parametrize("role", ["answer", "check"])
def test_duplicate_exercise(tmp_path: Path, role: str) -> None:
    """Does a second cell of an exercise name both lines?"""
    text = GOOD.replace(f'exercise="toy_pair" role="{role}"', f'exercise="toy_width" role="{role}"')
    marker = f'# %% exercise="toy_width" role="{role}"'
    first, second = (n for n, row in enumerate(text.splitlines(), 1) if row == marker)
    said = refusal(tmp_path, text)
    assert said == f"{second}: a second {role} of toy_width; keep line {first} or this"


def test_second_reflection(tmp_path: Path) -> None:
    """Is a second written answer refused?"""
    end = GOOD[GOOD.index(REFLECTION) :]
    said = refusal(tmp_path, f"{GOOD}\n{end}")
    assert f"a second reflection of the unit; keep line {line(GOOD, REFLECTION)}" in said


@pytest.mark.parametrize(
    ("marker", "what"),
    [
        (ANSWER, "no answer of toy_width"),
        (CHECK, "no check of toy_width"),
        (REFLECTION, "no reflection"),
    ],
)
def test_missing_cell(tmp_path: Path, marker: str, what: str) -> None:
    """Does a text that lacks a cell say which one, and how its marker looks?"""
    before, rest = GOOD.split(marker)
    _, *after = rest.split("\n# %%", 1)
    said = refusal(tmp_path, before + "".join(f"# %%{text}" for text in after))
    line, _, message = said.partition(": ")
    assert message == f"{what}; add a cell {marker}"
    assert line.isdigit()


@pytest.mark.parametrize("marker", [ANSWER, REFLECTION])
def test_missing_marker(tmp_path: Path, marker: str) -> None:
    """Is a solution refused in a cell that the release does not clear?"""
    bare = "# %% [markdown]  " if "markdown" in marker else "# %%  "
    text = GOOD.replace(marker, bare)
    said = refusal(tmp_path, text)
    assert said.startswith(f"{line(text, bare)}: a solution outside of an answer; add role=")


def test_unknown_exercise(tmp_path: Path) -> None:
    """Does a name that the specification lacks come with the names that it has?"""
    text = GOOD.replace('"toy_pair"', '"toy_pear"')
    at = line(text, PAIR.replace("pair", "pear"))
    assert refusal(tmp_path, text) == (
        f"{at}: exercise 'toy_pear' is not in the specification; "
        "use one of toy_share, toy_width, toy_pair, toy_both"
    )


def test_unknown_role(tmp_path: Path) -> None:
    """Does an unknown role come with the roles that there are?"""
    text = GOOD.replace(PAIR, PAIR.replace("answer", "anwser"))
    at = line(text, PAIR.replace("answer", "anwser"))
    said = refusal(tmp_path, text)
    assert said == f"{at}: unknown role 'anwser'; use one of {', '.join(coursetext.ROLES)}"


def test_unknown_mark(tmp_path: Path) -> None:
    """Is a mark other than role and exercise refused, points above all?"""
    text = GOOD.replace(PAIR, f"{PAIR} points=3")
    said = refusal(tmp_path, text)
    assert said == f"{line(text, PAIR + ' points=3')}: unknown mark 'points'; use role, exercise"


@pytest.mark.parametrize(
    ("marker", "what"),
    [
        ('# %% role="answer"', 'a marker without its exercise; add exercise="..." beside role='),
        ('# %% exercise="toy_pair"', 'a marker without its role; add role="answer" or role='),
        ('# %% exercise="toy_pair" role="demo"', "a marker without its role"),
    ],
)
def test_half_a_marker(tmp_path: Path, marker: str, what: str) -> None:
    """Does a marker that lacks its other half say which?"""
    text = GOOD.replace(PAIR, marker)
    assert refusal(tmp_path, text).startswith(f"{line(text, marker)}: {what}")


@pytest.mark.parametrize(
    ("old", "begins", "ends"),
    [
        ("    ### BEGIN SOLUTION\n    total", 0, 1),
        ("dtype=float)\n    ### END SOLUTION", 1, 0),
    ],
)
def test_unbalanced_solution(tmp_path: Path, old: str, begins: int, ends: int) -> None:
    """Does a region that is not closed, or not opened, name its cell?"""
    mark = "BEGIN" if begins == 0 else "END"
    text = GOOD.replace(old, old.replace(f"    ### {mark} SOLUTION", ""))
    at = line(text, '# %% exercise="toy_share" role="answer"')
    said = refusal(tmp_path, text)
    assert said.startswith(f"{at}: {begins} of '### BEGIN SOLUTION' and {ends} of")
    assert said.endswith("mark the solution with one pair or more, in order")


def test_answer_without_solution(tmp_path: Path) -> None:
    """Is an answer refused that has no solution region, so that all of it would be released?"""
    text = GOOD.replace("# ### BEGIN SOLUTION", "#").replace("# ### END SOLUTION", "#")
    assert refusal(tmp_path, text).startswith(f"{line(text, REFLECTION)}: 0 of")


def test_solution_ends_before_it_begins(tmp_path: Path) -> None:
    """Is a region refused whose marks stand in the wrong order?"""
    text = GOOD.replace("### BEGIN SOLUTION\n    return np.power", "###\n    return np.power")
    text = text.replace("1 / 2)\n    ### END", "1 / 2)\n    ### BEGIN")
    text = text.replace("    ###\n", "    ### END SOLUTION\n")
    assert refusal(tmp_path, text).startswith(f"{line(text, ANSWER)}: ")


def test_text_before_the_first_marker(tmp_path: Path) -> None:
    """Is text without a cell refused, with the mend?"""
    said = refusal(tmp_path, f"import os\n\n{GOOD}")
    assert said == '1: text before the first marker; begin with "# %%"'


def test_not_utf8(tmp_path: Path) -> None:
    """Does a text in another encoding say so in one line?"""
    path = tmp_path / "90_toy.py"
    path.write_bytes(GOOD.replace("Try", "Versuch für").encode("latin-1"))
    with pytest.raises(CourseTextError, match=":2: text that is not UTF-8; save it as UTF-8"):
        coursetext.read(path)
