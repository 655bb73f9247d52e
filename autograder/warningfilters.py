"""Warnings that others cause and nobody here can act on, turned off for the whole process.

`warnings.catch_warnings` changes the filters of all threads, and puts back what another thread had
just changed; so with several workers they are set once, at the start.
"""

import warnings

from dateutil.parser import UnknownTimezoneWarning
from sqlalchemy.exc import SAWarning

FOREIGN = (
    SAWarning,  # nbgrader's own use of SQLAlchemy
    SyntaxWarning,  # in students' code
    UnknownTimezoneWarning,  # in timestamps of submissions
)


def apply() -> None:
    """Turn them off."""
    for category in FOREIGN:
        warnings.simplefilter("ignore", category)
