"""Do the demonstrations of unit 07 show what the notebook says they show?"""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vaelib.data import load_digits
from vaelib.demos import unit07 as demos
from vaelib.latent import pca_reconstruct
from vaelib.metrics.scores import auroc, knn_accuracy
from vaelib.trained import load_denoiser, load_experiment

plt.switch_backend("agg")
DIGITS = load_digits("bundled")


def test_distances_of_pca_codes_are_those_of_its_reconstructions() -> None:
    flat = [x.reshape(len(x), -1) for x in (DIGITS.x_train, DIGITS.x_test[:20])]
    codes = demos.pca_codes(DIGITS.x_train, DIGITS.x_test[:20], 5)
    images = pca_reconstruct(*flat, 5)
    ours, theirs = (np.linalg.norm(x[1:] - x[0], axis=1) for x in (codes, images))
    np.testing.assert_allclose(ours, theirs, rtol=1e-3)


def test_two_principal_components_keep_fewer_neighbours_than_sixteen() -> None:
    accuracies = []
    for k in (2, 16):
        train, test = (
            demos.pca_codes(DIGITS.x_train, x, k) for x in (DIGITS.x_train, DIGITS.x_test)
        )
        accuracies.append(knn_accuracy(train, DIGITS.y_train, test, DIGITS.y_test, 5))
    assert accuracies == pytest.approx([0.618, 0.967], abs=0.01)


def test_retrieval_finds_a_code_itself_first() -> None:
    codes = np.random.default_rng(0).normal(size=(30, 3))
    found = demos.nearest_codes(codes, codes[7], 5)
    assert found.shape == (5,)
    assert found[0] == 7


def test_doing_nothing_gains_nothing_and_the_denoiser_does() -> None:
    images, rng = DIGITS.x_test[:50], np.random.default_rng(0)
    before, after = demos.gains_by_noise(lambda x: x, images, [0.3, 0.9], rng)
    assert np.array_equal(before, after)
    before, after = demos.gains_by_noise(load_denoiser(), images, [0.05, 0.3, 0.5, 0.9], rng)
    assert np.all((after - before)[1:] > 7)
    assert after[0] < before[0]


def test_more_of_the_attribute_is_higher_along_its_direction() -> None:
    rng = np.random.default_rng(1)
    attribute = rng.normal(size=200)
    codes = np.stack([2 * attribute, rng.normal(size=200)], axis=1)
    direction = demos.attribute_direction(codes, attribute)
    assert direction[0] > 4
    assert abs(direction[1]) < 1


def test_areas_are_drawn_a_marker_a_model() -> None:
    ax = demos.plot_areas({"latent 2": [0.9] * 10, "latent 32": [0.5] * 10})
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["latent 2", "latent 32", "chance"]
    plt.close("all")


def test_the_digit_one_is_no_anomaly_to_a_large_code() -> None:
    ours = load_experiment("anomalies")["32"]["1"]
    mnist = load_experiment("mnist")["anomalies"]["32"]
    areas = [auroc(np.array(s["normal"]), np.array(s["anomaly"])) for s in (ours, mnist)]
    assert areas == pytest.approx([0.512, 0.068], abs=0.005)
