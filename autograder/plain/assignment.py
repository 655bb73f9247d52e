"""Assignments without a specification: what nbgrader holds a submission against.

That is each notebook as it was released, the hidden tests of nbgrader's gradebook, and the files
beside the notebooks. It goes to workers as bytes.
"""

import copy
import functools
import hashlib
import json
import os
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import nbgraderformat, utils
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, IgnorePattern, LimitOutput, OverwriteCells

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import from_zip, to_zip
from autograder.gradebook import open_gradebook
from autograder.roles import grade_id, is_check
from autograder.specification import Exercise, Unit


@dataclass(frozen=True)
class Assignment:
    """One assignment of a plain nbgrader course.

    notebooks: by name, as released; files: contents by path, seen from the notebooks; hidden: full
    text of each cell of which students have not seen all, by NOTEBOOK/GRADE_ID; settings: of
    nbgrader's preprocessors, by class.
    """

    name: str
    notebooks: Mapping[str, NotebookNode]
    files: Mapping[str, bytes]
    hidden: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]]

    def key(self, notebook: str, cell: NotebookNode) -> str:
        """How results call a test: its grade_id, after its notebook's name if there are several."""
        name = str(grade_id(cell))
        return name if len(self.notebooks) == 1 else f"{notebook}/{name}"

    def hides(self, notebook: str, cell: NotebookNode) -> bool:
        """Whether a cell has parts that students have not seen."""
        return f"{notebook}/{grade_id(cell)}" in self.hidden

    def complete(self, name: str, notebook: NotebookNode) -> None:
        """Put the hidden tests into a notebook that has answers in it."""
        for cell in notebook.cells:
            cell.source = self.hidden.get(f"{name}/{grade_id(cell)}", cell.source)

    @functools.cached_property
    def unit(self) -> Unit:
        """The automatic tests as exercises that have a name and points, and nothing else."""
        tests = [
            Exercise(self.key(name, cell), float(cell.metadata.nbgrader.points))
            for name, notebook in self.notebooks.items()
            for cell in notebook.cells
            if is_test(cell)
        ]
        return Unit(self.name, tuple(tests))

    @functools.cached_property
    def packed(self) -> bytes:
        """All of this as bytes, always the same."""
        about = {"name": self.name, "hidden": self.hidden, "settings": self.settings}
        notebooks = {f"notebooks/{n}": nbformat.writes(nb) for n, nb in self.notebooks.items()}
        texts = {"about": json.dumps(about), **notebooks}
        files = {f"files/{path}": content for path, content in self.files.items()}
        return to_zip({name: text.encode() for name, text in texts.items()} | files)

    @functools.cached_property
    def version(self) -> str:
        """Digest of what a submission is held against."""
        return hashlib.sha256(self.packed).hexdigest()[:16]


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell's points are given automatically, by what its code does."""
    return is_check(cell) and cell.cell_type == "code"


def unpack(content: bytes) -> Assignment:
    """The assignment that was `packed`."""
    entries = from_zip(content)
    about = json.loads(entries.pop("about"))
    found: dict[str, dict[str, bytes]] = {"notebooks": {}, "files": {}}
    for path, data in entries.items():
        kind, _, name = path.partition("/")
        found[kind][name] = data
    notebooks = {n: nbformat.reads(d.decode(), 4) for n, d in found["notebooks"].items()}
    return Assignment(about["name"], notebooks, found["files"], about["hidden"], about["settings"])


def load(course: Course, name: str) -> Assignment:
    """An assignment that the gradebook knows; AutograderError where its release is another one."""
    with open_gradebook(course) as book:
        parts = book.find_assignment(name).notebooks
        known = {part.name: {cell.name for cell in part.source_cells} for part in parts}
    notebooks, hidden = {}, dict[str, str]()
    for notebook, cells in sorted(known.items()):
        notebooks[notebook] = _released(course.notebooks / name / f"{notebook}.ipynb", cells)
        whole = _with_hidden_tests(course, name, notebook, notebooks[notebook])
        for cell, full in zip(notebooks[notebook].cells, whole.cells, strict=True):
            cell.metadata = full.metadata  # points and checksums are the gradebook's, too
            if cell.source != full.source:
                hidden[f"{notebook}/{grade_id(cell)}"] = full.source
    return Assignment(name, notebooks, _files(course, name), hidden, _settings(course))


def _released(path: Path, names: Set[str]) -> NotebookNode:
    """A released notebook in which every cell has an id, as newer formats want it.

    names: of the cells that the gradebook has.
    """
    mend = f"run: nbgrader generate_assignment {path.parent.name} --force"
    if not path.is_file():
        raise AutograderError(f"{path} is missing; {mend}")
    notebook = nbgraderformat.read(str(path), as_version=4)
    lacking = names - {grade_id(cell) for cell in notebook.cells}
    if lacking:
        raise AutograderError(f"{path} lacks {', '.join(sorted(lacking))}; {mend}")
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"released-{number}")
    return notebook


def _with_hidden_tests(
    course: Course, assignment: str, name: str, notebook: NotebookNode
) -> NotebookNode:
    """A copy of a released notebook, with the locked cells of nbgrader's gradebook."""
    names = {"assignment": assignment, "notebook": name, "db_url": course.db_url}
    overwrite = OverwriteCells(config=course.config)
    overwrite.add_missing_cells = False
    whole, _ = overwrite(copy.deepcopy(notebook), {"nbgrader": names})
    return whole


def _files(course: Course, assignment: str) -> dict[str, bytes]:
    """What nbgrader's autograde puts beside the notebooks: the files of the source folder."""
    folder = course.solutions / assignment
    folder = folder if folder.is_dir() else course.notebooks / assignment
    own = Autograde(coursedir=course.nbgrader, config=course.config).exclude_overwriting
    ignored = [*course.nbgrader.ignore, "*.ipynb"]
    paths = sorted(map(Path, utils.find_all_files(str(folder), ignored)))
    files = {os.fspath(path.relative_to(folder)): path for path in paths}
    return {n: p.read_bytes() for n, p in files.items() if n not in own.get(assignment, [])}


def _settings(course: Course) -> dict[str, dict[str, Any]]:
    """The traits of nbgrader's preprocessors that decide on scores, as the course sets them."""
    wanted = {
        Execute: ("timeout",),
        IgnorePattern: ("enabled", "pattern"),
        LimitOutput: ("enabled", "max_lines", "max_traceback"),
    }
    made = {kind: kind(config=course.config) for kind in wanted}
    return {k.__name__: {n: getattr(made[k], n) for n in names} for k, names in wanted.items()}
