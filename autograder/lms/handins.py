"""Which of one person's files is the notebook to grade, and which trained models belong to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from autograder import exercises
from autograder.intake import IGNORED
from autograder.lms.archives import Archive, Unreadable
from autograder.lms.uploads import Files, Upload, uploads
from vaelib.handin import SUFFIX

MAX_KEPT = 10  # files of somebody who handed in no notebook that can be graded
MAX_NAME = 200  # bytes of such a file's name; file systems take 255
EIGHTH = r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # how Canvas goes on after name-7
SHOWN = 5  # names or reasons in a note


class Unsuitable(Exception):
    """No notebook is there that is surely the one to grade, and why."""


@dataclass(frozen=True)
class File:
    """A file's content, and when it was last changed, or packed, says the archive."""

    content: bytes
    modified: datetime | None


@dataclass(frozen=True)
class HandIn:
    """What goes into a student's folder, by name, and what to know about it.

    gradable: whether it is one notebook, under the unit's name.
    models: of that notebook, by the name under which `grade` finds them; None for one not there.
    """

    files: dict[str, File]
    gradable: bool
    models: dict[str, File | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def modified(self) -> datetime | None:
        """When the last of the files was changed, as far as the archive says."""
        return max((f.modified for f in self.files.values() if f.modified), default=None)


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook, by its name."""
    return path.lower().endswith(".ipynb")


def is_named(path: str, unit: str, suffix: str = ".ipynb") -> bool:
    """Whether a file has a unit's name, as it is or as browsers and systems number copies."""
    # One way to read it, however long it is. Digits right behind a name make it another name.
    copy = rf"(?:{EIGHTH}|[-_ ]*+(?:\(\d++\)|copy\d*+)|[-_ ]++\d++)*+"
    name = PurePosixPath(path).name
    meant = rf"(?:copy of )?{re.escape(unit)}{copy}{re.escape(suffix)}"
    return re.fullmatch(meant, name, re.I) is not None


def choose(archive: Archive, files: Files, unit: str, timed: bool) -> HandIn:
    """The newest notebook of the unit's name, or the only one of another; else all files.

    timed: whether the archive's times are those of handing in.
    """
    found = list(uploads(archive, files, timed))
    notes = ["late, says Canvas"] if any(named.late for named, _ in files) else []
    notes += _few([f"{file.name!r}: {file.refused}" for file in found if file.refused])
    try:
        return _gradable(found, unit, notes)
    except Unsuitable as why:
        return _ungradable(found, unit, [str(why), *notes])


def _gradable(found: list[Upload], unit: str, notes: list[str]) -> HandIn:
    """The notebook that is meant. Nothing takes the place of one that cannot be read."""
    exact = [file for file in found if is_named(file.name, unit)]
    last = _newest(exact) if exact else [_only(found, unit)]
    notebook = min(last, key=lambda file: len(file.name))
    shut = [file for file in found if file.is_archive]
    if behind := [file for file in shut if not exact or file.sent > notebook.sent]:
        raise Unsuitable(f"the notebook may be in what cannot be opened: {_names(behind)}")
    try:
        content = _read(notebook)
    except Unreadable as why:
        raise Unsuitable(f"{notebook.name!r}: {why}") from None
    models, taken = _models(found, last, unit, notes)
    rest = [file for file in found if file not in taken]
    told = [*notes, *_told(rest, notebook, exact, last, unit)]
    return HandIn({f"{unit}.ipynb": content}, True, models, told)


def _models(
    found: list[Upload], notebooks: list[Upload], unit: str, notes: list[str]
) -> tuple[dict[str, File | None], list[Upload]]:
    """The models that lie beside a notebook, each by the name it gets, and the uploads they are.

    One that cannot be read costs nobody the notebook: it is noted.
    """
    places = {_place(file) for file in notebooks}
    models: dict[str, File | None] = {exercise + SUFFIX: None for exercise in _trained(unit)}
    taken: list[Upload] = []
    for exercise in _trained(unit):
        mine = [f for f in found if is_named(f.name, exercise, SUFFIX) and _place(f) in places]
        if not mine:
            continue
        try:
            newest = _newest(mine)
            models[exercise + SUFFIX] = _read(newest[0])
            taken += newest
        except (Unsuitable, Unreadable) as why:
            notes.append(f"{exercise} will be trained again: {str(why).partition(';')[0]}")
    return models, taken


def _trained(unit: str) -> list[str]:
    """The unit's exercises of which a trained model may be handed in beside the notebook."""
    return [exercise.name for exercise in exercises.load(unit) or () if exercise.training]


def _place(file: Upload) -> tuple[int, PurePosixPath]:
    """Which archive a file lies in, and which folder there."""
    return id(file.archive), PurePosixPath(file.name).parent


def _newest(exact: list[Upload]) -> list[Upload]:
    """The newest, several if they are alike. A time tells between files of one archive only."""
    sent = max(file.sent for file in exact)
    last = [file for file in exact if file.sent == sent]
    changed = {file.changed for file in last}
    if len({id(file.archive) for file in last}) == 1 and datetime.min not in changed:
        last = [file for file in last if file.changed == max(changed)]
    if len({file.member.checksum for file in last}) > 1:
        raise Unsuitable(f"several of one name, and no time tells the newest: {_names(last)}")
    return last


def _only(found: list[Upload], unit: str) -> Upload:
    notebooks = [file for file in found if is_notebook(file.name)]
    if not notebooks:
        raise Unsuitable(f"no notebook: {_names(found) or 'nothing that can be read'}")
    if len(notebooks) > 1:
        raise Unsuitable(f"several notebooks, none named {unit}.ipynb: {_names(notebooks)}")
    return notebooks[0]


def _told(
    found: list[Upload], notebook: Upload, exact: list[Upload], last: list[Upload], unit: str
) -> Iterator[str]:
    """What to know about a choice: the name, and what was not taken."""
    if notebook.name != f"{unit}.ipynb":
        yield f"was named {notebook.name!r}"
    if older := [file for file in exact if file not in last]:
        yield f"older ones left out: {_names(older)}"
    if alike := [file for file in last if file is not notebook]:
        yield f"the same content left out: {_names(alike)}"
    if other := [file for file in found if file not in (*exact, notebook)]:
        yield f"left out: {_names(other)}"


def _ungradable(found: list[Upload], unit: str, notes: list[str]) -> HandIn:
    """What was handed in as it is, so that `grade` says of this student what a person must do.

    Several notebooks make `grade` ask which. A single one it would grade: that is renamed, as is a
    model, which would pass for that of a notebook that was there before.
    """
    kept: dict[str, File] = {}
    meant = {f"{unit}.ipynb", *IGNORED, *(name + SUFFIX for name in _trained(unit))}
    readable = [file for file in found if not file.member.refused]
    for file in sorted(readable, key=lambda file: not is_notebook(file.name))[:MAX_KEPT]:
        try:
            kept[_name(file.name, meant.union(kept))] = _read(file)
        except Unreadable as why:
            notes.append(f"{file.name!r}: {why}")
    notebooks = [name for name in kept if is_notebook(name)]
    if len(notebooks) == 1:
        kept[_name(f"{notebooks[0]}.txt", set(kept))] = kept.pop(notebooks[0])
    return HandIn(kept, False, notes=list(dict.fromkeys(notes)))


def _read(file: Upload) -> File:
    return File(file.read(), file.modified)


def _name(path: str, taken: set[str]) -> str:
    """A name for a file in a folder that has others, also where case tells no names apart."""
    end = PurePosixPath(path).name.encode(errors="replace")[-MAX_NAME:]
    name = end.decode(errors="ignore").lstrip(".") or "file"
    names = (f"{number}-{name}" if number else name for number in count())
    there = {other.casefold() for other in taken}
    return next(name for name in names if name.casefold() not in there)


def _names(files: list[Upload]) -> str:
    return ", ".join(_few([repr(file.name) for file in files]))


def _few(texts: list[str]) -> list[str]:
    more = len(texts) - SHOWN
    return [*texts[:SHOWN], f"and {more} more"] if more > 0 else texts
