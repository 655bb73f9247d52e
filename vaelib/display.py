"""Show one line or one figure and replace it later, in a notebook or on a terminal."""

import sys
from typing import Any


def in_notebook() -> bool:
    """Tell whether this process is a Jupyter kernel, without importing IPython."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")


class _Shown:
    """An output of the running cell that later ones replace."""

    def __init__(self) -> None:
        self.handle: Any = None

    def replace(self, content: Any, raw: bool = False) -> None:
        from IPython.display import display

        if self.handle is None:
            self.handle = display(content, raw=raw, display_id=True)
        else:
            self.handle.update(content, raw=raw)


class Line:
    """One line of text that each `write` replaces, on stdout or in the notebook's cell."""

    def __init__(self) -> None:
        self.shown = _Shown() if in_notebook() else None
        self.width = 0

    def write(self, text: str) -> None:
        """Put `text` where the last one stood."""
        if self.shown is not None:
            self.shown.replace({"text/plain": text}, raw=True)
            return
        sys.stdout.write("\r" + text.ljust(self.width))
        sys.stdout.flush()
        self.width = len(text)

    def close(self) -> None:
        """End the line on a terminal."""
        if self.shown is None:
            sys.stdout.write("\n")


class Picture:
    """One Matplotlib figure that each `show` replaces, with its alternative text.

    On a terminal nothing is drawn; the last figure is kept as `figure`.
    """

    def __init__(self) -> None:
        self.shown = _Shown() if in_notebook() else None
        self.figure: Any = None

    def show(self, figure: Any, alt: str) -> None:
        """Put `figure` where the last one stood, and take it out of pyplot's hands."""
        import matplotlib.pyplot as plt

        from vaelib.plots.display import image_html

        self.figure = figure
        if self.shown is not None:
            self.shown.replace({"text/html": image_html(figure, alt), "text/plain": alt}, raw=True)
        plt.close(figure)
