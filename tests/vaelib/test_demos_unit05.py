"""Do the demonstrations of unit 05 show what they claim?"""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

from vaelib.data import load_digits  # noqa: E402
from vaelib.demos import unit05  # noqa: E402
from vaelib.distributions import kl_monte_carlo, kl_to_standard_normal  # noqa: E402

VARIANCES = np.array([5.0, 2.0, 0.6, 0.05])


def objective(flat: np.ndarray, latent: int, beta: float, noise_var: float) -> float:
    """Reconstruction + beta KL of a linear VAE on data with covariance diag(VARIANCES)."""
    size = latent * len(VARIANCES)
    decoder = flat[:size].reshape(-1, latent)
    encoder, log_var = flat[size : 2 * size].reshape(latent, -1), flat[2 * size :]
    spread = encoder @ np.diag(VARIANCES) @ encoder.T
    missed = np.eye(len(VARIANCES)) - decoder @ encoder
    error = np.trace(missed @ np.diag(VARIANCES) @ missed.T)
    error += np.trace(decoder @ np.diag(np.exp(log_var)) @ decoder.T)
    kl = 0.5 * (np.diag(spread) + np.exp(log_var) - 1 - log_var).sum()
    return float(error / (2 * noise_var) + beta * kl)


@pytest.mark.parametrize(("latent", "beta"), [(1, 1.0), (3, 1.0), (3, 1 / 3), (2, 4.0)])
def test_linear_optimum_is_what_a_search_over_all_linear_vaes_finds(
    latent: int, beta: float
) -> None:
    start = 0.3 * np.random.default_rng(0).normal(size=2 * latent * 4 + latent)
    found = minimize(objective, start, (latent, beta, 0.5), options={"maxiter": 5000})
    best = unit05.linear_optimum(VARIANCES, latent, beta, noise_var=0.5)
    distortion = best.negative_elbo - best.kl
    assert found.fun == pytest.approx(distortion + beta * best.kl, rel=1e-4)


def test_unused_dimensions_cost_nothing() -> None:
    best = unit05.linear_optimum(VARIANCES, 4, noise_var=0.5)
    assert best.active == 3
    assert best.kl == pytest.approx(unit05.linear_optimum(VARIANCES, 3, noise_var=0.5).kl)


@pytest.mark.parametrize("latent_dim", [2, 8])
def test_mean_over_latent_loses_what_theory_says(latent_dim: int) -> None:
    variances = np.linspace(9, 3, 10)
    good = unit05.linear_optimum(variances, latent_dim)
    bad = unit05.linear_optimum(variances, latent_dim, beta=1 / latent_dim)
    expected = latent_dim / 2 * (1 / latent_dim - 1 + np.log(latent_dim))
    assert bad.negative_elbo - good.negative_elbo == pytest.approx(expected)


@pytest.mark.parametrize("name", ["latent_dim", "beta", "noise_var"])
def test_linear_optimum_refuses_what_is_not_positive(name: str) -> None:
    arguments = {"latent_dim": 2, "beta": 1.0, "noise_var": 0.1, name: 0}
    with pytest.raises(ValueError, match=f"{name} must be above 0. Received: {name}=0"):
        unit05.linear_optimum(VARIANCES, **arguments)  # type: ignore[arg-type]


def test_component_variances_are_those_of_the_columns_and_sum_to_the_total() -> None:
    images = np.random.default_rng(1).normal(size=(50, 2, 3)) * [1.0, 2.0, 3.0]
    variances = unit05.component_variances(images)
    assert np.all(np.diff(variances) <= 0)
    assert variances.sum() == pytest.approx(images.reshape(50, 6).var(0).sum())


def test_estimates_come_with_honest_errors() -> None:
    z_mean, z_log_var = np.array([1.0, -0.5]), np.array([-1.0, 0.3])
    rng = np.random.default_rng(2)
    means, errors = unit05.estimates_with_errors(
        kl_monte_carlo, z_mean, z_log_var, [200] * 50, rng
    )
    exact = kl_to_standard_normal(z_mean[None], z_log_var[None])[0]
    assert np.std((means - exact) / errors) == pytest.approx(1, abs=0.3)
    assert abs(means.mean() - exact) < 5 * errors.mean() / np.sqrt(50)


def test_numbers_that_the_text_of_the_unit_quotes() -> None:
    variances = unit05.component_variances(load_digits("bundled").x_train)
    good, bad = {}, {}
    for dim in (2, 64):
        good[dim] = unit05.linear_optimum(variances, dim)
        bad[dim] = unit05.linear_optimum(variances, dim, beta=1 / dim)
    assert round(bad[2].negative_elbo - good[2].negative_elbo, 2) == 0.19
    assert 140 < good[2].negative_elbo < 150
    assert round(bad[64].negative_elbo - good[64].negative_elbo) == 99
    assert (good[64].active, bad[64].active) == (37, 64)
    assert good[64].kl < 30 and round(bad[64].kl) == 153


def test_cost_of_the_mean_is_drawn_with_the_numbers_in_its_title() -> None:
    axes = unit05.plot_cost_of_the_mean(np.linspace(9, 3, 80))
    assert "loses 0.19 nats at latent_dim 2" in axes[0].figure.get_suptitle()
    assert [line.get_label() for line in axes[0].get_lines()] == [
        "mean over latent", "sum over latent",
    ]
    plt.close(axes[0].figure)
