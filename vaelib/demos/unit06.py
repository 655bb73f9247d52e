"""Demonstrations of unit 06: six broken runs, weights of single draws, steps a second."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.lines import plot_curves

CLIP = 1e-7
HIGHEST = 650.0
"""Nats up to which a run is drawn: tossed coins give 543."""


def plot_broken_runs(runs: Mapping[str, Mapping[str, Sequence[float]]]) -> np.ndarray:
    """Draw training histories under the letters A, B, C ... instead of their names.

    Args:
        runs: For each run what `fit` reported: one value an epoch under each metric's name.

    Returns:
        The axes, three in a row.
    """
    rows = -(-len(runs) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(10, 3.1 * rows), layout="constrained")
    for ax, letter, history in zip(np.ravel(axes), "ABCDEFGHI", runs.values(), strict=False):
        _draw_run(ax, letter, history)
    handles, labels = np.ravel(axes)[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    figure.suptitle("Six runs, one mistake each: the curves alone give every one of them away")
    return axes


def _draw_run(ax: Axes, letter: str, history: Mapping[str, Sequence[float]]) -> None:
    shown = {name: history[name] for name in ("loss", "val_loss", "kl_loss")}
    plot_curves(shown, title=f"Run {letter}", ax=ax)
    if (legend := ax.get_legend()) is not None:
        legend.remove()
    ax.set_ylabel("nats" if letter in "ADG" else "")
    values = np.clip(np.concatenate(list(shown.values())), -HIGHEST, HIGHEST)
    margin = 0.05 * np.ptp(values)
    ax.set_ylim(values.min() - margin, values.max() + margin)


def log_importance_weights(
    vae: Any, x: np.ndarray, k: int, rng: np.random.Generator
) -> np.ndarray:
    """Log-weights of `k` codes drawn for each image, nats, `(k, batch)`.

    Args:
        vae: Anything with `encoder` (image to `[z_mean, z_log_var, z]`) and `decoder`.
        x: Images of 0 and 1, `(batch, height, width, 1)`.
        k: Codes for each image.
        rng: NumPy's Generator that draws the codes.

    Formula:
        `log p(x | z) + log p(z) - log q(z | x)` (Burda and others 2016, equation 7).
    """
    z_mean, z_log_var = (np.asarray(part) for part in vae.encoder(x, training=False)[:2])
    weights = []
    for _ in range(k):
        epsilon = rng.standard_normal(z_mean.shape)
        z = z_mean + np.exp(z_log_var / 2) * epsilon
        x_hat = np.asarray(vae.decoder(z.astype(np.float32), training=False))
        gap = (np.square(epsilon) + z_log_var - np.square(z)).sum(axis=-1) / 2
        weights.append(gap + _log_likelihood(x, x_hat))
    return np.array(weights)


def _log_likelihood(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    p = np.clip(np.asarray(x_hat, dtype=float), CLIP, 1 - CLIP)
    return np.log(np.where(x > 0.5, p, 1 - p)).reshape(len(x), -1).sum(axis=1)


def seconds_per_call(function: Callable[[Any], Any], argument: Any, calls: int = 20) -> float:
    """Mean seconds of a call, the first one left out: it traces, the others only run."""
    function(argument)
    start = time.perf_counter()
    for _ in range(calls):
        function(argument)
    return (time.perf_counter() - start) / calls
