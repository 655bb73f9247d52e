"""Does the linear coder of unit 02 code and decode as principal components do?"""

import numpy as np
import pytest

from vaelib.demos.unit02 import linear_coder

IMAGES = np.random.default_rng(0).uniform(0.2, 0.8, (9, 3, 4, 1))


def test_all_components_give_the_images_back() -> None:
    encode, decode = linear_coder(IMAGES, k=9)
    np.testing.assert_allclose(decode(encode(IMAGES)), IMAGES, atol=1e-12)


def test_codes_are_centred_uncorrelated_and_sorted_by_variance() -> None:
    codes = linear_coder(IMAGES, k=4)[0](IMAGES)
    covariance = np.cov(codes.T)
    assert codes.shape == (9, 4)
    np.testing.assert_allclose(codes.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-12)
    assert np.all(np.diff(np.diag(covariance)) <= 0)


def test_decoded_images_have_pixels_between_0_and_1() -> None:
    images = linear_coder(IMAGES, k=2)[1](np.full((5, 2), 30.0))
    assert images.shape == (5, 3, 4, 1)
    assert images.min() >= 0 and images.max() <= 1


@pytest.mark.parametrize("k", [0, 10])
def test_impossible_number_of_components_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"Received: k={k}"):
        linear_coder(IMAGES, k)
