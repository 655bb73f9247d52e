# %% [markdown]
# # Describe

# %% role="setup"
import numpy as np
from scipy.special import erf

import vaelib

# %% exercise="normal_pdf" role="answer"
def normal_pdf(x, mean, std):
    """Return the density of N(mean, std^2) at x, element by element, with broadcasting."""
    ### BEGIN SOLUTION
    z = (x - mean) / std
    return np.exp(-0.5 * z**2) / (std * np.sqrt(2 * np.pi))
    ### END SOLUTION

# %% exercise="normal_pdf" role="check"
vaelib.check("normal_pdf", normal_pdf)

# %% exercise="probability_within" role="answer"
def probability_within(k):
    """Return P(|Z| <= k) for Z ~ N(0, 1)."""
    ### BEGIN SOLUTION
    return erf(k / np.sqrt(2))
    ### END SOLUTION

# %% exercise="probability_within" role="check"
vaelib.check("probability_within", probability_within)

# %% exercise="normal_log_pdf" role="answer"
def normal_log_pdf(x, mean, log_var):
    """Return the log-density."""
    ### BEGIN SOLUTION
    distance = (x - mean) ** 2 / np.exp(log_var)
    return -0.5 * (np.log(2 * np.pi) + log_var + distance)
    ### END SOLUTION

# %% exercise="normal_log_pdf" role="check"
vaelib.check("normal_log_pdf", normal_log_pdf)

# %% exercise="std_from_log_var" role="answer"
def std_from_log_var(log_var):
    """Return std."""
    ### BEGIN SOLUTION
    return np.exp(0.5 * log_var)
    ### END SOLUTION

# %% exercise="std_from_log_var" role="check"
vaelib.check("std_from_log_var", std_from_log_var)

# %% exercise="transform_standard_normal" role="answer"
def transform_standard_normal(epsilon, mean, std):
    """Turn."""
    ### BEGIN SOLUTION
    return mean + std * epsilon
    ### END SOLUTION

# %% exercise="transform_standard_normal" role="check"
vaelib.check("transform_standard_normal", transform_standard_normal)

# %% exercise="fit_normal" role="answer"
def fit_normal(samples):
    """Fit."""
    ### BEGIN SOLUTION
    mean = np.mean(samples, axis=0)
    std = np.sqrt(np.mean((samples - mean) ** 2, axis=0))
    return mean, std
    ### END SOLUTION

# %% exercise="fit_normal" role="check"
vaelib.check("fit_normal", fit_normal)

# %% exercise="diagonal_log_prob" role="answer"
def diagonal_log_prob(z, z_mean, z_log_var):
    """Log prob."""
    ### BEGIN SOLUTION
    log_prob = normal_log_pdf(z, z_mean, z_log_var)
    return np.sum(log_prob, axis=-1)
    ### END SOLUTION

# %% exercise="diagonal_log_prob" role="check"
vaelib.check("diagonal_log_prob", diagonal_log_prob)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# Rubric.
# ### END SOLUTION
