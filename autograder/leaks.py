"""The leak proof: no line of an answer and no hidden expectation in what students get."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

import vaelib
from autograder import coursetext
from autograder.course import Course
from autograder.coursetext import BEGIN, END
from autograder.specification import Exercise, Unit
from vaelib import records
from vaelib.cases import Case, to_json

MIN_TOKENS = 6  # "return z" says nothing, `return z_mean + std * epsilon` is an answer
MIN_DIGITS = 7  # fewer digits occur by chance
DRAWS = 3


@dataclass(frozen=True)
class Leak:
    """One line of a released file that gives something away."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def find(course: Course, units: Iterable[Unit]) -> list[Leak]:
    """Leaks in the released notebooks and in vaelib of answers and hidden cases of `units`."""
    answers: dict[str, str] = {}
    hidden: list[tuple[str, set[str]]] = []
    for unit in units:
        text = coursetext.read(course.texts / f"{unit.name}.py")
        for exercise in unit:
            lines = answer_lines(text.answer(exercise.name))
            answers |= {line: f"a line of the answer to {exercise.name}" for line in lines}
            hidden += [(exercise.name, numbers) for numbers in hidden_numbers(exercise)]
    return [leak for path in released_files(course) for leak in _scan(path, answers, hidden)]


def released_files(course: Course) -> list[Path]:
    """Text files that a student gets: notebooks and what lies beside them, and vaelib."""
    package = Path(vaelib.__file__).parent
    found = [*course.notebooks.rglob("*"), *package.rglob("*.py"), *package.rglob("*.json")]
    return sorted(p for p in found if p.suffix in (".ipynb", ".py", ".json", ".md", ".txt"))


def answer_lines(source: str) -> set[str]:
    """Normalised lines of an answer cell's solution that the student's version does not show."""
    hidden: set[str] = set()
    shown: set[str] = set()
    inside = False
    for line in source.splitlines():
        if BEGIN in line or END in line:
            inside = BEGIN in line
            continue
        (hidden if inside else shown).add(normalise(line))
    return {line for line in hidden - shown if _is_telling(line)}


def _is_telling(line: str) -> bool:
    """Whether a normalised line says something that only the answer says."""
    tokens = _tokens(line)
    return len(tokens) >= MIN_TOKENS and tokens[0] not in ("import", "from", "with")


def hidden_numbers(exercise: Exercise) -> list[set[str]]:
    """Leading digits of the expected values of freshly drawn cases, a set for each hidden case.

    A case that is the same for every seed is no secret, nor one that expects what a public one
    does, and one without telling digits is no clue.
    """
    public = [_numbers(case) for case in records.load(exercise.name).cases]
    drawn = [exercise.draw(secrets.randbits(32)) for _ in range(DRAWS)]
    found = []
    for same_place in zip(*drawn, strict=False):
        if len({str(to_json(case.args)) for case in same_place}) == len(same_place):
            found += [_numbers(case) for case in same_place]
    return [numbers for numbers in found if numbers and numbers not in public]


def _numbers(case: Case) -> set[str]:
    """Leading digits of what a case expects; of a lone number all digits, as few may be chance."""
    wanted = [w.value for w in case.expected.values() if w.kind == "close"]
    entries = [v for value in wanted if value.dtype.kind == "f" for v in value.ravel()[:50]]
    telling = {str(abs(v)) for v in entries if _is_rich(v)}
    if len(telling) == 1:
        return telling
    return {shown[: MIN_DIGITS + shown.find(".") + 1] for shown in telling}


def _is_rich(value: np.floating) -> bool:
    """Whether a number has enough digits of its own not to occur by chance.

    Ratios of small numbers do occur by chance: how many of twelve points lie in a hole.
    """
    if not 1e-3 < abs(value) < 1e6:
        return False
    ratio = Fraction(float(value)).limit_denominator(1000)
    digits = re.sub(r"^[0.]+|\.", "", str(abs(value)))
    return abs(ratio - float(value)) > 1e-7 and len(digits) >= MIN_DIGITS


def normalise(line: str) -> str:
    """A line of code without white space, comment, and what its value is bound to."""
    line = re.sub(r"#.*", "", line).strip()
    line = re.sub(r"^(return\s+|[\w, ]+ = )", "", line)
    return " ".join(_tokens(line))


def _tokens(line: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", line)


def _scan(
    path: Path, answers: dict[str, str], hidden: list[tuple[str, set[str]]]
) -> Iterator[Leak]:
    text = path.read_text(encoding="utf-8")
    for number, raw in enumerate(text.splitlines(), 1):
        line = _decoded(raw) if path.suffix == ".ipynb" else raw
        tokens = f" {' '.join(_tokens(line.replace('#', ' ')))} "  # commented out is given away too
        for answer, what in answers.items():
            if f" {answer} " in tokens:
                yield Leak(path, number, what)
    for exercise, numbers in hidden:
        if all(shown in text for shown in numbers):
            line_number = text.count("\n", 0, text.find(min(numbers))) + 1
            yield Leak(path, line_number, f"the result of a hidden case of {exercise}")


def _decoded(raw: str) -> str:
    """A line of a notebook file, which holds one JSON string a source line, as source."""
    try:
        value = json.loads(raw.strip().rstrip(","))
    except ValueError:
        return raw
    return value if isinstance(value, str) else raw
