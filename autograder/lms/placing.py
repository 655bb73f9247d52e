"""Put what was handed in into a student's folder, without losing a newer version."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser

from autograder.files import write_atomically
from autograder.lms.archives import Unreadable
from autograder.lms.handins import File, HandIn

COLLECTED, REPLACED, UNCHANGED, KEPT = "collected", "replaced", "unchanged", "kept"
OTHER_DAYS = datetime(2000, 1, 1), datetime(2001, 2, 2)  # what a text leaves out comes from these
ORDERS: tuple[dict[str, bool], ...] = ({}, {"dayfirst": True}, {"yearfirst": True})


@dataclass(frozen=True)
class Placed:
    """What happened to a student's folder: collected, replaced, unchanged or kept."""

    what: str
    notes: list[str] = field(default_factory=list)


def place(folder: Path, handin: HandIn, when: str | datetime | None, force: bool) -> Placed:
    """Write files into STUDENT/UNIT; one of the same name stays unless it is older, or `force`.

    A notebook's models follow it: they come with a new one, and those of the one before go.
    when: the time of handing in, in local time if it names no zone; goes into timestamp.txt.
    A file gets the archive's time, so that a later archive is known to be later. Unreadable where
    the folder is a link; OSError where it cannot be written.
    """
    for part in (folder.parent, folder):
        if part.is_symlink():
            raise Unreadable(f"{part.name!r} in the folder of submissions is a link")
    folder.mkdir(parents=True, exist_ok=True)
    done = [_write(folder / name, file, force) for name, file in handin.files.items()]
    what = next((w for w in (KEPT, REPLACED, COLLECTED) if w in done), UNCHANGED)
    if not handin.gradable or what == KEPT:
        return Placed(what)
    models = _put_models(folder, handin.models, what != UNCHANGED, force)
    return Placed(what, [*_stamp(folder, when, what), *models])


def _write(path: Path, file: File, force: bool) -> str:
    there = path.lstat() if path.is_symlink() or path.exists() else None
    if there and stat.S_ISREG(there.st_mode) and there.st_size == len(file.content):
        if path.read_bytes() == file.content:
            return UNCHANGED
    newest = file.modified.timestamp() if file.modified else 0.0
    if there and not force and newest <= there.st_mtime:
        return KEPT
    write_atomically(path, file.content)
    if file.modified:
        os.utime(path, (newest, newest))
    return REPLACED if there else COLLECTED


def _put_models(
    folder: Path, models: Mapping[str, File | None], new: bool, force: bool
) -> Iterator[str]:
    """Models beside their notebook; new: whether that is, and those of the one before go."""
    for name, model in models.items():
        path = folder / name
        if model:
            done = _write(path, model, force or new)
            if not new and done != UNCHANGED:
                yield f"{name!r}: {done}"
        elif new and os.path.lexists(path):
            path.unlink()
            yield f"{name!r} taken away, as it belongs to the notebook before"


def _stamp(folder: Path, when: str | datetime | None, what: str) -> list[str]:
    """nbgrader's timestamp.txt, for what is now in the folder."""
    path = folder / "timestamp.txt"
    moment = _moment(when)
    if moment is not None:
        write_atomically(path, f"{moment:%Y-%m-%d %H:%M:%S} UTC\n".encode())
    elif what == REPLACED:
        path.unlink(missing_ok=True)  # of the version that was there before
    unclear = isinstance(when, str) and when not in ("", "-") and moment is None
    return [f"no time known: {when!r} is none that can be read"] if unclear else []


def _moment(when: str | datetime | None) -> datetime | None:
    try:
        moment = _parsed(when) if isinstance(when, str) else when
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError, TypeError):
        return None


def _parsed(when: str) -> datetime | None:
    """The one moment that a text means; None where it leaves out a part, or an order is a guess.

    Where a year of four digits is first, the month is next: the parser would try days there, too.
    """
    orders = ORDERS[:1] if re.match(r"\s*\d{4}", when) else ORDERS
    read = {parser.parse(when, default=day, **order) for day in OTHER_DAYS for order in orders}
    return read.pop() if len(read) == 1 else None
