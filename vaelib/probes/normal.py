"""Probes of unit 02: answers that give a mean and a standard deviation together."""

import numpy as np


def pair(answer, samples):
    """answer(samples): "mean", "std", whatever container they come in, "inputs unchanged"."""
    given = samples.copy()
    mean, std = answer(given)
    return {"mean": mean, "std": std, "inputs unchanged": np.array_equal(given, samples)}
