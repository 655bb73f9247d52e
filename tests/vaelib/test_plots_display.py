"""`show` demands alternative text, puts it into the output and closes the figure."""

import base64
import struct
import subprocess
import sys
from html.parser import HTMLParser

import IPython
import IPython.display
import matplotlib
import matplotlib.pyplot as plt
import pytest

matplotlib.use("Agg")

from vaelib import plots  # noqa: E402
from vaelib.plots import display  # noqa: E402

ALT = 'Bell curve around 0: "two thirds" of its area lie within <one> std.'


class Images(HTMLParser):
    """The attributes of the images in a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert tag == "img"
        self.found.append(dict(attrs))


class Shell:
    kernel = object()


@pytest.fixture
def outputs(monkeypatch):
    """What a notebook's cell would get, one mapping of types to content for each output."""
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: Shell())
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    yield shown
    plt.close("all")


def test_a_notebook_gets_an_image_with_the_text_and_the_text_alone(outputs):
    plots.show(plots.plot_normal(), ALT)
    (image,) = Images(outputs[0]["text/html"]).found
    assert image["alt"] == ALT and outputs[0]["text/plain"] == ALT
    assert plt.get_fignums() == []


def test_the_image_is_a_png_at_twice_the_width_it_is_shown_at(outputs):
    figure, _ = plt.subplots(figsize=(5, 3), dpi=100)
    plots.show(figure, ALT)
    (image,) = Images(outputs[0]["text/html"]).found
    png = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and (width, height) == (1000, 600)
    assert image["width"] == "500"


@pytest.mark.parametrize("kind", ["figure", "axes", "list", "array"])
def test_it_takes_whatever_a_plot_returns(outputs, kind):
    figure, axes = plt.subplots(1, 2)
    plots.show({"figure": figure, "axes": axes[0], "list": list(axes), "array": axes}[kind], ALT)
    assert len(outputs) == 1 and plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "A bell curve.", "one two three four five six seven"])
def test_text_under_eight_words_is_refused_and_the_figure_closed(outputs, alt):
    with pytest.raises(ValueError, match=rf"at least 8 words .*\({len(alt.split())} words\)"):
        plots.show(plots.plot_normal(), alt)
    assert outputs == [] and plt.get_fignums() == []


def test_what_is_no_figure_is_named(outputs):
    with pytest.raises(TypeError, match="Received: 'digits'"):
        plots.show("digits", ALT)


@pytest.mark.parametrize("window", [None, "qt"])
def test_without_a_notebook_a_window_opens_where_there_is_one(monkeypatch, window):
    opened = []
    monkeypatch.setattr(plt, "show", lambda: opened.append(plt.get_fignums()))
    ax = plots.plot_normal()
    monkeypatch.setattr(ax.figure.canvas, "required_interactive_framework", window, raising=False)
    plots.show(ax, ALT)
    assert len(opened) == (window is not None) and plt.get_fignums() == []


def test_without_ipython_there_is_no_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    assert not display._in_notebook()


def test_neither_plots_nor_widgets_load_tensorflow():
    code = (
        "import sys, vaelib.plots, vaelib.widgets; print({'keras', 'tensorflow'} & {*sys.modules})"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout == "set()\n"


def test_importing_changes_no_setting_and_use_style_does():
    code = (
        "import matplotlib.pyplot as plt; from vaelib import plots; show = lambda: "
        "print(plt.rcParams['axes.titlelocation']); show(); plots.use_style(); show()"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout == "center\nleft\n"


def test_the_styles_line_colours_can_be_read_on_white():
    with plt.rc_context():
        plots.use_style()
        colours = [each["color"] for each in plt.rcParams["axes.prop_cycle"]]
    assert all(contrast_to_white(colour) >= 4.5 for colour in colours)


def contrast_to_white(colour):
    """Contrast ratio by the Web Content Accessibility Guidelines 2.2, relative luminance."""
    parts = matplotlib.colors.to_rgb(colour)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 1.05 / (0.05 + 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
