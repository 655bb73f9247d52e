"""What is in the bytes of a notebook, whatever its encoding and format."""

import json
from typing import Any

from autograder.results import NEEDS_HUMAN, REJECTED

MAX_CELLS = 2000


class Refused(Exception):
    """A submission that cannot be graded: its status, the reason and the mend."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> Any:
        return Refused, (self.status, str(self))


def parse(content: bytes) -> tuple[dict[str, Any], list[str]]:
    """A notebook's JSON object and warnings on its encoding; Refused where it is none."""
    if not content.strip():
        raise Refused(NEEDS_HUMAN, "the notebook is an empty file; save it and hand it in again")
    text, warnings = _decode(content)
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise Refused(NEEDS_HUMAN, "the notebook is nested too deeply to be read") from None
    except ValueError as error:
        raise Refused(
            NEEDS_HUMAN,
            "the notebook is damaged or cut short; open it in JupyterLab, save it and hand it in "
            f"again ({error})",
        ) from None
    if not isinstance(notebook, dict):
        what = type(notebook).__name__
        raise Refused(REJECTED, f"the file is JSON but no notebook: a {what} at top level")
    return notebook, warnings


def _decode(content: bytes) -> tuple[str, list[str]]:
    encoding: str = json.detect_encoding(content)
    if encoding == "utf-8":
        try:
            return content.decode("utf-8"), []
        except UnicodeDecodeError:
            encoding = "cp1252"
    text = content.decode(encoding, errors="replace")
    if encoding in ("utf-8-sig", "utf-16", "utf-32"):
        return text, [f"the file began with a byte-order mark; read as {encoding}"]
    return text, [f"the file is not UTF-8; read as {encoding}"]


def cells(notebook: dict[str, Any]) -> list[Any]:
    """The cell objects of a notebook of format 4 or 3; Refused for another format or too many."""
    version = notebook.get("nbformat")
    sheets = notebook.get("worksheets")
    if isinstance(notebook.get("cells"), list) and version in (4, 3, None):
        found = notebook["cells"]
    elif version == 3 and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        found = [cell for cells in lists if isinstance(cells, list) for cell in cells]
    else:
        known = f"notebook format {_short(version)} is not known here"
        what = "the notebook has no list of cells" if version == 4 else known
        raise Refused(NEEDS_HUMAN, f"{what}; open it in JupyterLab and save it")
    if len(found) > MAX_CELLS:
        raise Refused(
            NEEDS_HUMAN,
            f"the notebook has {len(found)} cells, more than {MAX_CELLS}; delete those that are "
            "not needed and hand it in again",
        )
    return found


def _short(value: Any) -> str:
    """What came, for a message: never a whole file."""
    simple = value is None or isinstance(value, str | int | float)
    return json.dumps(value)[:40] if simple else type(value).__name__
