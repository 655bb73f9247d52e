"""Work that lies one level off, or in a folder whose name is not quite the unit's.

Names alone are looked at: nothing is opened, and no link followed.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path

COPY = r"\s*(?:\(\d+\))?\s*"  # what browsers and file managers add to the name of a copy


def beside(folder: Path, notebooks: Collection[str] = ()) -> str:
    """What lies beside a folder STUDENT/UNIT that is not there, and the mend; "" for nothing.

    notebooks: names of the unit's notebooks, if they are not called as the unit is.
    """
    unit = folder.name
    either = "|".join(map(re.escape, (unit, *notebooks)))
    mends = {
        rf"\s*(?:{either}){COPY}\.ipynb\s*": f"move it to {unit}/",
        rf"\s*(?:{either}){COPY}\.zip\s*": f"unpack it into {unit}/",
        rf"\s*{re.escape(unit)}{COPY}": f"rename it to {unit}",
    }
    for name in sorted(os.listdir(folder.parent)):
        for pattern, mend in mends.items():
            if re.fullmatch(pattern, name, re.IGNORECASE):
                return f"nothing in {unit}/, but there is {name!r}: {mend}"
    return ""


def of_nobody(submitted: Path) -> list[str]:
    """A line on each notebook that lies in no student's folder."""
    with os.scandir(submitted) as entries:
        files = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    loose = [name for name in files if name.lower().endswith(".ipynb")]
    return [f"{name!r} is in no student's folder: move it to STUDENT/UNIT/" for name in loose]
