"""Show a figure together with its alternative text."""

import base64
import html
import io
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

LEAST_WORDS = 8
"""Alternative text of fewer words cannot say what to conclude from a figure."""


def show(figure: Any, alt: str) -> None:
    """Show a figure with its alternative text, and close it.

    In a notebook the output is an HTML image with that text, and the text itself where HTML is
    not shown. Outside of a notebook the figure opens in Matplotlib's window, if there is one.

    Args:
        figure: A figure, its axes, or an array or list of its axes, as every `plot_*` returns.
        alt: What a reader who does not see the figure is to conclude, at least eight words.

    Raises:
        ValueError: `alt` has fewer than eight words. The figure is closed all the same.
    """
    drawn = _figure_of(figure)
    try:
        _require_words(alt)
        if _in_notebook():
            _display(image_html(drawn, alt), alt)
        elif getattr(drawn.canvas, "required_interactive_framework", None):
            plt.show()
    finally:
        plt.close(drawn)


def image_html(figure: Any, alt: str) -> str:
    """Return an HTML image of a figure, at twice its screen resolution, with `alt` escaped."""
    drawn, picture = _figure_of(figure), io.BytesIO()
    drawn.savefig(picture, format="png", dpi=2 * drawn.dpi, facecolor="white")
    width = round(drawn.get_size_inches()[0] * drawn.dpi)
    source = base64.b64encode(picture.getvalue()).decode()
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{source}">'
    )


def _figure_of(thing: Any) -> Figure:
    first = thing if isinstance(thing, Figure) else np.ravel(np.asarray(thing, dtype=object))[0]
    drawn = first if isinstance(first, Figure) else getattr(first, "figure", None)
    if drawn is None:
        raise TypeError(f"show needs a figure or its axes. Received: {thing!r}")
    return drawn.figure


def _require_words(alt: str) -> None:
    count = len(alt.split())
    if count < LEAST_WORDS:
        raise ValueError(
            f"alt must say in at least {LEAST_WORDS} words what to conclude from the figure. "
            f"Received: alt={alt!r} ({count} words)"
        )


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()  # type: ignore[no-untyped-call]
    return shell is not None and hasattr(shell, "kernel")


def _display(picture: str, alt: str) -> None:
    from IPython.display import display

    display({"text/html": picture, "text/plain": alt}, raw=True)  # type: ignore[no-untyped-call]
