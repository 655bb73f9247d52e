"""A small plot of what came back against what was expected, as inline SVG.

Drawn by hand, as a check that fails must not wait for Matplotlib, and as SVG takes its colours
from the page, light or dark.
"""

from collections.abc import Iterator

import numpy as np

from vaelib.describe import number

SIDE = 150
LEFT, TOP = 24, 6
MOST_DOTS = 150


def scatter(expected: np.ndarray, got: np.ndarray, off: np.ndarray) -> str:
    """One mark an entry, right ones on the diagonal; nothing where no number is finite.

    Entries that differ are crosses, the others circles. The three arrays have one shape; at most
    150 entries are drawn, evenly picked, and only where both numbers are finite.
    """
    points = np.stack([expected.ravel(), got.ravel()], axis=1).astype(float)
    drawn = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not drawn.size:
        return ""
    drawn = drawn[:: -(-drawn.size // MOST_DOTS)]
    low, high = points[drawn].min(), points[drawn].max()
    at = SIDE * (0.05 + 0.9 * (points[drawn] - low) / ((high - low) or 1.0))
    marks = "".join(_marks(at, off.ravel()[drawn]))
    count = f"{int(off.sum())} of {off.size} entries lie off the diagonal"
    return _frame(marks, number(low), number(high), f"Your result against the expected: {count}.")


def _marks(at: np.ndarray, wrong: np.ndarray) -> Iterator[str]:
    """A cross or a circle for each point; y grows downwards in SVG."""
    for (x, y), is_wrong in zip(at.round(1).tolist(), wrong.tolist(), strict=True):
        x, y = round(x + LEFT, 1), round(SIDE + TOP - y, 1)
        if is_wrong:
            yield f'<path class="off" d="M{x - 3:g} {y - 3:g}l6 6m0 -6l-6 6"/>'
        else:
            yield f'<circle cx="{x:g}" cy="{y:g}" r="2.5"/>'


def _frame(marks: str, low: str, high: str, alt: str) -> str:
    """Marks in a square with its diagonal, the ends of both axes and their names."""
    bottom, right = SIDE + TOP, SIDE + LEFT
    texts = (
        (LEFT, bottom + 12, "start", low),
        (right, bottom + 12, "end", high),
        (LEFT + SIDE / 2, bottom + 24, "middle", "expected"),
    )
    words = "".join(
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{word}</text>'
        for x, y, anchor, word in texts
    )
    return (
        f'<svg role="img" aria-label="{alt}" width="{right + 6}" height="{bottom + 30}" '
        'style="font-size: 11px" fill="currentColor" stroke="none">'
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" class="line" opacity="0.4"/>'
        f'<path d="M{LEFT} {bottom}L{right} {TOP}" class="line" opacity="0.5" '
        'stroke-dasharray="4 3"/>'
        f'<text transform="translate({LEFT - 8} {TOP + SIDE / 2:g}) rotate(-90)" '
        f'text-anchor="middle">yours</text>{words}'
        f'<g class="line" stroke-width="1.5">{marks}</g></svg>'
    )
