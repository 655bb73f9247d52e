"""Does `progress` say what the notebook's last checks have found, and nothing that is stale?"""

import sys

import numpy as np
import pytest

import vaelib
from vaelib import records

progress = sys.modules["vaelib.progress"]
UNIT = "02_normal_distributions"


def std_from_log_var(log_var):
    return np.exp(0.5 * log_var)


def normal_pdf(x, mean, std):
    return x


def probability_within(k):
    raise NotImplementedError


@pytest.fixture(autouse=True)
def nothing_checked(monkeypatch):
    """A session in which no check has run."""
    monkeypatch.setattr(progress, "_found", {})


def lines(capsys, *arguments):
    """What is printed, a list of words a line."""
    capsys.readouterr()
    vaelib.progress(*arguments)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_before_the_first_check_there_is_no_unit(capsys):
    assert "no check has run yet" in " ".join(lines(capsys)[0])


def test_each_exercise_has_a_line_with_its_state_and_points(capsys):
    for answer in (normal_pdf, std_from_log_var, probability_within):
        vaelib.check(answer.__name__, answer)
    head, *rows, last = lines(capsys)
    assert " ".join(head) == f"○ {UNIT}: 1 of 7 exercises right, 1 of 12 points"
    assert rows[:4] == [
        ["normal_pdf", "✗", "not", "right", "yet", "2"],
        ["probability_within", "○", "not", "answered", "yet", "1"],
        ["normal_log_pdf", "·", "not", "checked", "yet", "2"],
        ["std_from_log_var", "✓", "right", "1"],
    ]
    assert " ".join(last) == "The written answer (2 points) is graded by a person."


def test_the_last_check_counts(capsys):
    vaelib.check("std_from_log_var", std_from_log_var)
    vaelib.check("std_from_log_var", normal_pdf)
    assert lines(capsys)[4][1] == "✗"


def test_an_answer_that_was_edited_since_is_not_called_right(capsys, monkeypatch):
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "std_from_log_var", std_from_log_var, raising=False)
    vaelib.check("std_from_log_var", std_from_log_var)
    assert lines(capsys)[4][1:3] == ["✓", "right"]
    monkeypatch.setattr(main, "std_from_log_var", normal_pdf)
    assert lines(capsys)[4][1:3] == ["·", "changed"]


def test_unit_may_be_named(capsys):
    assert len(lines(capsys, "05_kl_divergence")) == 8
    with pytest.raises(ValueError, match="02_normal_distributions.*Received: unit='2'"):
        vaelib.progress("2")


def test_card_says_the_same_in_html():
    card = progress.of_unit(records.load_unit(UNIT))
    for words in ("diagonal_log_prob", "not checked yet", "0 of 12 points"):
        assert words in card.text and words in card.html()
    for name in records.load_unit(UNIT).exercises:
        progress.remember(name, "correct", None)
    assert progress.of_unit(records.load_unit(UNIT)).tone == "right"
