"""NumPy arguments: one float type for all that comes, and errors that quote it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def floats(values: Any) -> Floats:
    """Return numbers, arrays or eager tensors as a float64 array."""
    return np.asarray(values, dtype=np.float64)


def require(holds: Any, rule: str, **received: Any) -> None:
    """Raise a ValueError that states the rule and quotes what came, unless the rule holds."""
    if not holds:
        quoted = ", ".join(f"{name}={_quote(value)}" for name, value in received.items())
        raise ValueError(f"{rule}. Received: {quoted}")


def require_rows(**named: Any) -> None:
    """Raise a ValueError unless all arguments have one shape `(batch, latent)`."""
    shapes = {name: floats(value).shape for name, value in named.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 2 for shape in shapes.values()):
        quoted = ", ".join(f"{name} of {shape}" for name, shape in shapes.items())
        raise ValueError(f"{', '.join(named)} need one shape (batch, latent). Received: {quoted}")


def _quote(value: Any) -> str:
    array = floats(value)
    if array.ndim > 1:
        return f"an array of shape {array.shape}"
    short = np.array2string(array, threshold=8, edgeitems=3, precision=4, separator=", ")
    return short if array.size <= 8 else f"{short} of shape {array.shape}"
