"""Who is who: students of the gradebook, or of a list, found by an LMS's number or name."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.gradebook import open_gradebook
from autograder.lms.names import Sender

COLUMNS = {  # ours first, then those of Canvas's gradebook and Moodle's grading worksheet
    "student_id": ("student_id", "username", "sis login id", "id number", "email address"),
    "lms_id": ("lms_id", "id", "identifier"),
    "name": ("name", "full name", "student"),
    "first": ("first_name", "first name"),
    "last": ("last_name", "last name", "surname"),
    "timestamp": ("timestamp", "last modified (submission)"),
}
NO_NAME = ("participant", "anon")  # where the LMS hides names
MAX_NAME = 128  # characters of a student id in nbgrader's database


@dataclass(frozen=True)
class Person:
    """A student: the id here, number and name in the LMS, when they handed in; "" for unknown.

    listed: whether somebody wrote this student down.
    """

    student_id: str
    lms_id: str = ""
    name: str = ""
    timestamp: str = ""
    listed: bool = True

    def has_number(self, sender: Sender) -> bool:
        """Whether this is the number of somebody in an LMS."""
        return self.lms_id != "" and self.lms_id == sender.lms_id


class Unclear(Exception):
    """Somebody who may be one student or another, and why."""


class Roster:
    """Students by what an LMS calls them; numbered: the systems that gave them their numbers."""

    def __init__(
        self, people: list[Person], numbered: Collection[str] = ("Moodle", "Canvas")
    ) -> None:
        self._people, self._numbered = people, numbered
        self._unnumbered = [replace(person, lms_id="") for person in people]

    def find(self, sender: Sender) -> Person | None:
        """The student meant, None for nobody here; Unclear where number and name do not settle it.

        Canvas's number is of a person for good. Moodle's is of one assignment, so there it only
        tells people of one name apart, or finds those that have no name.
        """
        people = self._people if sender.lms in self._numbered else self._unnumbered
        wanted, *tails = _wanted(sender)
        numbered = [p for p in people if p.has_number(sender)]
        named = [p for p in people if wanted in _keys(p)]
        teamed = [p for p in numbered if _keys(p) & set(tails)]
        if sure := [p for p in numbered if p in named + teamed or not (p.name and wanted)]:
            return _only(sure)
        if sender.lms == "Canvas":
            if numbered:
                raise Unclear(f"number {sender.lms_id} is {numbered[0].name!r} in the list")
            named = [p for p in named if not p.lms_id]
        return _only(named)


def _only(people: list[Person]) -> Person | None:
    found = dict.fromkeys(p.student_id for p in people)
    if len(found) > 1:
        raise Unclear(f"may be {' or '.join(found)}; give lms_id in a roster")
    return people[0] if people else None


def key(name: str) -> str:
    """A name without what systems write differently: case, spaces, commas, accents' encoding.

    Marks stay: some are vowels, and the name without them is another one.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LMN")


def _wanted(sender: Sender) -> list[str]:
    """The key of a name, "" for a hidden one; then of what stands behind each of its hyphens.

    Older Moodles put the team before the name, in team submissions: "Lab 2-Ada Lovelace".
    """
    parts = sender.name.split("-") if sender.lms == "Moodle" else [sender.name]
    if parts[-1].casefold() in NO_NAME:
        return [""]
    return [key("-".join(parts[n:])) for n in range(len(parts))]


def _keys(person: Person) -> set[str]:
    """Keys of a name in each order of its parts: "Ada de Vos" is also "de Vos, Ada".

    Without "", which is what everybody's name is that is not known.
    """
    words = re.split(r"[\s,]+", person.name.strip())
    turned = (words[n:] + words[:n] for n in range(len(words)))
    return {key(person.student_id), *(key("".join(order)) for order in turned)} - {""}


def from_gradebook(course: Course) -> Roster:
    """The students that nbgrader knows, for instance from `nbgrader db student import`.

    Their `lms_user_id` is Canvas's: no number of Moodle's lasts longer than an assignment.
    """
    with open_gradebook(course) as book:
        named = ((s, f"{s.first_name or ''} {s.last_name or ''}".strip()) for s in book.students)
        people = [Person(s.id, s.lms_user_id or "", name) for s, name in named]
    return Roster(people, numbered=("Canvas",))


def read(path: Path) -> Roster:
    """A CSV file with `student_id` and `lms_id` or `name`, or what Canvas or Moodle exports.

    AutograderError where it cannot be read, has no column of students, or names no folder.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AutograderError(f"cannot read {path}: {error.strerror}") from None
    try:
        text = _text(content)
        if "\0" in text:  # a spreadsheet's own format, or an encoding that does not say its name
            raise csv.Error("save it as CSV UTF-8")
        people = list(_people(path, text))
    except csv.Error as error:
        raise AutograderError(f"{path} is no CSV file: {error}") from None
    if not people:
        raise AutograderError(f"{path} has no students; give columns student_id, lms_id and name")
    return Roster(people)


def _text(content: bytes) -> str:
    """What a spreadsheet saved: "Unicode text", UTF-8 or the encoding of a Western Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _people(path: Path, text: str) -> Iterator[Person]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {name.strip().casefold(): name for name in rows.fieldnames or ()}
    if not set(COLUMNS["student_id"]) & set(columns):
        there = ", ".join(columns) or "nothing"
        raise AutograderError(f"{path} has no column student_id; there is: {there}")
    for row in rows:
        found = {field: _first(row, columns, names) for field, names in COLUMNS.items()}
        if found["student_id"]:
            yield _person(path, found)


def _first(row: Mapping[str, str], columns: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of these columns that says something in this row."""
    values = (row.get(columns[name]) for name in names if name in columns)
    return next((value.strip() for value in values if value and value.strip()), "")


def _person(path: Path, found: Mapping[str, str]) -> Person:
    student = found["student_id"]
    if student.startswith(".") or "/" in student or "\0" in student or len(student) > MAX_NAME:
        raise AutograderError(f"{path}: {student!r} is no name for a student's folder")
    lms_id = re.sub(r"^Participant\s+", "", found["lms_id"])  # as Moodle's worksheet writes it
    name = found["name"] or f"{found['first']} {found['last']}"
    return Person(student, lms_id, name.strip(), found["timestamp"])
