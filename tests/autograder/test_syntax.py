"""Is what tells answers apart kept, and what is taste left out?"""

import time

import pytest

from autograder.syntax import normal_form, size

ANSWER = """\
def kl(p, q):
    shift = p - q
    scale = np.exp(q)
    if np.any(scale < 0):
        raise ValueError("negative")
    return 0.5 * np.sum(shift**2 / scale)
"""
SAME = {
    "renamed": ANSWER.replace("shift", "d")
    .replace("scale", "var_q")
    .replace("(p", "(a")
    .replace(" p ", " a "),
    "another name for itself": ANSWER.replace("def kl", "def mine") + "\n\nkl = mine\n",
    "reordered": ANSWER.replace("    shift = p - q\n", "").replace(
        "    if np", "    shift = p - q\n    if np"
    ),
    "other numbers and words": ANSWER.replace("0.5", "2").replace("negative", "below zero"),
    "formatted": ANSWER.replace("p - q", "(p\n        - q)"),
    "commented": ANSWER.replace("p - q", "p - q  # how far"),
    "documented": ANSWER.replace(":\n", ':\n    """The divergence."""\n', 1),
    "annotated": ANSWER.replace("(p, q):", "(p: float, q: float) -> float:").replace(
        "shift =", "shift: float ="
    ),
    "tried out": ANSWER + "\nprint(kl(1.0, 2.0))\nkl(1.0, 1.0)\n",
    "with a magic": "%matplotlib inline\n" + ANSWER,
    "imports under another name": "import numpy as n\n" + ANSWER.replace("np.", "n."),
    "imports inside": ANSWER.replace(":\n", ":\n    import numpy as np\n", 1),
}
OTHER = {
    "another function": ANSWER.replace("np.sum", "np.mean"),
    "another operator": ANSWER.replace("p - q", "p + q"),
    "another structure": ANSWER.replace("0.5 * np.sum(shift**2 / scale)", "np.sum(shift) / 2"),
    "one name for two": ANSWER.replace("shift**2 / scale", "scale**2 / scale"),
    "a statement more": ANSWER.replace("    return", "    scale = scale + 1\n    return"),
    "an order that matters": ANSWER.replace("np.exp(q)", "np.exp(shift)"),
    "another constant of its kind": ANSWER.replace("np.any(scale < 0)", "True"),
}


def form(source: str) -> str:
    """The normal form in a notebook that has imported NumPy."""
    return normal_form(source, {"np": "numpy"})


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_taste(source: str) -> None:
    """Is an answer the same when only what does not matter is changed?"""
    assert source != ANSWER
    assert form(source) == form(ANSWER) != ""


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER)
def test_substance(source: str) -> None:
    """Is an answer another one when it does something else?"""
    assert form(source) != form(ANSWER)


def test_names_that_an_answer_does_not_give() -> None:
    """Do the functions that an answer calls stay by name?"""
    assert "numpy" in form(ANSWER) and ".exp" in form(ANSWER)
    assert "shift" not in form(ANSWER)


def test_attributes_of_its_own() -> None:
    """Are attributes that a class gives itself names like others?"""
    layer = (
        "class Sampling:\n    def __init__(self):\n        self.{0} = 1\n        print(self.{0})"
    )
    assert form(layer.format("seed")) == form(layer.format("noise"))
    assert form("def f(x):\n    return x.seed") != form("def f(x):\n    return x.noise")


def test_size() -> None:
    """Does a longer answer have a larger size, and is the size one of nodes?"""
    assert size(form("def f():\n    return 1")) < 10 < size(form(ANSWER))


HOSTILE = {
    "no code": "def kl(p, q)\n    return 1",
    "nothing": "# later",
    "deep": "kl = " + "-" * 50_000 + "1",
    "deep in brackets": "kl = " + "(" * 5_000 + ")" * 5_000,
    "a long sum": "kl = " + " + ".join(["1"] * 20_000),
    "a long chain": "kl = a" + ".a" * 20_000,
    "null bytes": "kl = 1\0",
    "half of a pair": "kl = '\udce9'",
    "too long": "kl = 1\n" * 50_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_what_nobody_wrote(source: str) -> None:
    """Has code that does not parse, or is too deep or too long, no normal form?"""
    assert form(source) == ""


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n" + "    x = y\n" * 9_000,
        "".join(f"{' ' * i}if a:\n{' ' * i} b = c\n{' ' * i} d = e\n" for i in range(95)),
        "\n\n".join(
            "\n".join(f"a{i} = b{i}" for i in range(30)) + "\nif a:\n  b" for _ in range(90)
        ),
    ],
    ids=["long", "deep", "many blocks"],
)
def test_time(source: str) -> None:
    """Does code that was made to be sorted slowly take no more than a moment?"""
    started = time.process_time()
    form(source)
    assert time.process_time() - started < 2
