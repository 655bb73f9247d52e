"""Is a file whole or not there, whatever happens while it is written?"""

import os
from pathlib import Path

import pytest

from autograder import files
from autograder.files import write_atomically


def test_new_file_in_a_new_folder(tmp_path: Path) -> None:
    """Is a file written, with the folders that it needs?"""
    path = tmp_path / "a" / "b" / "file"
    write_atomically(path, b"\x00new\n")
    assert path.read_bytes() == b"\x00new\n"
    assert os.listdir(path.parent) == ["file"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_rights(tmp_path: Path, umask: int, mode: int) -> None:
    """Does a file get the rights that the user's umask gives, so that a web server can read it?"""
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "file", b"page")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_old_file_is_replaced(tmp_path: Path) -> None:
    """Is the old content gone, and a reader that has it open not disturbed?"""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"


def test_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """Is a link in the place of the file replaced, and its target left alone?"""
    target, path = tmp_path / "target", tmp_path / "file"
    target.write_bytes(b"theirs")
    path.symlink_to(target)
    write_atomically(path, b"ours")
    assert (target.read_bytes(), path.read_bytes()) == (b"theirs", b"ours")
    assert not path.is_symlink()


@pytest.mark.parametrize("call", ["replace", "fsync"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    """Is the old content there after a crash, and nothing else left behind?"""
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def crash(*args: object) -> None:
        raise error

    monkeypatch.setattr(files.os, call, crash)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
