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
    """Is a folder without any notebook refused, with the names of those wanted?"""
    (folder / "one.ipynb").rename(folder / "one.pdf")
    with pytest.raises(Refused, match="no notebook of ps1 here; hand in one.ipynb, two.ipynb"):
        taken(folder)


@pytest.mark.parametrize("name", ["two (1).ipynb", "Two.ipynb", "TWO.IPYNB", "Copy of two.ipynb"])
def test_renamed_notebook(folder: Path, name: str) -> None:
    """Is a notebook taken that a browser or its owner has renamed, with a warning?"""
    (folder / name).write_text("[]")
    (folder / f"._{name}").write_text("")
    found = taken(folder)
    assert unpack(found)[0] == {"one": b"{}", "two": b"[]"}
    assert found.warnings[0] == f"two.ipynb found under the name {name!r}"


def test_all_renamed(folder: Path) -> None:
    """Are all notebooks found where each has another name?"""
    (folder / "one.ipynb").rename(folder / "one (1).ipynb")
    (folder / "two (1).ipynb").write_text("[]")
    assert unpack(taken(folder))[0] == {"one": b"{}", "two": b"[]"}


@pytest.mark.parametrize(
    "names", [["three.ipynb"], ["two (1).ipynb", "two (2).ipynb"], ["sub/two.ipynb"]]
)
def test_which_notebook(folder: Path, names: list[str]) -> None:
    """Does a person decide which notebook is meant, and nobody lose points for its name?"""
    (folder / "sub").mkdir()
    for name in names:
        (folder / name).write_text("[]")
    with pytest.raises(Refused) as refused:
        taken(folder)
    assert refused.value.status == "needs-human"
    there = ", ".join(map(repr, names))
    assert str(refused.value).startswith(f"no two.ipynb here, but there is {there}: give ")


def test_name_that_means_two(folder: Path) -> None:
    """Does a person decide where a copy's number makes it look like another notebook?"""
    (folder / "one 2 (1).ipynb").write_text("[]")
    with pytest.raises(Refused, match="but there is 'one 2"):
        snapshot(folder.parents[1], "ada", "ps1", ("one", "one 2"))


def test_one_level_off(folder: Path) -> None:
    """Is a notebook found that lies beside the assignment's folder?"""
    (folder / "one.ipynb").rename(folder.parent / "one.ipynb")
    folder.rmdir()
    with pytest.raises(Refused, match="nothing in ps1/, but there is 'one.ipynb': move it to ps1/"):
        taken(folder)


def test_what_is_ignored(folder: Path, tmp_path: Path) -> None:
    """Are links, pipes, odd names and other notebooks left where they are, and named?"""
    (folder / "two.ipynb").write_text("{}")
    (folder / "link.py").symlink_to(tmp_path / "gradebook.db")
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "three.ipynb").write_text("{}")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text("")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("")
    found = taken(folder)
    assert unpack(found)[1] == {}
    assert "'link.py', 'pipe', 'three.ipynb', '\\udcff.py'" in found.warnings[0]


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
