"""Files that are whole or not there, and several of them as one."""

import io
import os
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash at any moment, sees the old or the new content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.parent / f".writing-{secrets.token_hex(8)}"
    try:
        with open(name, "xb") as file:  # with the rights that the user's umask gives
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def to_zip(entries: Mapping[str, bytes]) -> bytes:
    """Files as one archive: the same bytes for the same entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name), entries[name])
    return buffer.getvalue()


def from_zip(content: bytes) -> dict[str, bytes]:
    """The entries of an archive that `to_zip` made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
