"""Densities and divergences against SciPy's own, against quadrature and against worked numbers."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from vaelib import distributions as d

NORMALS = [
    pytest.param(0.0, 1.0, id="standard"),
    pytest.param(-3.0, 0.1, id="narrow"),
    pytest.param(250.0, 40.0, id="wide"),
]
PAIRS = [
    pytest.param(0.0, 0.0, 0.0, 0.0, id="equal"),
    pytest.param(1.5, 0.7, -0.5, 0.7, id="shifted"),
    pytest.param(0.0, -2.0, 0.0, 1.0, id="narrow-in-wide"),
    pytest.param(2.0, 1.0, -1.0, -1.5, id="wide-over-narrow"),
]


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize(("mean", "std"), NORMALS)
def test_normal_pdf_is_scipys(mean, std):
    x = mean + std * np.linspace(-6, 6, 41)
    np.testing.assert_allclose(d.normal_pdf(x, mean, std), stats.norm.pdf(x, mean, std), rtol=1e-12)


@pytest.mark.parametrize(("mean", "std"), NORMALS)
def test_normal_log_pdf_is_scipys_40_standard_deviations_out(mean, std):
    x = mean + std * np.array([-40.0, 0.0, 40.0])
    log_var = 2 * np.log(std)
    expected = stats.norm.logpdf(x, mean, std)
    np.testing.assert_allclose(d.normal_log_pdf(x, mean, log_var), expected, rtol=1e-12)


def test_normal_pdf_broadcasts():
    assert d.normal_pdf(np.zeros((5, 1)), np.zeros(3), 1).shape == (5, 3)


@pytest.mark.parametrize("std", [0, -1, [1.0, -0.5]])
def test_normal_pdf_quotes_a_std_that_is_not_positive(std):
    with pytest.raises(ValueError, match=r"std must be positive\. Received: std="):
        d.normal_pdf(0, 0, std)


def test_std_from_log_var_takes_half_the_exponent():
    np.testing.assert_allclose(d.std_from_log_var([0, np.log(4), -2]), [1, 2, np.exp(-1)])


def test_transform_standard_normal_has_the_quantiles_of_the_target():
    p = np.array([0.01, 0.3, 0.5, 0.9])
    moved = d.transform_standard_normal(stats.norm.ppf(p), -4, 2.5)
    np.testing.assert_allclose(moved, stats.norm.ppf(p, -4, 2.5))


def test_transform_standard_normal_refuses_a_negative_std():
    with pytest.raises(ValueError, match=r"Received: std=-0\.5"):
        d.transform_standard_normal(0, 0, -0.5)


def test_fit_normal_is_scipys_maximum_likelihood_per_column(rng):
    samples = rng.normal([0, 5, -2], [1, 0.1, 3], size=(60, 3))
    expected = np.transpose([stats.norm.fit(column) for column in samples.T])
    np.testing.assert_allclose(d.fit_normal(samples), expected, rtol=1e-12)


@pytest.mark.parametrize("samples", [np.zeros(4), np.zeros((0, 2))], ids=["flat", "empty"])
def test_fit_normal_wants_rows(samples):
    with pytest.raises(ValueError, match=r"samples must be \(n, d\)"):
        d.fit_normal(samples)


@pytest.mark.parametrize(("batch", "latent"), [(1, 1), (1, 4), (6, 1), (5, 3)])
def test_diagonal_log_prob_is_a_multivariate_normals(rng, batch, latent):
    z, z_mean, z_log_var = rng.normal(size=(3, batch, latent))
    expected = [
        stats.multivariate_normal.logpdf(row, mean, np.diag(np.exp(log_var)))
        for row, mean, log_var in zip(z, z_mean, z_log_var, strict=True)
    ]
    np.testing.assert_allclose(d.diagonal_log_prob(z, z_mean, z_log_var), expected, rtol=1e-10)


def test_diagonal_log_prob_never_broadcasts_a_batch_against_itself():
    with pytest.raises(ValueError, match=r"one shape \(batch, latent\).*z_mean of \(3,\)"):
        d.diagonal_log_prob(np.zeros((3, 1)), np.zeros(3), np.zeros((3, 1)))


def test_probability_within_is_scipys():
    k = np.array([-1, 0, 0.5, 1, 2, 3])
    expected = np.maximum(stats.norm.cdf(k) - stats.norm.cdf(-k), 0)
    np.testing.assert_allclose(d.probability_within(k), expected, atol=1e-12)


def test_kl_discrete_of_the_slides_example():
    kl = d.kl_discrete([0, 0, 0.2, 0.8, 0], [0.1, 0.1, 0.3, 0.4, 0.1])
    assert kl == pytest.approx(0.473425, abs=1e-6)


def test_kl_discrete_is_scipys(rng):
    p, q = rng.dirichlet(np.ones(7), size=2)
    assert d.kl_discrete(p, q) == pytest.approx(stats.entropy(p, q), rel=1e-12)


def test_kl_discrete_is_infinite_where_q_rules_out_what_p_allows():
    assert d.kl_discrete([0.5, 0.5], [1, 0]) == np.inf


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        pytest.param([1.2, -0.2], [0.5, 0.5], r"p must have no negative.*-0\.2", id="p<0"),
        pytest.param([0.5, 0.5], [-1, 2], "q must have no negative", id="q-negative"),
        pytest.param([0.5, 0.5], [np.nan, 1], "q must have no negative or NaN", id="q-nan"),
        pytest.param([0.5, 0.4], [0.5, 0.5], r"p must sum to 1, not 0\.9", id="p-sum"),
        pytest.param([0.5, 0.5], [0.5, 0.6], r"q must sum to 1, not 1\.1", id="q-sum"),
        pytest.param([1.0], [0.5, 0.5], r"p of \(1,\), q of \(2,\)", id="shapes"),
    ],
)
def test_kl_discrete_quotes_what_is_no_distribution(p, q, message):
    with pytest.raises(ValueError, match=message):
        d.kl_discrete(p, q)


def test_kl_discrete_lets_sums_be_off_by_rounding():
    p, q = np.float32([0.1] * 10), np.full(10, 0.1 + 5e-8)
    assert d.kl_discrete(p, q) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("mean_p", "log_var_p", "mean_q", "log_var_q"), PAIRS)
def test_kl_normal_is_the_integral(mean_p, log_var_p, mean_q, log_var_q):
    p = stats.norm(mean_p, np.exp(log_var_p / 2))
    q = stats.norm(mean_q, np.exp(log_var_q / 2))
    integral, _ = quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), *p.interval(1 - 1e-14))
    assert d.kl_normal(mean_p, log_var_p, mean_q, log_var_q) == pytest.approx(integral, abs=1e-8)


def test_kl_normal_keeps_its_digits_near_equality():
    tiny = 1e-7
    assert d.kl_normal(0, tiny, 0, 0) == pytest.approx(tiny**2 / 4, rel=1e-6)


def test_kl_normal_broadcasts():
    assert d.kl_normal(np.zeros((4, 1)), 0, np.zeros(3), np.zeros((2, 1, 1))).shape == (2, 4, 3)


def test_kl_to_standard_normal_sums_kl_normal_over_latent(rng):
    z_mean, z_log_var = rng.normal(size=(2, 6, 3))
    expected = d.kl_normal(z_mean, z_log_var, 0, 0).sum(axis=1)
    np.testing.assert_allclose(d.kl_to_standard_normal(z_mean, z_log_var), expected)


def test_kl_to_standard_normal_quotes_shapes_that_differ():
    with pytest.raises(ValueError, match=r"z_mean of \(2, 3\), z_log_var of \(3, 2\)"):
        d.kl_to_standard_normal(np.zeros((2, 3)), np.zeros((3, 2)))


@pytest.mark.parametrize(("batch", "latent"), [(1, 1), (4, 3)])
def test_kl_monte_carlo_is_within_5_standard_errors_of_the_closed_form(rng, batch, latent):
    z_mean, z_log_var = rng.normal(size=(2, batch, latent))
    epsilon = rng.normal(size=(4000, batch, latent))
    each = np.stack([d.kl_monte_carlo(z_mean, z_log_var, e[None]) for e in epsilon])
    error = each.std(axis=0) / np.sqrt(len(each))
    np.testing.assert_allclose(d.kl_monte_carlo(z_mean, z_log_var, epsilon), each.mean(axis=0))
    assert np.all(abs(each.mean(0) - d.kl_to_standard_normal(z_mean, z_log_var)) < 5 * error)


def test_kl_monte_carlo_is_the_mean_log_ratio(rng):
    z_mean, z_log_var, epsilon = rng.normal(size=(3, 2, 5))
    z = z_mean + np.exp(z_log_var / 2) * epsilon
    log_q = d.diagonal_log_prob(z, z_mean, z_log_var)
    log_p = d.diagonal_log_prob(z, np.zeros_like(z), np.zeros_like(z))
    np.testing.assert_allclose(d.kl_monte_carlo(z_mean, z_log_var, epsilon[None]), log_q - log_p)


@pytest.mark.parametrize("shape", [(2, 3), (4, 3, 2), (0, 2, 3)], ids=["flat", "turned", "none"])
def test_kl_monte_carlo_quotes_noise_that_does_not_fit(shape):
    with pytest.raises(ValueError, match=r"epsilon must be \(samples,\) \+ \(2, 3\)"):
        d.kl_monte_carlo(np.zeros((2, 3)), np.zeros((2, 3)), np.zeros(shape))


def test_float32_arguments_give_float64():
    half = np.float32([[0.5]])
    results = [d.normal_pdf(half, half, half), d.kl_to_standard_normal(half, half)]
    assert {result.dtype for result in results} == {np.dtype("float64")}
