# %% [markdown]
# # Measure how far a code is from a unit Gaussian

# %% role="setup"
import keras
import numpy as np
from keras import ops

import vaelib
from vaelib.distributions import diagonal_log_prob

# %% exercise="kl_discrete" role="answer"
def kl_discrete(p, q):
    """Return KL(p || q) in nats for two distributions over the same classes.

    p, q: probabilities `(classes,)`. Raises ValueError where one of them is no distribution.
    """
    ### BEGIN SOLUTION
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(f"p and q differ in shape: {p.shape} and {q.shape}")
    for values in (p, q):
        if np.any(values < 0) or abs(values.sum() - 1) > 1e-6:
            raise ValueError(f"not a probability distribution: {values}")
    seen = p > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))
    ### END SOLUTION

# %% exercise="kl_discrete" role="check"
vaelib.check("kl_discrete", kl_discrete)

# %% exercise="kl_normal" role="answer"
def kl_normal(mean_p, log_var_p, mean_q, log_var_q):
    """Return KL(p || q) in nats of two normals, element by element."""
    ### BEGIN SOLUTION
    var_p, var_q = np.exp(log_var_p), np.exp(log_var_q)
    distance = (mean_p - mean_q) ** 2
    return 0.5 * (log_var_q - log_var_p + (var_p + distance) / var_q - 1)
    ### END SOLUTION

# %% exercise="kl_normal" role="check"
vaelib.check("kl_normal", kl_normal)

# %% exercise="kl_to_standard_normal" role="answer"
def kl_to_standard_normal(z_mean, z_log_var):
    """Return KL(q || N(0, I)) in nats for each image, summed over latent: `(batch,)`."""
    ### BEGIN SOLUTION
    terms = 1 + z_log_var - np.square(z_mean) - np.exp(z_log_var)
    return -0.5 * np.sum(terms, axis=-1)
    ### END SOLUTION

# %% exercise="kl_to_standard_normal" role="check"
vaelib.check("kl_to_standard_normal", kl_to_standard_normal)

# %% exercise="kl_monte_carlo" role="answer"
def kl_monte_carlo(z_mean, z_log_var, epsilon):
    """Estimate KL(q || N(0, I)) in nats for each image from draws: `(batch,)`.

    epsilon: draws of N(0, 1), `(samples, batch, latent)`.
    """
    ### BEGIN SOLUTION
    z = z_mean + np.exp(0.5 * z_log_var) * epsilon
    log_q = diagonal_log_prob(z, z_mean, z_log_var)
    log_p = diagonal_log_prob(z, np.zeros_like(z_mean), np.zeros_like(z_mean))
    return (log_q - log_p).mean(axis=0)
    ### END SOLUTION

# %% exercise="kl_monte_carlo" role="check"
vaelib.check("kl_monte_carlo", kl_monte_carlo)

# %% exercise="kl_loss" role="answer"
def kl_loss(z_mean, z_log_var):
    """Return the KL loss in nats: summed over latent, averaged over the batch. One number."""
    ### BEGIN SOLUTION
    kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
    return ops.mean(kl)
    ### END SOLUTION

# %% exercise="kl_loss" role="check"
vaelib.check("kl_loss", kl_loss)

# %% exercise="implied_beta" role="answer"
def implied_beta(latent_dim):
    """Return the weight that a mean over `latent_dim` dimensions puts on the KL term."""
    ### BEGIN SOLUTION
    return 1 / latent_dim
    ### END SOLUTION

# %% exercise="implied_beta" role="check"
vaelib.check("implied_beta", implied_beta)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# Rubric.
# ### END SOLUTION
