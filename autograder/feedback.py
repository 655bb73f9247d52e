"""A page for each submission: what was scored, why, and the notebook as it was graded.

Safe by construction: everything that came from a student is escaped text or a decoded PNG; no
markup of a student's is ever parsed as HTML, and the page forbids scripts and the network.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
import nbformat
from nbformat.notebooknode import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.gradebook import autograded_path
from autograder.results import ExerciseResult, Result
from autograder.schedule import Ledger
from autograder.transplant import grade_id, is_check, is_written

FORMATTER = HtmlFormatter(nowrap=True)
MAX_TEXT = 5000  # characters of one output that a page shows
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Block:
    """One piece of the page's notebook.

    kind: "heading", "code", "text" or "verdict". code: highlighted and escaped by Pygments.
    """

    kind: str
    text: str = ""
    code: str = ""
    outputs: tuple[tuple[str, str], ...] = ()
    name: str = ""
    exercise: ExerciseResult | None = None


def write_all(course: Course, units: tuple[str, ...] = ()) -> list[Path]:
    """Write the pages of all recorded results; AutograderError where nothing has been graded."""
    chosen = course.released(units)
    results = [r for r in Ledger(course).results() if r.unit in chosen]
    if not results:
        raise AutograderError("nothing has been graded yet; run: autograder grade")
    return [write(course, result) for result in results]


def write(course: Course, result: Result) -> Path:
    """Write the page of one result to `autograder/feedback/STUDENT/UNIT/UNIT.html`."""
    path = course.feedback / result.student / result.unit / f"{result.unit}.html"
    folder = autograded_path(course, result.student, result.unit).parent
    blocks: list[Block] = []
    for source in sorted(folder.glob("*.ipynb")) if result.graded else ():
        blocks += _blocks(nbformat.read(source, as_version=4), result, source.stem)
    write_atomically(path, render(result, blocks).encode("utf-8", "replace"))
    return path


def render(result: Result, blocks: list[Block]) -> str:
    """The page as HTML."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder"), autoescape=True, trim_blocks=True
    )
    template = environment.get_template("feedback.html.j2")
    return template.render(result=result, blocks=blocks, style=FORMATTER.get_style_defs("pre"))


def _blocks(notebook: NotebookNode, result: Result, name: str) -> Iterator[Block]:
    for cell in notebook.cells:
        if is_check(cell):
            key = _key(result, name, str(grade_id(cell)))
            yield Block("verdict", name=key, exercise=result.exercises.get(key))
        elif is_written(cell):
            yield Block("text", text=_clean(cell.source))
        elif cell.cell_type == "markdown":
            for heading in re.findall(r"^## +(.+)$", cell.source, re.MULTILINE):
                yield Block("heading", text=heading)
        elif _says_something(cell):
            code = highlight(_clean(cell.source), PythonLexer(), FORMATTER)
            yield Block("code", code=code, outputs=tuple(_outputs(cell)))


def _key(result: Result, notebook: str, check: str) -> str:
    """How a result calls what a check is for: by its exercise, else by the check's own name."""
    known = (check.removesuffix("_check"), check, f"{notebook}/{check}")
    return next((key for key in known if key in result.exercises), check)


def _says_something(cell: NotebookNode) -> bool:
    """Whether a code cell is neither a demonstration nor comments alone."""
    lines = [line.strip() for line in cell.source.splitlines()]
    code = [line for line in lines if line and not line.startswith("#")]
    return bool(code) and "demo" not in cell.metadata.get("tags", [])


def _outputs(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """("text", escaped later) or ("png", base64) for each output that a page may show."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield "text", _clean(output.text)
        elif output.output_type == "error":
            yield "text", _clean(f"{output.ename}: {output.evalue}")
        elif png := _png(output.get("data", {}).get("image/png")):
            yield "png", png
        elif text := output.get("data", {}).get("text/plain"):
            yield "text", _clean(str(text))


def _png(data: object) -> str:
    """Base64 of a PNG image, encoded anew; nothing where the data is something else."""
    try:
        image = base64.b64decode(str(data), validate=False)
    except binascii.Error:
        return ""
    return base64.b64encode(image).decode() if image.startswith(b"\x89PNG\r\n\x1a\n") else ""


def _clean(text: str) -> str:
    """Text without terminal escapes and control characters, of bounded length."""
    plain = CONTROL.sub("", ANSI.sub("", text))
    return plain if len(plain) <= MAX_TEXT else plain[:MAX_TEXT] + "\n... (cut)"
