"""Take in what a student handed in: read hostile bytes safely, once, and find the notebook.

Nothing here follows a link, waits for a pipe, trusts a name or parses more than the size limit.
What comes out is a snapshot: later changes to the folder do not reach the grader, which may be on
another machine.
"""

import hashlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import intake_astray
from autograder.errors import UnknownName
from autograder.intake_content import Refused, parse
from autograder.intake_content import cells as cells  # so that who grades knows intake alone
from autograder.results import NEEDS_HUMAN, NOTHING, REJECTED

MAX_BYTES = 20 * 2**20
MAX_FILES = 100_000
LEFT_BY_TOOLS = {".ipynb_checkpoints", ".DS_Store", "__pycache__"}
COMPANIONS = "._", ".~"  # of macOS, and of who has a file open
IGNORED = LEFT_BY_TOOLS | {"timestamp.txt", "submission_secret.txt", "feedback"}


@dataclass(frozen=True)
class Snapshot:
    """One student's work on one unit as it was handed in, as bytes.

    timestamp: text of nbgrader's timestamp.txt, unverified, or "".
    models: files of trained models, by exercise.
    """

    student: str
    unit: str
    content: bytes
    timestamp: str = ""
    warnings: tuple[str, ...] = ()
    models: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes of the notebook, and of the models where there are any."""
        parts = [self.content, *(self.models[name] for name in sorted(self.models))]
        return hashlib.sha256(b"".join(parts)).hexdigest()


@dataclass(frozen=True)
class Submission:
    """One student's work on one unit, parsed.

    notebook: the JSON object, of unknown shape inside; the rest is as in its snapshot.
    """

    student: str
    unit: str
    notebook: dict[str, Any]
    digest: str
    timestamp: str = ""
    warnings: tuple[str, ...] = field(default_factory=tuple)


def students(submitted: Path, chosen: tuple[str, ...] = ()) -> list[str]:
    """Names of the student folders, all or those chosen, each once.

    What is chosen is a name, or several with commas between them. UnknownName for one that is not
    there.
    """
    if not submitted.is_dir():
        raise UnknownName("folder of submissions", str(submitted), [])
    with os.scandir(submitted) as entries:
        found = sorted(e.name for e in entries if e.is_dir() or e.is_symlink())
    known = [name for name in found if name not in LEFT_BY_TOOLS]
    names = [name for value in chosen for name in _meant(value, known)]
    for name in names:
        if name not in known:
            raise UnknownName("student", name, known)
    return list(dict.fromkeys(names)) or known


def _meant(value: str, known: Collection[str]) -> list[str]:
    """The names in a value; a folder's name may have a comma, or blanks around it, itself."""
    parts = [part if part in known else part.strip() for part in value.split(",")]
    return [value] if value in known else [part for part in parts if part] or [value]


def take(submitted: Path, student: str, unit: str) -> Submission:
    """A student's work on a unit, parsed; Refused where there is nothing that can be graded."""
    return read(snapshot(submitted, student, unit))


def read(taken: Snapshot) -> Submission:
    """Parse a snapshot; Refused where its bytes are no notebook."""
    notebook, notes = parse(taken.content)
    warnings = (*taken.warnings, *notes)
    return Submission(taken.student, taken.unit, notebook, taken.digest, taken.timestamp, warnings)


def snapshot(submitted: Path, student: str, unit: str, trained: Collection[str] = ()) -> Snapshot:
    """The bytes of a student's work on a unit; Refused where there is none, or none to be had.

    trained: exercises whose model may lie beside the notebook, as EXERCISE.keras.
    """
    folder = submitted / student / unit
    with refusing(folder, unit):
        names = _names(folder)
        models = {name: f"{name}.keras" for name in trained if f"{name}.keras" in names}
        name, warnings = _choose([n for n in names if n not in models.values()], unit)
        content = read_file(folder / name)
        read = dict(_models(folder, models, warnings))
    return Snapshot(student, unit, content, timestamp(folder), tuple(warnings), read)


