"""Does a notebook know whose numbers it works with, and a check hold answers against those?"""

from collections import Counter

import pytest
from scipy.special import erf

import vaelib
from vaelib import personal, records

NAME = "probability_within"
CHOICES = [{"factor": value} for value in (3, 5, 7, 11)]


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session in which nobody has said who works, on no hub."""
    for name in personal.KNOWN_AS:
        monkeypatch.delenv(name, raising=False)
    for name, value in (("_course", None), ("_student", ""), ("_settled", False)):
        monkeypatch.setattr(personal, name, value)


def two_students() -> tuple[str, str]:
    """Two students whose spreads differ."""
    known = records.load_personal(NAME)
    assert known is not None
    spreads = {personal.choose(known.choices, "vae", NAME, s)["spread"]: s for s in "abcdefgh"}
    one, other, *_ = spreads.values()
    return one, other


def test_the_same_student_always_has_the_same() -> None:
    """Do course, exercise and id give the same values each time, whatever is run in between?"""
    assert personal.choose(CHOICES, "vae", "implied_beta", "ada") == {"factor": 11}
    assert personal.choose(CHOICES, "vae", "implied_beta", " Ada ") == {"factor": 11}
    assert personal.choose(CHOICES, "vae", "implied_beta", "\udce9t\u00e9") in CHOICES


def test_values_are_spread_over_a_class() -> None:
    """Does each value fall to its share, and another set of students in another course?"""
    first, second = (
        [personal.choose(CHOICES, course, "x", f"s{i}")["factor"] for i in range(400)]
        for course in ("2025", "2026")
    )
    assert all(70 < count < 130 for count in Counter(first).values())
    assert sum(one == other for one, other in zip(first, second, strict=True)) < 130


def test_two_students(capsys: pytest.CaptureFixture[str]) -> None:
    """Do two students get different numbers, and does a check know each one's?"""
    one, other = two_students()
    vaelib.i_am(one, course="vae")
    spread = vaelib.yours(NAME, "spread")
    vaelib.check(NAME, lambda k: erf(k / spread / 2**0.5))
    vaelib.i_am(other, course="vae")
    assert vaelib.yours(NAME, "spread") != spread
    vaelib.check(NAME, lambda k: erf(k / spread / 2**0.5))
    said = capsys.readouterr().out
    assert f"the numbers here are those of '{one}'" in said
    assert f"\N{CHECK MARK} {NAME}: correct" in said
    assert f"hint: Your result is right for spread = {spread}, as another student is asked" in said
    assert "look at the id in vaelib.i_am(...)" in said


def test_general_question(capsys: pytest.CaptureFixture[str]) -> None:
    """Is who answers the general question told so, with the own value?"""
    vaelib.i_am("ada", course="vae")
    vaelib.check(NAME, lambda k: erf(k / 2**0.5))
    said = capsys.readouterr().out
    assert "answers the general question above; you have spread = " in said


def test_off() -> None:
    """Is everything as ever where no notebook has asked for numbers of one's own?"""
    assert not personal.is_asked(NAME)
    assert personal.record(NAME) is records.load(NAME)
    with pytest.raises(ValueError, match=r"run the cell with vaelib.i_am\(...\) first"):
        vaelib.yours(NAME, "spread")


def test_nobody_yet(capsys: pytest.CaptureFixture[str]) -> None:
    """Does a fresh notebook run on, and its check want the id before it says anything?"""
    vaelib.i_am("", course="vae")
    vaelib.yours(NAME, "spread")
    vaelib.check(NAME, lambda k: erf(k / 2**0.5))
    said = capsys.readouterr().out
    assert said.count("write it between the quotes") == 3
    assert "correct" not in said


@pytest.mark.parametrize("variable", personal.KNOWN_AS)
def test_a_hub_knows_who_works(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does nobody have to write an id where the hub knows it?"""
    monkeypatch.setenv(variable, "Ada")
    vaelib.i_am("", course="vae")
    by_hub = vaelib.yours(NAME, "spread")
    vaelib.i_am("ada", course="vae")
    assert vaelib.yours(NAME, "spread") == by_hub


def test_the_grader_has_the_last_word(capsys: pytest.CaptureFixture[str]) -> None:
    """Does nothing that a notebook says change whose numbers the grader has settled?"""
    one, other = two_students()
    personal.settle(one, "vae")
    spread = vaelib.yours(NAME, "spread")
    vaelib.i_am(other, course="another")
    personal.settle(other, "vae")
    assert vaelib.yours(NAME, "spread") == spread
    assert capsys.readouterr().out == f"the numbers here are those of '{one}'\n"


@pytest.mark.parametrize(("exercise", "name"), [("normal_pdf", "spread"), (NAME, "factor")])
def test_no_such_number(exercise: str, name: str) -> None:
    """Is a number that no exercise has refused with what was asked for?"""
    vaelib.i_am("ada", course="vae")
    with pytest.raises(ValueError, match=f"Received: exercise='{exercise}', name='{name}'"):
        vaelib.yours(exercise, name)


def test_demonstrations_use_the_general_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Does a demonstration get vaelib's version where the student's is for other numbers?"""
    vaelib.i_am("ada", course="vae")
    spread = vaelib.yours(NAME, "spread")
    within = vaelib.yours_or_ours(NAME, lambda k: erf(k / spread / 2**0.5))
    assert within(1.0) == pytest.approx(0.6827, abs=1e-4)
    assert "as yours is for your own numbers" in capsys.readouterr().out
