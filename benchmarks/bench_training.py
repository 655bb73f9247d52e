"""Measure training: quality by epochs and by seconds, and speed against this machine's own rate.

    VAELIB_DATA=.../mnist.npz make bench-training
    python benchmarks/bench_training.py --part speed

The targets are for MNIST on two cores. Negative ELBOs are on the test digits, grey pixels, binary
cross-entropy, z sampled, in nats per image.
"""

import argparse
import os
from collections.abc import Iterable
from itertools import chain

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"  # 1.5 times the steps a second of the convolutions

from bench_vae.quality import (  # noqa: E402
    LATENT_16_TARGETS,
    SLIDES_TARGETS,
    latent_16_quality,
    slides_quality,
)
from bench_vae.speed import speed  # noqa: E402
from report import Row, print_table  # noqa: E402

from vaelib.data import load_digits  # noqa: E402

PARTS = ("speed", "latent16", "slides")


def main() -> None:
    """Measure the parts that are asked for, all of them by default, and print one table."""
    options = _options()
    print_table(chain.from_iterable(_measure(part, options) for part in options.part))


def _measure(part: str, options: argparse.Namespace) -> Iterable[Row]:
    digits = load_digits()
    if part == "speed":
        return speed(digits.x_train)
    if part == "slides":
        return chain.from_iterable(slides_quality(digits, epochs) for epochs in options.epochs)
    sizes = options.samples, options.images
    return chain.from_iterable(
        latent_16_quality(digits, seconds, *sizes) for seconds in options.seconds
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--epochs", type=int, nargs="+", default=list(SLIDES_TARGETS))
    parser.add_argument("--seconds", type=float, nargs="+", default=list(LATENT_16_TARGETS))
    parser.add_argument("--samples", type=int, default=500, help="of the importance-weighted bound")
    parser.add_argument("--images", type=int, default=10_000, help="binarised digits")
    return parser.parse_args()


if __name__ == "__main__":
    main()