def _models(
    folder: Path, models: Mapping[str, str], warnings: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Contents of those that are ordinary files of bounded size; a warning for each other."""
    for exercise, name in models.items():
        try:
            yield exercise, read_file(folder / name)
            continue
        except Refused as refused:
            reason = str(refused).partition(";")[0]  # what follows is the mend of a notebook
        except OSError as error:
            reason = f"{name!r} cannot be read: {error.strerror}"
        warnings.append(f"{exercise}: trained again, as {reason}")


@contextmanager
def refusing(folder: Path, unit: str, notebooks: Collection[str] = ()) -> Iterator[None]:
    """Refused where STUDENT/UNIT is no folder, or something in it cannot be read.

    notebooks: names of the unit's notebooks, if they are not called as the unit is.
    """
    _require_folder(folder.parent, unit)
    try:
        if not os.path.lexists(folder):
            _require_nothing_astray(folder, notebooks)
        _require_folder(folder, unit)
        if not _names(folder):
            _require_nothing_astray(folder, notebooks)
        yield
    except PermissionError:
        raise Refused(
            NEEDS_HUMAN,
            "a file or folder here cannot be read: permission denied; "
            "give the grader read permission and grade again",
        ) from None
    except OSError as error:
        reason = f"what was handed in cannot be read: {error.strerror}; mend that and grade again"
        raise Refused(NEEDS_HUMAN, reason) from None


def _require_nothing_astray(folder: Path, notebooks: Collection[str]) -> None:
    if astray := intake_astray.beside(folder, notebooks):
        raise Refused(NEEDS_HUMAN, astray)


def _require_folder(path: Path, unit: str) -> None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        raise Refused(REJECTED, NOTHING.format(unit)) from None
    except OSError as error:
        raise Refused(NEEDS_HUMAN, f"the folder cannot be read: {error.strerror}") from None
    if stat.S_ISLNK(mode):
        raise Refused(REJECTED, f"{path.name!r} is a link; hand in a folder with the notebook")
    if not stat.S_ISDIR(mode):
        raise Refused(REJECTED, f"{path.name!r} is no folder; put the notebook into one")


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = [entry.name for _, entry in zip(range(MAX_FILES), entries, strict=False)]
    return sorted(names)


def _choose(names: list[str], unit: str) -> tuple[str, list[str]]:
    """The notebook among the file names, and a warning for each other thing that is ignored."""
    shown = (name for name in names if not name.startswith(COMPANIONS))
    notebooks = [name for name in shown if name.lower().endswith(".ipynb")]
    exact = f"{unit}.ipynb"
    if not notebooks:
        there = f", only {', '.join(map(repr, names[:5]))}" if names else ""
        raise Refused(REJECTED, f"no notebook here{there}; hand in {exact}")
    if exact not in notebooks and len(notebooks) > 1:
        there = ", ".join(map(repr, notebooks[:5]))
        raise Refused(
            NEEDS_HUMAN, f"several notebooks and none is {exact}: {there}; keep the one to grade"
        )
    name = exact if exact in notebooks else notebooks[0]
    warnings = [] if name == exact else [f"notebook found under the name {name!r}"]
    extra = [other for other in names if other != name and other not in IGNORED]
    if extra:
        warnings.append(f"extra files ignored: {', '.join(map(repr, extra[:10]))}")
    return name, warnings


def read_file(path: Path) -> bytes:
    """Bytes of a regular file of bounded size, whatever else stands at the path refused."""
    try:
        file = open(path, "rb", opener=_open_as_it_is)
    except PermissionError:
        raise
    except IsADirectoryError:
        raise Refused(REJECTED, f"{path.name!r} is a folder; hand in the notebook") from None
    except OSError:
        raise Refused(REJECTED, f"{path.name!r} is a link or a device; hand in a file") from None
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Refused(REJECTED, f"{path.name!r} is no regular file; hand in the notebook")
        if status.st_nlink > 1:
            raise Refused(REJECTED, f"{path.name!r} is a hard link; hand in a copy of the file")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(
            NEEDS_HUMAN,
            f"{path.name!r} is larger than {MAX_BYTES // 2**20} MiB; "
            "clear all outputs, save, and hand it in again",
        )
    return content


def _open_as_it_is(path: str, flags: int) -> int:
    """Open without following a link or waiting for a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def timestamp(folder: Path) -> str:
    """First characters of timestamp.txt; nothing where it is unreadable, a link or no text."""
    try:
        return read_file(folder / "timestamp.txt")[:100].decode("utf-8").strip()
    except (Refused, OSError, UnicodeDecodeError):
        return ""
