"""`autograder collect`: a download from Moodle or Canvas -> autograder/submitted/.

Every file of the archive ends up in a folder of a student or in the list of what did not, and why.
A zip archive that a student handed in is opened; one inside of that is not.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.table import Table

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.lms import handins, names, roster
from autograder.lms.archives import Archive, Unreadable
from autograder.lms.names import Sender
from autograder.lms.placing import KEPT, place
from autograder.lms.roster import Person, Roster, Unclear
from autograder.lms.uploads import Files, is_clutter
from autograder.terminal import harmless

UNSUITABLE, UNKNOWN, STRAY = "unsuitable", "unknown", "stray"
UNSETTLED = (UNSUITABLE, UNKNOWN, STRAY)
DOWNLOAD = timedelta(hours=1)  # a system that stamps files as it packs them is done within

Whose = Person | str  # a student, or why it is not known who this is


@dataclass(frozen=True)
class Outcome:
    """What became of one person's files, or of a file of nobody.

    sent_by: name and number in the LMS, or the file's path; student: the folder, "" for none.
    what: collected, replaced (an older one), unchanged, kept (the one that was there), unsuitable
    (no notebook to grade), unknown (who this is) or stray (a file that names nobody).
    """

    sent_by: str
    student: str
    what: str
    note: str = ""


def collect(
    course: Course,
    archive: Path,
    unit: str | None = None,
    people: Path | None = None,
    force: bool = False,
) -> list[Outcome]:
    """Put a download's notebooks where `grade` looks for them; what became of each person's files.

    people: a CSV file as `roster.read` takes it; the gradebook's students where it is None.
    AutograderError for a file that is no download of the two systems, or where the unit is unclear.
    """
    known = roster.read(people) if people else roster.from_gradebook(course)
    try:
        with Archive(archive) as opened:
            sent, strays = _by_sender(opened)
            if not sent:
                raise AutograderError(f"{archive} has no names as Moodle and Canvas write them")
            name = _unit(course, unit, sent)
            whose = _people(sent, known, strict=people is not None)
            packed = _stamped_when_packed(sent)
            done = [
                _take(course.submitted, opened, name, (sender, sent[sender]), person, packed, force)
                for sender, person in whose.items()
            ]
    except Unreadable as error:
        raise AutograderError(f"{archive}: {error}") from None
    return sorted(done, key=lambda outcome: (outcome.student, outcome.sent_by)) + strays


def _by_sender(archive: Archive) -> tuple[dict[Sender, Files], list[Outcome]]:
    """The archive's files by who sent them, and those that name nobody."""
    sent: dict[Sender, Files] = {}
    strays = []
    for member in archive.members():
        named = names.parse(member.path)
        if named is not None:
            sent.setdefault(named.sender, []).append((named, member))
        elif not is_clutter(member.path):
            strays.append(Outcome(member.path, "", STRAY, member.refused or "names no student"))
    return sent, strays


def _unit(course: Course, chosen: str | None, sent: Mapping[Sender, Files]) -> str:
    """The unit that was named, or the only one that notebooks in the download are named after."""
    if chosen:
        return course.released((chosen,))[0]
    paths = [named.file for files in sent.values() for named, _ in files]
    found = [unit for unit in course.released() if any(handins.is_named(p, unit) for p in paths)]
    if len(found) != 1:
        which = " and ".join(found) or "no unit that is released"
        raise AutograderError(f"the notebooks are named after {which}; name the unit with --unit")
    return found[0]


def _people(sent: Mapping[Sender, Files], known: Roster, strict: bool) -> dict[Sender, Whose]:
    """Who sent what. Nobody's work goes to a student whom two people may be."""
    whose: dict[Sender, Whose] = {}
    for sender in sent:
        try:
            found = known.find(sender)
            whose[sender] = found or (_unlisted(sender) if strict else _new(sender))
        except Unclear as why:
            whose[sender] = str(why)
    return whose | _contested(whose)


