"""What grading again changed and why, one JSON object a line in autograder/changes.jsonl."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.results import Result


@dataclass(frozen=True)
class Change:
    """An automatic score that is another one now; None where there is, or was, none.

    reasons: what differs between the two gradings. exercises: old and new points of each that
    differs. when: the moment of the later grading, in UTC.
    """

    student: str
    unit: str
    before: float | None
    after: float | None
    reasons: tuple[str, ...]
    exercises: dict[str, tuple[float, float]]
    when: str

    def __str__(self) -> str:
        points = (f"{name} {old:g} -> {new:g}" for name, (old, new) in self.exercises.items())
        why = "; ".join((", ".join(self.reasons), *points))
        scores = f"{_shown(self.before)} -> {_shown(self.after)}"
        return f"{self.student}, {self.unit}: {scores} ({why})"


def note(course: Course, before: Result | None, after: Result) -> None:
    """Add a line if a submission that was graded before has other points now."""
    if before is None or _points(before) == _points(after):
        return
    old, new = _points(before), _points(after)
    both = {name: (old[name], new[name]) for name in old if name in new}
    differing = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    scores = before.score, after.score
    reasons = _reasons(before, after)
    change = Change(after.student, after.unit, *scores, reasons, differing, when)
    path = _path(course)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(_end_of_line(path) + json.dumps(asdict(change)) + "\n")


def _end_of_line(path: Path) -> str:
    """What a file lacks whose last line a crash cut short."""
    content = path.read_bytes()
    return "\n" if content and not content.endswith(b"\n") else ""


def read(course: Course) -> list[Change]:
    """All changes so far, the oldest first; a line that a crash cut short is left out."""
    path = _path(course)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [change for change in map(_parsed, lines) if change is not None]


def _path(course: Course) -> Path:
    return course.root / "autograder" / "changes.jsonl"


def _parsed(line: str) -> Change | None:
    try:
        data = json.loads(line)
        exercises = {name: (old, new) for name, (old, new) in data["exercises"].items()}
        return Change(**{**data, "reasons": tuple(data["reasons"]), "exercises": exercises})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _points(result: Result) -> dict[str, float]:
    """Points by exercise; none where nothing could be graded, whatever was tried."""
    return {name: e.score for name, e in result.exercises.items()} if result.graded else {}


def _reasons(before: Result, after: Result) -> tuple[str, ...]:
    if not after.graded:
        return (f"{after.status}: {after.message}",)
    if not before.graded:
        return (f"was {before.status}: {before.message}",)
    reasons = []
    if before.digest != after.digest:
        reasons.append("new submission")
    if before.version != after.version:
        reasons.append("new version of the unit")
    if not reasons and before.seed != after.seed:
        reasons.append("other hidden cases (new seed)")
    return tuple(reasons) or ("the same submission, unit and seed: the verdict is not stable",)


def _shown(score: float | None) -> str:
    return "no score" if score is None else f"{score:g}"
