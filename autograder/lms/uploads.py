"""What one person uploaded: files, and those in a zip archive in its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.lms.archives import Archive, Member, Unreadable
from autograder.lms.names import Named

Files = list[tuple[Named, Member]]
CLUTTER = re.compile(
    r"(.*/)?(__MACOSX/.*|\.ipynb_checkpoints/.*|\.DS_Store|\._.*|Thumbs\.db)", re.DOTALL
)
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


@dataclass(frozen=True, eq=False)
class Upload:
    """A file of a person's: its name there, where it is, and why it is not read or opened, or "".

    sent: grows with the time of handing in. changed: tells files of one archive apart.
    modified: when it was last changed, or packed, says the download.
    """

    name: str
    archive: Archive
    member: Member
    sent: tuple[int, datetime]
    modified: datetime | None
    refused: str
    changed: datetime = datetime.min

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive, by its name; only a zip archive can be opened."""
        return self.name.lower().endswith(ARCHIVES)

    def read(self) -> bytes:
        """The content; Unreadable where it is not safe, too large or damaged."""
        return self.archive.read(self.member)


def is_clutter(path: str) -> bool:
    """Whether a file is one that operating systems and JupyterLab leave behind."""
    return CLUTTER.fullmatch(path) is not None


def uploads(archive: Archive, files: Files, timed: bool) -> Iterator[Upload]:
    """A person's files without clutter; timed: whether the download's times are of handing in."""
    for named, member in files:
        sent = (named.order, (member.modified if timed else None) or datetime.min)
        file = Upload(named.file, archive, member, sent, member.modified, member.refused)
        if not is_clutter(file.name):
            yield from _unpacked(file) if file.is_archive and not file.refused else [file]


def _unpacked(packed: Upload) -> list[Upload]:
    """What is in an archive; itself, with the reason, where it cannot be opened."""
    try:
        archive = packed.archive.inside(packed.member)
    except Unreadable as why:
        return [replace(packed, refused=str(why))]
    return [_inside(packed, archive, m) for m in archive.members() if not is_clutter(m.path)]


def _inside(packed: Upload, archive: Archive, member: Member) -> Upload:
    return replace(
        packed,
        name=member.path,
        archive=archive,
        member=member,
        refused=member.refused,
        changed=member.modified or datetime.min,
    )
