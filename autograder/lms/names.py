"""How Moodle and Canvas name the files of a download, and who is meant.

Moodle (mod/assign/classes/downloader.php): a folder `Full Name_PARTICIPANT_assignsubmission_file_`,
since 4.1 without the last underscore, or the same as a prefix. PARTICIPANT is of one assignment.
Canvas (lib/content_zipper.rb): `sortablename_USER_ATTACHMENT_file`, `_LATE` after the name. USER is
the same in the whole of Canvas, and ATTACHMENT grows with time.

Neither takes the other's names, as a student chooses how a file's name goes on: Moodle writes no
underscore in a name, and Canvas's name is followed by two numbers. `._NAME` is a file of macOS.
"""

import re
from dataclasses import dataclass

MOODLE = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+?)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_LATE = r"(?P<late>_?LATE|_late)?"
CANVAS = re.compile(
    rf"(?!\._\D)(?P<name>[^/]+?){_LATE}_(?P<id>\d+)_(?:(?P<attachment>\d+)_(?P<file>.+)|(?:text|link)\.html)",
    re.DOTALL,
)
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon)_(?P<id>[^_/]+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL
)


@dataclass(frozen=True)
class Sender:
    """Somebody in an LMS: the name as it writes it, and its number for them, or ""."""

    lms: str
    name: str
    lms_id: str


@dataclass(frozen=True)
class Named:
    """What a member's path says: whose it is, the name of the file, and what is newer.

    order: Canvas's number of the upload, 0 elsewhere. late: Canvas marked it so.
    """

    sender: Sender
    file: str
    order: int = 0
    late: bool = False


def parse(path: str) -> Named | None:
    """Who handed in the file at a path of a download; None for a name of neither system.

    The first part that names a person counts: what stands behind it is the student's to choose.
    """
    parts = path.split("/")
    for number, part in enumerate(parts):
        if match := MOODLE.fullmatch(part):
            sender = Sender("Moodle", match["name"], match["id"] or "")
            inner = [match["file"] or "", *parts[number + 1 :]]
            return Named(sender, "/".join(filter(None, inner)) or part)
    match = ANONYMOUS.fullmatch(parts[-1]) or CANVAS.fullmatch(parts[-1])
    if match is None:
        return None
    sender = Sender("Canvas", match["name"], match["id"])
    file = match["file"] or parts[-1]
    return Named(sender, file, int(match["attachment"] or 0), bool(match["late"]))
