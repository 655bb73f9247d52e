"""Is every archive read within bounds, and nothing in it trusted?"""

import io
import random
import stat
import struct
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake import MAX_BYTES
from autograder.lms import archives
from autograder.lms.archives import Archive, Unreadable
from tests.autograder.lms.downloads import TIME, packed
from tests.autograder.lms.spoiled import encrypted, far, patched


def opened(content: bytes) -> Archive:
    """An archive of these bytes."""
    return Archive(io.BytesIO(content))


def only(content: bytes) -> tuple[str, str]:
    """Path of an archive's only member, and why it is refused."""
    (member,) = opened(content).members()
    return member.path, member.refused


def test_reading() -> None:
    """Is a plain member read whole, with its time?"""
    archive = opened(packed([("a/", b""), ("a/x.ipynb", b"{}")]))
    (member,) = archive.members()
    assert (member.path, member.modified, member.refused) == ("a/x.ipynb", TIME, "")
    assert archive.read(member) == b"{}"


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/passwd", "C:/x", "..\\x", "\\\\host\\x", "a\\..\\x"]
)
def test_paths_that_lead_out(path: str) -> None:
    """Is a member refused whose path leads out, and never read?"""
    archive = opened(packed([(path, b"{}")]))
    (member,) = archive.members()
    with pytest.raises(Unreadable, match="leads out"):
        archive.read(member)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(kind: int) -> None:
    """Is a member refused that is no file?"""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("x.ipynb")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "a link or a device" in only(made.getvalue())[1]


def test_bomb() -> None:
    """Is a member refused that unpacks to more than a notebook may have, and only then?"""
    assert "clear all outputs" in only(packed([("x", bytes(MAX_BYTES + 1))]))[1]
    assert only(packed([("x", bytes(MAX_BYTES))]))[1] == ""


def test_repeated_output() -> None:
    """Is a notebook read that is packed to a two-hundredth, as one that prints a line for ever?"""
    content = b"step\n" * 1_000_000
    archive = opened(packed([("x.ipynb", content)]))
    (member,) = archive.members()
    assert archive.read(member) == content


@pytest.mark.parametrize("offset", [2**62, 2**63, 2**64 - 1])
def test_offset_beyond_any_file(offset: int) -> None:
    """Is an archive told as damaged whose numbers are too large for any file?"""
    with pytest.raises(Unreadable, match="damaged"):
        archive = opened(far("x", b"x", offset))
        archive.read(*archive.members())


def test_bomb_that_lies() -> None:
    """Does reading stop at the limit where a header says that there is little?"""
    content = packed([("x", bytes(30 * 2**20))])
    directory = content.index(archives.ENTRY)
    size = content.rindex(struct.pack("<I", 30 * 2**20))
    assert size > directory
    lying = content[:size] + struct.pack("<I", 10) + content[size + 4 :]
    archive = opened(lying)
    (member,) = archive.members()
    try:
        assert len(archive.read(member)) <= 10
    except Unreadable as why:
        assert "damaged" in str(why) or "larger" in str(why)


def test_too_large() -> None:
    """Is a member refused that is larger than a notebook may be?"""
    content = random.Random(0).randbytes(21 * 2**20)
    assert "larger than 20 MiB" in only(packed([("x", content)]))[1]


def test_all_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is there an end to what is unpacked from one download and the archives in it?"""
    monkeypatch.setattr(archives, "MAX_TOTAL", 1000)
    inner = packed([("y", bytes(range(256)) * 3)])
    archive = opened(packed([("x.zip", inner), ("z", bytes(range(256)) * 2)]))
    first, last = archive.members()
    nested = archive.inside(first)
    with pytest.raises(Unreadable, match="all in all more than"):
        for member in nested.members():
            nested.read(member)
        archive.read(last)


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an archive refused that has more members than anybody hands in?"""
    monkeypatch.setattr(archives, "MAX_INSIDE", 3)
    inner = packed([(str(n), b"") for n in range(4)])
    archive = opened(packed([("x.zip", inner)]))
    (member,) = archive.members()
    with pytest.raises(Unreadable, match="more than 3 files"):
        archive.inside(member)
    with pytest.raises(Unreadable, match="more than 3 files"):
        Archive(io.BytesIO(inner), 3)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods(method: int) -> None:
    """Is a method refused that Python cannot stop half-way?"""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("x", "x")
    assert "cannot be bounded" in only(made.getvalue())[1]


def test_encrypted() -> None:
    """Is an encrypted member refused?"""
    assert only(encrypted("x", b"x"))[1] == "encrypted"


@pytest.mark.parametrize("cut", [0, 10, 60])
def test_damaged(tmp_path: Path, cut: int) -> None:
    """Is what is no archive, or cut short, told as such?"""
    path = tmp_path / "x.zip"
    path.write_bytes(packed([("x", b"hello" * 100)])[:cut])
    with pytest.raises(Unreadable, match="no zip archive, or a damaged one"):
        Archive(path)


def test_damaged_member() -> None:
    """Is a member told as damaged whose bytes were changed?"""
    content = packed([("x", bytes(range(256)))])
    start = content.index(b"x") + 1
    archive = opened(content[:start] + b"\xff" * 20 + content[start + 20 :])
    (member,) = archive.members()
    with pytest.raises(Unreadable, match="damaged in the archive"):
        archive.read(member)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("cp437"), "Zoë"),
        ("Zoe\u0308".encode(), "Zoë"),
        ("李伟".encode(), "李伟"),
        (b"a\\b", "a/b"),
    ],
)
def test_encodings_of_names(raw: bytes, expected: str) -> None:
    """Is a name read that does not say how it is encoded?"""
    content = packed([("x" * len(raw), b"")]).replace(b"x" * len(raw), raw)
    assert only(content)[0] == expected


def test_name_that_is_not_what_it_says() -> None:
    """Is an archive refused whose name claims to be UTF-8 and is not, without a crash?"""
    content = patched(packed([("xx", b"")]), archives.UTF8_NAME).replace(b"xx", b"\xff\xfe")
    with pytest.raises(Unreadable, match="damaged"):
        opened(content)


MEMBERS = [("a/x.ipynb", b"{}" * 50), ("y.zip", packed([("x.ipynb", b"{}")])), ("z", b"")]


@given(st.lists(st.tuples(st.integers(0, len(packed(MEMBERS)) - 1), st.integers(0, 255))))
def test_any_bytes(changes: list[tuple[int, int]]) -> None:
    """Is every archive, whatever its bytes, either read or refused?"""
    content = bytearray(packed(MEMBERS))
    for place, byte in changes:
        content[place] = byte
    with suppress(Unreadable):
        archive = opened(bytes(content))
        for member in archive.members():
            with suppress(Unreadable):
                assert len(archive.read(member)) <= MAX_BYTES


@pytest.mark.parametrize("time", [datetime(1980, 1, 1), datetime(1980, 12, 31)])
def test_unknown_time(time: datetime) -> None:
    """Is the first moment of the format not taken for a time?"""
    (member,) = opened(packed([("x", b"", time)])).members()
    assert member.modified is None
