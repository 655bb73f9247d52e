"""Which digits `load_digits` takes, what it says, and what it refuses; and `scale_pixels`."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vaelib import bundled, data, mnist
from vaelib.finished import Delegated, barred

REAL = os.environ.get("VAELIB_DATA", "")
SMALL = {name: array[:5] for name, array in bundled.read().items()}


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No setting, an empty cache, no network."""
    monkeypatch.delenv("VAELIB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(mnist, "URL", (tmp_path / "web" / "mnist.npz").as_uri())


@pytest.fixture
def small_is_mnist(monkeypatch):
    monkeypatch.setattr(mnist, "FINGERPRINT", mnist.fingerprint(SMALL))


def write_small(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "mnist.npz", **(SMALL | changes))
    return folder / "mnist.npz"


def refuse(*args):
    pytest.fail("nothing may be downloaded here")


def assert_small(digits):
    np.testing.assert_array_equal(digits.x_train, data.scale_pixels(SMALL["x_train"]))
    np.testing.assert_array_equal(digits.y_test, SMALL["y_test"])


def test_bundled_digits_have_the_shapes_types_and_range_that_models_take():
    digits = data.load_digits("bundled")
    for x, y in ((digits.x_train, digits.y_train), (digits.x_test, digits.y_test)):
        assert x.dtype == np.float32 and x.shape == (len(y), 28, 28, 1)
        assert x.min() == 0 and x.max() == 1
        assert y.dtype == np.int64 and set(y) == set(range(10))
    assert digits.source == "bundled"


def test_digits_are_loaded_once_and_cannot_be_spoiled():
    digits = data.load_digits("bundled")
    assert data.load_digits("bundled") is digits
    with pytest.raises(ValueError, match="read-only"):
        digits.x_train *= 2


def test_without_network_one_line_says_what_is_used_and_how_to_get_mnist(capsys, tmp_path):
    assert data.load_digits().source == "bundled"
    said = capsys.readouterr()
    assert said.err == "" and said.out.count("\n") == 1
    for words in ("bundled with scikit-learn", mnist.URL, str(tmp_path / "keras"), "VAELIB_DATA"):
        assert words in said.out


def test_a_failed_download_is_not_tried_again(capsys, monkeypatch):
    data.load_digits()
    capsys.readouterr()
    monkeypatch.setattr(mnist, "download", refuse)
    assert data.load_digits().source == "bundled"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_mnist_is_downloaded_once_into_kerass_cache(
    capsys, monkeypatch, tmp_path, small_is_mnist, source
):
    content = write_small(tmp_path / "web").read_bytes()
    monkeypatch.setattr(mnist, "FILE_SHA256", hashlib.sha256(content).hexdigest())
    digits = data.load_digits(source)
    assert_small(digits)
    assert digits.source == "mnist"
    assert mnist.cached_file().read_bytes() == content
    assert capsys.readouterr().out.count("\n") <= 1
    monkeypatch.setattr(mnist, "download", refuse)
    assert data.load_digits(source) is digits


def test_mnist_is_never_replaced_by_other_digits(capsys):
    with pytest.raises(data.DataError, match="could not be downloaded .* To use it, get"):
        data.load_digits("mnist")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_what_is_in_the_cache_is_taken(capsys, monkeypatch, tmp_path, small_is_mnist, source):
    monkeypatch.setattr(mnist, "download", refuse)
    write_small(tmp_path / "keras" / "datasets")
    assert_small(data.load_digits(source))
    assert capsys.readouterr().out == ""


def test_a_cached_file_that_is_not_mnist_is_an_error(tmp_path):
    path = write_small(tmp_path / "keras" / "datasets")
    with pytest.raises(data.DataError, match="another data set than MNIST.*Delete that") as error:
        data.load_digits()
    assert str(path) in str(error.value)


@pytest.mark.parametrize("source", ["auto", "mnist"])
@pytest.mark.parametrize("name", ["", "mnist.npz"], ids=["folder", "file"])
def test_vaelib_data_comes_first(monkeypatch, tmp_path, small_is_mnist, name, source):
    monkeypatch.setattr(mnist, "download", refuse)
    write_small(tmp_path / "mine")
    write_small(tmp_path / "keras" / "datasets", x_train=SMALL["x_train"][::-1])
    monkeypatch.setenv("VAELIB_DATA", str(tmp_path / "mine" / name))
    assert_small(data.load_digits(source))


def test_vaelib_data_may_ask_for_the_bundled_digits(capsys, monkeypatch):
    monkeypatch.setattr(mnist, "download", refuse)
    monkeypatch.setenv("VAELIB_DATA", "bundled")
    assert data.load_digits().source == "bundled"
    assert capsys.readouterr().out == ""


def test_vaelib_data_may_ask_for_mnist(monkeypatch):
    monkeypatch.setenv("VAELIB_DATA", "mnist")
    with pytest.raises(data.DataError, match="could not be downloaded"):
        data.load_digits()


WRONG_SETTINGS = [
    pytest.param("nothing.npz", "no such file", id="no-file"),
    pytest.param("", "no such file", id="empty-folder"),
    pytest.param("typo", "no such file", id="no-word"),
    pytest.param("text.npz", "not a whole .npz file", id="no-npz"),
    pytest.param("small", "another data set than MNIST, 5 images", id="not-mnist"),
]


@pytest.mark.parametrize(("setting", "message"), WRONG_SETTINGS)
def test_a_wrong_vaelib_data_is_an_error_and_nothing_takes_its_place(
    capsys, monkeypatch, tmp_path, setting, message
):
    monkeypatch.setattr(mnist, "download", refuse)
    (tmp_path / "text.npz").write_text("x_train")
    write_small(tmp_path / "small")
    monkeypatch.setenv("VAELIB_DATA", str(tmp_path / setting))
    with pytest.raises(data.DataError, match=message) as error:
        data.load_digits()
    assert str(error.value).startswith(str(tmp_path))
    assert "It comes from VAELIB_DATA=" in str(error.value) and "unset it" in str(error.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_may_hold_other_images(monkeypatch, tmp_path, kind):
    monkeypatch.setenv("VAELIB_DATA", "bundled")
    path = write_small(tmp_path)
    digits = data.load_digits(kind(path))
    assert_small(digits)
    assert digits.source == str(path)


def test_a_wrong_path_is_quoted(tmp_path):
    with pytest.raises(data.DataError, match=r"no such file.*Received: source='.*mnits\.npz'"):
        data.load_digits(tmp_path / "mnits.npz")


@pytest.mark.parametrize("source", ["fashion", "", "MNIST", None, 7, ["mnist"]])
def test_an_unknown_source_is_told_what_would_do(source):
    with pytest.raises(ValueError, match=r'source must be "auto", "mnist", "bundled" or') as error:
        data.load_digits(source)
    assert str(error.value).endswith(f"Received: source={source!r}")


def test_scale_pixels_divides_by_255_and_adds_a_channel():
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    scaled = data.scale_pixels(images)
    assert scaled.dtype == np.float32 and scaled.shape == (1, 16, 16, 1)
    np.testing.assert_array_equal(scaled.ravel(), images.ravel().astype(np.float32) / 255)


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (np.zeros((2, 28, 28)), "dtype=float64, shape=(2, 28, 28)"),
        (np.zeros((28, 28), np.uint8), "dtype=uint8, shape=(28, 28)"),
        (np.zeros((2, 28, 28, 1), np.uint8), "dtype=uint8, shape=(2, 28, 28, 1)"),
        (np.zeros((2, 28, 28), np.int32), "dtype=int32, shape=(2, 28, 28)"),
    ],
    ids=["floats", "one-image", "channel", "int32"],
)
def test_scale_pixels_refuses_what_is_no_raw_image(images, received):
    with pytest.raises(ValueError) as error:
        data.scale_pixels(images)
    assert str(error.value).startswith("images must be uint8 of shape (n, height, width)")
    assert str(error.value).endswith(f"Received: {received}")


def test_digits_can_be_loaded_while_scale_pixels_is_being_checked(tmp_path):
    path = write_small(tmp_path)
    with barred("scale_pixels"):
        digits = data.load_digits(path)
        with pytest.raises(Delegated):
            data.scale_pixels(SMALL["x_train"])
    assert_small(digits)


def test_loading_imports_neither_scikit_learn_nor_keras():
    code = (
        "import sys, vaelib.data as d; light = 'scipy' not in sys.modules; "
        "d.load_digits('bundled'); "
        "print(light, {'sklearn', 'keras', 'tensorflow'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True set()\n"


@pytest.mark.skipif(REAL in ("", *data.WORDS), reason="VAELIB_DATA names no file of MNIST")
def test_the_real_mnist_is_recognised(monkeypatch):
    monkeypatch.setenv("VAELIB_DATA", REAL)
    digits = data.load_digits()
    assert digits.source == "mnist"
    assert digits.x_train.shape == (60_000, 28, 28, 1) and digits.x_test.shape[0] == 10_000
    assert digits.y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert digits.x_train.mean() == pytest.approx(0.13066, abs=1e-5)
