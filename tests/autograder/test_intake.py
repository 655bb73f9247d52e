"""Is what lies in a student's folder read safely, and refused with the reason and the mend?"""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import intake
from autograder.errors import UnknownName
from autograder.intake import Refused, Submission, take

UNIT = "90_toy"
EXACT = f"{UNIT}.ipynb"
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CONTENT = json.dumps(NOTEBOOK).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where ada hands in unit 90; empty."""
    path = tmp_path / "ada" / UNIT
    path.mkdir(parents=True)
    return path


def taken(folder: Path) -> Submission:
    """What the grader takes from a folder STUDENT/UNIT."""
    return take(folder.parents[1], folder.parent.name, folder.name)


def refused(folder: Path) -> tuple[str, str]:
    """Status and message with which a folder is refused."""
    with pytest.raises(Refused) as error:
        taken(folder)
    return error.value.status, str(error.value)


# Folders and files


def test_whole_submission(folder: Path) -> None:
    """Is a notebook taken with its digest, without a warning?"""
    (folder / EXACT).write_bytes(CONTENT)
    submission = taken(folder)
    assert (submission.student, submission.unit) == ("ada", UNIT)
    assert submission.notebook == NOTEBOOK
    assert len(submission.digest) == 64
    assert submission.warnings == ()


def test_snapshot(folder: Path) -> None:
    """Is what was taken the same after the student has changed the file?"""
    (folder / EXACT).write_bytes(CONTENT)
    submission = taken(folder)
    (folder / EXACT).write_bytes(b"[]")
    assert submission.notebook == NOTEBOOK


@pytest.mark.parametrize("missing", ["ada", UNIT])
def test_nothing_handed_in(folder: Path, missing: str) -> None:
    """Is a folder that is not there no submission?"""
    folder.rmdir()
    if missing == "ada":
        folder.parent.rmdir()
    assert refused(folder) == ("rejected", f"nothing was handed in for {UNIT}")


def test_empty_folder(folder: Path) -> None:
    """Does an empty folder say what to hand in?"""
    assert refused(folder) == ("rejected", f"no notebook here, only nothing; hand in {EXACT}")


def test_no_notebook(folder: Path) -> None:
    """Does a folder without a notebook say what is there?"""
    (folder / "answers.pdf").touch()
    assert refused(folder) == ("rejected", f"no notebook here, only 'answers.pdf'; hand in {EXACT}")


@pytest.mark.parametrize("which", ["student", "unit"])
def test_linked_folder(folder: Path, tmp_path: Path, which: str) -> None:
    """Is a link in the place of a folder refused, wherever it leads?"""
    (folder / EXACT).write_bytes(CONTENT)
    there = {"student": folder.parent, "unit": folder}[which]
    there.rename(tmp_path / "elsewhere")
    there.symlink_to(tmp_path / "elsewhere")
    status, message = refused(folder)
    assert status == "rejected"
    assert message == f"{there.name!r} is a link; hand in a folder with the notebook"


def test_file_for_a_folder(folder: Path) -> None:
    """Is a file in the place of the unit's folder refused?"""
    folder.rmdir()
    folder.write_bytes(CONTENT)
    assert refused(folder) == ("rejected", f"{UNIT!r} is no folder; put the notebook into one")


def link(path: Path, elsewhere: Path) -> None:
    elsewhere.write_bytes(CONTENT)
    path.symlink_to(elsewhere)


def hard_link(path: Path, elsewhere: Path) -> None:
    elsewhere.write_bytes(CONTENT)
    path.hardlink_to(elsewhere)


def broken_link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere)


def device(path: Path, elsewhere: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path, elsewhere: Path) -> None:
    os.mkfifo(path)


def directory(path: Path, elsewhere: Path) -> None:
    path.mkdir()


