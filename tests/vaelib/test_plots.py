"""Every plot draws on Agg without a warning, names its claim and axes, and leaks no figure."""

import inspect

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

matplotlib.use("Agg")

from vaelib import plots  # noqa: E402
from vaelib.distributions import kl_normal  # noqa: E402

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
    "name", ["plot_latent_scatter", "plot_lines", "plot_curves", "plot_kl_integrand"]
)
def test_classes_and_series_differ_in_more_than_colour(name):
    """Without the course's style too, which has a dash for each colour."""
    ax = PLOTS[name]()
    lines = {(line.get_linestyle(), line.get_marker()) for line in ax.lines}
    markers = {dots.get_paths()[0].vertices.tobytes() for dots in ax.collections}
    assert len(lines | markers) == len(ax.lines) + len(ax.collections)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        pytest.param(lambda: plots.plot_digits(np.zeros((28, 28))), r"\(28, 28\)", id="one-image"),
        pytest.param(lambda: plots.plot_digits(IMAGES, [1]), "6 entries. Received: 1", id="labels"),
        pytest.param(
            lambda: plots.plot_image_rows({"a": IMAGES, "b": IMAGES[:2]}),
            r"'b': \(2, 28",
            id="rows",
        ),
        pytest.param(
            lambda: plots.plot_latent_scatter(np.zeros((4, 3)), [0] * 4), r"\(4, 3\)", id="plane"
        ),
        pytest.param(
            lambda: plots.plot_latent_scatter(CODES, [1, 2]), "labels of 2", id="class-count"
        ),
        pytest.param(lambda: plots.plot_normal(0, -1), "std=", id="std"),
        pytest.param(lambda: plots.plot_gaussian_shell([0, 2]), r"dims=\(0, 2\)", id="dims"),
        pytest.param(
            lambda: plots.plot_mean_against_sum([0]), r"Received: \(0,\)", id="latent-dims"
        ),
        pytest.param(lambda: plots.plot_curves({}), "no values", id="history"),
        pytest.param(lambda: plots.plot_bars({"p": [1], "q": [0.5, 0.5]}), "'q': 2", id="bars"),
        pytest.param(
            lambda: plots.plot_traversals(decoder, [0, 0], dims=[2]), r"dims=\[2\]", id="traversal"
        ),
        pytest.param(
            lambda: plots.plot_manifold(lambda z: IMAGES, 3), "6 images for 9 codes", id="decoder"
        ),
        pytest.param(
            lambda: plots.plot_inference_gap([2, 4], [1, 2], mark=3), "mark=3", id="batch-size"
        ),
        pytest.param(
            lambda: plots.plot_lines([1], {"a": [1]}, "t", "x", "y", log="z"), "log='z'", id="log"
        ),
    ],
)
def test_a_wrong_argument_is_quoted_and_leaves_no_figure(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
    assert plt.get_fignums() == []


def test_the_manifold_has_its_first_dimension_to_the_right_and_its_second_upwards():
    asked = []

    def shade(z):
        asked.append(z)
        return (
            np.ones((len(z), 2, 2, 1)) * (0.5 + z[:, 0] / 10 + z[:, 1] / 100)[:, None, None, None]
        )

    canvas = plots.plot_manifold(shade, 3).images[0].get_array()
    assert len(asked) == 1
    assert canvas[-1, -1] > canvas[-1, 0] and canvas[0, 0] > canvas[-1, 0]


def test_a_traversal_moves_one_dimension_and_keeps_the_others():
    asked = []

    def record(z):
        asked.append(z)
        return np.zeros((len(z), 2, 2))

    plots.plot_traversals(record, [0.5, 1.0, 2.0], dims=[2], steps=3)
    np.testing.assert_allclose(asked[0], [[0.5, 1, -3], [0.5, 1, 0], [0.5, 1, 3]])


def test_the_shell_is_a_distribution_of_area_1_for_each_number_of_dimensions():
    for line in plots.plot_gaussian_shell((1, 3, 50)).lines:
        assert np.trapezoid(line.get_ydata(), line.get_xdata()) == pytest.approx(1, abs=2e-3)


def test_the_integrand_has_the_area_that_its_title_states():
    ax = plots.plot_kl_integrand(1.0, -1.0)
    boxes = [dots.get_paths()[0].vertices for dots in ax.collections]
    area = sum(np.trapezoid(points[:, 1], points[:, 0]) for points in boxes)
    assert abs(area) == pytest.approx(float(kl_normal(1, -1, 0, 0)), abs=1e-2)
    assert "0.684" in ax.get_title(loc="left")


def test_the_asymmetry_says_so_where_there_is_none():
    figure = plots.plot_kl_asymmetry(0, 0.3, 1, 0.3)[0].figure
    assert "does not matter" in figure.get_suptitle()


def test_the_roc_counts_ties_half():
    title = plots.plot_roc([1, 2, 2, 3], [2, 4]).get_title(loc="left")
    assert " 75 % " in title  # 5 of 8 pairs are won and 2 tied


def test_holes_are_counted_in_the_title():
    ax = plots.plot_latent_holes([[0.0, 0.0]], [[0.0, 0.1], [3.0, 0.0]], 0.5)
    assert ax.get_title(loc="left").startswith("50 % ")


def test_curves_take_what_fit_returns_and_say_where_a_loss_does_not_fall():
    class History:
        history = {"loss": [100.0, float("nan")]}

    assert "does not fall" in plots.plot_curves(History()).get_title(loc="left")
