"""What nbgrader's exchange wants beside a feedback page, so that the page finds its student.

`nbgrader submit` gives each submission a secret, and `nbgrader release_feedback` publishes a page
under a name that only who knows the secret can work out. Both files come from the student's side,
and one that nbgrader cannot read would stop it for the whole class.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

from autograder import intake
from autograder.course import Course
from autograder.files import write_atomically
from autograder.intake import Refused
from autograder.pages import clean
from autograder.results import Result

SECRET = "submission_secret.txt"
LONGEST = 1000  # characters; nbgrader's own have 128


def address(course: Course, results: Sequence[Result]) -> None:
    """Put secret and timestamp beside each page, if any of the class came by the exchange.

    Who came another way gets a secret that nobody knows: the page is published, and not found.
    """
    handed_in = [course.submitted / r.student / r.unit for r in results]
    known = [_secret(folder) for folder in handed_in]
    if not any(known):
        return
    for result, folder, secret in zip(results, handed_in, known, strict=True):
        there = course.feedback / result.student / result.unit
        when = clean(intake.timestamp(folder)) if secret else ""
        secret = secret or _secret(there) or secrets.token_hex(64)
        write_atomically(there / SECRET, secret.encode())
        write_atomically(there / "timestamp.txt", when.encode("ascii", "replace"))
        _under_each_name(course, there, result.unit)


def _under_each_name(course: Course, there: Path, unit: str) -> None:
    """The same page for each notebook of an assignment: nbgrader looks for it by their names."""
    page = (there / f"{unit}.html").read_bytes()
    for notebook in (course.notebooks / unit).glob("*.ipynb"):
        write_atomically(there / f"{notebook.stem}.html", page)


def _secret(folder: Path) -> str:
    """The secret of a submission; nothing where there is none, or something that is none."""
    try:
        with intake.refusing(folder, folder.name):
            text = intake.read_file(folder / SECRET).decode("ascii")
    except (Refused, UnicodeDecodeError):
        return ""
    return text if text.isprintable() and len(text) <= LONGEST else ""
