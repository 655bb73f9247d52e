"""Students whose folder has a name that does something to somebody."""

import os

from nbformat.notebooknode import NotebookNode

from tests.hostile.case import ANY, SCORED, submission
from tests.hostile.kit import Kit

NAMES = (
    'comma, and "quote"',
    "new\nline",
    '=HYPERLINK("http:\\\\x")',
    "+1-2",
    "@SUM(A1)",
    "..hidden",
    "-rf",
    " space ",
    "\u202egro.elpmaxe",
    "[red]rich[\\red]",
    "<script>alert(1)<%2fscript>",
    "$(touch x);`touch y`|z",
    "%s%n{0}{{7*7}}",
    "\x1b[2J\x07\x00".rstrip("\0"),
    "A" * 200,
    "Zo\u00eb \U0001f60e",
    "tab\tand;semicolon",
    "' OR 1=1; DROP TABLE grade; --",
    "nul",
    "timestamp.txt",
    os.fsdecode(b"bytes \xff\xfe"),
)


def _honest(kit: Kit) -> NotebookNode:
    return kit.notebook()


for _name in NAMES:
    submission("names", _name, statuses=ANY if _name == "timestamp.txt" else SCORED)(_honest)
