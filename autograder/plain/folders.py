"""Take in a whole folder: the notebooks of an assignment and the files that a student put beside.

Same care as in `intake`: no link is followed, nothing is waited for, sizes are bounded.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder import intake
from autograder.files import from_zip, to_zip
from autograder.intake import IGNORED, MAX_FILES, Refused, Snapshot
from autograder.results import REJECTED

MAX_TOTAL = 100 * 2**20  # bytes of all files of a submission


def snapshot(submitted: Path, student: str, assignment: str, notebooks: Iterable[str]) -> Snapshot:
    """What a student handed in, as one archive; Refused where none of the notebooks is there."""
    folder = submitted / student / assignment
    wanted = {f"{name}.ipynb" for name in notebooks}
    with intake.refusing(folder, assignment):
        found, ignored = read(folder, wanted)
    missing = sorted(wanted - found.keys())
    if len(missing) == len(wanted):
        raise Refused(REJECTED, f"no notebook of {assignment} here; hand in {', '.join(missing)}")
    warnings = [f"{name} was not handed in; its points are zero" for name in missing]
    if ignored:
        warnings.append(f"extra files ignored: {', '.join(map(repr, ignored[:10]))}")
    when = intake.timestamp(folder)
    return Snapshot(student, assignment, to_zip(found), when, tuple(warnings))


def unpack(taken: Snapshot) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The notebooks by name, and the other files by path."""
    entries = from_zip(taken.content)
    names = {path for path in entries if path.endswith(".ipynb")}
    notebooks = {path.removesuffix(".ipynb"): entries[path] for path in names}
    return notebooks, {path: entries[path] for path in entries.keys() - names}


def read(folder: Path, wanted: set[str]) -> tuple[dict[str, bytes], list[str]]:
    """Contents by path, and the paths of what is not taken."""
    paths = sorted(_paths(folder))
    found = {path: intake.read_file(folder / path) for path in paths if path in wanted}
    ignored = []
    room = MAX_TOTAL
    for path in paths:
        if path not in wanted:
            content = _extra(folder, path)
            if content is None or len(content) > room:
                ignored.append(path)
            else:
                found[path] = content
                room -= len(content)
    return found, ignored


def _extra(folder: Path, path: str) -> bytes | None:
    """Content of a file beside the notebooks; None for another notebook, or what is no file."""
    if path.lower().endswith(".ipynb") or not path.isprintable():
        return None
    try:
        return intake.read_file(folder / path)
    except Refused:
        return None


def _paths(folder: Path) -> Iterator[str]:
    """Paths of what lies in a folder and the folders below it, up to a number."""
    count = 0
    for where, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in names:
            count += 1
            if name not in IGNORED and count <= MAX_FILES:
                yield os.path.relpath(os.path.join(where, name), folder)


def _fail(error: OSError) -> None:
    raise error
