"""One table for every measurement: what, how much, and what was to be reached."""

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One measured number; `target` is empty where it only informs."""

    part: str
    what: str
    measured: str
    target: str = ""
    note: str = ""


def print_table(rows: Iterable[Row]) -> None:
    """Print rows as they come, so that a long run shows its results one by one."""
    print(_line(Row("part", "what", "measured", "target", "note")), flush=True)
    for row in rows:
        print(_line(row), flush=True)


def _line(row: Row) -> str:
    return (f"{row.part:9} {row.what:58} {row.measured:>15} {row.target:>9}  {row.note}").rstrip()
