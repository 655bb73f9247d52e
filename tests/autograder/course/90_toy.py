# %% [markdown]
# # Try the grader out

# %% role="setup"
import numpy as np

import vaelib

# %% [markdown]
# ## Divide by the sum

# %% exercise="toy_share" role="answer"
def toy_share(x):
    """Return x divided by its sum."""
    ### BEGIN SOLUTION
    total = np.sum(x, axis=None, keepdims=False)
    return np.divide(x, total, dtype=float)
    ### END SOLUTION

# %% [markdown]
# Yours to try things out in.

# %%
# toy_share(np.array([1.0, 3.0]))

# %% exercise="toy_share" role="check"
vaelib.check("toy_share", toy_share)

# %% exercise="toy_width" role="answer"
def toy_width(log_var):
    """Return the root of the exponential."""
    ### BEGIN SOLUTION
    return np.power(np.exp(log_var), 1 / 2)
    ### END SOLUTION

# %% exercise="toy_width" role="check"
vaelib.check("toy_width", toy_width)

# %% role="demo"
print("a demonstration", toy_width)

# %% exercise="toy_pair" role="answer"
def toy_pair(x):
    """Return the smallest and the largest entry."""
    ### BEGIN SOLUTION
    return np.min(x, initial=99.0), np.max(x, initial=-99.0)
    ### END SOLUTION

# %% exercise="toy_pair" role="check"
vaelib.check("toy_pair", toy_pair)

# %% exercise="toy_both" role="answer"
def toy_both(x):
    """Return the shares of the widths."""
    ### BEGIN SOLUTION
    return toy_share(toy_width(x) + 0.0)
    ### END SOLUTION

# %% exercise="toy_both" role="check"
vaelib.check("toy_both", toy_both)

# %% [markdown] role="reflection"
# ### BEGIN SOLUTION
# One point for each reason.
# ### END SOLUTION
