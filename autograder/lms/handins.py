"""Which of one person's files is the notebook to grade."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from autograder.intake import IGNORED
from autograder.lms.archives import Archive, Member, Unreadable
from autograder.lms.names import Named

Files = list[tuple[Named, Member]]
CLUTTER = re.compile(
    r"(.*/)?(__MACOSX/.*|\.ipynb_checkpoints/.*|\.DS_Store|\._.*|Thumbs\.db)", re.DOTALL
)
MAX_OTHERS = 10  # files kept of somebody who handed in no notebook


@dataclass(frozen=True)
class HandIn:
    """What goes into a student's folder, by name, and what to know about it.

    gradable: whether it is one notebook, under the unit's name.
    modified: when it was last changed, or packed, says the archive.
    """

    files: dict[str, bytes]
    gradable: bool
    modified: datetime | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    """A file of a person's: its name there, where it is, and a key that grows with newness."""

    name: str
    archive: Archive
    member: Member
    newness: tuple[Any, ...]
    modified: datetime | None

    def read(self) -> bytes:
        return self.archive.read(self.member)


def is_clutter(path: str) -> bool:
    """Whether a file is one that operating systems and JupyterLab leave behind."""
    return CLUTTER.fullmatch(path) is not None


def is_named(path: str, unit: str) -> bool:
    """Whether a notebook has a unit's name, as it is or as browsers and systems number copies."""
    copy = r"(?:[-_ ]*(?:\(\d+\)|\d+|copy\d*))*"
    name = PurePosixPath(path).name
    return re.fullmatch(rf"(?:copy of )?{re.escape(unit)}{copy}\.ipynb", name, re.I) is not None


def choose(archive: Archive, files: Files, unit: str) -> HandIn:
    """The newest notebook of the unit's name, or the only one of another; else all files.

    Unreadable where that notebook is damaged.
    """
    notes = ["late, says Canvas"] if any(named.late for named, _ in files) else []
    found = list(_files(archive, files, notes))
    notebooks = [file for file in found if file.name.lower().endswith(".ipynb")]
    exact = [file for file in notebooks if is_named(file.name, unit)]
    if not exact and len(notebooks) != 1:
        return _ungradable(found, unit, len(notebooks), notes)
    newest = max(exact or notebooks, key=lambda file: file.newness)
    if newest.name != f"{unit}.ipynb":
        notes.append(f"was named {newest.name!r}")
    older = [file.name for file in exact if file is not newest]
    if older:
        notes.append(f"older ones left out: {_names(older)}")
    other = [file.name for file in found if file not in exact and file is not newest]
    if other:
        notes.append(f"left out: {_names(other)}")
    return HandIn({f"{unit}.ipynb": newest.read()}, True, newest.modified, notes)


def _files(archive: Archive, files: Files, notes: list[str]) -> Iterator[_File]:
    """Files that can be read, those in zip archives too; a note for each other one."""
    for position, (named, member) in enumerate(files):
        age = (named.order, member.modified or datetime.min)
        file = _File(named.file, archive, member, (*age, datetime.min, position), member.modified)
        if is_clutter(file.name):
            continue
        if member.refused:
            notes.append(f"{file.name!r}: {member.refused}")
        elif file.name.lower().endswith(".zip"):
            yield from _unpacked(file, age, notes)
        else:
            yield file


def _unpacked(packed: _File, age: tuple[Any, ...], notes: list[str]) -> Iterator[_File]:
    try:
        archive = packed.archive.inside(packed.member)
    except Unreadable as why:
        notes.append(f"{packed.name!r}: {why}")
        return
    for position, member in enumerate(archive.members()):
        if member.refused:
            notes.append(f"{member.path!r}: {member.refused}")
        elif not is_clutter(member.path):
            newness = (*age, member.modified or datetime.min, position)
            yield _File(member.path, archive, member, newness, packed.modified)


def _ungradable(found: list[_File], unit: str, notebooks: int, notes: list[str]) -> HandIn:
    """What was handed in as it is, so that `grade` says of this student what a person must do."""
    there = _names([file.name for file in found]) or "nothing that can be read"
    what = f"several notebooks, none named {unit}.ipynb" if notebooks else "no notebook"
    notes.insert(0, f"{what}: {there}")
    kept: dict[str, bytes] = {}
    for file in found[:MAX_OTHERS]:
        name = PurePosixPath(file.name).name[-100:].lstrip(".") or "file"
        try:
            kept.setdefault(f"file-{name}" if name in IGNORED else name, file.read())
        except Unreadable as why:
            notes.append(f"{file.name!r}: {why}")
    return HandIn(kept, False, None, notes)


def _names(names: list[str]) -> str:
    shown = ", ".join(map(repr, names[:5]))
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
