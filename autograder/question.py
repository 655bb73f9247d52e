"""Code that puts one case to an answer in a kernel, and the reading of what comes back.

The code carries the probe's text and the arguments. Expected values never leave the grader.
"""

import base64
import functools
import io
import json
import zipfile
from dataclasses import replace
from importlib import resources

import numpy as np

from vaelib.cases import Case, Facts, materialize
from vaelib.probes.call import pack, unpack

RESULT = "__question__['result']"
MAX_REPLY = 32 * 2**20

_CODE = """\
__question__ = {{"name": {name!r}, "arguments": {arguments!r}, "names": {names}}}
exec(compile({script!r}, "<question>", "exec"), __question__)
"""

_PUT = """
def __put():
    if names.get(name, ...) is None or names.get(name, ...) is ...:
        missing = "Unanswered" if name in names else "Missing"
        return {{"raises": np.asarray(missing), "message": np.asarray("")}}
    return observe({probe}, names[name], unpack_args(arguments))


result = pack(__put())
"""


def control(exercise: str, case: Case, nonce: float) -> str:
    """Code that asks an answer planted here, which returns `nonce` whatever it is given.

    Its facts come back as any others do. Where they do not say `nonce`, the kernel forges facts.
    """
    planted = f"{{{exercise!r}: lambda *args: {nonce!r}}}"
    return to_code(exercise, replace(case, probe="call.call"), planted)


def to_code(exercise: str, case: Case, names: str = "globals()") -> str:
    """Code that asks; afterwards the expression `RESULT` holds the packed facts.

    names: code for the mapping in which the answer is found under the exercise's name.
    """
    module, function = case.probe.split(".")
    modules = ["call"] if module == "call" else ["call", module]
    script = "\n".join([*map(_probe_text, modules), _PUT.format(probe=function)])
    return _CODE.format(name=exercise, arguments=pack_args(case), names=names, script=script)


def read(shown: str) -> Facts | None:
    """Facts from the text of `RESULT`; None where it holds none, whoever wrote it."""
    text = shown.strip("'\"")
    try:
        if len(text) > MAX_REPLY or _unpacked_size(text) > MAX_REPLY:
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
def _probe_text(module: str) -> str:
    return (resources.files("vaelib.probes") / f"{module}.py").read_text(encoding="utf-8")
