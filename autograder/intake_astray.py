"""Work that lies one level off, or in a folder whose name is not quite the unit's.

Names alone are looked at: nothing is opened, and no link followed.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path

BEFORE, BEHIND = r"(?:.*[\W_])?", r"(?:[\W_].*)?"  # of a file's name, up to its ending
ARCHIVE = r"\.(?:zip|rar|7z|tar|tgz|tar\.gz)"
COPY = r"(?:[\s_-]*(?:copy\d*|main|master))?\s*(?:\(\d+\))?\s*"  # of a folder's name


def beside(folder: Path, notebooks: Collection[str] = ()) -> str:
    """What lies beside a folder STUDENT/UNIT in which nothing is, and the mend; "" for nothing.

    notebooks: names of the unit's notebooks, if they are not called as the unit is.
    """
    unit = folder.name
    either = "|".join(map(re.escape, (unit, *notebooks)))
    mends = {
        rf"{BEFORE}(?:{either}){BEHIND}\.ipynb\s*": f"move it to {unit}/",
        rf"{BEFORE}(?:{either}){BEHIND}{ARCHIVE}\s*": f"unpack it into {unit}/",
        rf"\s*{re.escape(unit)}{COPY}": f"rename it to {unit}",
    }
    names = [name for name in os.listdir(folder.parent) if name != unit and name[0] != "."]
    for name in sorted(names):
        for pattern, mend in mends.items():
            if re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL):
                return f"nothing in {unit}/, but there is {name!r}: {mend}"
    return ""


def of_nobody(submitted: Path) -> list[str]:
    """A line on each notebook that lies in no student's folder."""
    with os.scandir(submitted) as entries:
        files = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    loose = [name for name in files if name.lower().endswith(".ipynb")]
    return [f"{name!r} is in no student's folder: move it to STUDENT/UNIT/" for name in loose]
