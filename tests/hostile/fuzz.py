"""Fuzz intake and transplant: `python -m tests.hostile.fuzz [--minutes M]`.

Whatever bytes are handed in, there is a status or a notebook that nbformat takes, in bounded time,
with every cell of the released notebook in it that is not the student's to write.
"""

import copy
import json
import random
import time
from pathlib import Path
from typing import Any

import click
import nbformat
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode

from autograder import intake, studentcells, warningfilters
from autograder.intake import Refused
from autograder.roles import is_answer, is_written
from autograder.transplant import transplant
from tests.hostile.case import UNSCORED
from tests.hostile.kit import Kit

SECONDS = 5.0  # that one submission may take
counts = {"notebooks": 0, "refused": 0}


def put(content: bytes, released: NotebookNode) -> None:
    """Take one submission in, and check that what comes of it is sound."""
    started = time.monotonic()
    try:
        notebook, warnings = intake.parse(content)
        cells, unreadable = studentcells.read(intake.cells(notebook))
        planted = transplant(released, cells)
    except Refused as refused:
        counts["refused"] += 1
        assert refused.status in UNSCORED and 0 < len(str(refused)) < 1000
    else:
        counts["notebooks"] += 1
        nbformat.validate(planted.notebook)
        nbformat.writes(planted.notebook).encode("utf-8", "replace")
        assert _fixed(planted.notebook) == _fixed(released)
        said = [*warnings, *unreadable, *planted.warnings]
        assert all(isinstance(text, str) and len(text) < 2000 for text in said)
    assert time.monotonic() - started < SECONDS


def _fixed(notebook: NotebookNode) -> list[NotebookNode]:
    """Cells that no student may change."""
    own = [cell for cell in notebook.cells if "student" not in cell.metadata.get("tags", [])]
    return [cell for cell in own if not is_answer(cell) and not is_written(cell)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
ODD = JSON | st.sampled_from(
    ["kl_normal", "kl_normal_check", "code", "markdown", "raw", "def kl_normal(): pass", "%%time\n"]
)


@st.composite
def mutated(draw: st.DrawFn, whole: Any) -> Any:
    """The JSON of a notebook after some values were replaced, removed, copied or exchanged."""
    content = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 6))):
        inside: Any = content
        for _ in range(draw(st.integers(0, 5))):
            step = _step(draw, inside)
            if step is None or not isinstance(inside[step], dict | list):
                break
            inside = inside[step]
        _mutate(draw, inside)
    return content


def _step(draw: st.DrawFn, inside: Any) -> Any:
    keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    return draw(st.sampled_from(keys)) if keys else None


def _mutate(draw: st.DrawFn, inside: Any) -> None:
    key, other = _step(draw, inside), _step(draw, inside)
    action = draw(st.sampled_from(["replace", "remove", "exchange", "copy", "rename"]))
    if key is None:
        return
    if action == "replace":
        inside[key] = draw(ODD)
    elif action == "remove":
        del inside[key]
    elif action == "exchange":
        inside[key], inside[other] = inside[other], inside[key]
    elif isinstance(inside, list):
        inside.insert(key, copy.deepcopy(inside[other]))
    else:
        inside[draw(st.text(max_size=8))] = inside.pop(key)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes of a notebook after some were cut, replaced, doubled or put in."""
    content = whole
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(content))), draw(st.integers(0, 2000))
        new = draw(st.binary(max_size=40) | st.just(content[start : start + length]) | st.just(b""))
        content = content[:start] + new + content[start + draw(st.sampled_from([0, 1, length])) :]
    return draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00"])) + content


def fuzz(kit: Kit, examples: int, start: int) -> None:
    """Put so many mutated notebooks, as JSON and as bytes."""
    whole = json.loads(json.dumps(kit.notebook()))
    raw = json.dumps(whole).encode()
    options = settings(
        max_examples=examples // 2,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    @seed(start)
    @options
    @given(mutated(whole))
    def as_json(content: Any) -> None:
        put(json.dumps(content).encode(), kit.released)

    @seed(start)
    @options
    @given(damaged(raw))
    def as_bytes(content: bytes) -> None:
        put(content, kit.released)

    as_json()
    as_bytes()


@click.command()
@click.option("--minutes", default=10.0, show_default=True)
def main(minutes: float) -> None:
    """Fuzz for some minutes and print the count; a finding ends it with the smallest example."""
    warningfilters.apply()
    kit = Kit("05_kl_divergence", Path(), Path(), 0, "fuzz")
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        fuzz(kit, 500, random.randrange(2**32))
    total = sum(counts.values())
    print(f"{total} submissions: {counts['notebooks']} notebooks, {counts['refused']} refused")


if __name__ == "__main__":
    main()
