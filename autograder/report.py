"""`autograder report`: one page on a class, for who teaches it. It needs no network."""

import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from autograder import items, pages
from autograder.asking import FORGED
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.feedback import page_of
from autograder.items import Item, Mistake
from autograder.results import NEEDS_HUMAN, REJECTED, WITH_WARNINGS, Result
from autograder.standings import Standing, Standings, standings

MOST_REASONS = 5  # that are shown of one student
URGENCY = (NEEDS_HUMAN, REJECTED, "look", WITH_WARNINGS)


@dataclass(frozen=True)
class Attention:
    """A student whom a person should look at: what for, and how urgent that is."""

    standing: Standing
    what: str
    reasons: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        return self.reasons[:MOST_REASONS]

    @property
    def more(self) -> int:
        return len(self.reasons) - len(self.shown)


@dataclass(frozen=True)
class UnitReport:
    """All that the page says about one unit. Shares and averages are of graded submissions."""

    name: str
    entries: Sequence[Standing]

    @cached_property
    def graded(self) -> list[Result]:
        return [entry.result for entry in self.entries if entry.result.graded]

    @cached_property
    def absent(self) -> list[Standing]:
        """Students of whom there is nothing for this unit."""
        return [entry for entry in self.entries if entry.absent]

    @property
    def handed_in(self) -> int:
        return len(self.entries) - len(self.absent)

    @property
    def maximum(self) -> float:
        """Points of the automatic exercises."""
        return max(entry.result.max_score for entry in self.entries)

    @cached_property
    def scores(self) -> items.Summary | None:
        return items.summary([result.score or 0.0 for result in self.graded], self.maximum)

    @cached_property
    def seconds(self) -> items.Summary | None:
        return items.summary([result.seconds for result in self.graded])

    @cached_property
    def items(self) -> list[Item]:
        return items.items(self.graded)

    @property
    def kinds(self) -> list[str]:
        """Kinds of verdicts to show; partial points only where there are any."""
        rare = items.PARTLY
        met = any(item.counts[rare] for item in self.items)
        return [kind for kind in items.KINDS if kind != rare or met]

    @property
    def chance(self) -> float | None:
        """Below this, a correlation of two independent scores is in 19 of 20 classes of this size.

        Two standard errors; None where no correlation is given.
        """
        given = any(item.discrimination is not None for item in self.items)
        return 2 / math.sqrt(len(self.graded)) if given else None

    @cached_property
    def mistakes(self) -> list[Mistake]:
        return items.mistakes(self.graded)

    @cached_property
    def attention(self) -> list[Attention]:
        """The most urgent first."""
        found = [a for entry in self.entries if (a := attention(entry)) is not None]
        return sorted(found, key=lambda a: URGENCY.index(a.what))

    @property
    def urgent(self) -> list[Attention]:
        """Those who have no score, or something about them that may be more than a mistake."""
        return [who for who in self.attention if who.what != WITH_WARNINGS]

    @property
    def written_open(self) -> int:
        """Submissions with something that waits to be graded by hand."""
        return sum(bool(entry.open) for entry in self.entries)

    @property
    def unsandboxed(self) -> int:
        return sum(not result.sandboxed for result in self.graded)

    @property
    def versions(self) -> list[tuple[str, int]]:
        """Versions of the unit that submissions were held against, with how many."""
        return Counter(result.version for result in self.graded).most_common()


def write(course: Course, units: tuple[str, ...] = (), output: Path = Path("report.html")) -> Path:
    """Write the report on all graded units, or those chosen.

    AutograderError where nothing of them has been graded.
    """
    found = standings(course).of(course.released(units))
    if not found.entries:
        raise AutograderError("nothing of that has been graded yet; run: autograder grade")
    return pages.save(output, render(course, found, output.resolve().parent))


def render(course: Course, found: Standings, folder: Path) -> str:
    """The page; its links to feedback pages hold in `folder`."""
    entries = found.entries
    names = sorted({entry.result.unit for entry in entries})
    reports = [UnitReport(n, [e for e in entries if e.result.unit == n]) for n in names]
    return pages.render(
        "report.html.j2",
        course=str(course.nbgrader.course_id),
        reports=reports,
        students=list(_by_student(entries, names)),
        notes=found.notes,
        feedback=lambda entry: _link(course, entry.result, folder),
    )


def _by_student(
    entries: Iterable[Standing], units: Sequence[str]
) -> Iterator[tuple[Standing, list[Standing | None], float]]:
    """For each student one standing, that in each unit, and the sum of the scores that count."""
    students: dict[str, dict[str, Standing]] = {}
    for entry in entries:
        students.setdefault(entry.result.student, {})[entry.result.unit] = entry
    for _, found in sorted(students.items()):
        total = sum(entry.score or 0.0 for entry in found.values())
        yield next(iter(found.values())), [found.get(unit) for unit in units], total


def _link(course: Course, result: Result, folder: Path) -> str:
    """Address of a feedback page as seen from `folder`; "" where there is none."""
    path = page_of(course, result)
    return quote(os.fsencode(os.path.relpath(path, folder))) if path.is_file() else ""


def attention(entry: Standing) -> Attention | None:
    """Why a person should look at a submission; None where nobody has to."""
    result = entry.result
    if not result.graded:
        return None if entry.absent else Attention(entry, result.status, (result.message,))
    doubts = tuple(_doubts(result))
    if not doubts + result.warnings:
        return None
    return Attention(entry, "look" if doubts else WITH_WARNINGS, doubts + result.warnings)


def _doubts(result: Result) -> Iterator[str]:
    """What may be more than a wrong answer."""
    for name, exercise in result.exercises.items():
        if exercise.verdict == "delegated" or exercise.message == FORGED:
            yield f"{name}: {exercise.message}"
