"""Demonstrations of unit 02: codes of images without a network, to draw new images from."""

from collections.abc import Callable

import numpy as np

from vaelib.floats import Floats, floats, require

Map = Callable[[Floats], Floats]


def linear_coder(images: Floats, k: int) -> tuple[Map, Map]:
    """Code images by their `k` leading principal components, which are uncorrelated.

    Args:
        images: Images to take the components from, `(n, height, width, 1)`, pixels in [0, 1].
        k: Numbers in a code, from 1 to n.

    Returns:
        `(encode, decode)`: from images to codes `(n, k)`, and from codes to images, clipped to
        [0, 1].

    Raises:
        ValueError: `k` is below 1 or exceeds the number of images.
    """
    require(1 <= k <= len(images), f"k must lie in 1..{len(images)}", k=k)
    shape, flat = images.shape[1:], floats(images).reshape(len(images), -1)
    centre = flat.mean(axis=0)
    axes = np.linalg.svd(flat - centre, full_matrices=False)[2][:k]

    def encode(pictures: Floats) -> Floats:
        return (floats(pictures).reshape(len(pictures), -1) - centre) @ axes.T

    def decode(codes: Floats) -> Floats:
        return np.clip(centre + codes @ axes, 0, 1).reshape(len(codes), *shape)

    return encode, decode
