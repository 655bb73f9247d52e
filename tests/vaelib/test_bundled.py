"""The bundled digits are scikit-learn's, split once for ever, and look like MNIST's."""

import importlib.util

import numpy as np
import pytest
from sklearn.datasets import load_digits

from vaelib import bundled
from vaelib.mnist import DataError


@pytest.fixture(scope="module")
def arrays():
    return bundled.read()


def test_every_digit_of_scikit_learn_is_there_once(arrays):
    original = load_digits()
    expected = bundled.enlarged(original.images.astype(np.uint8))
    is_test = np.zeros(len(expected), dtype=bool)
    for digit in range(10):
        is_test[np.flatnonzero(original.target == digit)[::6]] = True
    np.testing.assert_array_equal(arrays["x_train"], expected[~is_test])
    np.testing.assert_array_equal(arrays["x_test"], expected[is_test])
    np.testing.assert_array_equal(arrays["y_train"], original.target[~is_test])
    np.testing.assert_array_equal(arrays["y_test"], original.target[is_test])


def test_sizes_are_what_the_docstring_says(arrays):
    assert (len(arrays["x_train"]), len(arrays["x_test"])) == (1493, 304)


def test_no_image_occurs_twice(arrays):
    images = [image.tobytes() for name in ("x_train", "x_test") for image in arrays[name]]
    assert len(set(images)) == len(images) == 1797


def test_the_split_is_stratified(arrays):
    shares = np.bincount(arrays["y_test"]) / (
        np.bincount(arrays["y_train"]) + np.bincount(arrays["y_test"])
    )
    np.testing.assert_allclose(shares, 1 / 6, atol=0.005)


def test_a_second_reading_gives_the_same_bytes(arrays):
    again = bundled.read()
    assert {name: a.tobytes() for name, a in arrays.items()} == {
        name: a.tobytes() for name, a in again.items()
    }


def test_the_margin_is_paper_and_the_paper_is_clean(arrays):
    images = arrays["x_train"]
    framed = images.copy()
    framed[:, 3:25, 3:25] = 0
    assert not framed.any()
    assert (images == 0).mean() > 0.7


def test_ink_white_and_grey_are_mnists(arrays):
    """MNIST: mean 0.131, 7.4 % white and 8.7 % grey; these strokes are a little bolder."""
    images = arrays["x_train"]
    assert 0.13 < images.mean() / 255 < 0.17
    white, grey = (images >= 250).mean(), ((images >= 26) & (images < 230)).mean()
    assert 0.07 < white < 0.09
    assert 0.7 < white / grey < 1.1
    assert (images.max(axis=(1, 2)) > 200).all()


def test_a_full_cell_becomes_white_and_its_place_is_kept():
    counts = np.zeros((1, 8, 8), dtype=np.uint8)
    counts[0, 2:4, 4:6] = 16
    image = bundled.enlarged(counts)[0]
    rows, columns = np.nonzero(image > 127)
    assert (rows.min(), rows.max()) == (9, 13)  # from 4 + 2 * 2.5 to below 4 + 4 * 2.5
    assert (columns.min(), columns.max()) == (14, 18)
    assert (image[10:13, 15:18] == 255).all()


@pytest.mark.parametrize("spec", [None, importlib.util.find_spec("json")], ids=["none", "moved"])
def test_a_missing_file_is_named_with_its_mend(monkeypatch, spec):
    monkeypatch.setattr(bundled, "find_spec", lambda name: spec)
    with pytest.raises(DataError, match=r"scikit-learn"):
        bundled.read()
