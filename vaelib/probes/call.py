"""Call an answer and report what came back; the base that every other probe runs on."""

import base64
import io
import json
import types

import numpy as np


def as_array(value):
    """Plain array of a tensor, number, string, list or shape; anything else: its type's name."""
    try:
        array = np.asarray(value)
    except Exception:
        array = np.asarray(None)
    if array.dtype.kind in "biufcU":
        return array
    if str(array.dtype) == "bfloat16":
        return array.astype(np.float32)
    return np.asarray("None" if value is None else type(value).__name__)


def call(answer, *args):
    """answer(*args): "value", "dtype", "an int", "inputs unchanged".

    Where there are several results: also "results", how many, and "value[0]" and so on. Two or
    three arrays in one, which unpacks as they do, count as several.
    """
    given = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    result = answer(*given)
    facts = {"value": repr(result) if isinstance(result, str) else result}
    several = result if isinstance(result, tuple | list) else _stacked(as_array(result))
    if several is not None:
        facts.update({f"value[{i}]": entry for i, entry in enumerate(several[:8])})
        facts["results"] = len(several)
    arrays = [(a, g) for a, g in zip(args, given, strict=True) if isinstance(a, np.ndarray)]
    unchanged = all(np.array_equal(a, g, equal_nan=a.dtype.kind in "fc") for a, g in arrays)
    dtype = as_array(result).dtype
    facts |= {"dtype": str(dtype), "an int": dtype.kind in "iu"}
    return {**facts, "inputs unchanged": unchanged}


def _stacked(array):
    return array if array.ndim > 1 and len(array) in (2, 3) else None


def is_stub(error):
    """Whether the code that raised `error` says itself that it is not implemented yet."""
    frame = error.__traceback__
    while frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code
    own = "site-packages" not in code.co_filename
    return own and isinstance(error, NotImplementedError) and type(error).__name__ in code.co_names


def both_ends(text, size=200):
    """A text of at most `size` characters from each end; AutoGraph says last what was raised."""
    return text if len(text) <= 2 * size else f"{text[:size]}\n...\n{text[-size:]}"


def not_nothing(answer):
    """A function that raises TypeError where `answer` returns None; what is no function, as is."""
    if not isinstance(answer, types.FunctionType):
        return answer

    def called(*args, **kwargs):
        result = answer(*args, **kwargs)
        if result is None:
            raise TypeError("nothing came back: is a `return` missing?")
        return result

    return called


def observe(probe, answer, args):
    """Facts of probe(answer, *args) as plain arrays; what it raises is a fact too."""
    try:
        facts = probe(not_nothing(answer), *args)
    except (Exception, SystemExit) as error:
        name = "ValueError" if isinstance(error, ValueError) else type(error).__name__
        name = "Unanswered" if is_stub(error) else name
        return {"raises": np.asarray(name), "message": np.asarray(both_ends(str(error)))}
    return {name: as_array(fact).copy() for name, fact in facts.items()}


def pack(arrays):
    """Base64 text of an npz file with these named plain arrays."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return base64.b64encode(file.getvalue()).decode("ascii")


def unpack(text):
    """Undo `pack`; refuses pickled content."""
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def revive(value):
    """An argument as the answer gets it: a seed in a {"generator": seed} becomes its generator."""
    if isinstance(value, dict) and "generator" in value:
        return np.random.default_rng(value["generator"])
    return value


def unpack_args(text):
    """Arguments from `vaelib.verdict.pack_args`: arrays as they are, the rest from JSON."""
    arrays = unpack(text)
    args = [arrays[str(i)] for i in range(len(arrays))]
    return [revive(json.loads(str(a))) if a.dtype.kind == "U" else a for a in args]
