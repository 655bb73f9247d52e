"""Ask for noise on images: how it is distributed, and whose generator it comes from."""

import numpy as np


def noise(answer, level, shape, noise_factor, seed, other_seed):
    """Moments of the noisy pixels of grey images, and what changes with the generator.

    level: grey of every pixel; shape: of the images.
    """
    images = np.full(shape, level, dtype=np.float32)
    first, second = np.random.default_rng(seed), np.random.default_rng(seed)
    noisy = np.asarray(answer(images, noise_factor, first), dtype=np.float64)
    facts = {"shape": noisy.shape, "images unchanged": bool(np.all(images == np.float32(level)))}
    if noisy.shape != images.shape:
        return facts
    again = np.asarray(answer(images, noise_factor, first), dtype=np.float64)
    equal = np.asarray(answer(images, noise_factor, second), dtype=np.float64)
    other = answer(images, noise_factor, np.random.default_rng(other_seed))
    ramp = np.linspace(0, 1, 2 * 28 * 28).reshape(2, 28, 28, 1)
    given = ramp.copy()
    still = np.asarray(answer(given, 0.0, first), dtype=np.float64)
    answer(given, noise_factor, first)
    facts["images unchanged"] &= np.array_equal(given, ramp)
    facts["largest change without noise"] = np.abs(still - ramp).max()
    columns = np.array_equal(noisy[:, :, 0], noisy[:, :, -1])
    rows = np.array_equal(noisy[:, 0], noisy[:, -1])
    sums = noisy.reshape(shape[0] * shape[1], -1).mean(axis=1)
    return {
        **facts,
        "smallest and largest": [noisy.min(), noisy.max()],
        "two images are equal": len(noisy) > 1 and np.array_equal(noisy[0], noisy[-1]),
        "two columns, two rows are equal": [columns, rows],
        "mean": noisy.mean(),
        "std": noisy.std(),
        "share of blank pixels": np.mean(noisy <= 0),
        "std of the means of rows": sums.std(),
        "std of the mean image": noisy.mean(axis=0).std(),
        "equal for equal generators": bool(np.allclose(noisy, equal)),
        "equal for other generators": bool(np.allclose(noisy, np.asarray(other))),
        "equal when drawn again": bool(np.allclose(noisy, again)),
    }
