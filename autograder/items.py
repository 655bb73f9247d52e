"""What a class's results say about a unit's exercises: classical item analysis, with caution."""

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.results import ExerciseResult, Result

FEWEST = 10  # graded submissions below which a correlation says nothing
FEWEST_A_SIDE = 3  # with, and without, full points
MOST_BARS = 25
PARTLY = "partly right"
KINDS = {
    "right": ("correct",),
    PARTLY: ("partial",),
    "wrong": ("wrong",),
    "failed": ("error", "timeout", "crashed", "delegated"),
    "not answered": ("unanswered", "missing"),
}
UNNAMED = "none of the known mistakes"


@dataclass(frozen=True)
class Item:
    """One exercise in a class.

    difficulty: share of its points that were earned, which is lower where it is harder.
    discrimination: point-biserial correlation with the score of the other exercises, or None.
    counts: submissions by kind of verdict, as in KINDS.
    """

    name: str
    max_score: float
    difficulty: float
    discrimination: float | None
    counts: dict[str, int]


@dataclass(frozen=True)
class Mistake:
    """A mistake that was met: how often, among how many answers that were not right, which hint."""

    exercise: str
    name: str
    count: int
    among: int
    hint: str


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: how many values lie from `low` to under `high`."""

    low: int
    high: int
    count: int

    @property
    def label(self) -> str:
        return f"{self.low}" if self.high == self.low + 1 else f"{self.low}\u2013{self.high - 1}"


@dataclass(frozen=True)
class Summary:
    """Some numbers in short, with the picture of all of them."""

    n: int
    mean: float
    median: float
    spread: float | None
    top: float
    bars: list[Bar]


def items(results: Sequence[Result]) -> list[Item]:
    """Each exercise of graded results, in the order of the unit."""
    return [_item(name, results) for name in _names(results)]


def _names(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(name for result in results for name in result.exercises))


def _item(name: str, results: Sequence[Result]) -> Item:
    pairs = [(r.exercises[name], r.score or 0.0) for r in results if name in r.exercises]
    found = [exercise for exercise, _ in pairs]
    verdicts = Counter(exercise.verdict for exercise in found)
    best = max(exercise.max_score for exercise in found)
    return Item(
        name,
        best,
        difficulty=statistics.fmean(e.score for e in found) / best if best else 0.0,
        discrimination=discrimination(found, [total - e.score for e, total in pairs]),
        counts={kind: sum(verdicts[v] for v in of) for kind, of in KINDS.items()},
    )


def discrimination(found: Sequence[ExerciseResult], rest: Sequence[float]) -> float | None:
    """Correlation of an exercise with the rest score; None where too few would carry it."""
    full = sum(e.score == e.max_score for e in found)
    if len(found) < FEWEST or min(full, len(found) - full) < FEWEST_A_SIDE:
        return None
    try:
        return statistics.correlation([e.score for e in found], rest)
    except statistics.StatisticsError:  # the rest is the same for all
        return None


def mistakes(results: Sequence[Result]) -> list[Mistake]:
    """The mistakes that were met, by exercise and the most frequent first."""
    return [mistake for name in _names(results) for mistake in _mistakes(name, results)]


def _mistakes(name: str, results: Sequence[Result]) -> list[Mistake]:
    given = [r.exercises[name] for r in results if name in r.exercises]
    failed = [e for e in given if e.score < e.max_score and e.verdict not in KINDS["not answered"]]
    named = [e for e in failed if e.misconception or e.verdict == "wrong"]
    counts = Counter(e.misconception or "" for e in named)
    return [
        Mistake(name, which or UNNAMED, count, len(failed), _hint(which, named))
        for which, count in counts.most_common()
    ]


def _hint(misconception: str, found: Sequence[ExerciseResult]) -> str:
    """What students were told who made this mistake."""
    if not misconception:
        return ""
    told = Counter(e.hint for e in found if e.misconception == misconception)
    return told.most_common(1)[0][0]


def histogram(values: Sequence[float], top: float = 0) -> list[Bar]:
    """Counts of values (0 or above) in bars of equal width, from 0 to `top` or the largest."""
    top = max([top, *values])
    step = next(s for s in _steps() if top / s < MOST_BARS)
    counts = Counter(math.floor(value / step) for value in values)
    return [Bar(i * step, (i + 1) * step, counts[i]) for i in range(math.floor(top / step) + 1)]


def _steps() -> Iterator[int]:
    """Widths that people count in: 1, 2, 5, 10, 20, 50, ..."""
    return (unit * 10**power for power in range(12) for unit in (1, 2, 5))


def summary(values: Sequence[float], top: float = 0) -> Summary | None:
    """Mean, median and histogram; None where there are no values."""
    if not values:
        return None
    spread = statistics.stdev(values) if len(values) > 1 else None
    mean, median = statistics.fmean(values), statistics.median(values)
    return Summary(len(values), mean, median, spread, max(values), histogram(values, top))
