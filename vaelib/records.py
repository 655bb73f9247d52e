"""What vaelib knows of each exercise and unit: one data file each, written by `autograder build`.

A record holds public cases with their expected facts, and the facts that known misconceptions
produce on these cases. No reference solution is in vaelib.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """One exercise as vaelib knows it; `parameters` are the names of the contract.

    seal: tells the build whether the record, or what it was made of, has changed since.
    """

    exercise: str
    unit: str
    points: float
    parameters: tuple[str, ...]
    cases: tuple[Case, ...]
    traces: tuple[Trace, ...] = ()
    seal: str = ""

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
        return cls._of(json.loads(text))

    @classmethod
    def _of(cls, data: Any) -> "Record":
        entries = from_json(data)
        entries["traces"] = tuple(Trace(**entry) for entry in entries["traces"])
        return cls(**entries)


@dataclass(frozen=True)
class PersonalRecord:
    """One exercise as it may be asked of each student: values by name, and a record for each."""

    choices: tuple[dict[str, Any], ...]
    records: tuple[Record, ...]
    seal: str = ""

    def of(self, values: Mapping[str, Any]) -> Record:
        """The record of who has these values; ValueError where nobody can."""
        return self.records[self.choices.index(dict(values))]

    def to_text(self) -> str:
        """The record as JSON, the same bytes every time."""
        choices = ",\n".join(json.dumps(choice) for choice in self.choices)
        each = ",\n".join(record.to_text().rstrip() for record in self.records)
        head = f'"seal": {json.dumps(self.seal)},\n"choices": [\n{choices}\n]'
        return f'{{\n{head},\n"records": [\n{each}\n]\n}}\n'

    @classmethod
    def from_text(cls, text: str) -> "PersonalRecord":
        """Undo `to_text`."""
        entries = json.loads(text)
        records = tuple(Record._of(record) for record in entries["records"])
        return cls(tuple(entries["choices"]), records, entries["seal"])


@dataclass(frozen=True)
class UnitRecord:
    """One unit as vaelib knows it.

    exercises: the points of each, by name, in the order of the notebook.
    reflection_points: those of the written answer, which a person grades.
    """

    unit: str
    exercises: dict[str, float]
    reflection_points: float

    def to_text(self) -> str:
        """The record as JSON, the same bytes every time."""
        return json.dumps(vars(self), indent=1) + "\n"


def path_of_personal(exercise: str) -> Path:
    """Where it is kept what an exercise may ask of each student."""
    return FOLDER / "personal" / f"{exercise}.json"


def load_personal(exercise: str) -> PersonalRecord | None:
    """What an exercise may ask of each student; None where it asks everybody the same."""
    path = path_of_personal(exercise)
    if not path.is_file():
        return None
    return PersonalRecord.from_text(path.read_text(encoding="utf-8"))


def path_of_unit(unit: str) -> Path:
    """Where the record of a unit is kept."""
    return FOLDER / "units" / f"{unit}.json"


def load_unit(unit: str) -> UnitRecord:
    """The record of a unit such as "05_kl_divergence"; ValueError where there is none."""
    if not path_of_unit(unit).is_file():
        known = ", ".join(sorted(path.stem for path in path_of_unit("").parent.glob("*.json")))
        raise ValueError(f"unit: expected one of {known}. Received: unit={unit!r}")
    return UnitRecord(**json.loads(path_of_unit(unit).read_text(encoding="utf-8")))


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
