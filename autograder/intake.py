"""Take in what a student handed in: read hostile bytes safely, once, and find the notebook.

Nothing here follows a link, waits for a pipe, trusts a name or parses more than the size limit.
What comes out is a snapshot: later changes to the folder do not reach the grader.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import UnknownName
from autograder.results import NEEDS_HUMAN, REJECTED

MAX_BYTES = 20 * 2**20
MAX_FILES = 1000
IGNORED = {"timestamp.txt", ".ipynb_checkpoints", ".DS_Store", "__pycache__", "feedback"}


class Refused(Exception):
    """A submission that cannot be graded: its status, the reason and the mend."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Submission:
    """A snapshot of one student's work on one unit.

    notebook: the parsed JSON object, of unknown shape inside; digest: SHA-256 of the file's bytes.
    timestamp: text of nbgrader's timestamp.txt, unverified, or "".
    """

    student: str
    unit: str
    notebook: dict[str, Any]
    digest: str
    timestamp: str = ""
    warnings: tuple[str, ...] = field(default_factory=tuple)


def students(submitted: Path, chosen: tuple[str, ...] = ()) -> list[str]:
    """Names of the student folders, all or those chosen; UnknownName for one that is not there."""
    if not submitted.is_dir():
        raise UnknownName("folder of submissions", str(submitted), [])
    with os.scandir(submitted) as entries:
        found = sorted(e.name for e in entries if e.is_dir() or e.is_symlink())
    known = [name for name in found if name not in IGNORED]
    for name in chosen:
        if name not in known:
            raise UnknownName("student", name, known)
    return list(chosen) or known


def take(submitted: Path, student: str, unit: str) -> Submission:
    """Snapshot of a student's work on a unit; Refused where there is nothing that can be graded."""
    folder = submitted / student
    for part in (folder, folder / unit):
        _require_folder(part, unit)
    try:
        names = _names(folder / unit)
        name, warnings = _choose(names, unit)
        content = _read(folder / unit / name)
    except PermissionError:
        raise Refused(
            NEEDS_HUMAN,
            "a file or folder here cannot be read: permission denied; "
            "give the grader read permission and grade again",
        ) from None
    except OSError as error:
        reason = f"what was handed in cannot be read: {error.strerror}; mend that and grade again"
        raise Refused(NEEDS_HUMAN, reason) from None
    timestamp = _timestamp(folder / unit) if "timestamp.txt" in names else ""
    notebook, notes = parse(content)
    digest = hashlib.sha256(content).hexdigest()
    return Submission(student, unit, notebook, digest, timestamp, (*warnings, *notes))


def _require_folder(path: Path, unit: str) -> None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        raise Refused(REJECTED, f"nothing was handed in for {unit}") from None
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
    notebooks = [name for name in names if name.lower().endswith(".ipynb")]
    exact = f"{unit}.ipynb"
    if not notebooks:
        there = ", ".join(map(repr, names[:5])) or "nothing"
        raise Refused(REJECTED, f"no notebook here, only {there}; hand in {exact}")
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


def _read(path: Path) -> bytes:
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


def _timestamp(folder: Path) -> str:
    """First characters of timestamp.txt; nothing where it is unreadable, a link or no text."""
    try:
        return _read(folder / "timestamp.txt")[:100].decode("utf-8").strip()
    except (Refused, OSError, UnicodeDecodeError):
        return ""


def parse(content: bytes) -> tuple[dict[str, Any], list[str]]:
    """A notebook's JSON object and warnings on its encoding; Refused where it is none."""
    if not content.strip():
        raise Refused(NEEDS_HUMAN, "the notebook is an empty file; save it and hand it in again")
    text, warnings = _decode(content)
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise Refused(NEEDS_HUMAN, "the notebook is nested too deeply to be read") from None
    except ValueError as error:
        raise Refused(
            NEEDS_HUMAN,
            "the notebook is damaged or cut short; open it in JupyterLab, save it and hand it in "
            f"again ({error})",
        ) from None
    if not isinstance(notebook, dict):
        what = type(notebook).__name__
        raise Refused(REJECTED, f"the file is JSON but no notebook: a {what} at top level")
    return notebook, warnings


def _decode(content: bytes) -> tuple[str, list[str]]:
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for mark, encoding in marks.items():
        if content.startswith(mark):
            text = content.decode(encoding, errors="replace")
            return text, [f"the file began with a byte-order mark; read as {encoding}"]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), ["the file is not UTF-8; read as cp1252"]


def cells(notebook: dict[str, Any]) -> Iterator[Any]:
    """The cell objects of a notebook of format 4 or 3; Refused for any other format."""
    version = notebook.get("nbformat")
    sheets = notebook.get("worksheets")
    if isinstance(notebook.get("cells"), list) and version in (4, 3, None):
        yield from notebook["cells"]
    elif version == 3 and isinstance(sheets, list):
        found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        yield from (cell for cells in found if isinstance(cells, list) for cell in cells)
    else:
        raise Refused(
            NEEDS_HUMAN,
            f"notebook format {version!r} is not known here; open it in JupyterLab and save it",
        )
