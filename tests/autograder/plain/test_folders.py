"""Is a folder of notebooks and other files taken in whole, and nothing that is none?"""

import os
from pathlib import Path

import pytest

from autograder.intake import Refused, Snapshot
from autograder.plain import folders
from autograder.plain.folders import snapshot, unpack

NOTEBOOKS = ("one", "two")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What ada hands in for ps1: the first of two notebooks."""
    path = tmp_path / "ada" / "ps1"
    path.mkdir(parents=True)
    (path / "one.ipynb").write_text("{}")
    return path


def taken(folder: Path) -> Snapshot:
    """What the grader takes from it."""
    return snapshot(folder.parents[1], "ada", "ps1", NOTEBOOKS)


def test_files(folder: Path) -> None:
    """Are notebooks and other files told apart, by path?"""
    (folder / "two.ipynb").write_text("[]")
    (folder / "sub").mkdir()
    (folder / "sub" / "own.py").write_text("x = 1")
    (folder / "timestamp.txt").write_text("2020-01-02 03:04:05")
    found = taken(folder)
    assert unpack(found) == ({"one": b"{}", "two": b"[]"}, {"sub/own.py": b"x = 1"})
    assert (found.timestamp, found.warnings) == ("2020-01-02 03:04:05", ())


def test_digest(folder: Path) -> None:
    """Does any changed file make another submission, and reading it again none?"""
    first = taken(folder)
    assert taken(folder) == first
    (folder / "own.py").write_text("x = 1")
    assert taken(folder).digest != first.digest


def test_missing_notebook(folder: Path) -> None:
    """Is a notebook that is not there a warning?"""
    assert taken(folder).warnings == ("two.ipynb was not handed in; its points are zero",)


def test_no_notebook(folder: Path) -> None:
    """Is a folder without any of the notebooks refused, with their names?"""
    (folder / "one.ipynb").rename(folder / "three.ipynb")
    with pytest.raises(Refused, match="no notebook of ps1 here; hand in one.ipynb, two.ipynb"):
        taken(folder)


def test_what_is_ignored(folder: Path, tmp_path: Path) -> None:
    """Are links, pipes, odd names and other notebooks left where they are, and named?"""
    (folder / "link.py").symlink_to(tmp_path / "gradebook.db")
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "three.ipynb").write_text("{}")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text("")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("")
    found = taken(folder)
    assert unpack(found)[1] == {}
    assert "'link.py', 'pipe', 'three.ipynb', '\\udcff.py'" in found.warnings[1]


def test_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are files beyond the limit left out, and the notebooks never?"""
    monkeypatch.setattr(folders, "MAX_TOTAL", 4)
    (folder / "a.csv").write_text("12345")
    found = taken(folder)
    assert unpack(found) == ({"one": b"{}"}, {})
    assert "extra files ignored: 'a.csv'" in found.warnings


def test_notebook_is_a_link(folder: Path) -> None:
    """Is a notebook that is a link refused?"""
    (folder / "two.ipynb").symlink_to(folder / "one.ipynb")
    with pytest.raises(Refused, match="is a link"):
        taken(folder)
