"""The real handwritten digits that scikit-learn bundles, brought to MNIST's size and looks.

They are 1,797 digits by 13 people (E. Alpaydin and C. Kaynak 1998, UCI Optical Recognition of
Handwritten Digits), stored as counts of ink on an 8 x 8 grid.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaelib.mnist import DataError

TEST_EVERY = 6
SLOPE = 13.0
"""Steepness of the sharpening; this one gives MNIST's proportion of white to grey pixels."""


def read() -> dict[str, NDArray[np.uint8]]:
    """Return the digits in the layout of `mnist.npz`: 1,493 to train on and 304 to test on.

    The split is the same everywhere and for ever: of each class, every sixth digit in the order of
    scikit-learn's file is for testing.

    Raises:
        DataError: scikit-learn or its file is missing.
    """
    table = np.loadtxt(_file(), delimiter=",", dtype=np.uint8)
    images, labels = enlarged(table[:, :-1].reshape(-1, 8, 8)), table[:, -1]
    test = np.sort(np.concatenate([np.flatnonzero(labels == c)[::TEST_EVERY] for c in range(10)]))
    return {
        "x_train": np.delete(images, test, axis=0),
        "y_train": np.delete(labels, test),
        "x_test": images[test],
        "y_test": labels[test],
    }


def enlarged(counts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn counts of ink `(n, 8, 8)`, 0 to 16, into grey images `(n, 28, 28)`, 0 to 255.

    Cubic interpolation to 20 x 20 inside a margin of 4, as MNIST has it (soft edges reach one
    pixel into the margin); then a steep sigmoid makes ink of what is at least half covered.
    """
    from scipy.ndimage import zoom

    padded = zoom(np.eye(12), (2.5, 1), order=3, mode="grid-constant", grid_mode=True)
    weights = padded[1:29, 2:10]  # (28, 8): without the two empty cells at either end
    ink = weights @ (counts / 16) @ weights.T
    return (256 / (1 + np.exp(SLOPE * (0.5 - ink)))).astype(np.uint8)


def _file() -> Path:
    """Return where scikit-learn keeps the digits, without its import, which takes a second."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise DataError("scikit-learn, which bundles the digits, is missing. Install scikit-learn.")
    path = Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"
    if not path.is_file():
        raise DataError(f"{path}: no such file. Reinstall scikit-learn, or set VAELIB_DATA.")
    return path
