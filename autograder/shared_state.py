"""What all cells of a notebook share, and which of it has changed; this text runs in the kernel.

One answer must not cost another: where a look finds something, the grader asks the next answer in a
fresh kernel, if need be without the cell that did it. Nothing earns points by what it says.
"""

import operator
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
    "keras.config.dtype_policy()": lambda m: _dtype_policy(m),
    "tensorflow.config.functions_run_eagerly()": lambda m: m[
        "tensorflow"
    ].config.functions_run_eagerly(),
    "sys.getrecursionlimit()": lambda m: sys.getrecursionlimit(),
    "sys.gettrace()": lambda m: sys.gettrace(),
    "sys.path": lambda m: tuple(sys.path),
    "os.getcwd()": lambda m: os.getcwd(),
    "signal.getsignal(SIGINT)": lambda m: signal.getsignal(signal.SIGINT),
    "signal.getsignal(SIGALRM)": lambda m: signal.getsignal(signal.SIGALRM),
}

GLOBALS_OF_KERAS = "keras.src.backend.common.global_state"

_seen: dict = {}  # what each look found, for the next one


def after_cell(names):
    """What is not as it was at the last look, separated by commas, behind a "=".

    names: the globals of the notebook, of which those count that stand for a module.
    """
    before = {n: v for n, v in _seen.get("names", {}).items() if isinstance(v, types.ModuleType)}
    return _told(names, _differences(before, names))


def after_question(names):
    """The same, where no name of the notebook may have changed, nor a new one have come."""
    before, now = _seen.get("names", {}), _public(names)
    return _told(names, [*_differences(before, now), *(name for name in now if name not in before)])


def _told(names, changed):
    _seen["names"] = _public(names)
    changed = [f"the name {name}" for name in changed]
    found = [*(name for path in MODULES for name in _module(path)), *_settings(), *changed]
    return f"={', '.join(found)[:200]}"


def _module(path):
    now = vars(_find(path))
    size, before = _seen.get(path, (-1, {}))
    if size == len(now) and all(map(operator.is_, before.values(), map(now.get, before))):
        return []
    _seen[path] = len(now), _public(now)
    return [f"{path}.{name}" for name in _differences(before, now)]


def _settings():
    there = {n: read for n, read in SETTINGS.items() if _find(n.partition(".")[0]) is not Absent}
    before, now = _seen.get("settings", {}), {n: read(sys.modules) for n, read in there.items()}
    _seen["settings"] = now
    return _differences(before, now)


def _public(names):
    return {name: value for name, value in names.items() if not name.startswith("_")}


def _differences(before, now):
    return [name for name, value in before.items() if not _same(now.get(name, Absent), value)]


def _same(one, other):
    plain = isinstance(one, (str, int, float, tuple, dict)) and type(one) is type(other)
    return one is other or (plain and one == other)


def _dtype_policy(modules):
    """Its name; keras.config.dtype_policy() would settle it for a cell that sets floatx later."""
    kept = modules[GLOBALS_OF_KERAS].get_global_attribute("dtype_policy")
    return modules["keras"].config.floatx() if kept is None else kept.name


class Absent:
    """Stands for what is not there, a module that was not imported yet for one."""


def _find(path):
    module, _, name = path.rpartition(".")
    return sys.modules.get(path) or getattr(sys.modules.get(module), name, Absent)
