"""Checks of arguments: what came, what is wrong with it, and what would do."""

import operator
from typing import Any

import numpy as np

Shape = tuple[int | None, ...]

SCALE_HINT = "vaelib.data.scale_pixels turns uint8 (n, 28, 28) into that"


def check_count(value: Any, name: str) -> int:
    """Return `value` as an int of at least 1; ValueError that names the argument otherwise."""
    try:
        count = operator.index(value)
    except TypeError:
        count = 0
    if count < 1:
        raise ValueError(f"{name} must be an integer of at least 1. Received: {name}={value!r}")
    return count


def fits(shape: Shape, wanted: Shape) -> bool:
    """Tell whether two shapes agree in rank and wherever both are known."""
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(None in pair or pair[0] == pair[1] for pair in pairs)


def check_same_shape(first: Any, second: Any, names: str) -> None:
    """ValueError where two arrays or tensors differ in rank or in a known dimension."""
    shapes = [tuple(value.shape) for value in (first, second)]
    if not fits(*shapes):
        raise ValueError(
            f"{names} must have the same shape, for they would be broadcast otherwise. "
            f"Received: shapes {shapes[0]} and {shapes[1]}"
        )


def check_images(images: Any, name: str, image_shape: Shape | None = None) -> None:
    """ValueError unless `images` are floats in [0, 1] of shape `(n, height, width, channels)`.

    Args:
        images: An array, a tensor, or a `tf.data.Dataset` of batches, whose pixels are not read.
        name: The argument's name, for the message.
        image_shape: The `(height, width, channels)` that a model takes, if that is known.
    """
    spec = _first(getattr(images, "element_spec", images))
    if not hasattr(spec, "shape") or not hasattr(spec, "dtype"):
        return
    _check_rank(spec, name, image_shape)
    _check_dtype(spec, name)
    if spec is images:
        _check_range(images, name)


def _first(spec: Any) -> Any:
    return spec[0] if isinstance(spec, tuple) else spec


def _check_rank(spec: Any, name: str, image_shape: Shape | None) -> None:
    wanted = "height, width, channels" if image_shape is None else str(image_shape)[1:-1]
    shape = tuple(spec.shape)
    if not fits(shape, (None, *(image_shape or (None, None, None)))):
        raise ValueError(
            f"{name} must be images of shape (n, {wanted}); {SCALE_HINT}. "
            f"Received: {name} of shape {shape}"
        )


def _check_dtype(spec: Any, name: str) -> None:
    dtype = str(getattr(spec.dtype, "name", spec.dtype))
    if "float" not in dtype:
        raise ValueError(
            f"{name} must hold floats in [0, 1]; {SCALE_HINT}. Received: {name} of dtype {dtype}"
        )


def _check_range(images: Any, name: str) -> None:
    pixels = np.asarray(images)
    low, high = (pixels.min(), pixels.max()) if pixels.size else (np.nan, np.nan)
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"{name} must hold at least one image, with pixels in [0, 1]; divide by 255 if they "
            f"come as bytes. Received: {pixels.shape[0]} images, pixels from {low} to {high}"
        )
