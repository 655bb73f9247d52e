"""Which submissions of a unit have answers alike that few others have, and where to look.

Two answers are alike if their normal forms are the same, text for text. That says nothing where
many write the same, so an answer counts for as many bits as it is rare among the others, and for
no more than its length can tell. What was released, solutions and known right variants count for
nothing. A pair is shown if chance would hardly make one such pair in a class of this size.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder import exercises, intake, studentcells
from autograder.course import Course
from autograder.intake import Refused
from autograder.matching import Matching
from autograder.roles import grade_id, is_answer, sets_up
from autograder.syntax import imports, normal_form, size

NODES_A_BIT = 8  # nodes of a syntax tree; an expression of one line tells at most a few bits
RARE = 2.0  # bits; what more than a quarter of the others has says nothing
MARGIN = 4.0  # bits; by chance, one class in sixteen would show a pair
NOTHING = "No two submissions agree beyond what the class has in common."
NOTE = (
    "Agreement shows where to look, and proves nothing: friends who worked it out together, one "
    "source, or a hint given in class look the same. Read both answers, and ask."
)

Forms = dict[str, str]  # exercise -> normal form, "" where the answer is explained


@dataclass(frozen=True)
class Pair:
    """Two students with answers alike: how many have each of these answers, and bits in all."""

    students: tuple[str, str]
    shared: Mapping[str, int]
    bits: float


@dataclass(frozen=True)
class Similarity:
    """What was found in a unit.

    students: those whose answers were compared; left_out: those of whom none could be, with why;
    answers: how many were compared; unread: how many do not parse, or are too long or too deep.
    least: bits from which a pair is shown.
    """

    unit: str
    students: tuple[str, ...]
    left_out: Mapping[str, str]
    answers: int
    unread: int
    least: float
    pairs: tuple[Pair, ...]


def find(course: Course, unit: str, submitted: Path | None = None) -> Similarity:
    """Compare all submissions of a released unit; UnknownName for one that is not there."""
    (unit,) = course.released((unit,))
    folder = (submitted or course.submitted).resolve()
    reader = _Reader(course, unit)
    forms: dict[str, Forms] = {}
    left_out: dict[str, str] = {}
    for student in intake.students(folder):
        try:
            forms[student] = reader.forms(folder, student)
        except Refused as refused:
            left_out[student] = str(refused)
    possible = max(1, math.comb(len(forms), 2))
    least = math.log2(possible) + MARGIN
    pairs = sorted(_pairs(forms, least), key=lambda pair: (-pair.bits, pair.students))
    answers = sum(map(len, forms.values()))
    return Similarity(unit, tuple(forms), left_out, answers, reader.unread, least, tuple(pairs))


def _pairs(forms: Mapping[str, Forms], least: float) -> Iterator[Pair]:
    """Pairs with enough bits in all; only those are made that share something rare."""
    bits: dict[tuple[str, str], float] = defaultdict(float)
    shared: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for exercise, form, students, told in _groups(forms):
        for pair in combinations(students, 2):
            bits[pair] += min(told, size(form) / NODES_A_BIT)
            shared[pair][exercise] = len(students)
    return (Pair(pair, shared[pair], told) for pair, told in bits.items() if told >= least)


def _groups(forms: Mapping[str, Forms]) -> Iterator[tuple[str, str, list[str], float]]:
    """Answers that several have and few others: exercise, form, who has it, how rare it is."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, own in forms.items():
        for entry in own.items():
            groups[entry].append(student)
    everybody = Counter(exercise for own in forms.values() for exercise in own)
    for (exercise, form), students in groups.items():
        told = _bits(len(students), everybody[exercise])
        if form and len(students) > 1 and told >= RARE:
            yield exercise, form, students, told


def _bits(having: int, everybody: int) -> float:
    """How rare an answer is that two have: of the others, one more may have it than is known."""
    return math.log2((everybody - 1) / max(1, having - 1)) if everybody > 1 else 0.0


class _Reader:
    """Reads answers of one unit as normal forms, without those that are explained."""

    def __init__(self, course: Course, unit: str) -> None:
        self._unit = unit
        self.unread = 0
        path = course.notebooks / unit / f"{unit}.ipynb"
        self._released = nbformat.read(path, as_version=4)
        setup = [cell.source for cell in self._released.cells if sets_up(cell)]
        self._imported = imports(studentcells.statements("\n".join(setup)))
        self._stubs = {(n, self._form(s)) for n, s in _answers(self._released)}
        self._explained = {(n, self._form(s)) for n, s in self._known(course)}

    def forms(self, folder: Path, student: str) -> Forms:
        """A student's answers; Refused where there is no notebook."""
        submission = intake.read(intake.snapshot(folder, student, self._unit))
        cells, _ = studentcells.read(intake.cells(submission.notebook))
        found = [(name, self._form(source)) for name, source in self._answers_in(cells)]
        self.unread += sum(not form for _, form in found)
        answered = [(n, form) for n, form in found if form and (n, form) not in self._stubs]
        return {n: "" if (n, form) in self._explained else form for n, form in answered}

    def _form(self, source: str) -> str:
        return normal_form(source, self._imported)

    def _answers_in(self, cells: list[studentcells.StudentCell]) -> Iterator[tuple[str, str]]:
        match = Matching(self._released, cells)
        for cell in match.cells:
            home = match.home.get(cell.number)
            if home is None or not cell.source.strip():
                continue
            if is_answer(released := self._released.cells[home]):
                yield str(grade_id(released)), cell.source

    def _known(self, course: Course) -> Iterator[tuple[str, str]]:
        """The solution and right variants, by exercise."""
        path = course.solutions / self._unit / f"{self._unit}.ipynb"
        solutions = dict(_answers(nbformat.read(path, as_version=4))) if path.is_file() else {}
        yield from solutions.items()
        unit = exercises.load(self._unit)
        for exercise in unit or ():
            for variant in exercise.variants if exercise.name in solutions else ():
                yield exercise.name, variant.source(solutions[exercise.name])


def _answers(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    yield from ((str(grade_id(c)), c.source) for c in notebook.cells if is_answer(c))


def told(found: Similarity) -> Iterator[str]:
    """What was found, line by line, and what it does not mean."""
    compared = f"{found.answers} answers of {len(found.students)} submissions compared"
    unread = f"; {found.unread} that do not parse were left out" if found.unread else ""
    absent = f"; {len(found.left_out)} had no notebook" if found.left_out else ""
    yield f"{found.unit}: {compared}{unread}{absent}"
    for pair in found.pairs:
        shared = ", ".join(f"{name} ({count} have it)" for name, count in pair.shared.items())
        yield f"{' and '.join(pair.students)}: {shared}; {pair.bits:.1f} bits"
    yield f"{NOTE} Shown from {found.least:.1f} bits." if found.pairs else NOTHING
