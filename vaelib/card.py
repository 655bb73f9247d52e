"""A check's result as a card in a notebook: what a terminal prints as text, with a table.

Readable in JupyterLab's light and dark themes, whose colours it takes, and by a screen reader: the
words come first, and no colour says anything that they do not.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from vaelib.cases import Expectation
from vaelib.describe import (
    entries_off,
    few_and_exact,
    in_full,
    number,
    of_another_shape,
    shape,
    title,
    words,
)
from vaelib.display import in_notebook
from vaelib.judge import Difference, Verdict
from vaelib.scatter import scatter

MOST_ROWS = 6
FEWEST_DOTS = 8
SHAPE = re.compile(r"array \([\d, ]+\)")  # which no line should break
STYLE = """<style>
.vaelib-card { border: 1px solid var(--jp-border-color2, #8886); border-left-width: 4px;
  padding: 0.4em 1em; margin: 0.2em 0; max-width: 50em; border-radius: 2px;
  color: var(--jp-content-font-color1, inherit); --off: var(--jp-error-color1, #d32f2f) }
.vaelib-card.right { border-left-color: var(--jp-success-color1, #388e3c) }
.vaelib-card.wrong { border-left-color: var(--off) }
.vaelib-card p { margin: 0.3em 0 !important }
.vaelib-card .beside { display: flex; flex-wrap: wrap; gap: 0.5em 2em; align-items: center }
.vaelib-card table { margin: 0.5em 0 !important; border-collapse: collapse; font-size: inherit }
.vaelib-card caption { text-align: left; padding-bottom: 0.3em; white-space: nowrap }
.vaelib-card th, .vaelib-card td { text-align: left !important; padding: 0.2em 0.8em }
.vaelib-card code { background: none !important; padding: 0 !important; white-space: pre-wrap }
.vaelib-card svg .line { fill: none; stroke: currentColor }
.vaelib-card svg .off { stroke: var(--off) }
</style>"""


class Card:
    """Something to show: `text` on a terminal, `body` (HTML) in a notebook.

    tone: "right", "wrong" or "open", which gives the card's edge its colour.
    """

    def __init__(self, text: str, tone: str, label: str, body: str) -> None:
        self.text, self.tone, self.label, self.body = text, tone, label, body

    def html(self) -> str:
        """The card, complete with its style."""
        start = f'<div class="vaelib-card {self.tone}" role="group"'
        return f'{STYLE}{start} aria-label="{escape(self.label)}">{self.body}</div>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html()}

    def __repr__(self) -> str:
        return self.text

    def show(self) -> None:
        """Show the card in the notebook's cell, or print its text."""
        if not in_notebook():
            print(self.text)
            return
        from IPython.display import display

        display(self)


def of_verdict(exercise: str, verdict: Verdict, text: str) -> Card:
    """The card of a check, whose `text` stands for it on a terminal."""
    tone = "open" if verdict.verdict == "unanswered" else "right" if verdict.passed else "wrong"
    parts = [headline(text.splitlines()[0])]
    parts += [paragraph(called) for called in verdict.lines[:1] if called != exercise]
    if verdict.difference is not None and verdict.difference.got is not None:
        parts.append(_compare(verdict.difference.got, verdict.difference))
    else:
        parts += [paragraph(line) for line in verdict.lines[1:]]
    if verdict.hint:
        parts.append(f"<p><b>Hint:</b> {escape(verdict.hint)}</p>")
    return Card(text, tone, f"check of {exercise}", "\n".join(parts))


def headline(text: str) -> str:
    """The card's first line, which a screen reader announces; its first word is a sign."""
    sign, words = text.split(" ", 1)
    return f'<p role="status"><span aria-hidden="true">{sign}</span> <b>{escape(words)}</b></p>'


def paragraph(text: str) -> str:
    """Text that may quote the student, in a form that Jupyter does not read formulas from."""
    whole = SHAPE.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    return f"<p><code>{escape(whole)}</code></p>"


def table(caption: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table whose first column names the row; its entries are quoted as code."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th>'
        + "".join(f"<td><code>{escape(entry)}</code></td>" for entry in entries)
        + "</tr>"
        for name, *entries in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<tr>{head}</tr>{body}</table>"


def _compare(got: np.ndarray, difference: Difference) -> str:
    """What came back beside what was expected; a plot, too, where they are many numbers."""
    wanted = difference.wanted
    what = title(difference.name)
    if of_another_shape(got, wanted):
        return _single(what, shape(got), shape(wanted.value))
    if few_and_exact(got, wanted):
        pair = in_full(difference.name, got), in_full(difference.name, wanted.value)
        return _single(what, *pair)
    off = entries_off(got, wanted)
    if off.size == 1:
        return _single(what, *_pair(got, wanted, (0,) * off.ndim))
    places = [tuple(place) for place in np.argwhere(off).tolist()]
    caption = f"{what}, {shape(got)}: {len(places)} of {off.size} entries differ"
    caption += f"; the first {MOST_ROWS}" if len(places) > MOST_ROWS else ""
    rows = [(str(list(place)), *_pair(got, wanted, place)) for place in places[:MOST_ROWS]]
    shown = table(caption, ("entry", "yours", "expected"), rows)
    if wanted.kind != "close" or got.size < FEWEST_DOTS or got.dtype.kind not in "biuf":
        return shown
    return f'<div class="beside">{shown}{scatter(wanted.value, got, off)}</div>'


def _single(what: str, got: str, wanted: str) -> str:
    """A table of one row."""
    return table("", ("quantity", "yours", "expected"), [(what, got, wanted)])


def _pair(got: np.ndarray, wanted: Expectation, place: tuple[int, ...]) -> tuple[str, str]:
    """One entry and what it should be."""
    if wanted.kind == "between":
        return number(got[place]), words(wanted)
    return _apart(got[place], wanted.value[place])


def _apart(got: Any, wanted: Any) -> tuple[str, str]:
    """Two entries in as few digits as tell them apart, five or more."""
    pairs = ((number(got, digits), number(wanted, digits)) for digits in range(5, 18))
    return next((pair for pair in pairs if pair[0] != pair[1]), (number(got), number(wanted)))
