"""Do the demonstrations of unit 07 show what the notebook says they show?"""

import numpy as np
import pytest

from vaelib.data import load_digits
from vaelib.demos import unit07 as demos
from vaelib.latent import pca_reconstruct
from vaelib.metrics.scores import auroc, knn_accuracy
from vaelib.trained import load_denoiser, load_experiment

DIGITS = load_digits("bundled")


def test_distances_of_pca_codes_are_those_of_its_reconstructions() -> None:
    flat = [x.reshape(len(x), -1) for x in (DIGITS.x_train, DIGITS.x_test[:20])]
    codes = demos.pca_codes(DIGITS.x_train, DIGITS.x_test[:20], 5)[1]
    images = pca_reconstruct(*flat, 5)
    ours, theirs = (np.linalg.norm(x[1:] - x[0], axis=1) for x in (codes, images))
    np.testing.assert_allclose(ours, theirs, rtol=1e-3)


def test_two_principal_components_keep_fewer_neighbours_than_sixteen() -> None:
    accuracies = []
    for k in (2, 16):
        train, test = demos.pca_codes(DIGITS.x_train, DIGITS.x_test, k)
        accuracies.append(knn_accuracy(train, DIGITS.y_train, test, DIGITS.y_test, 5))
    assert accuracies == pytest.approx([0.618, 0.967], abs=0.01)


def test_retrieval_finds_a_code_itself_first() -> None:
    codes = np.random.default_rng(0).normal(size=(30, 3))
    found = demos.retrieve(codes, codes[:4], 2)
    assert found.shape == (2, 4)
    assert found[0].tolist() == [0, 1, 2, 3]


def test_doing_nothing_gains_nothing_and_the_denoiser_does() -> None:
    images, rng = DIGITS.x_test[:50], np.random.default_rng(0)
    assert demos.gains(lambda x: x, images, [0.3, 0.9], rng) == [0.0, 0.0]
    assert min(demos.gains(load_denoiser(), images, [0.3, 0.5, 0.9], rng)) > 7


def test_the_digit_one_is_no_anomaly_to_a_large_code() -> None:
    ours = load_experiment("anomalies")["32"]["1"]
    mnist = load_experiment("mnist")["anomalies"]["32"]
    areas = [auroc(np.array(s["normal"]), np.array(s["anomaly"])) for s in (ours, mnist)]
    assert areas == pytest.approx([0.512, 0.068], abs=0.005)
