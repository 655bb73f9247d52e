"""Does a trained model reach `grade` beside its own notebook, and only there?"""

from collections.abc import Callable
from datetime import datetime

import pytest

from autograder import intake
from autograder.course import Course
from tests.autograder import toy
from tests.autograder.lms.downloads import (
    FILE,
    LATER,
    NEW,
    OLD,
    TIME,
    Collect,
    Content,
    canvas,
    moodle,
    packed,
    there,
)
from tests.autograder.lms.spoiled import damaged

EXERCISE = toy.toy_width.name
MODEL = f"{EXERCISE}.keras"
TOO_LARGE = bytes(intake.MAX_BYTES + 1)
Graded = Callable[[], bytes | None]


@pytest.fixture
def graded(course: Course, monkeypatch: pytest.MonkeyPatch) -> Graded:
    """`graded()`: the model by which `grade` judges Ada in a unit that trains; None for none."""
    monkeypatch.setattr(toy.toy_width, "training", True)

    def run() -> bytes | None:
        models = intake.snapshot(course.submitted, "ada", toy.NAME, [EXERCISE]).models
        return models.get(EXERCISE)

    return run


def ada(file: str, content: bytes, time: datetime = TIME) -> Content:
    """A file that Ada handed in, in Moodle."""
    return moodle("Ada Lovelace", 12, file), content, time


def test_beside(collected: Collect, graded: Graded) -> None:
    """Is a model collected with the notebook, and nothing to be told?"""
    outcomes = collected(ada(FILE, OLD), ada(MODEL, b"model"))
    assert (outcomes["ada"].what, outcomes["ada"].note) == ("collected", "")
    assert graded() == b"model"


def test_packed(collected: Collect, graded: Graded) -> None:
    """Is one taken out of the zip file that the notebook is in?"""
    inner = packed([(f"work/{FILE}", OLD), (f"work/{MODEL}", b"model")])
    collected(ada("work.zip", inner), unit=toy.NAME)
    assert graded() == b"model"


def test_again_in_canvas(collected: Collect, graded: Graded) -> None:
    """Is one known by the name that Canvas gives to a second attempt?"""
    names = (name.replace(".", "-1.") for name in (FILE, MODEL))
    collected(*((canvas("lovelaceada", 12, n, name), NEW) for n, name in enumerate(names)))
    assert graded() == NEW


@pytest.mark.parametrize("path", ["trained.zip", f"old/{MODEL}", "toy_widths.keras"])
def test_elsewhere(collected: Collect, graded: Graded, path: str) -> None:
    """Is a model left out, and that told, that does not lie beside the notebook?"""
    model = packed([(MODEL, b"model")]) if path.endswith(".zip") else b"model"
    outcomes = collected(ada(FILE, OLD), ada(path, model))
    assert (outcomes["ada"].what, graded()) == ("collected", None)
    left = MODEL if path.endswith(".zip") else path
    assert outcomes["ada"].note == f"left out: {left!r}"


TWO = [(MODEL, b"1"), (MODEL.replace(".", " (1)."), b"2")]


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (packed([(FILE, OLD), (MODEL, TOO_LARGE)]), "larger than 20 MiB"),
        (damaged(MODEL, b"model", (FILE, OLD)), "damaged in the archive"),
        (packed([(FILE, OLD), *TWO]), "several of one name, and no time tells the newest"),
    ],
    ids=["too large", "damaged", "two"],
)
def test_unreadable(
    course: Course, collected: Collect, graded: Graded, inner: bytes, reason: str
) -> None:
    """Does a model that cannot be read cost nobody the notebook, and is it told?"""
    outcomes = collected(ada("work.zip", inner), unit=toy.NAME)
    assert (outcomes["ada"].what, there(course), graded()) == ("collected", OLD, None)
    assert f"{EXERCISE} will be trained again: {reason}" in outcomes["ada"].note


def test_of_a_new_notebook(course: Course, collected: Collect, graded: Graded) -> None:
    """Does a new notebook bring its own model, or take the one before away?"""
    collected(ada(FILE, OLD), ada(MODEL, b"old", LATER))
    collected(ada(FILE, NEW, LATER), ada(MODEL, b"new"))
    assert graded() == b"new"
    outcomes = collected(ada(FILE, OLD, LATER), force=True)
    assert (outcomes["ada"].what, there(course), graded()) == ("replaced", OLD, None)
    assert f"{MODEL!r} taken away" in outcomes["ada"].note


def test_of_an_older_notebook(collected: Collect, graded: Graded) -> None:
    """Does a notebook keep its model that an older one does not replace?"""
    collected(ada(FILE, NEW, LATER), ada(MODEL, b"new", LATER))
    outcomes = collected(ada(FILE, OLD), ada(MODEL, b"old"))
    assert (outcomes["ada"].what, graded()) == ("kept", b"new")


def test_of_the_same_notebook(course: Course, collected: Collect, graded: Graded) -> None:
    """Is a model collected that comes after its notebook, and no newer one lost?"""
    bob = (moodle("Bob Ng", 34), OLD, LATER)
    collected(ada(FILE, OLD), bob)
    stamp = course.submitted / "ada" / toy.NAME / "timestamp.txt"
    before = stamp.read_bytes()
    for content, time, done in [(b"1", TIME, "collected"), (b"2", LATER, "replaced")]:
        outcomes = collected(ada(FILE, OLD), ada(MODEL, content, time), bob)
        assert (outcomes["ada"].what, outcomes["ada"].note) == ("unchanged", f"{MODEL!r}: {done}")
    collected(ada(FILE, OLD), bob)
    outcomes = collected(ada(FILE, OLD), ada(MODEL, b"1"), bob)
    assert (graded(), outcomes["ada"].note) == (b"2", f"{MODEL!r}: kept")
    assert stamp.read_bytes() == before


def test_without_a_notebook(collected: Collect, graded: Graded) -> None:
    """Does no model pass for that of a notebook which was there before?"""
    collected(ada(FILE, OLD))
    outcomes = collected(ada(FILE, TOO_LARGE, LATER), ada(MODEL, b"model", LATER))
    assert (outcomes["ada"].what, graded()) == ("unsuitable", None)
