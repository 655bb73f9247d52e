"""What vaelib knows of each exercise: one data file each, written by `autograder build`.

A record holds public cases with their expected facts, and the facts that known misconceptions
produce on these cases. No reference solution is in vaelib.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from vaelib.cases import Case, Facts, from_json, to_json

FOLDER = Path(__file__).parent / "exercises"


@dataclass(frozen=True)
class Trace:
    """A known misconception: its name, the hint it deserves, and its facts, a case at a time."""

    name: str
    hint: str
    facts: tuple[Facts, ...]


@dataclass(frozen=True)
class Record:
    """One exercise as vaelib knows it; `parameters` are the names of the contract."""

    exercise: str
    unit: str
    points: float
    parameters: tuple[str, ...]
    cases: tuple[Case, ...]
    traces: tuple[Trace, ...] = ()

    def to_text(self) -> str:
        """The record as JSON, one case or misconception a line, the same bytes every time."""
        head = {k: v for k, v in vars(self).items() if k not in ("cases", "traces")}
        lines = [f'"{key}": {json.dumps(to_json(value))}' for key, value in head.items()]
        for key, entries in (("cases", self.cases), ("traces", map(vars, self.traces))):
            rows = ",\n".join(json.dumps(to_json(entry)) for entry in entries)
            lines.append(f'"{key}": [\n{rows}\n]')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_text(cls, text: str) -> "Record":
        """Undo `to_text`."""
        entries = from_json(json.loads(text))
        entries["traces"] = tuple(Trace(**entry) for entry in entries["traces"])
        return cls(**entries)


def names() -> list[str]:
    """The exercises that have a record."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@functools.cache
def load(exercise: str) -> Record:
    """The record of an exercise; ValueError that lists the known ones where there is none."""
    if exercise not in names():
        raise ValueError(
            f"exercise: expected one of {', '.join(names())}. Received: exercise={exercise!r}"
        )
    return Record.from_text((FOLDER / f"{exercise}.json").read_text(encoding="utf-8"))
