"""Steps a second of the slides' model, compiled and eager, against the machine's own rate."""

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from bench_vae.slides_loop import eager_step, with_keras_batch_norm
from report import Row

from vaelib.models import VAE, decoder_model, encoder_model

BATCH = 128
MATRIX = 2048
PRODUCT = "matrix products, 2048 x 2048"
Step = Callable[[Any], Any]


def speed(x: np.ndarray, rounds: int = 12, steps: int = 5) -> list[Row]:
    """Time each variant in turn, over and over, so that a busy machine is busy for all of them."""
    images = tf.constant(x[:BATCH])
    variants = {
        "slides' loop, eager, three encoder calls": eager_step(3),
        "slides' loop, eager, one encoder call": eager_step(1),
        "compiled, Keras's batch norm": _compiled(_slides_vae(fused=False)),
        "compiled, XLA": _compiled(_slides_vae(), jit_compile=True),
        "compiled": _compiled(_slides_vae()),
    }
    best = _best_seconds(variants | {PRODUCT: _matrix_product()}, images, rounds, steps)
    product = best.pop(PRODUCT)
    return [*_ratios(best), *_against_matrix_products(best["compiled"], product)]


def _best_seconds(
    variants: dict[str, Step], images: Any, rounds: int, steps: int
) -> dict[str, float]:
    """Median step of the fastest round: what others do on the machine can only slow it down."""
    seen: dict[str, list[float]] = {name: [] for name in variants}
    for step in variants.values():
        step(images)
    for _ in range(rounds):
        for name, step in variants.items():
            seen[name].append(statistics.median(_seconds(step, images) for _ in range(steps)))
    return {name: min(times) for name, times in seen.items()}


def _ratios(best: dict[str, float]) -> Iterable[Row]:
    for name, seconds in best.items():
        yield Row("speed", name, f"{1 / seconds:.1f} steps/s", "", f"{seconds * 1e3:.0f} ms a step")
    for name in list(best)[:2]:
        ratio = best[name] / best["compiled"]
        yield Row("speed", f"compiled against {name}", f"{ratio:.1f} x", ">= 3.5 x")


def _matrix_product() -> Step:
    square = tf.random.normal((MATRIX, MATRIX))
    product = tf.function(lambda: tf.reduce_sum(square @ square))
    return lambda images: float(product())


def _against_matrix_products(step: float, product: float) -> Iterable[Row]:
    machine = 2 * MATRIX**3 / product
    model = flops_per_step(_slides_vae()) / step
    yield Row("speed", PRODUCT, f"{machine / 1e9:.0f} GFLOP/s")
    yield Row("speed", "slides' model, compiled", f"{model / 1e9:.0f} GFLOP/s")
    yield Row("speed", "distance from matrix products", f"{machine / model:.2f} x", "<= 2 x")


def flops_per_step(vae: VAE) -> float:
    """Floating-point operations of one training step: multiply-adds of the weighted layers.

    Forward once, backward twice (to the weights and to the inputs), without the gradient to the
    images, which nobody needs.
    """
    layers = [*vae.encoder.layers, *vae.decoder.layers]
    forward = [flops for flops in map(_forward_flops, layers) if flops]
    return BATCH * (3 * sum(forward) - forward[0])


def _forward_flops(layer: keras.layers.Layer) -> int:
    if not hasattr(layer, "kernel"):
        return 0
    places = 1
    if isinstance(layer, keras.layers.Conv2DTranspose):
        places = int(np.prod(layer.input.shape[1:3]))
    elif isinstance(layer, keras.layers.Conv2D):
        places = int(np.prod(layer.output.shape[1:3]))
    return 2 * places * int(np.prod(layer.kernel.shape))


def _slides_vae(fused: bool = True) -> VAE:
    encoder, conv_shape = encoder_model(2, (28, 28, 1))
    decoder = decoder_model(2, conv_shape)
    halves = (encoder, decoder) if fused else map(with_keras_batch_norm, (encoder, decoder))
    return VAE(*halves)


def _compiled(vae: VAE, **options: Any) -> Step:
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), **options)
    vae.make_train_function()
    return lambda images: float(vae.train_function(iter([(images,)]))["loss"])


def _seconds(step: Step, argument: Any) -> float:
    start = time.perf_counter()
    np.asarray(step(argument))
    return time.perf_counter() - start
