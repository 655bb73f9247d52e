"""Measure a newcomer's road: from a clone to a graded class, and to a first answered exercise.

    make bench-newcomer

Clones this repository as it was last committed; packages come from pip's own cache where it has
them. JupyterLab is used in headless Chromium.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from report import Row, print_table

from autograder.exercises import load
from tests.end_to_end.browser import Notebook, chromium, jupyterlab, new_page
from tests.end_to_end.walk import COURSE, VIEW, Walk

UNIT = load("01_autoencoders")
SET_UP = "import keras", "use_style()"


class Clock:
    """Seconds since the last step, and since the start."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._start = self._last = time.monotonic()

    def row(self, what: str) -> Row:
        """The step that ends now."""
        last, self._last = self._last, time.monotonic()
        note = f"{self._last - self._start:.1f} s in all"
        return Row(self._part, what, f"{self._last - last:.1f} s", note=note)


def main() -> None:
    """Walk the road once and print the seconds of each step."""
    print_table(_road())


def _road() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "course"
        clock = Clock("class")
        _run("git", "clone", "--quiet", str(COURSE.root), str(clone))
        yield clock.row("git clone, from this machine")
        _run("make", "-C", str(clone), ".venv/.installed")
        yield clock.row("make: the environment")
        _run("make", "-C", str(clone), "demo")
        yield clock.row("make demo: twelve submissions graded, with feedback")
        yield from _first_answer(clone, Path(folder) / "home")


def _first_answer(clone: Path, home: Path) -> Iterator[Row]:
    home.mkdir()
    clock = Clock("answer")
    with jupyterlab(clone, home, python=str(clone / ".venv/bin/python")) as address:
        yield clock.row("make lab: JupyterLab answers")
        with chromium() as browser:
            page = new_page(browser)
            page.set_viewport_size(VIEW)
            notebook = Notebook(page, address, f"notebooks/{UNIT.name}/{UNIT.name}.ipynb")
            yield clock.row("its first unit is open, its kernel waits")
            for cell in SET_UP:
                notebook.run(cell)
            yield clock.row("its set-up cells have run")
            going = Walk(notebook, UNIT, home)
            card = going.answer(UNIT.exercises[0], None, "card.png")
            assert card.get_attribute("class") == "vaelib-card right", card.inner_text()
            yield clock.row("a right answer and its card")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
