"""Do the demonstrations of unit 06 show what the notebook says they show?"""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vaelib.data import load_digits
from vaelib.demos import unit06 as demos
from vaelib.metrics import binarize, held_out_importance_bound, importance_weighted_bound
from vaelib.trained import load_experiment, load_vae

plt.switch_backend("agg")


def test_six_broken_runs_are_drawn_under_letters_alone() -> None:
    runs = load_experiment("broken_runs")
    axes = demos.plot_broken_runs(runs)
    titles = [ax.get_title(loc="left") for ax in np.ravel(axes)]
    assert titles == [f"Run {letter}" for letter in "ABCDEF"]
    plt.close("all")


def test_each_broken_run_carries_its_mark() -> None:
    runs = load_experiment("broken_runs")
    last = {name: {key: run[key][-1] for key in run} for name, run in runs.items()}
    assert last["mean over pixels"]["loss"] < 1
    assert last["mean over pixels"]["val_kl_loss"] < 0.001
    assert last["decoder left out"]["loss"] == pytest.approx(543.4, abs=1)
    lagging = last["moving statistics lag"]
    assert lagging["val_loss"] > lagging["loss"] + 100
    assert last["KL subtracted"]["val_loss"] < 50
    never_reset = last["metrics never reset"]
    assert never_reset["loss"] > never_reset["val_loss"] + 10
    assert max(runs["learning rate too large"]["loss"]) > 1000


def test_importance_weights_give_the_bound_of_the_metrics() -> None:
    rng = np.random.default_rng(0)
    x = binarize(load_digits("bundled").x_test[:20], rng)
    vae = load_vae(2)
    ours = importance_weighted_bound(demos.log_importance_weights(vae, x, 200, rng)).mean()
    metrics = held_out_importance_bound(vae, x, samples=200, seed=0).mean()
    assert ours == pytest.approx(metrics, abs=0.5)


def test_the_first_call_is_not_timed() -> None:
    calls: list[int] = []
    demos.seconds_per_call(calls.append, 1, calls=3)
    assert len(calls) == 4
