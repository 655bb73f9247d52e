"""Do the demonstrations of unit 01 measure and draw what they say?"""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vaelib.demos.unit01 import plot_code_plane, usual_reach

CODES = np.array([[0.0, 0.0], [10.0, 4.0]])


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_usual_reach_is_a_quantile_of_the_distances_to_the_nearest_code() -> None:
    held_out = CODES[:1] + np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
    assert usual_reach(CODES, held_out, share=1.0) == pytest.approx(3.0)
    assert usual_reach(CODES, held_out, share=0.5) == pytest.approx(2.0)


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: share=1.5"):
        usual_reach(CODES, CODES, share=1.5)


def test_the_plane_is_decoded_once_upright_and_over_the_range_of_the_codes() -> None:
    asked = []

    def decoder(z: np.ndarray) -> np.ndarray:
        asked.append(z)
        return np.zeros((len(z), 4, 4, 1))

    ax = plot_code_plane(decoder, CODES, n=3)
    assert len(asked) == 1
    expected = [[x, y] for y in (4, 2, 0) for x in (0, 5, 10)]
    np.testing.assert_allclose(asked[0], expected)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0", "5", "10"]


def test_codes_of_three_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"codes must be \(n, 2\)"):
        plot_code_plane(lambda z: z, np.zeros((4, 3)))
