"""What holds for every figure that a test here draws."""

from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D


@pytest.fixture(autouse=True)
def colour_is_never_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Entries of a legend differ in dash, marker, width or hatch, whatever their colours."""
    drawn: list[Figure] = []
    start = Figure.__init__

    def remember(figure: Figure, *args: Any, **options: Any) -> None:
        start(figure, *args, **options)
        drawn.append(figure)

    monkeypatch.setattr(Figure, "__init__", remember)
    yield
    assert [names for figure in drawn for ax in figure.axes for names in alike(ax)] == []


def alike(ax: Axes) -> list[tuple[str, str]]:
    """Pairs of entries of a legend that only their colour tells apart."""
    handles, names = ax.get_legend_handles_labels()
    entries = list(zip(names, map(look, handles), strict=True))
    return [
        (one, other)
        for number, (one, first) in enumerate(entries)
        for other, second in entries[:number]
        if first == second
    ]


def look(handle: Any) -> tuple[Any, ...]:
    """What a reader who sees no colours can tell a series by."""
    if isinstance(handle, Line2D):
        return handle.get_linestyle(), handle.get_marker(), handle.get_linewidth()
    if isinstance(handle, PathCollection):
        return handle.get_paths()[0].vertices.tobytes(), tuple(handle.get_sizes()[:1])
    if isinstance(handle, BarContainer):
        return look(handle.patches[0])
    return type(handle), handle.get_hatch() if hasattr(handle, "get_hatch") else None
