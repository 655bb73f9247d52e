"""What was measured, kept by exercise, so that a part can be measured again by itself."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.answers import Solutions
from autograder.specification import Exercise
from vaelib import records
from vaelib.cases import to_json

FILE = Path(__file__).with_name("measured.json")
Figures = dict[str, Any]


class Measured:
    """Figures by part, unit and exercise; written to its file whenever some are added."""

    def __init__(self, path: Path = FILE) -> None:
        self._path = path
        self._figures = self._read()

    def keep(self, part: str, unit: str, name: str, figures: Any, version: str = "") -> None:
        """Put a dataclass of figures in the place of what was there."""
        self._figures = self._read()  # another run may measure another part
        place = self._figures.setdefault(part, {}).setdefault(unit, {})
        place[name] = {**asdict(figures), "version": version}
        text = json.dumps(self._figures, indent=1, sort_keys=True)
        self._path.write_text(text + "\n", encoding="utf-8")

    def _read(self) -> dict[str, Figures]:
        if not self._path.is_file():
            return {}
        figures: dict[str, Figures] = json.loads(self._path.read_text(encoding="utf-8"))
        return figures

    def find(self, part: str, unit: str, name: str) -> Figures | None:
        """The figures of one exercise, or of a unit as a whole."""
        return self._figures.get(part, {}).get(unit, {}).get(name)

    def all(self, part: str) -> Iterator[tuple[str, str, Figures]]:
        """Unit, name and figures of all that a part has."""
        for unit, entries in sorted(self._figures.get(part, {}).items()):
            for name, figures in entries.items():
                yield unit, name, figures


def version(exercise: Exercise, solutions: Solutions) -> str:
    """Digest of what the figures of an exercise depend on: its public cases and its solution."""
    record = records.load(exercise.name)
    known = json.dumps([to_json(record.cases), [trace.name for trace in record.traces]])
    return f"{zlib.crc32((known + solutions.source(exercise)).encode()):08x}"