def _contested(whose: Mapping[Sender, Whose]) -> dict[Sender, str]:
    """Those who may be a student whom somebody else may be, too; not the one whose number fits."""
    claims: dict[str, dict[Sender, Person]] = {}
    for sender, person in whose.items():
        if isinstance(person, Person):
            claims.setdefault(person.student_id, {})[sender] = person
    contested: dict[Sender, str] = {}
    for student, claimants in claims.items():
        sure = [sender for sender, person in claimants.items() if person.has_number(sender)]
        why = f"several people may be {student}; give lms_id in a roster"
        if len(sure) == 1:
            why = f"has the name of {student}, and another one the number; add a line to the roster"
        if len(claimants) > 1:
            contested |= {sender: why for sender in claimants if [sender] != sure}
    return contested


def _unlisted(sender: Sender) -> str:
    """Why nobody was found. Newer Moodles send a team's files once, under the name of the team."""
    team = "; if this is a team, give one member its name there"
    return f"not in the roster{team if sender.lms == 'Moodle' else ''}"


def _new(sender: Sender) -> Whose:
    """A student of whom no list says anything yet, named as in the LMS."""
    safe = (c for c in sender.name if unicodedata.category(c)[0] in "LMN" or c in " -_")
    name = "_".join("".join(safe).split())
    if sender.lms == "Canvas":  # whose numbers stay the same in the next unit; Moodle's do not
        name = f"{name}_{sender.lms_id}"
    named = roster.key(sender.name) and len(name) <= roster.MAX_NAME
    return Person(name, listed=False) if named else "has no name that a folder can have"


def _stamped_when_packed(sent: Mapping[Sender, Files]) -> bool:
    """Whether times are those of the download, not of handing in: so Canvas, and newer Moodles."""
    times = [m.modified for files in sent.values() for _, m in files if m.modified]
    return not times or max(times) - min(times) <= DOWNLOAD


def _take(
    submitted: Path,
    archive: Archive,
    unit: str,
    sent: tuple[Sender, Files],
    person: Whose,
    packed: bool,
    force: bool,
) -> Outcome:
    """Put one person's notebook into the student's folder."""
    sender, files = sent
    shown = f"{sender.name} {sender.lms_id}".strip()
    if isinstance(person, str):
        return Outcome(shown, "", UNKNOWN, person)
    try:
        handin = handins.choose(archive, files, unit, timed=not packed)
        when = person.timestamp or ("" if packed else handin.modified)
        placed = place(submitted / person.student_id / unit, handin, when, force)
    except Unreadable as why:
        return Outcome(shown, person.student_id, UNSUITABLE, str(why))
    except OSError as error:
        reason = f"cannot be written: {error.strerror}; mend that and collect again"
        return Outcome(shown, person.student_id, UNSUITABLE, reason)
    notes = [] if person.listed else ["not in the gradebook, so named as in the LMS"]
    if person.lms_id and sender.lms_id and not person.has_number(sender):
        notes.append(f"the name fits, the number does not: {person.lms_id} in the list")
    if placed.what == KEPT:
        notes.append("another one is there, and not older; --force takes this one")
    what = placed.what if handin.gradable else UNSUITABLE
    if not handin.gradable and (submitted / person.student_id / unit / f"{unit}.ipynb").exists():
        notes.append("the notebook that was there before is still there")
    notes += [*placed.notes, *handin.notes]
    return Outcome(shown, person.student_id, what, "; ".join(notes))


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line: how many had which outcome."""
    counts = Counter(outcome.what for outcome in outcomes)
    parts = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    return f"{len(outcomes)} in the archive: {parts}"


def table(outcomes: Sequence[Outcome]) -> Table:
    """What a person should know: everything that is not simply collected, or there already."""
    shown = Table("in the archive", "student", "what", "to know", title_justify="left")
    for outcome in outcomes:
        if outcome.note:
            row = (outcome.sent_by, outcome.student, outcome.what, outcome.note)
            shown.add_row(*map(harmless, row))
    return shown
