"""The course folder: its units, the gradebook, the data."""

import os
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.doctor.finding import Finding, mend, ok


def units(course: Course) -> Iterator[Finding]:
    """Is anything released, and can grading write its files?"""
    released = course.released()
    if released:
        yield ok(f"{len(released)} released units")
    else:
        yield mend("no released unit", "autograder build && autograder release")
    for folder in (course.root / "autograder", course.submitted):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            yield mend(f"{folder} cannot be written", f"chown -R $USER {folder}")


def gradebook(course: Course) -> Iterator[Finding]:
    """Can the gradebook be opened, or made where it is a file?"""
    url = make_url(course.db_url)
    shown = f"gradebook {url.render_as_string(hide_password=True)}"
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        folder = Path(url.database or "").parent
        writable = folder.is_dir() and os.access(folder, os.W_OK)
        do = f"mkdir -p {folder}, and make it yours"
        yield ok(f"{shown}, made when the first unit is graded") if writable else mend(shown, do)
        return
    engine = sqlalchemy.create_engine(url)
    try:
        tables = sqlalchemy.inspect(engine).get_table_names()
        yield ok(f"{shown}, {len(tables)} tables")
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        do = "start the server, restore the file, or mend c.CourseDirectory.db_url"
        yield mend(f"{shown} cannot be opened ({reason})", do)
    finally:
        engine.dispose()


def data(course: Course) -> Iterator[Finding]:
    """Is there what VAELIB_DATA names?"""
    named = os.environ.get("VAELIB_DATA", "")
    if named in ("", "mnist", "bundled") or Path(named).exists():
        yield ok(f"data: {named or 'MNIST where it can be had, else bundled digits'}")
    else:
        do = "name mnist.npz or its folder, or unset it"
        yield mend(f"VAELIB_DATA names {named!r}, which is not there", do)
