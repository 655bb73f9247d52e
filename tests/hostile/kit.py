"""What hostile submissions are made of: a released notebook, right answers, and bait."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import coursetext, exercises
from autograder.roles import grade_id
from autograder.samples import answered
from autograder.specification import Unit

ROOT = Path(__file__).resolve().parents[2]
WRONG = """\
def kl_normal(mean_p, log_var_p, mean_q, log_var_q):
    return 0.0 * (mean_p + mean_q)
"""


@dataclass(frozen=True)
class Kit:
    """Makes the submissions of one unit.

    course: root of the course that grades them. canary: a folder outside of it that nothing may
    touch. port: of a listener on loopback that nothing may reach. mark: a word that only this run
    knows; every process that a submission starts has it in its command line.
    """

    unit_name: str
    course: Path
    canary: Path
    port: int
    mark: str

    @functools.cached_property
    def unit(self) -> Unit:
        """The unit's specification."""
        unit = exercises.load(self.unit_name)
        assert unit is not None
        return unit

    @functools.cached_property
    def released(self) -> NotebookNode:
        """The released notebook; nobody changes it."""
        path = ROOT / "notebooks" / self.unit_name / f"{self.unit_name}.ipynb"
        return nbformat.read(path, as_version=4)

    @functools.cached_property
    def right(self) -> dict[str, str]:
        """The right text of each answer."""
        text = coursetext.read(ROOT / "course" / f"{self.unit_name}.py")
        return {exercise.name: text.answer(exercise.name) for exercise in self.unit}

    @property
    def reflection(self) -> str:
        """grade_id of the written answer."""
        return f"reflection_{self.unit_name[:2]}"

    @property
    def words(self) -> str:
        """The written answer that each submission hands in."""
        return f"In my own words: a mean is a sum with a small weight. {self.mark}-words"

    def notebook(self, **answers: str) -> NotebookNode:
        """A submission that is right but for the answers given."""
        given = {**self.right, self.reflection: self.words, **answers}
        return answered(self.released, given)

    def wrong(self) -> NotebookNode:
        """A submission in which `kl_normal` is wrong and all else right."""
        return self.notebook(kl_normal=WRONG)

    def fill(self, source: str) -> str:
        """Text of a cell with the wrong `kl_normal` for WRONG and this run's bait."""
        bait = {
            "WRONG": WRONG,
            "RIGHT": self.right.get("kl_normal", ""),
            "COURSE": str(self.course),
            "CANARY": str(self.canary),
            "PORT": str(self.port),
            "MARK": self.mark,
        }
        for name, text in bait.items():
            source = source.replace(f"<{name}>", text)
        return source

    def with_cell(self, notebook: NotebookNode, source: str, after: str = "") -> NotebookNode:
        """Add an own cell behind the cell of a grade_id, or first."""
        names = [grade_id(cell) for cell in notebook.cells]
        place = names.index(after) + 1 if after else 0
        notebook.cells.insert(place, new_code_cell(self.fill(source)))
        return notebook


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def plain(notebook: NotebookNode) -> dict[str, Any]:
    """A notebook as plain JSON objects, as a file holds it."""
    content: dict[str, Any] = json.loads(json.dumps(notebook))
    return content


def to_bytes(content: Any) -> bytes:
    """A submission as it lies in its file."""
    if isinstance(content, bytes):
        return content
    return json.dumps(content, indent=1).encode("utf-8", "surrogatepass")
