"""Numbers of one's own: where a course wants that, students are asked with different values.

The values follow from the name of the course, the exercise and the student's id, so that notebook
and grader come to the same ones. None of this is a secret: the grader takes the id from the folder
that was handed in, whatever a notebook says.
"""

import hashlib
import os
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from vaelib import records
from vaelib.records import Record

KNOWN_AS = ("VAELIB_STUDENT", "JUPYTERHUB_USER")
WHO = (
    "Your own numbers follow from your id: write it between the quotes of vaelib.i_am(...), near "
    "the top, and run the notebook from there."
)

_course: str | None = None
_student = ""
_settled = False


def i_am(student: str, course: str) -> None:
    """Say whose notebook this is, and show it; the numbers of this course follow from it.

    student: the id that you hand in under; "" for your user name on a hub.
    """
    if not _settled:
        _set(course, student or next(filter(None, map(os.environ.get, KNOWN_AS)), ""))
    print(f"the numbers here are those of {_student!r}" if _student else WHO)


def settle(student: str, course: str) -> None:
    """Fix who this is for as long as this process runs, whatever a notebook says."""
    global _settled
    if not _settled:
        _set(course, student)
        _settled = True


def _set(course: str, student: str) -> None:
    global _course, _student
    _course, _student = course, normal(student)


def normal(student: str) -> str:
    """An id as it counts here: spaces around it and capitals make no other student."""
    return unicodedata.normalize("NFKC", student).strip().casefold()


def choose(
    choices: Sequence[Mapping[str, Any]], course: str, exercise: str, student: str
) -> dict[str, Any]:
    """The values of a student: the same each time, and evenly spread over the class."""
    text = "\n".join((course, exercise, normal(student)))
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()
    return dict(choices[int.from_bytes(digest) % len(choices)])


def yours(exercise: str, name: str) -> Any:
    """Your value of `name` in an exercise.

    ValueError where the exercise has none, or `vaelib.i_am` has not run.
    """
    known = records.load_personal(exercise)
    if known is None or name not in known.choices[0]:
        raise ValueError(f"no numbers of one's own. Received: exercise={exercise!r}, name={name!r}")
    if _course is None:
        raise ValueError("run the cell with vaelib.i_am(...) first, near the top of the notebook")
    if not _student:
        print(f"(nobody's number yet) {WHO}")
    return choose(known.choices, _course, exercise, _student)[name]


def is_asked(exercise: str) -> bool:
    """Whether this notebook asks the exercise with values of the student's own."""
    return _course is not None and records.path_of_personal(exercise).is_file()


def record(exercise: str) -> Record | None:
    """What an answer is held against here; None where that depends on a student not known yet."""
    known = records.load_personal(exercise)
    if _course is None or known is None:
        return records.load(exercise)
    return known.of(choose(known.choices, _course, exercise, _student)) if _student else None
