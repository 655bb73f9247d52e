"""Go through units in JupyterLab as a student does: each exercise answered wrongly, then rightly.

`python -m tests.end_to_end.walk --units 02 05 --out FOLDER` keeps a picture of every answer with
its card, and of each unit from top to bottom once all is right. Exit status 1 where a wrong answer
is not refused with its hint, a right one is not accepted, a card is missing or too wide, or a cell
fails.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from playwright.sync_api import Browser, Locator

from autograder import coursetext, exercises
from autograder.answers import Solutions
from autograder.course import Course
from autograder.roles import grade_id
from autograder.samples import answered
from autograder.specification import Exercise, Submitted, Unit
from tests.end_to_end.browser import Notebook, chromium, jupyterlab, new_page

COURSE = Course(Path(__file__).parents[2])
TRAINING = 400  # seconds to wait at most for a cell, and for a whole unit
VIEW = {"width": 1200, "height": 2400}  # an answer and its card at once
PIECE = 1400  # pixels of a unit in one picture
SCROLLED = ".jp-WindowedPanel-outer"


def filled(unit: Unit, submitted: Mapping[str, Submitted | None]) -> NotebookNode:
    """The notebook as students get it, with these answers; None stands for the solution."""
    solutions = Solutions(coursetext.read(COURSE.texts / f"{unit.name}.py"))
    released = nbformat.read(COURSE.notebooks / unit.name / f"{unit.name}.ipynb", 4)
    return answered(released, {n: solutions.source(unit[n], s) for n, s in submitted.items()})


@dataclass(frozen=True)
class Walk:
    """A unit that is open in JupyterLab, and where its pictures go."""

    notebook: Notebook
    unit: Unit
    pictures: Path

    def exercise(self, exercise: Exercise, mistake: int) -> Iterator[str]:
        """Answer wrongly and rightly; yields what should not be."""
        wrong = exercise.misconceptions[mistake % len(exercise.misconceptions)]
        for submitted, tone in ((wrong, "wrong"), (None, "right")):
            card = self.answer(exercise, submitted, f"{exercise.name}-{tone}.png")
            if card.count() != 1:
                yield f"the {tone} answer got {card.count()} cards"
            elif tone not in (card.get_attribute("class") or "").split():
                yield f"the {tone} answer was told: {card.inner_text()}"
            elif submitted is not None and wrong.hint not in card.inner_text():
                yield f"no hint of {wrong.name}: {card.inner_text()}"
            elif card.evaluate("card => card.scrollWidth > card.clientWidth"):
                yield f"the card of the {tone} answer is wider than its frame"

    def answer(self, exercise: Exercise, submitted: Submitted | None, picture: str) -> Locator:
        """Write an answer, None for the solution, and run its check; the card."""
        notebook = filled(self.unit, {exercise.name: submitted})
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        names = [grade_id(cell) for cell in cells]
        at = names.index(exercise.name), names.index(f"{exercise.name}_check")
        self.notebook.write(at[0], cells[at[0]].source, TRAINING)
        card = self.notebook.run(at[1], TRAINING).locator(".vaelib-card")
        self.keep(at, picture)
        return card

    def keep(self, places: tuple[int, int], name: str) -> None:
        """A picture of two cells, and of what stands between."""
        first, last = (self.notebook.cell(place) for place in places)
        first.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        above, below = first.bounding_box(), last.bounding_box()
        assert above is not None and below is not None, "the cells are not shown"
        clip = {**above, "height": below["y"] + below["height"] - above["y"]}
        self.notebook.page.screenshot(path=self.pictures / name, clip=clip)

    def whole(self) -> Iterator[str]:
        """Run everything once more; yields what should not be."""
        page = self.notebook.page
        self.notebook.run_all(TRAINING)
        if page.locator(".jp-OutputArea-output[data-mime-type*=error]").count():
            yield "a cell of the finished unit fails"
        count = f"{len(self.unit.exercises)} of {len(self.unit.exercises)} exercises right"
        if count not in page.locator(".vaelib-card").last.inner_text():
            yield "the last cell does not count every exercise"
        self.keep_whole()

    def keep_whole(self) -> None:
        """Pictures of the notebook from its first cell to its last."""
        page = self.notebook.page
        page.set_viewport_size({**VIEW, "height": PIECE})
        panel = page.locator(SCROLLED)
        last = page.locator(".jp-Notebook .jp-Cell").last
        height = last.evaluate("cell => cell.offsetTop + cell.offsetHeight")
        for number, top in enumerate(range(0, height, panel.evaluate("p => p.clientHeight - 40"))):
            panel.evaluate("(panel, top) => panel.scrollTo(0, top)", top)
            page.wait_for_timeout(300)  # for pictures that are painted late
            panel.screenshot(path=self.pictures / f"page-{number:02}.png")


def walk(browser: Browser, unit: Unit, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Go through one unit; yields each exercise and what should not be there, if anything."""
    pictures = options.out / unit.name
    pictures.mkdir(parents=True, exist_ok=True)
    chosen = [e for e in unit if not options.exercises or e.name in options.exercises]
    prepared = {exercise.name: None for exercise in unit if exercise not in chosen}
    theme = {"apputils-extension/themes": {"theme": f"JupyterLab {options.theme.title()}"}}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(COURSE.notebooks / unit.name, home / "files" / unit.name)
        nbformat.write(filled(unit, prepared), home / "files" / unit.name / f"{unit.name}.ipynb")
        with jupyterlab(home / "files", home, **theme) as address:
            page = new_page(browser)
            page.set_viewport_size(VIEW)
            notebook = Notebook(page, address, f"{unit.name}/{unit.name}.ipynb")
            notebook.run_all(TRAINING)
            going = Walk(notebook, unit, pictures)
            for exercise in chosen:
                yield exercise.name, "; ".join(going.exercise(exercise, options.mistake))
            yield "the whole unit", "; ".join(going.whole())
            page.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Go through units, a line an exercise; 1 where something should not be."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--units", nargs="*", default=[], help="numbers such as 02; default: all")
    parser.add_argument("--exercises", nargs="*", default=[], help="only these, the rest is solved")
    parser.add_argument("--mistake", type=int, default=0, help="which known mistake, from 0")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    options = parser.parse_args(arguments)
    known = [unit for name in COURSE.released() if (unit := exercises.load(name)) is not None]
    failed = 0
    with chromium() as browser:
        for unit in known:
            if not options.units or unit.name[:2] in options.units:
                for what, fault in walk(browser, unit, options):
                    print(f"{unit.name[:2]} {what}: {fault or 'as it should be'}", flush=True)
                    failed += bool(fault)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
