"""What all cells of a notebook share, and which of it has changed; this text runs in the kernel.

One answer must not cost another: where `changes` names something, the grader asks the next answer
in a fresh kernel, if need be without the cell that did it. Nothing earns points by what it says.
"""

import os
import signal
import sys
import types

MODULES = (
    "builtins",
    "math",
    "random",
    "json",
    "numpy",
    "numpy.linalg",
    "numpy.random",
    "scipy.stats",
    "tensorflow",
    "tensorflow.math",
    "tensorflow.random",
    "keras",
    "keras.ops",
    "keras.random",
    "keras.losses",
    "keras.layers",
    "keras.Model",
    "keras.layers.Layer",
    "keras.layers.Dense",
    "keras.layers.BatchNormalization",
)
SETTINGS = {
    "numpy.geterr()": lambda m: m["numpy"].geterr(),
    "keras.config.floatx()": lambda m: m["keras"].config.floatx(),
    "keras.config.epsilon()": lambda m: m["keras"].config.epsilon(),
    "keras.config.image_data_format()": lambda m: m["keras"].config.image_data_format(),
    "keras.config.dtype_policy()": lambda m: m["keras"].config.dtype_policy().name,
    "tensorflow.config.functions_run_eagerly()": lambda m: (
        m["tensorflow"].config.functions_run_eagerly()
    ),
    "sys.getrecursionlimit()": lambda m: sys.getrecursionlimit(),
    "sys.gettrace()": lambda m: sys.gettrace(),
    "sys.path": lambda m: tuple(sys.path),
    "os.getcwd()": lambda m: os.getcwd(),
    "signal.getsignal(SIGINT)": lambda m: signal.getsignal(signal.SIGINT),
    "signal.getsignal(SIGALRM)": lambda m: signal.getsignal(signal.SIGALRM),
}

_seen: dict = {}


def changes(names):
    """Names of what is not as it was at the last call, separated by commas; "" for nothing.

    names: the globals of the notebook, of which those count that were imported.
    """
    before, now = dict(_seen), dict(_look(names))
    _seen.update(now)
    changed = [name for name, value in before.items() if not _same(now.get(name, value), value)]
    gone = [name for name in before if name.startswith("the name ") and name not in now]
    for name in gone:
        del _seen[name]
    return ", ".join(changed + gone)[:200]


def _same(one, other):
    plain = isinstance(one, (str, int, float, tuple, dict)) and type(one) is type(other)
    return one is other or (plain and one == other)


def _look(names):
    for path in MODULES:
        for name, value in vars(_find(path)).items():
            if not name.startswith("_"):
                yield f"{path}.{name}", value
    for name, read in SETTINGS.items():
        if _find(name.partition(".")[0]) is not Absent:
            yield name, read(sys.modules)
    for name, value in names.items():
        if isinstance(value, types.ModuleType) and not name.startswith("_"):
            yield f"the name {name}", value


class Absent:
    """Stands for a module that was not imported yet."""


def _find(path):
    module, _, name = path.rpartition(".")
    return sys.modules.get(path) or getattr(sys.modules.get(module), name, Absent)
