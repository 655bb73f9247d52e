"""Is what lies in a student's folder read safely, and refused with the reason and the mend?"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import intake
from autograder.errors import UnknownName
from tests.autograder.handing import (
    CONTENT,
    EXACT,
    NOTEBOOK,
    UNIT,
    broken_link,
    device,
    directory,
    hard_link,
    link,
    listener,
    pipe,
    refused,
    taken,
)

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
    assert refused(folder) == ("rejected", f"no notebook here; hand in {EXACT}")


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


@pytest.mark.parametrize("companion", ["._", ".~"])
def test_companions_of_a_renamed_notebook(folder: Path, companion: str) -> None:
    """Is what macOS or an open editor leaves beside a notebook no second notebook?"""
    name = f"{UNIT} (1).ipynb"
    (folder / name).write_bytes(CONTENT)
    (folder / f"{companion}{name}").write_bytes(b"\0")
    assert taken(folder).warnings[0] == f"notebook found under the name {name!r}"


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


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("é,-rf",), ["é", "-rf"]),
        (("é, -rf ,",), ["é", "-rf"]),
        (("é,é", "é"), ["é"]),
        (('Ng, "Bob"', "é"), ['Ng, "Bob"', "é"]),
        ((" é", "é "), ["é"]),
    ],
)
def test_several_in_one(class_: Path, chosen: tuple[str, ...], expected: list[str]) -> None:
    """Are names parted at commas, unless a folder's name has one, and is each taken once?"""
    assert intake.students(class_, chosen) == expected


@pytest.mark.parametrize("name", ["nobody", "..", "readme.txt", "", ",", "é,nobody"])
def test_unknown_student(class_: Path, name: str) -> None:
    """Is a student who is not there named together with those who are?"""
    with pytest.raises(UnknownName, match="there is: .*'?linked"):
        intake.students(class_, (name,))


def test_no_submissions(tmp_path: Path) -> None:
    """Does a folder that is not there say so?"""
    with pytest.raises(UnknownName, match="unknown folder of submissions"):
        intake.students(tmp_path / "nowhere")
