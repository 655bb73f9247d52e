"""Sizes, PCA, walks, grids, noise and nearest images against independent implementations."""

import keras
import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from vaelib import latent


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("size", "kernel_size"), [(28, 3), (7, 3), (5, 5), (9, 4), (8, 1)])
def test_output_size_is_keras_output_size(size, kernel_size, stride, padding):
    layer = keras.layers.Conv2D(1, kernel_size, strides=stride, padding=padding)
    expected = layer.compute_output_shape((None, size, size, 1))[1]
    result = latent.output_size(size, kernel_size, stride, padding)
    assert result == expected and isinstance(result, int)


def test_output_size_names_an_unknown_padding():
    with pytest.raises(ValueError, match='"same" or "valid". Received: padding=\'full\''):
        latent.output_size(28, 3, 1, "full")


@pytest.mark.parametrize("k", [1, 3, 6])
def test_pca_is_scikit_learns(rng, k):
    x_train = rng.normal(3, 1, (40, 6)) @ rng.normal(size=(6, 6))
    x_test = rng.normal(3, 1, (5, 6))
    pca = PCA(k).fit(x_train)
    expected = pca.inverse_transform(pca.transform(x_test))
    np.testing.assert_allclose(latent.pca_reconstruct(x_train, x_test, k), expected, atol=1e-8)


def test_pca_without_components_is_the_training_mean(rng):
    x_train, x_test = rng.normal(3, 1, (40, 6)), rng.normal(size=(2, 6))
    expected = np.tile(x_train.mean(0), (2, 1))
    np.testing.assert_allclose(latent.pca_reconstruct(x_train, x_test, 0), expected)


@pytest.mark.parametrize("k", [-1, 7])
def test_pca_names_a_number_of_components_that_there_are_not(rng, k):
    with pytest.raises(ValueError, match=f"between 0 and 6 pixels. Received: k={k}"):
        latent.pca_reconstruct(rng.normal(size=(9, 6)), rng.normal(size=(2, 6)), k)


def test_interpolation_is_straight_and_includes_its_ends(rng):
    z_a, z_b = rng.normal(size=(2, 3))
    walk = latent.interpolate(z_a, z_b, 5)
    np.testing.assert_array_equal(walk[[0, -1]], [z_a, z_b])
    np.testing.assert_allclose(np.diff(walk, axis=0), np.tile((z_b - z_a) / 4, (4, 1)))


def test_prior_grid_spans_its_coverage_by_equal_probabilities():
    grid = latent.prior_grid(4, 0.9)
    probabilities = stats.norm.cdf(grid).reshape(4, 4, 2)
    np.testing.assert_allclose(probabilities[:, 0, 0], [0.05, 0.35, 0.65, 0.95])
    np.testing.assert_allclose(probabilities[0, :, 1], [0.05, 0.35, 0.65, 0.95])
    assert grid.shape == (16, 2) and np.all(grid[:4, 0] == grid[0, 0])


@pytest.mark.parametrize("coverage", [0.0, 1.0, 90])
def test_prior_grid_names_a_bad_coverage(coverage):
    with pytest.raises(ValueError, match=f"between 0 and 1. Received: coverage={coverage}"):
        latent.prior_grid(4, coverage)


def test_noise_has_its_standard_deviation_and_is_clipped():
    x = np.full((20_000, 1), 0.5, np.float32)
    noisy = latent.add_noise(x, 0.1, np.random.default_rng(1))
    assert (noisy.dtype, noisy.shape) == (x.dtype, x.shape)
    assert (noisy - x).std() == pytest.approx(0.1, rel=0.03)
    loud = latent.add_noise(x, 5.0, np.random.default_rng(1))
    assert (loud.min(), loud.max()) == (0.0, 1.0)


def test_no_noise_changes_nothing(rng):
    x = rng.random((2, 4, 4, 1))
    np.testing.assert_array_equal(latent.add_noise(x, 0.0, rng), x)


@pytest.mark.parametrize("m", [1, 300])
def test_nearest_training_image_is_scipys(rng, m):
    x_train, x_generated = rng.random((50, 4, 4, 1)), rng.random((m, 4, 4, 1))
    expected = cdist(x_generated.reshape(m, -1), x_train.reshape(50, -1)).argmin(axis=1)
    nearest = latent.nearest_training_image(x_train, x_generated)
    np.testing.assert_array_equal(nearest, expected)
    assert nearest.dtype.kind == "i"


def test_a_training_image_is_its_own_nearest(rng):
    x = rng.random((9, 4, 4, 1)).astype("float32")
    np.testing.assert_array_equal(latent.nearest_training_image(x, x), np.arange(9))
