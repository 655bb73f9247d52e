"""Code that puts cases to an answer in a kernel, and the reading of what comes back.

The code carries the probe's text and the arguments. Expected values never leave the grader.
"""

import base64
import functools
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from vaelib.cases import Case, Facts, materialize
from vaelib.probes.call import pack, unpack

RESULT = "__question__['result']"
MAX_REPLY = 32 * 2**20

_CODE = """
import builtins as __question__
__question__ = {{"asked": {asked!r}, "name": {name!r}, "names": __question__.globals(),
                "run": __question__.exec, "parse": __question__.compile}}
__question__["run"](__question__["parse"]({script!r}, "<question>", "exec"), __question__)
"""

_PUT = """
import time


def __put(probe, arguments, planted):
    answer = names.get(name, ...) if planted is None else lambda *args: planted
    if answer is None or answer is ...:
        missing = "Unanswered" if name in names else "Missing"
        return {{"raises": np.asarray(missing), "message": np.asarray("")}}
    return observe(globals()[probe], answer, unpack_args(arguments))


def __put_all():
    end = time.monotonic() + {long}
    for asked_now in asked:
        yield pack(__put(*asked_now))
        if time.monotonic() > end:
            return


result = Shown(" ".join(__put_all()))
"""


@dataclass(frozen=True)
class Planted:
    """A question to an answer planted here, which returns `nonce` whatever it is given.

    Its facts come back as any others do. Where they do not say `nonce`, the kernel forges facts.
    """

    case: Case
    nonce: float

    def came_back(self, facts: Facts) -> bool:
        """Whether these facts are what the planted answer gives."""
        return np.array_equal(facts.get("value", np.nan), self.nonce) and "raises" not in facts


def to_code(exercise: str, asked: Sequence[Case | Planted], long: float) -> str:
    """Code that asks; afterwards the expression `RESULT` holds the packed facts of each case.

    The kernel breaks off after the first case that ends later than `long` seconds.
    """
    modules = sorted({_probe(one)[0] for one in asked} - {"call"})
    texts = [probe_text(module) for module in ("shown", "call", *modules)]
    script = "\n".join([*texts, _PUT.format(long=long)])
    return _CODE.format(name=exercise, asked=[_packed(one) for one in asked], script=script)


def _packed(asked: Case | Planted) -> tuple[str, str, float | None]:
    if isinstance(asked, Planted):
        return "call", pack_args(asked.case), asked.nonce
    return _probe(asked)[1], pack_args(asked), None


def _probe(asked: Case | Planted) -> tuple[str, str]:
    """Module and function of the probe that a question goes through."""
    if isinstance(asked, Planted):
        return "call", "call"
    module, function = asked.probe.split(".")
    return module, function


def read(shown: str, count: int) -> list[Facts | None]:
    """Facts of at most `count` cases from the text of `RESULT`; None for what holds none."""
    text = shown.strip("'\"")
    if len(text) > MAX_REPLY:
        return []
    return [_facts(part) for part in text.split(" ", count)[:count]]


def _facts(text: str) -> Facts | None:
    try:
        if _unpacked_size(text) > MAX_REPLY:
            return None
        facts = {k: v for k, v in unpack(text).items() if v.dtype.kind in "biufcU"}
        return facts if _is_sound(facts) else None
    except Exception:
        return None


def _unpacked_size(text: str) -> int:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(text))) as file:
        return sum(entry.file_size for entry in file.infolist())


def _is_sound(facts: Facts) -> bool:
    """Whether all text is made of characters, and an error is told as the probe tells it."""
    for fact in facts.values():
        if fact.dtype.kind == "U":
            fact.tolist()
    told = [facts[name] for name in ("raises", "message") if name in facts]
    return len(told) != 1 and all(fact.ndim == 0 and fact.dtype.kind == "U" for fact in told)


def pack_args(case: Case) -> str:
    """The arguments of a case as text: arrays as they are, everything else as JSON."""
    args = materialize(case.args)
    arrays = [a if isinstance(a, np.ndarray) else np.asarray(json.dumps(_plain(a))) for a in args]
    return pack({str(i): array for i, array in enumerate(arrays)})


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


@functools.cache
def probe_text(module: str) -> str:
    """The text of a module of `vaelib.probes`, to run in a kernel."""
    return (resources.files("vaelib.probes") / f"{module}.py").read_text(encoding="utf-8")
