"""Unit 04's demonstrations: do the figures and the estimates say what the text reads from them?"""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vaelib.demos import unit04 as demos


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_marked_noise_of_the_worked_example_lands_at_0() -> None:
    ax = demos.plot_moved_noise([(0.0, np.log(4)), (1.0, np.log(4))])
    followed = ax.get_lines()[-1].get_xdata()
    np.testing.assert_allclose(followed, [-0.5, -1.0, 0.0], atol=1e-12)


def test_rows_are_named_by_mean_and_standard_deviation() -> None:
    ax = demos.plot_moved_noise([(1.0, np.log(4))])
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == ["noise, ε", "mean 1, std 2.00"]


def test_noise_explorer_follows_its_sliders() -> None:
    explorer = demos.noise_explorer(0.0, 0.0)
    picture = explorer.children[-1]
    before = picture.value
    explorer.children[1].value = 2.0
    assert picture.value != before
    assert "z = 2 + 1.00 ε" in picture.value


@pytest.mark.parametrize("latent_dim", [1, 16])
def test_both_estimators_are_right_on_average_and_pathwise_varies_less(latent_dim: int) -> None:
    estimates = demos.gradient_estimates(latent_dim, 20_000, np.random.default_rng(0))
    for each in estimates:
        assert abs(each.mean() - 2) < 5 * each.std() / np.sqrt(len(each))
    pathwise, score = (each.var() for each in estimates)
    assert pathwise == pytest.approx(4, rel=0.05)
    assert score > 5 * pathwise


def test_shared_head_cannot_reach_the_points_off_its_curve() -> None:
    ax = demos.plot_shared_head()
    wanted = [line.get_xydata()[0] for line in ax.get_lines()[:2]]
    for mean, std in wanted:
        assert abs(np.log(std**2) - mean) > 1
