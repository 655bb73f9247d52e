"""What went wrong with a file or the gradebook, in one line that names it and the mend."""

import re
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from autograder.course import Course

MENDS = {  # by what SQLite and PostgreSQL say of it
    "locked": "somebody else writes into it; try again in a moment",
    "no such|(column|relation) .* does not exist": (
        "it was made by another version of nbgrader; run: nbgrader db upgrade"
    ),
    "readonly": "mend its permissions",
    "unable to open": "mend the permissions of its folder, or `db_url` in nbgrader_config.py",
    "connect": "start its server, or mend `db_url` in nbgrader_config.py",
    "is full|No space left": "make room",
    "malformed|not a database|corrupt": (
        "put a copy in its place that you made before; without one, move it away and run: "
        "autograder grade; points given by hand are lost with it"
    ),
}
TRY_AGAIN = "what was recorded before is there; try again in a moment"


def explained(error: Exception, course: Course | None) -> str:
    """The line; "" for an error of another kind."""
    if isinstance(error, DatabaseError) and course is not None:
        return _of_gradebook(error, course)
    if isinstance(error, ArgumentError | ImportError) and course is not None:
        return _of_address(error, course)
    if isinstance(error, OSError) and error.filename is not None:
        return _of_file(error)
    return ""


def _of_gradebook(error: DatabaseError, course: Course) -> str:
    said = str(error.orig).partition("\n")[0]
    mends = (mend for words, mend in MENDS.items() if re.search(words, said))
    where = course.db_url.removeprefix("sqlite:///").rpartition("@")[2]  # no password
    return f"the gradebook {where} cannot be used: {said}; {next(mends, TRY_AGAIN)}"


def _of_address(error: ArgumentError | ImportError, course: Course) -> str:
    """Where it is the gradebook's address that says what is not there."""
    try:
        make_url(course.db_url).get_dialect().import_dbapi()
    except type(error):
        return f"`db_url` in nbgrader_config.py cannot be used: {error}; mend it, or install that"
    return ""


def _of_file(error: OSError) -> str:
    path = Path(str(error.filename2 or error.filename))
    if path.name.startswith(".writing-"):  # what `write_atomically` calls a file at first
        path = path.parent
    return f"{path}: {error.strerror}; mend that, or name another file or folder"