def listener(path: Path, elsewhere: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(path.parent, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)


@pytest.mark.parametrize("make", [link, hard_link, broken_link, device, pipe, directory, listener])
def test_no_regular_file(folder: Path, tmp_path: Path, make) -> None:
    """Is whatever stands in the place of the notebook refused at once, and never followed?"""
    make(folder / EXACT, tmp_path / "elsewhere")
    status, message = refused(folder)
    assert status == "rejected"
    assert message.startswith(f"{EXACT!r} is ")
    assert "; hand in " in message


def test_no_file_stays_open(folder: Path) -> None:
    """Is everything closed again that was refused?"""
    (folder / EXACT).mkdir()
    before = len(os.listdir("/proc/self/fd"))
    refused(folder)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("call", ["open", "scandir"])
def test_no_permission(folder: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Does a file or folder that may not be read need a human, with the mend?"""
    (folder / EXACT).write_bytes(CONTENT)

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(intake.os, call, refuse)
    status, message = refused(folder)
    assert status == "needs-human"
    assert "permission denied" in message
    assert message.endswith("give the grader read permission and grade again")


def test_disk_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a folder that cannot be read for another reason need a human?"""

    def fail(*args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(intake.os, "scandir", fail)
    status, message = refused(folder)
    assert status == "needs-human"
    assert "Input/output error" in message


# Which notebook


def test_renamed_by_a_browser(folder: Path) -> None:
    """Is the one notebook taken whatever it is called, with a warning?"""
    name = f"{UNIT} (1).ipynb"
    (folder / name).write_bytes(CONTENT)
    assert taken(folder).warnings == (f"notebook found under the name {name!r}",)


def test_several_notebooks(folder: Path) -> None:
    """Does nobody guess between two notebooks of other names?"""
    for name in ("a.ipynb", "b.IPYNB"):
        (folder / name).write_bytes(CONTENT)
    status, message = refused(folder)
    assert status == "needs-human"
    assert "several notebooks" in message
    assert "'a.ipynb', 'b.IPYNB'; keep the one to grade" in message


def test_exact_name_wins(folder: Path) -> None:
    """Is the notebook of the right name taken, and the other one ignored with a warning?"""
    (folder / EXACT).write_bytes(CONTENT)
    (folder / f"{UNIT} (1).ipynb").write_bytes(b"broken")
    assert taken(folder).warnings == (f"extra files ignored: '{UNIT} (1).ipynb'",)


def test_extra_files(folder: Path) -> None:
    """Is what could be imported ignored with a warning, and what tools leave without one?"""
    (folder / EXACT).write_bytes(CONTENT)
    for name in ("numpy.py", "sitecustomize.py", "conftest.py", "timestamp.txt"):
        (folder / name).write_text("raise SystemExit")
    (folder / "vaelib").mkdir()
    (folder / ".ipynb_checkpoints").mkdir()
    (warning,) = taken(folder).warnings
    assert warning == (
        "extra files ignored: 'conftest.py', 'numpy.py', 'sitecustomize.py', 'vaelib'"
    )


def test_many_files(folder: Path) -> None:
    """Is a warning short where a thousand files were handed in?"""
    (folder / EXACT).write_bytes(CONTENT)
    for number in range(50):
        (folder / f"copy-{number}.txt").touch()
    (warning,) = taken(folder).warnings
    assert len(warning) < 300


# Content


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b" \r\n\t ", "an empty file"),
        (CONTENT[:-20], "damaged or cut short"),
        (b"PK\x03\x04" + bytes(100), "damaged or cut short"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "damaged or cut short"),
    ],
)
def test_unreadable(folder: Path, content: bytes, what: str) -> None:
    """Does a file that cannot be read need a human, and say why?"""
    (folder / EXACT).write_bytes(content)
    status, message = refused(folder)
    assert status == "needs-human"
    assert message.startswith("the notebook is ")
    assert what in message


@pytest.mark.parametrize(
    ("content", "what"), [("[]", "list"), ('"text"', "str"), ("3", "int"), ("null", "NoneType")]
)
def test_other_json(folder: Path, content: str, what: str) -> None:
    """Is JSON refused that is no notebook?"""
    (folder / EXACT).write_text(content)
    message = f"the file is JSON but no notebook: a {what} at top level"
    assert refused(folder) == ("rejected", message)


def test_too_large(folder: Path) -> None:
    """Is a file beyond the limit refused, with the mend, and not read to its end?"""
    with (folder / EXACT).open("wb") as file:
        file.truncate(2**40)
    status, message = refused(folder)
    assert status == "needs-human"
    assert "larger than 20 MiB; clear all outputs, save, and hand it in again" in message


