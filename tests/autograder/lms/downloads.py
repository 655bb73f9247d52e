"""Downloads as Moodle and Canvas pack them, for tests of collecting."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from autograder.cli import main
from autograder.course import Course
from autograder.lms.collect import Outcome
from tests.autograder import toy

FILE = f"{toy.NAME}.ipynb"
TIME = datetime(2026, 1, 5, 10)
LATER = TIME + timedelta(days=1)
OLD, NEW = b'{"cells": []}', b'{"cells": [], "nbformat": 4}'
ROSTER = "student_id,lms_id,name\nada,12,Ada Lovelace\nbob,34,Bob Ng\n"
Content = tuple[str, bytes] | tuple[str, bytes, datetime]
Collect = Callable[..., dict[str, Outcome]]


def moodle(name: str, number: int, file: str = FILE) -> str:
    """The path of a file in a Moodle download in folders."""
    return f"{name}_{number}_assignsubmission_file_/{file}"


def canvas(name: str, number: int, upload: int, file: str = FILE, late: str = "") -> str:
    """The name of a file in a Canvas download."""
    return f"{name}{late}_{number}_{upload}_{file}"


def packed(members: Iterable[Content]) -> bytes:
    """A zip archive of members: path, content and time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content, *time in members:
            when = (time or [TIME])[0]
            info = zipfile.ZipInfo(path, when.timetuple()[:6])
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def download(folder: Path, *members: Content, name: str = "download.zip") -> Path:
    """A file with such an archive."""
    path = folder / name
    path.write_bytes(packed(members))
    return path


def whats(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """What became of whom."""
    return {name: outcome.what for name, outcome in outcomes.items()}


def there(course: Course, student: str = "ada") -> bytes:
    """The notebook that `grade` finds."""
    return (course.submitted / student / toy.NAME / FILE).read_bytes()


def run(course: Course, *arguments: str | Path) -> tuple[int, str]:
    """Exit status and output of `autograder collect`."""
    done = CliRunner().invoke(main, ["--course", str(course.root), "collect", *map(str, arguments)])
    return done.exit_code, done.output
