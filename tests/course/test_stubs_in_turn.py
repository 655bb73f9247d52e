"""With any one exercise left as its stub, does the unit still run from top to bottom?"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder import coursetext, exercises
from autograder.course import Course
from autograder.kernels import Limits
from autograder.samples import answered
from autograder.warm import WarmParent

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
LIMITS = Limits(cell=300)
UNITS = [unit for name in COURSE.released() if (unit := exercises.load(name)) is not None]
# The question is what runs, not what is learnt: few digits and one epoch do.
HURRY = """
import dataclasses, keras, vaelib.data
_load, _fit = vaelib.data.load_digits, keras.Model.fit

def _few(*args, **kwargs):
    whole = _load(*args, **kwargs)
    names = ("x_train", "y_train", "x_test", "y_test")
    few = {n: getattr(whole, n)[: 256 if "train" in n else 200] for n in names}
    return dataclasses.replace(whole, **few)

vaelib.data.load_digits = _few
keras.Model.fit = lambda self, *a, **k: _fit(self, *a, **{**k, "epochs": 1})
"""
CASES = [pytest.param(u.name, e.name, id=f"{u.name}-{e.name}") for u in UNITS for e in u]


@pytest.fixture(scope="module")
def parent() -> Iterator[WarmParent]:
    """A warm parent; the notebooks are ours and need no sandbox."""
    parent = WarmParent(LIMITS, sandboxed=False)
    yield parent
    parent.close()


@pytest.mark.parametrize(("unit", "stub"), CASES)
def test_one_stub_blocks_nothing(unit: str, stub: str, parent: WarmParent, tmp_path: Path) -> None:
    """Does every cell, demonstrations included, end without an error?"""
    released = nbformat.read(COURSE.notebooks / unit / f"{unit}.ipynb", as_version=4)
    text = coursetext.read(COURSE.texts / f"{unit}.py")
    others = [e.name for u in UNITS if u.name == unit for e in u if e.name != stub]
    notebook = answered(released, {name: text.answer(name) for name in others})
    kernel = parent.start(tmp_path)
    if unit != "02_normal_distributions":  # which must run without TensorFlow
        kernel.run(HURRY, LIMITS.cell, LIMITS)
    try:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                reply = kernel.run(cell.source, LIMITS.cell, LIMITS)
                assert reply.status == "ok", f"{cell.source}\n{reply.outputs[-1:]}"
    finally:
        kernel.kill()
        kernel.client.stop_channels()
