"""Is a file's content read whatever its encoding and format, or refused with the reason?"""

import json
from pathlib import Path

import pytest

from autograder import intake
from autograder.intake import Refused
from tests.autograder.handing import (
    CONTENT,
    EXACT,
    NOTEBOOK,
    device,
    directory,
    link,
    pipe,
    refused,
    taken,
)

# Content


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b" \r\n\t ", "an empty file"),
        (CONTENT[:-20], "damaged or cut short"),
        (b"PK\x03\x04" + bytes(100), "damaged or cut short"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "damaged or cut short"),
    ],
)
def test_unreadable(folder: Path, content: bytes, what: str) -> None:
    """Does a file that cannot be read need a human, and say why?"""
    (folder / EXACT).write_bytes(content)
    status, message = refused(folder)
    assert status == "needs-human"
    assert message.startswith("the notebook is ")
    assert what in message


@pytest.mark.parametrize(
    ("content", "what"), [("[]", "list"), ('"text"', "str"), ("3", "int"), ("null", "NoneType")]
)
def test_other_json(folder: Path, content: str, what: str) -> None:
    """Is JSON refused that is no notebook?"""
    (folder / EXACT).write_text(content)
    message = f"the file is JSON but no notebook: a {what} at top level"
    assert refused(folder) == ("rejected", message)


def test_too_large(folder: Path) -> None:
    """Is a file beyond the limit refused, with the mend, and not read to its end?"""
    with (folder / EXACT).open("wb") as file:
        file.truncate(2**40)
    status, message = refused(folder)
    assert status == "needs-human"
    assert "larger than 20 MiB; clear all outputs, save, and hand it in again" in message


@pytest.mark.parametrize(
    ("encoding", "mark", "what"),
    [
        ("utf-8-sig", b"", "byte-order mark"),
        ("utf-16-le", b"\xff\xfe", "byte-order mark"),
        ("utf-16-be", b"\xfe\xff", "byte-order mark"),
        ("utf-32-le", b"\xff\xfe\0\0", "byte-order mark"),
        ("utf-16-le", b"", "not UTF-8; read as utf-16-le"),
        ("latin-1", b"", "not UTF-8"),
    ],
)
def test_other_encodings(folder: Path, encoding: str, mark: bytes, what: str) -> None:
    """Is a notebook read in the encoding that an editor gave it, with a warning?"""
    text = json.dumps({**NOTEBOOK, "author": "Zoë"}, ensure_ascii=False)
    (folder / EXACT).write_bytes(mark + text.encode(encoding))
    submission = taken(folder)
    assert submission.notebook["author"] == "Zoë"
    assert what in " ".join(submission.warnings)


# Format


def cells(notebook: dict) -> list:
    return list(intake.cells(notebook))


def test_many_cells() -> None:
    """Does a notebook of more cells than anybody writes need a human?"""
    assert len(cells({"nbformat": 4, "cells": [{}] * 2000})) == 2000
    with pytest.raises(Refused, match="2001 cells, more than 2000; delete those") as error:
        cells({"nbformat": 4, "cells": [{}] * 2001})
    assert error.value.status == "needs-human"


def test_format_3() -> None:
    """Are the cells of all sheets of an old notebook read?"""
    sheets = [{"cells": [1, 2]}, "damaged", {}, {"cells": 5}, {"cells": [3]}]
    assert cells({"nbformat": 3, "worksheets": sheets}) == [1, 2, 3]


@pytest.mark.parametrize("version", [3, 4, None])
def test_format_4(version: object) -> None:
    """Are cells read where they are, also without a version?"""
    assert cells({"nbformat": version, "cells": [1, 2]}) == [1, 2]


@pytest.mark.parametrize(
    "notebook",
    [
        {},
        {"nbformat": 5, "cells": []},
        {"nbformat": "4", "cells": []},
        {"nbformat": [4]},
        {"nbformat": 4, "cells": {}},
        {"nbformat": 3, "worksheets": {}},
        {"nbformat": 4},
    ],
)
def test_unknown_format(notebook: dict) -> None:
    """Does a format that is not known need a human, with the mend?"""
    with pytest.raises(Refused, match="; open it in JupyterLab") as error:
        cells(notebook)
    assert error.value.status == "needs-human"


# The time of submission


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"2026-01-05 10:00:00 UTC\n", "2026-01-05 10:00:00 UTC"),
        (b"\xff\xfe\x00", ""),
        (b"x" * 1000, "x" * 100),
        (b"", ""),
    ],
)
def test_timestamp(folder: Path, content: bytes, expected: str) -> None:
    """Is the time taken as text, whatever it says?"""
    (folder / EXACT).write_bytes(CONTENT)
    (folder / "timestamp.txt").write_bytes(content)
    assert taken(folder).timestamp == expected


@pytest.mark.parametrize("make", [link, pipe, directory, device])
def test_forged_timestamp(folder: Path, tmp_path: Path, make) -> None:
    """Is a timestamp that is no file left out, and the work graded?"""
    (folder / EXACT).write_bytes(CONTENT)
    make(folder / "timestamp.txt", tmp_path / "elsewhere")
    assert taken(folder).timestamp == ""
