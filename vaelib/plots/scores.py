"""Two sets of numbers held against each other: anomaly scores, gradient estimates."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vaelib.plots.canvas import HATCHES, INK, axes_or_new, label, vector


def plot_histograms(
    groups: Mapping[str, Any], title: str, xlabel: str, bins: int = 40, ax: Axes | None = None
) -> Axes:
    """Draw one hatched histogram a group, over common bins, each with an area of 1.

    Args:
        groups: For each name its values, `(n,)`; the groups may differ in length.
        title: The claim.
        xlabel: What the values are, with their unit.
        bins: Bins between the smallest and the largest of all values.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: A group is no vector.
    """
    values = {name: vector(each, name) for name, each in groups.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(values.values())), bins).tolist()
    ax = axes_or_new(ax)
    for index, (name, each) in enumerate(values.items()):
        ax.hist(
            each,
            edges,
            density=True,
            histtype="stepfilled",
            label=name,
            alpha=0.4,
            facecolor=f"C{index % 6}",
            hatch=HATCHES[index % 6],
            edgecolor=f"C{index % 6}",
        )
    ax.legend()
    return label(ax, title, xlabel, "density")


def plot_score_histograms(
    normal_scores: Any,
    anomaly_scores: Any,
    threshold: float | None = None,
    xlabel: str = "anomaly score",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the scores of normal data and of anomalies, and the threshold between them.

    Args:
        normal_scores: Scores of normal data, `(n,)`.
        anomaly_scores: Scores of anomalies, `(m,)`.
        threshold: Score above which data is flagged; None draws no threshold.
        xlabel: What the score is, with its unit.
        title: The claim; None counts what the threshold flags.
        ax: Axes to draw on; None makes a new figure.
    """
    groups = {"normal": vector(normal_scores, "normal_scores")}
    groups["anomaly"] = vector(anomaly_scores, "anomaly_scores")
    if threshold is None:
        claim = "Scores of normal data and of anomalies"
        return plot_histograms(groups, title or claim, xlabel, ax=ax)
    flagged = [100 * np.mean(scores > threshold) for scores in groups.values()]
    claim = "The threshold flags {1:.0f} % of anomalies, {0:.0f} % of normal data"
    ax = plot_histograms(groups, title or claim.format(*flagged), xlabel, ax=ax)
    ax.axvline(threshold, color=INK, linestyle="--", label=f"threshold {threshold:.4g}")
    ax.legend()
    return ax


def plot_roc(
    normal_scores: Any, anomaly_scores: Any, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the share of anomalies found against the share of normal data flagged.

    Args:
        normal_scores: Scores of normal data, `(n,)`.
        anomaly_scores: Scores of anomalies, `(m,)`.
        title: The claim; None states the area under the curve.
        ax: Axes to draw on; None makes a new figure.
    """
    normal = vector(normal_scores, "normal_scores")
    anomaly = vector(anomaly_scores, "anomaly_scores")
    cuts = np.concatenate([[np.inf], np.unique(np.concatenate([normal, anomaly]))[::-1]])
    flagged, found = (
        1 - np.searchsorted(np.sort(scores), cuts) / len(scores) for scores in (normal, anomaly)
    )
    area = np.trapezoid(found, flagged)
    ax = axes_or_new(ax, (5.0, 4.8))
    ax.plot(flagged, found, label=f"scores: area {area:.3f}")
    ax.plot([0, 1], [0, 1], color=INK, linestyle=":", label="chance: area 0.5")
    ax.set_aspect("equal")
    ax.legend(loc="lower right")
    claim = f"An anomaly outscores normal data in {100 * area:.0f} % of all pairs"
    return label(ax, title or claim, "normal data flagged, share", "anomalies found, share")


def plot_gradient_variance(
    pathwise: Any,
    score_function: Any,
    exact: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw single-sample gradient estimates of the two estimators on one axis.

    Args:
        pathwise: Estimates through the reparameterised sample, `(n,)`.
        score_function: Estimates through the gradient of the log-density, `(m,)`.
        exact: The true gradient; None draws none.
        title: The claim; None states the ratio of the variances.
        ax: Axes to draw on; None makes a new figure.

    Raises:
        ValueError: Either is no vector.
    """
    groups = {"pathwise": vector(pathwise, "pathwise")}
    groups["score function"] = vector(score_function, "score_function")
    named = {f"{name}, std {each.std():.2g}": each for name, each in groups.items()}
    noise = [float(each.std()) for each in groups.values()]
    ratio = f"{(noise[1] / noise[0]) ** 2:.0f} times" if noise[0] else "all"
    claim = f"The score-function estimator has {ratio} the variance"
    ax = plot_histograms(named, title or claim, "gradient estimate from one sample", ax=ax)
    if exact is not None:
        ax.axvline(exact, color=INK, linestyle="--", label=f"true gradient {exact:.3g}")
        ax.legend()
    return ax
