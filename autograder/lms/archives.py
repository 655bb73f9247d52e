"""Read zip archives that nobody vouches for: every member checked, all reading bounded.

Nothing is unpacked to a path that an archive names. Sizes in headers are hints; what counts is what
is read. How tightly it is packed says nothing: a line printed a million times looks like a bomb.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from autograder.intake import MAX_BYTES

MAX_MEMBERS = 50_000  # in a download: a class of hundreds, with some files each
MAX_INSIDE = 1_000  # in an archive that a student handed in
MAX_TOTAL = 4 * 2**30  # bytes unpacked from a download and all archives in it
TOO_LARGE = f"larger than {MAX_BYTES // 2**20} MiB; clear all outputs and hand it in again"
UTF8_NAME, ENCRYPTED = 0x800, 0x1  # bits of a member's flags
ENTRY = b"PK\x01\x02"  # what each entry of an archive's directory begins with
DAMAGE = (  # what zipfile raises for bytes that are no archive, or not what its headers say
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Unreadable(Exception):
    """An archive or a member that is not read, and why."""


@dataclass(frozen=True)
class Member:
    """A file in an archive: its path with forward slashes, and when it was last changed.

    refused: why it cannot be read, or "". checksum: with the size, says which members are alike.
    """

    path: str
    modified: datetime | None
    refused: str
    info: zipfile.ZipInfo

    @property
    def checksum(self) -> tuple[int, int]:
        """CRC and size by the headers: who lies there only harms the own hand-in."""
        return self.info.CRC, self.info.file_size


class Archive:
    """A zip archive. `members` never fails; `read` raises Unreadable for what is not safe to read.

    Unreadable where the file is no zip archive, is damaged, or has too many members.
    """

    def __init__(
        self, file: Path | BinaryIO, most: int = MAX_MEMBERS, budget: "Budget | None" = None
    ) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except DAMAGE as error:
            raise Unreadable(f"no zip archive, or a damaged one ({error})") from None
        self._budget = budget or Budget(MAX_TOTAL)
        if len(self._zip.infolist()) > most:
            raise Unreadable(f"more than {most} files in one archive")

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def members(self) -> Iterator[Member]:
        """All members that are no folders, in the archive's order."""
        for info in self._zip.infolist():
            path = _path(info)
            if not path.endswith("/"):
                yield Member(path, _modified(info), _refusal(info, path), info)

    def read(self, member: Member) -> bytes:
        """The content of a member; Unreadable where it is not safe, too large or damaged."""
        if member.refused:
            raise Unreadable(member.refused)
        try:
            with self._zip.open(member.info) as file:
                content = file.read(min(MAX_BYTES, self._budget.left) + 1)
        except DAMAGE as error:
            raise Unreadable(f"damaged in the archive ({error})") from None
        if len(content) > self._budget.left:
            raise Unreadable(f"all in all more than {MAX_TOTAL // 2**30} GiB; split the archive")
        self._budget.left -= len(content)
        if len(content) > MAX_BYTES:
            raise Unreadable(TOO_LARGE)
        return content

    def inside(self, member: Member) -> "Archive":
        """An archive that is a member of this one; what is read there counts here, too."""
        content = self.read(member)
        if content.count(ENTRY) > MAX_INSIDE:  # before a directory of that length is parsed
            raise Unreadable(f"more than {MAX_INSIDE} files in one archive")
        return Archive(io.BytesIO(content), MAX_INSIDE, self._budget)


@dataclass
class Budget:
    """Bytes that may still be unpacked."""

    left: int


def _path(info: zipfile.ZipInfo) -> str:
    """A member's path in one spelling; many tools write UTF-8 without saying so."""
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    """When a member was changed, in local time; None where the archive does not say."""
    try:
        moment = datetime(*info.date_time)
    except ValueError:
        return None
    return moment if moment.year > 1980 else None  # the first year is what "unknown" looks like


def _refusal(info: zipfile.ZipInfo, path: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = path.split("/")
    if kind not in (0, stat.S_IFREG):
        return "a link or a device, no file"
    if ".." in parts or parts[0] == "" or parts[0][1:2] == ":" or "\0" in path:
        return "its path leads out of the archive"
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed by a method that cannot be bounded"
    if info.file_size > MAX_BYTES:
        return TOO_LARGE
    return ""