@pytest.mark.parametrize(
    ("encoding", "mark", "what"),
    [
        ("utf-8-sig", b"", "byte-order mark"),
        ("utf-16-le", b"\xff\xfe", "byte-order mark"),
        ("utf-16-be", b"\xfe\xff", "byte-order mark"),
        ("latin-1", b"", "not UTF-8"),
    ],
)
def test_other_encodings(folder: Path, encoding: str, mark: bytes, what: str) -> None:
    """Is a notebook read in the encoding that an editor gave it, with a warning?"""
    text = json.dumps({**NOTEBOOK, "author": "Zoë"}, ensure_ascii=False)
    (folder / EXACT).write_bytes(mark + text.encode(encoding))
    submission = taken(folder)
    assert submission.notebook["author"] == "Zoë"
    assert what in " ".join(submission.warnings)


# Format


def cells(notebook: dict) -> list:
    return list(intake.cells(notebook))


def test_format_3() -> None:
    """Are the cells of all sheets of an old notebook read?"""
    sheets = [{"cells": [1, 2]}, "damaged", {}, {"cells": 5}, {"cells": [3]}]
    assert cells({"nbformat": 3, "worksheets": sheets}) == [1, 2, 3]


@pytest.mark.parametrize("version", [3, 4, None])
def test_format_4(version: object) -> None:
    """Are cells read where they are, also without a version?"""
    assert cells({"nbformat": version, "cells": [1, 2]}) == [1, 2]


@pytest.mark.parametrize(
    "notebook",
    [
        {},
        {"nbformat": 5, "cells": []},
        {"nbformat": "4", "cells": []},
        {"nbformat": [4]},
        {"nbformat": 4, "cells": {}},
        {"nbformat": 3, "worksheets": {}},
        {"nbformat": 4},
    ],
)
def test_unknown_format(notebook: dict) -> None:
    """Does a format that is not known need a human, with the mend?"""
    with pytest.raises(Refused, match="is not known here; open it in JupyterLab") as error:
        cells(notebook)
    assert error.value.status == "needs-human"


# The time of submission


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"2026-01-05 10:00:00 UTC\n", "2026-01-05 10:00:00 UTC"),
        (b"\xff\xfe\x00", ""),
        (b"x" * 1000, "x" * 100),
        (b"", ""),
    ],
)
def test_timestamp(folder: Path, content: bytes, expected: str) -> None:
    """Is the time taken as text, whatever it says?"""
    (folder / EXACT).write_bytes(CONTENT)
    (folder / "timestamp.txt").write_bytes(content)
    assert taken(folder).timestamp == expected


@pytest.mark.parametrize("make", [link, pipe, directory, device])
def test_forged_timestamp(folder: Path, tmp_path: Path, make) -> None:
    """Is a timestamp that is no file left out, and the work graded?"""
    (folder / EXACT).write_bytes(CONTENT)
    make(folder / "timestamp.txt", tmp_path / "elsewhere")
    assert taken(folder).timestamp == ""


# Students


NAMES = ['Ng, "Bob"', "two\nlines", '=HYPERLINK("x")', "\u202eada", "..ada", "é", "-rf", "a'b"]


@pytest.fixture
def class_(tmp_path: Path) -> Iterator[Path]:
    """Submissions of students with odd names, and things that are no student."""
    for name in (*NAMES, os.fsdecode(b"\xff\xfe"), ".ipynb_checkpoints"):
        (tmp_path / name).mkdir()
    (tmp_path / "readme.txt").touch()
    (tmp_path / "linked").symlink_to(tmp_path / "nowhere")
    yield tmp_path


def test_students(class_: Path) -> None:
    """Is every folder a student, links too, whatever its name is made of?"""
    assert intake.students(class_) == sorted([*NAMES, os.fsdecode(b"\xff\xfe"), "linked"])


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(class_: Path, name: str) -> None:
    """Is the work of a student with an odd name taken?"""
    folder = class_ / name / UNIT
    folder.mkdir()
    (folder / EXACT).write_bytes(CONTENT)
    assert taken(folder).student == name


def test_chosen_students(class_: Path) -> None:
    """Are only those taken that were asked for, in that order?"""
    assert intake.students(class_, ("é", "-rf")) == ["é", "-rf"]


@pytest.mark.parametrize("name", ["nobody", "..", "readme.txt", ""])
def test_unknown_student(class_: Path, name: str) -> None:
    """Is a student who is not there named together with those who are?"""
    with pytest.raises(UnknownName, match="there is: .*'?linked"):
        intake.students(class_, (name,))


def test_no_submissions(tmp_path: Path) -> None:
    """Does a folder that is not there say so?"""
    with pytest.raises(UnknownName, match="unknown folder of submissions"):
        intake.students(tmp_path / "nowhere")
