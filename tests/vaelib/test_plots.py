"""Every plot draws on Agg without a warning, names its claim and axes, and leaks no figure."""

import inspect

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

matplotlib.use("Agg")

from vaelib import plots  # noqa: E402

RNG = np.random.default_rng(7)
IMAGES = RNG.uniform(size=(6, 28, 28, 1))
CODES = RNG.normal(size=(40, 2))
LABELS = np.arange(40) % 10
HISTORY = {"loss": [200.0, 160.0], "kl_loss": [3.0, 5.0], "val_loss": [205.0, 165.0]}


def decoder(z):
    """Fade images in with the first latent dimension; float32 codes, as a network wants them."""
    assert z.dtype == np.float32
    return np.clip(np.ones((len(z), 28, 28, 1)) * z[:, :1, None, None], 0, 1)


PLOTS = {
    "plot_bars": lambda ax=None: plots.plot_bars({"p": [0.2, 0.8], "q": [0.5, 0.5]}, ax=ax),
    "plot_curves": lambda ax=None: plots.plot_curves(HISTORY, ax=ax),
    "plot_digits": lambda ax=None: plots.plot_digits(IMAGES, range(6), 4, ax=ax),
    "plot_gaussian_shell": lambda ax=None: plots.plot_gaussian_shell(ax=ax),
    "plot_gradient_variance": lambda ax=None: plots.plot_gradient_variance(
        RNG.normal(2, 1, 50), RNG.normal(2, 9, 60), 2.0, ax=ax
    ),
    "plot_histograms": lambda ax=None: plots.plot_histograms(
        {"before": [1, 2, 3], "after": [0, 1]}, "A claim", "value", ax=ax
    ),
    "plot_image_rows": lambda ax=None: plots.plot_image_rows(
        {"clean": IMAGES, "noisy": IMAGES}, range(6), xlabel="image", ax=ax
    ),
    "plot_inference_gap": lambda ax=None: plots.plot_inference_gap(
        [2, 4, 8], RNG.uniform(size=(3, 5)), mark=4, ax=ax
    ),
    "plot_interpolation": lambda ax=None: plots.plot_interpolation(
        decoder, [0.0, 0.0], [1.0, 1.0], ax=ax
    ),
    "plot_kl_asymmetry": lambda: plots.plot_kl_asymmetry(0, 0, 1, -2),
    "plot_kl_comparison": lambda ax=None: plots.plot_kl_comparison(
        0.5, [10, 100], [0.6, 0.51], [0.1, 0.03], ax=ax
    ),
    "plot_kl_integrand": lambda ax=None: plots.plot_kl_integrand(1, -1, ax=ax),
    "plot_kl_map": lambda ax=None: plots.plot_kl_map((1, -1), ax=ax),
    "plot_latent_holes": lambda ax=None: plots.plot_latent_holes(
        CODES, CODES[:9] + 0.5, 0.3, ax=ax
    ),
    "plot_latent_scatter": lambda ax=None: plots.plot_latent_scatter(CODES, LABELS, ax=ax),
    "plot_lines": lambda ax=None: plots.plot_lines(
        [1, 2, 4], {"PCA": [3, 2, 1], "codes": [2, 1, 1]}, "A claim", "k", "error", "x", ax=ax
    ),
    "plot_manifold": lambda ax=None: plots.plot_manifold(decoder, 4, ax=ax),
    "plot_mean_against_sum": lambda ax=None: plots.plot_mean_against_sum(ax=ax),
    "plot_moving_statistics": lambda ax=None: plots.plot_moving_statistics(
        {"training=True": [0.1, 0.2], "slides": [0, 0]}, 0.3, ax=ax
    ),
    "plot_nearest": lambda ax=None: plots.plot_nearest(IMAGES, IMAGES[::-1], ax=ax),
    "plot_normal": lambda ax=None: plots.plot_normal([0, 1], [1, 2], within=(1, 2), ax=ax),
    "plot_rate_distortion": lambda ax=None: plots.plot_rate_distortion(
        [20, 9, 3], [84, 118, 170], [1, 4, 20], ax=ax
    ),
    "plot_roc": lambda ax=None: plots.plot_roc([1, 2, 3], [2, 4], ax=ax),
    "plot_samples_against_density": lambda ax=None: plots.plot_samples_against_density(
        RNG.normal(size=300), ax=ax
    ),
    "plot_score_histograms": lambda ax=None: plots.plot_score_histograms(
        [1, 2, 3], [3, 5], threshold=2.5, ax=ax
    ),
    "plot_traversals": lambda ax=None: plots.plot_traversals(decoder, [0.0, 1.0, 2.0], ax=ax),
}
WITHOUT_AXES = {"plot_digits"}  # pictures only: nothing is measured along an axis


@pytest.fixture(autouse=True)
def no_figure_stays():
    """Close what a test drew; a plot that failed must not leave a figure of its own."""
    plt.close("all")
    yield
    plt.close("all")


def every_axes(drawn):
    return list(np.ravel(np.asarray(drawn, dtype=object)))


def test_every_public_plot_is_tried_here():
    assert set(PLOTS) == {name for name in plots.__all__ if name.startswith("plot_")}


@pytest.mark.parametrize("name", PLOTS)
def test_it_returns_axes_of_one_figure_whose_titles_fit(name):
    with plt.rc_context():
        plots.use_style()
        axes = every_axes(PLOTS[name]())
        axes[0].figure.canvas.draw()
    assert all(isinstance(ax, Axes) for ax in axes) and len(plt.get_fignums()) == 1
    for ax in axes:
        box = ax._left_title.get_window_extent()
        assert box.x1 <= ax.figure.bbox.x1 and box.y1 <= ax.figure.bbox.y1


@pytest.mark.parametrize("name", PLOTS)
def test_it_states_a_claim_and_names_its_axes(name):
    for ax in every_axes(PLOTS[name]()):
        title = ax.get_title(loc="left")
        assert title and "nan" not in title
        named = [ax.get_xlabel(), ax.get_ylabel() or ax.get_yticklabels()]
        assert all(named) or name in WITHOUT_AXES


@pytest.mark.parametrize("name", [name for name in PLOTS if name != "plot_kl_asymmetry"])
def test_it_draws_on_the_axes_that_it_is_given(name):
    _, given = plt.subplots(1, 2)
    assert PLOTS[name](ax=given[1]) is given[1]
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("name", PLOTS)
def test_it_is_documented_and_its_arguments_are(name):
    plot = getattr(plots, name)
    arguments = plot.__doc__.split("Args:")[1]
    missing = [each for each in inspect.signature(plot).parameters if f"{each}: " not in arguments]
    assert not missing


@pytest.mark.parametrize(
    "name", ["plot_latent_scatter", "plot_lines", "plot_curves", "plot_normal"]
)
def test_classes_and_series_differ_in_more_than_colour(name):
    """Without the course's style too, which has a dash for each colour."""
    ax = PLOTS[name]()
    lines = {(line.get_linestyle(), line.get_marker()) for line in ax.lines}
    markers = {dots.get_paths()[0].vertices.tobytes() for dots in ax.collections}
    assert len(lines | markers) == len(ax.lines) + len(ax.collections)
