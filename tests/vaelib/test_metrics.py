"""Scores against scikit-learn, SciPy and brute force."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier

from vaelib import metrics


@pytest.fixture
def rng():
    return np.random.default_rng(9)


@pytest.mark.parametrize("radius", [0.1, 0.5, 3.0])
def test_hole_fraction_is_the_brute_force_one(rng, radius):
    codes, candidates = rng.normal(size=(40, 3)), rng.normal(0, 2, (60, 3))
    expected = np.mean(cdist(candidates, codes).min(axis=1) > radius)
    result = metrics.hole_fraction(codes, candidates, radius)
    assert result == pytest.approx(expected) and isinstance(result, float)


def test_a_code_on_the_spot_is_no_hole(rng):
    codes = rng.normal(size=(10, 2)).astype("float32")
    assert metrics.hole_fraction(codes, codes, 1e-6) == 0.0


@pytest.mark.parametrize("k", [1, 7])
def test_importance_weighted_bound_is_the_log_of_the_mean(rng, k):
    log_weights = rng.normal(size=(k, 5))
    expected = np.log(np.exp(log_weights).mean(axis=0))
    np.testing.assert_allclose(metrics.importance_weighted_bound(log_weights), expected)


@pytest.mark.parametrize("shift", [-900.0, 900.0])
def test_importance_weighted_bound_does_not_overflow(rng, shift):
    log_weights = rng.normal(size=(6, 4))
    shifted = metrics.importance_weighted_bound(log_weights + shift)
    np.testing.assert_allclose(shifted, metrics.importance_weighted_bound(log_weights) + shift)


def test_active_units_count_variances_over_the_data(rng):
    z_means = rng.normal(5, 1, (500, 4)) * [1.0, 0.5, 0.05, 0.0]
    counts = [metrics.active_units(z_means, threshold) for threshold in (0.01, 1e-4, 0.5)]
    assert counts == [2, 3, 1] and isinstance(counts[0], int)


@pytest.mark.parametrize("k", [1, 3])
def test_knn_accuracy_is_scikit_learns(rng, k):
    centres = np.array([[0.0, 0.0], [2.0, 0.0]])
    y_train, y_test = rng.integers(0, 2, 80), rng.integers(0, 2, 40)
    train = centres[y_train] + rng.normal(size=(80, 2))
    test = centres[y_test] + rng.normal(size=(40, 2))
    expected = KNeighborsClassifier(k).fit(train, y_train + 4).score(test, y_test + 4)
    result = metrics.knn_accuracy(train, y_train + 4, test, y_test + 4, k)
    assert result == pytest.approx(expected)


@pytest.mark.parametrize("k", [0, 5])
def test_knn_accuracy_names_a_bad_k(k):
    with pytest.raises(ValueError, match=f"k must be .* Received: k={k}"):
        metrics.knn_accuracy(np.zeros((4, 2)), np.zeros(4, int), np.zeros((1, 2)), [0], k)


def test_psnr_by_hand():
    x = np.zeros((3, 2, 2, 1), np.float32)
    x_hat = x + np.array([0.1, 1.0, 0.0], np.float32).reshape(3, 1, 1, 1)
    np.testing.assert_allclose(metrics.psnr(x, x_hat), [20, 0, np.inf], atol=1e-5)


def test_psnr_does_not_broadcast():
    with pytest.raises(ValueError, match="x and x_hat must have the same shape"):
        metrics.psnr(np.zeros((3, 2, 2, 1)), np.zeros((3, 2, 2)))


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.5])
def test_anomaly_threshold_flags_its_share(rng, rate):
    scores = rng.normal(size=1001)
    threshold = metrics.anomaly_threshold(scores, rate)
    assert np.mean(scores > threshold) == pytest.approx(rate, abs=1 / 1001)
    assert threshold == pytest.approx(np.quantile(scores, 1 - rate))


def test_auroc_is_scikit_learns_with_ties(rng):
    normal, anomaly = rng.integers(0, 8, 60), rng.integers(2, 10, 25)
    labels = np.repeat([0, 1], [60, 25])
    expected = roc_auc_score(labels, np.concatenate([normal, anomaly]))
    assert metrics.auroc(normal, anomaly) == pytest.approx(expected)


def test_auroc_at_its_ends_and_in_the_middle():
    assert metrics.auroc([1, 2], [3, 4]) == 1.0
    assert metrics.auroc([3, 4], [1, 2]) == 0.0
    assert metrics.auroc([5, 5], [5, 5, 5]) == 0.5
