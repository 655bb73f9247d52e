"""Is a student told which other answer is missing?"""

import pytest

import vaelib
from vaelib.stubs import called_stub


def stub(x):
    raise NotImplementedError


class Stub:
    def call(self, x):
        raise NotImplementedError


def calls_within(x):
    return [stub(entry) for entry in x]


def calls_class(x):
    return Stub().call(x)


class Calls:
    def call(self, x):
        return calls_nothing(stub(x))


def calls_nothing(x):
    return x


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (calls_within, "stub"),
        (calls_class, "Stub"),
        (Calls, "stub"),
        (calls_nothing, ""),
        (stub, ""),
        (Stub, ""),
        (None, ""),
        (len, ""),
    ],
)
def test_stub_is_named_that_an_answer_calls(answer, name):
    assert called_stub(answer) == name


def test_check_names_the_stub(capsys):
    vaelib.check("scale_pixels", calls_within)
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("scale_pixels: not answered yet")
    assert second == "  hint: It calls stub, which is not answered yet."


def test_attempt_names_the_stub(capsys):
    assert vaelib.attempt(lambda: stub(1)) is None
    assert "calls stub, which is not answered yet" in capsys.readouterr().out
