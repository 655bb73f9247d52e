"""What went wrong with a file or the gradebook, in one line that names it and the mend."""

from pathlib import Path

from sqlalchemy.exc import DatabaseError

from autograder.course import Course

MENDS = {  # by what SQLite and PostgreSQL say of it
    "locked": "somebody else writes into it; try again in a moment",
    "no such": "it was made by another version of nbgrader; run: nbgrader db upgrade",
    "readonly": "mend its permissions",
    "unable to open": "mend the permissions of its folder, or `db_url` in nbgrader_config.py",
    "connect": "start its server, or mend `db_url` in nbgrader_config.py",
}
DAMAGED = (
    "put a copy in its place that you made before; without one, move it away and run: autograder "
    "grade; points given by hand are lost with it"
)


def explained(error: Exception, course: Course | None) -> str:
    """The line; "" for an error of another kind."""
    if isinstance(error, DatabaseError) and course is not None:
        return _of_gradebook(error, course)
    if isinstance(error, OSError) and error.filename is not None:
        return _of_file(error)
    return ""


def _of_gradebook(error: DatabaseError, course: Course) -> str:
    said = str(error.orig).partition("\n")[0]
    mend = next((mend for words, mend in MENDS.items() if words in said), DAMAGED)
    where = course.db_url.removeprefix("sqlite:///").rpartition("@")[2]  # no password
    return f"the gradebook {where} cannot be used: {said}; {mend}"


def _of_file(error: OSError) -> str:
    path = Path(str(error.filename2 or error.filename))
    if path.name.startswith(".writing-"):  # what `write_atomically` calls a file at first
        path = path.parent
    return f"{path}: {error.strerror}; mend that, or name another file or folder"
