"""Zip archives that are not what they say."""

import struct

from autograder.lms import archives
from tests.autograder.lms.downloads import Content, packed


def patched(content: bytes, flags: int) -> bytes:
    """An archive with one member, flags set in both of its headers."""
    directory = content.index(archives.ENTRY)
    for place in (6, directory + 8):
        content = content[:place] + struct.pack("<H", flags) + content[place + 2 :]
    return content


def encrypted(path: str, content: bytes) -> bytes:
    """An archive with one member that says it is encrypted."""
    return patched(packed([(path, content)]), archives.ENCRYPTED)


def damaged(path: str, content: bytes, *others: Content) -> bytes:
    """An archive with a member whose content is not what was packed, and others that are whole."""
    made = packed([(path, content), *others])
    checksum = made.index(archives.ENTRY) + 16
    return made[:checksum] + b"CRC!" + made[checksum + 4 :]


def far(path: str, content: bytes, offset: int) -> bytes:
    """An archive with one member, which is said to begin at an offset of 64 bits."""
    made = packed([(path, content)])
    start, end = made.index(archives.ENTRY), made.index(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, offset)
    entry, last = bytearray(made[start:end]), bytearray(made[end:])
    entry[30:32], entry[42:46] = struct.pack("<H", len(extra)), b"\xff" * 4
    last[12:16] = struct.pack("<I", len(entry) + len(extra))
    return made[:start] + bytes(entry) + extra + bytes(last)
