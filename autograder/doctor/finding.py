"""One line of what `autograder doctor` says."""

from dataclasses import dataclass

from rich.text import Text

COLOURS = {"ok": "green", "note": "yellow", "mend": "red"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    kind: "ok"; "mend" where the course cannot be taught and graded without; "note" where only
        some will miss it. mend: what would do, wherever the kind is not "ok".
    """

    kind: str
    what: str
    mend: str = ""

    @property
    def line(self) -> Text:
        """Kind, what was found, and what to do."""
        said = f"  {self.what}" + (f": {self.mend}" if self.mend else "")
        return Text.assemble((f"{self.kind:4}", COLOURS[self.kind]), said)


def ok(what: str) -> Finding:
    """Nothing to do."""
    return Finding("ok", what)


def note(what: str, mend: str) -> Finding:
    """Some may want to do something."""
    return Finding("note", what, mend)


def mend(what: str, mend: str) -> Finding:
    """Somebody has to do something."""
    return Finding("mend", what, mend)
