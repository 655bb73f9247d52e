"""Take in a whole folder: the notebooks of an assignment and the files that a student put beside.

Same care as in `intake`: no link is followed, nothing is waited for, sizes are bounded.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from autograder import intake
from autograder.files import from_zip, to_zip
from autograder.intake import COMPANIONS, IGNORED, MAX_FILES, Refused, Snapshot
from autograder.lms.handins import is_named
from autograder.results import NEEDS_HUMAN, REJECTED

MAX_TOTAL = 100 * 2**20  # bytes of all files of a submission


def snapshot(
    submitted: Path, student: str, assignment: str, notebooks: Collection[str]
) -> Snapshot:
    """What a student handed in, as one archive.

    Refused where none of the notebooks is there, or one may be there under another name.
    """
    folder = submitted / student / assignment
    wanted = {f"{name}.ipynb" for name in notebooks}
    with intake.refusing(folder, assignment, notebooks):
        found, ignored = read(folder, wanted)
        renamed = _renamed(ignored, wanted - found.keys(), notebooks)
        found |= {name: intake.read_file(folder / path) for name, path in renamed.items()}
    ignored = [path for path in ignored if path not in renamed.values()]
    missing = sorted(wanted - found.keys())
    _require_no_other(ignored, missing)
    if len(missing) == len(wanted):
        raise Refused(REJECTED, f"no notebook of {assignment} here; hand in {', '.join(missing)}")
    warnings = [f"{name} found under the name {path!r}" for name, path in renamed.items()]
    warnings += [f"{name} was not handed in; its points are zero" for name in missing]
    if ignored:
        warnings.append(f"extra files ignored: {', '.join(map(repr, ignored[:10]))}")
    when = intake.timestamp(folder)
    return Snapshot(student, assignment, to_zip(found), when, tuple(warnings))


def _renamed(
    paths: Sequence[str], missing: Collection[str], notebooks: Collection[str]
) -> dict[str, str]:
    """Missing notebooks, and where each lies under a name that can mean no other one."""
    meant: dict[str, list[str]] = {}
    for path in filter(_is_notebook, paths):
        names = [f"{name}.ipynb" for name in notebooks if is_named(path, name)]
        if len(names) == 1 and "/" not in path:
            meant.setdefault(names[0], []).append(path)
    return {name: meant[name][0] for name in sorted(missing) if len(meant.get(name, ())) == 1}


def _require_no_other(paths: Sequence[str], missing: Sequence[str]) -> None:
    """Nobody guesses whether a notebook of another name is one that is missing."""
    others = ", ".join(map(repr, list(filter(_is_notebook, paths))[:5]))
    if missing and others:
        raise Refused(
            NEEDS_HUMAN,
            f"no {', '.join(missing)} here, but there is {others}: give what is to be graded its "
            "right name, and take away the rest",
        )


def _is_notebook(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.lower().endswith(".ipynb") and not name.startswith(COMPANIONS)


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
