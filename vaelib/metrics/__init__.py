"""Metrics: scores of codes and images in NumPy, and evaluations of a whole model."""

from vaelib.metrics.evaluation import (
    HeldOut,
    binarize,
    held_out_importance_bound,
    held_out_negative_elbo,
    posterior_means,
)
from vaelib.metrics.scores import (
    active_units,
    anomaly_threshold,
    auroc,
    hole_fraction,
    importance_weighted_bound,
    knn_accuracy,
    psnr,
)

__all__ = [
    "HeldOut",
    "active_units",
    "anomaly_threshold",
    "auroc",
    "binarize",
    "held_out_importance_bound",
    "held_out_negative_elbo",
    "hole_fraction",
    "importance_weighted_bound",
    "knn_accuracy",
    "posterior_means",
    "psnr",
]
