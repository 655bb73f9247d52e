"""Measure grading: seconds a submission against nbgrader's, overhead, memory, and a large class.

    make bench-grading
    python benchmarks/bench_grading.py --part many --students 1000

Everything runs on this machine, the sandbox on, in temporary course folders.
"""

import argparse
import os
from collections.abc import Iterable
from itertools import chain

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bench_class.kernels import costs  # noqa: E402
from bench_class.many import many  # noqa: E402
from bench_class.models import models  # noqa: E402
from bench_class.rates import rates  # noqa: E402
from bench_class.recording import recording  # noqa: E402
from report import Row, print_table  # noqa: E402

PARTS = ("rates", "costs", "models", "recording", "many")
UNITS = ("05_kl_divergence", "04_sampling")


def main() -> None:
    """Measure the parts that are asked for and print one table."""
    options = _options()
    print_table(chain.from_iterable(_measure(part, options) for part in options.part))


def _measure(part: str, options: argparse.Namespace) -> Iterable[Row]:
    if part == "many":
        return many(options.unit[0], options.students, options.jobs)
    if part == "recording":
        return recording(options.unit[0], options.students)
    if part == "models":
        return models(options.peers)
    if part == "costs":
        return chain.from_iterable(costs(unit, options.peers) for unit in options.unit)
    students = options.students
    return chain.from_iterable(rates(unit, students, options.peers) for unit in options.unit)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS[:-1])
    parser.add_argument("--unit", nargs="+", default=UNITS)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--peers", type=int, default=4, help="submissions that nbgrader grades")
    parser.add_argument("--jobs", type=int, default=2, help="of the large class")
    return parser.parse_args()


if __name__ == "__main__":
    main()
