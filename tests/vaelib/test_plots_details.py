"""What single plots promise: the right numbers in the right places, and errors that quote."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

matplotlib.use("Agg")

from vaelib import plots  # noqa: E402
from vaelib.distributions import kl_normal  # noqa: E402

IMAGES = np.zeros((6, 28, 28, 1))
CODES = np.zeros((40, 2))


@pytest.fixture(autouse=True)
def no_figure_stays():
    """Start and end every test without a figure."""
    plt.close("all")
    yield
    plt.close("all")


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
            lambda: plots.plot_traversals(np.zeros_like, [0, 0], dims=[2]),
            r"dims=\[2\]",
            id="traversal",
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
