"""Helpers for the course on variational autoencoders: what every notebook imports.

`import vaelib` is cheap: it loads neither TensorFlow nor Matplotlib. Submodules that need them
(`vaelib.models`, `vaelib.plots`, ...) are imported by the notebooks that use them.
"""

import os

# TensorFlow logs to stderr while it is imported, and a grader that reads stderr takes that for an
# error. Set before anybody can import TensorFlow; a value that is already there stays.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from vaelib.check import attempt, check, yours_or_ours  # noqa: E402
from vaelib.handin import save_trained  # noqa: E402
from vaelib.personal import i_am, yours  # noqa: E402
from vaelib.progress import progress  # noqa: E402
from vaelib.quiet import quietly  # noqa: E402

__all__ = [
    "attempt",
    "check",
    "i_am",
    "progress",
    "quietly",
    "save_trained",
    "yours",
    "yours_or_ours",
]
__version__ = "0.1.0"
