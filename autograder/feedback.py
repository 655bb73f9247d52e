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

import nbformat
from markupsafe import Markup
from nbformat.notebooknode import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder import exchange, pages
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.gradebook import autograded_path
from autograder.pages import clean
from autograder.results import ExerciseResult, Result
from autograder.roles import grade_id, is_check, is_written
from autograder.schedule import Ledger

FORMATTER = HtmlFormatter(nowrap=True)
DARK = HtmlFormatter(style="github-dark")
MAX_OUTPUTS = 50  # of one cell


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
    written = [write(course, result) for result in results]
    exchange.address(course, results)
    return written


def page_of(course: Course, result: Result) -> Path:
    """Where the page of a result lies, so that nbgrader finds it."""
    return course.feedback / result.student / result.unit / f"{result.unit}.html"


def write(course: Course, result: Result) -> Path:
    """Write the page of one result to `autograder/feedback/STUDENT/UNIT/UNIT.html`."""
    folder = autograded_path(course, result.student, result.unit).parent
    blocks: list[Block] = []
    for source in sorted(folder.glob("*.ipynb")) if result.graded else ():
        blocks += _blocks(nbformat.read(source, as_version=4), result, source.stem)
    return pages.save(page_of(course, result), render(result, blocks))


def render(result: Result, blocks: list[Block]) -> str:
    """The page as HTML."""
    return pages.render(
        "feedback.html.j2",
        result=result,
        blocks=blocks,
        sections=_sections(blocks),
        light=Markup(FORMATTER.get_style_defs("pre")),
        dark=Markup(DARK.get_style_defs("pre")),
    )


def _sections(blocks: list[Block]) -> dict[str, tuple[int, str]]:
    """Number and title of the heading that each exercise stands under."""
    sections: dict[str, tuple[int, str]] = {}
    heading = None
    for number, block in enumerate(blocks, 1):
        if block.kind == "heading":
            heading = number, block.text
        elif block.kind == "verdict" and heading is not None:
            sections[block.name] = heading
    return sections


def _blocks(notebook: NotebookNode, result: Result, name: str) -> Iterator[Block]:
    for cell in notebook.cells:
        if is_check(cell):
            key = _key(result, name, str(grade_id(cell)))
            yield Block("verdict", name=key, exercise=result.exercises.get(key))
        elif is_written(cell):
            yield Block("text", text=clean(cell.source))
        elif cell.cell_type == "markdown":
            for heading in re.findall(r"^## +(.+)$", cell.source, re.MULTILINE):
                yield Block("heading", text=heading)
        elif _says_something(cell):
            code = highlight(clean(cell.source), PythonLexer(), FORMATTER)
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
    outputs = cell.get("outputs", [])
    for output in outputs[:MAX_OUTPUTS]:
        if output.output_type == "stream":
            yield "text", clean(output.text)
        elif output.output_type == "error":
            yield "text", clean(f"{output.ename}: {output.evalue}")
        elif png := _png(output.get("data", {}).get("image/png")):
            yield "png", png
        elif text := output.get("data", {}).get("text/plain"):
            yield "text", clean(str(text))
    if len(outputs) > MAX_OUTPUTS:
        yield "text", f"... ({len(outputs) - MAX_OUTPUTS} more outputs)"


def _png(data: object) -> str:
    """Base64 of a PNG image, encoded anew; nothing where the data is something else."""
    try:
        image = base64.b64decode(str(data), validate=False)
    except binascii.Error:
        return ""
    is_png = image.startswith(b"\x89PNG\r\n\x1a\n")
    return Markup(base64.b64encode(image).decode()) if is_png else ""
