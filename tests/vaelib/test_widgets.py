"""A slider that moves changes the figure and its alternative text, and leaves no figure open."""

import re

import ipywidgets
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

matplotlib.use("Agg")

from vaelib import widgets  # noqa: E402


def fade(z):
    """Decode to one grey, set by the first latent dimension."""
    return np.ones((len(z), 8, 8, 1)) / (1 + np.exp(-np.asarray(z)[:, :1, None, None]))


def gap(batch_size):
    return [1 / batch_size, 2 / batch_size]


@pytest.fixture(autouse=True, scope="module")
def small_pictures():
    """Render fast: no test here looks at pixels."""
    with plt.rc_context({"figure.dpi": 30}):
        yield


CODES = np.random.default_rng(3).normal(size=(30, 2))
EXPLORERS = {
    "normal": lambda: widgets.normal_explorer(),
    "kl": lambda: widgets.kl_explorer(),
    "latent": lambda: widgets.latent_explorer(fade),
    "latent-with-codes": lambda: widgets.latent_explorer(fade, CODES),
    "latent-with-labels": lambda: widgets.latent_explorer(fade, CODES, np.arange(30) % 10),
    "batch-size": lambda: widgets.batch_size_explorer(gap, (2, 8, 32)),
}


@pytest.fixture(scope="module", params=EXPLORERS)
def explorer(request, small_pictures):
    """Each explorer in turn."""
    return EXPLORERS[request.param]()


def controls_of(explorer):
    return list(explorer.children[1:-1])


def alt_of(explorer):
    return re.search('alt="([^"]*)"', explorer.children[-1].value)[1]


def move(control):
    """Set a slider to another of its values."""
    if isinstance(control, ipywidgets.SelectionSlider):
        control.value = control.options[-1]
    else:
        control.value = control.max if control.value < control.max else control.min


def test_every_control_changes_the_figure_and_its_text(explorer):
    for control in controls_of(explorer):
        picture, alt = explorer.children[-1].value, alt_of(explorer)
        move(control)
        assert explorer.children[-1].value != picture and alt_of(explorer) != alt
    assert plt.get_fignums() == []


def test_controls_are_labelled_and_draw_when_let_go(explorer):
    for control in controls_of(explorer):
        assert control.description and not control.continuous_update


def test_the_text_has_eight_words_at_least(explorer):
    assert len(alt_of(explorer).split()) >= 8


def test_a_page_without_a_kernel_shows_the_figure(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"] == explorer.children[-1].value
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_normal_explorer_says_what_a_log_variance_is():
    explorer = widgets.normal_explorer(mean=1.0, log_var=2.0)
    assert "Log-variance 2 is a standard deviation of 2.72" in alt_of(explorer)


def test_the_kl_explorer_splits_the_divergence():
    assert "KL(q ‖ p) = 0.68 nats: mean 0.50, variance 0.18" in alt_of(widgets.kl_explorer(1, -1))


def test_the_latent_explorer_offers_what_varies_most():
    codes = np.random.default_rng(1).normal(size=(20, 9)) * np.arange(9)
    explorer = widgets.latent_explorer(fade, codes)
    assert [each.description for each in controls_of(explorer)] == [
        "z₄",
        "z₅",
        "z₆",
        "z₇",
        "z₈",
        "z₉",
    ]


def test_the_latent_explorer_reaches_every_code():
    explorer = widgets.latent_explorer(fade, CODES)
    for control, column in zip(controls_of(explorer), CODES.T, strict=True):
        assert control.min <= column.min() and column.max() <= control.max


def test_the_latent_explorer_hands_the_decoder_one_code_where_the_sliders_are():
    asked = []

    def record(z):
        asked.append(z)
        return fade(z)

    explorer = widgets.latent_explorer(record, latent_dim=3)
    controls_of(explorer)[1].value = 1.5
    np.testing.assert_allclose(asked[-1], [[0, 1.5, 0]])


def test_the_gap_is_computed_once_for_each_batch_size():
    asked = []

    def count(batch_size):
        asked.append(batch_size)
        return 1 / batch_size

    move(controls_of(widgets.batch_size_explorer(count, (2, 4)))[0])
    assert asked == [2, 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"codes": np.zeros(3)}, r"shape \(3,\)", id="flat-codes"),
        pytest.param({"latent_dim": 0}, "latent_dim=0", id="no-dimension"),
    ],
)
def test_the_latent_explorer_quotes_a_wrong_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        widgets.latent_explorer(fade, **arguments)
