"""Is an answer asked without being told anything, and whatever it says read safely?"""

import base64
import io
import zipfile
from typing import Any

import numpy as np
import pytest

from autograder import question
from autograder.question import RESULT, Planted, pack_args, read, to_code
from tests.autograder import toy
from vaelib.cases import Case, Facts, Generator
from vaelib.check import put
from vaelib.probes.call import pack, unpack_args

CASE = toy.toy_share.draw(1)[0]


def ask_all(
    names: dict[str, Any], *asked: Case | Planted, long: float = 60.0
) -> list[Facts | None]:
    """Put cases as the grader does: run the code, take the text of the result back."""
    exec(to_code("toy_share", asked, long), names)
    return read(eval(RESULT, names).text, len(asked))


def ask(answer: Any, case: Case = CASE) -> Facts | None:
    """Put one case."""
    return ask_all({"toy_share": answer}, case)[0]


def read_one(shown: str) -> Facts | None:
    """The facts of one case; None where there are none."""
    return (read(shown, 1) or [None])[0]


def said(facts: Facts | None) -> tuple[str, str]:
    assert facts is not None
    return str(facts["raises"]), str(facts["message"])


def npz(array: np.ndarray, **settings: Any) -> str:
    file = io.BytesIO()
    np.savez(file, value=array, **settings)
    return base64.b64encode(file.getvalue()).decode()


def test_same_facts_as_in_this_process() -> None:
    """Does the text of a question report what the probe itself would?"""
    facts = ask(lambda x: x / x.sum())
    expected = put(CASE, lambda x: x / x.sum())
    assert facts is not None
    assert facts.keys() == expected.keys()
    for name, fact in expected.items():
        np.testing.assert_array_equal(facts[name], fact)


def test_nothing_is_given_away() -> None:
    """Are the arguments all that a question holds: no expected value, no reference?"""
    code = to_code("toy_share", [CASE], 1.0)
    (sent,) = unpack_args(pack_args(CASE))
    np.testing.assert_array_equal(sent, CASE.args[0])
    without = Case(CASE.args, {}, CASE.probe)
    assert to_code("toy_share", [without], 1.0) == code


def test_arguments_of_all_kinds() -> None:
    """Do arrays keep their type, and numbers, text, lists and generators arrive as they are?"""
    single = np.ones((2, 3), np.float32)
    args = (single, 2, 0.5, np.float64(1.5), "x", [1, [2]], None, True, Generator(3))
    array, *others, rng = unpack_args(pack_args(Case(args)))
    assert (array.dtype, array.shape) == (np.dtype("float32"), (2, 3))
    assert others == [2, 0.5, 1.5, "x", [1, [2]], None, True]
    assert rng.normal() == np.random.default_rng(3).normal()


def test_no_answer() -> None:
    """Are names told apart that are not there, were left open, or stand for what is no answer?"""
    assert said(ask_all({}, CASE)[0])[0] == "Missing"
    assert said(ask(None))[0] == said(ask(...))[0] == "Unanswered"
    assert said(ask(np.zeros(2)))[0] == said(ask(1.0))[0] == "TypeError"


def test_stub() -> None:
    """Is a stub one that says so itself, and an answer that fails inside NumPy none?"""

    def stub(x: Any) -> None:
        raise NotImplementedError("not answered yet")

    assert said(ask(stub))[0] == "Unanswered"
    assert said(ask(lambda x: 1 / 0)) == ("ZeroDivisionError", "division by zero")


def test_names_of_the_notebook_stay() -> None:
    """Does a question leave no name behind but its own?"""
    names: dict[str, Any] = {"toy_share": lambda x: x, "np": "mine", "result": 5, "io": 6}
    before = dict(names)
    ask_all(names, CASE)
    assert {k: v for k, v in names.items() if k not in ("__builtins__", "__question__")} == before


def test_several_cases() -> None:
    """Are cases reported in their order, each with its own facts, whichever of them fail?"""
    cases = toy.toy_share.draw(1)

    def picky(x: Any) -> Any:
        return x / x.sum() if np.shape(x) == np.shape(cases[0].args[0]) else 1 / 0

    facts = ask_all({"toy_share": picky}, *cases)
    assert [f is not None and "raises" in f for f in facts] == [
        np.shape(case.args[0]) != np.shape(cases[0].args[0]) for case in cases
    ]


def test_long_questions() -> None:
    """Does the kernel report after a while, so that each case has the time of a whole call?"""
    assert len(ask_all({"toy_share": lambda x: x}, CASE, CASE, long=-1.0)) == 1


def test_planted_answer() -> None:
    """Does a planted answer come back among the others, and is a forged one told from it?"""
    planted = Planted(CASE, 7.5)
    first, second = ask_all({"toy_share": lambda x: x}, planted, CASE)
    assert first is not None and planted.came_back(first)
    assert second is not None and not planted.came_back(second)


@pytest.mark.parametrize(
    "shown", ["", "''", "'not base64!'", "None", "<object>", "AAAA", "'" + "A" * 1000 + "'", "é"]
)
def test_no_reply(shown: str) -> None:
    """Is text that holds no facts no reply?"""
    assert read_one(shown) is None


def test_reply_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a reply beyond the limit not even unpacked?"""
    monkeypatch.setattr(question, "unpack", lambda text: pytest.fail("unpacked"))
    assert read_one("A" * (question.MAX_REPLY + 1)) is None


def test_reply_that_unpacks_to_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a small reply refused that would fill the memory?"""
    monkeypatch.setattr(question, "unpack", lambda text: pytest.fail("unpacked"))
    file = io.BytesIO()
    np.savez_compressed(file, value=np.zeros(question.MAX_REPLY // 8 + 1))
    assert read_one(base64.b64encode(file.getvalue()).decode()) is None


def test_reply_that_claims_to_be_large() -> None:
    """Is an array refused whose header promises what its file does not hold?"""
    honest = io.BytesIO()
    np.save(honest, np.zeros(3))
    array = honest.getvalue().replace(b"(3,), }       ", b"(99999999,), }")
    assert array != honest.getvalue()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as forged:
        forged.writestr("value.npy", array)
    assert read_one(base64.b64encode(file.getvalue()).decode()) is None


def test_pickle() -> None:
    """Is nothing ever unpickled?"""
    assert read_one(npz(np.array([{"a": 1}], dtype=object), allow_pickle=True)) is None


@pytest.mark.parametrize(
    "array", [np.zeros(2, "V4"), np.zeros(2, "M8[s]"), np.zeros(2, [("a", "f8")]), np.bytes_(b"x")]
)
def test_odd_types(array: Any) -> None:
    """Are only numbers, truth values and text facts?"""
    assert read_one(npz(np.asarray(array))) == {}


def test_text_that_is_none() -> None:
    """Is text refused that is made of no characters?"""
    assert read_one(npz(np.array([0x110000], "u4").view("U1"))) is None


@pytest.mark.parametrize(
    "forged",
    [
        {"raises": np.asarray("ValueError")},
        {"raises": np.asarray(["a", "b"]), "message": np.asarray("")},
        {"raises": np.asarray(5), "message": np.asarray("")},
        {"raises": np.asarray("ValueError"), "message": np.asarray(["a"])},
    ],
)
def test_forged_errors(forged: Facts) -> None:
    """Is an error that the probe could not have reported no reply?"""
    assert read_one(pack(forged)) is None
