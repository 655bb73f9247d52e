"""Is a check's card safe to show, readable without colours, and the same text on a terminal?"""

import os
from html.parser import HTMLParser

import IPython
import IPython.display
import numpy as np
import pytest

import vaelib
from vaelib import records
from vaelib.card import of_verdict
from vaelib.cases import Case, Digits, Generator, between, close, equal
from vaelib.check import CheckFailed, render
from vaelib.describe import describe_call, describe_difference
from vaelib.judge import Verdict, judge
from vaelib.records import Record

VOID = {"circle", "path", "rect"}
NASTY = "<script>alert(1)</script>"


class Page(HTMLParser):
    """The elements and words of a card; AssertionError where a tag is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data

    def named(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of one name."""
        return [attrs for tag, attrs in self.tags if tag == name]


def page(wanted, got, name="value"):
    """The card of an answer that gave `got` where `wanted` is expected."""
    facts = {name: np.asarray(got)}
    record = Record("share", "90_toy", 1.0, ("x",), (Case((np.ones(3),), {name: wanted}),))
    verdict = judge(record, [facts])
    return Page(of_verdict("share", verdict, render("share", verdict)).html())


def known_mistakes():
    """Every known mistake of every exercise, as a verdict."""
    for name in records.names():
        record = records.load(name)
        for trace in record.traces:
            yield name, judge(record, trace.facts)


def test_every_known_mistake_has_a_card_with_its_hint():
    for name, verdict in known_mistakes():
        shown = Page(of_verdict(name, verdict, render(name, verdict)).html())
        assert verdict.hint in shown.words
        assert "not right yet" in shown.words


def test_numbers_that_differ_look_different():
    shown = page(close(1.0, rtol=0, atol=1e-9), 1.0000001)
    assert "1.0000001" in shown.words


def test_only_entries_that_differ_are_listed():
    shown = page(close([1.0, 2.0, 3.0]), [1.0, 2.5, 3.0])
    assert "1 of 3 entries differ" in shown.words
    assert "[1]2.52" in shown.words and "[0]" not in shown.words


def test_another_shape_is_compared_as_a_shape():
    assert "shape (2,)one number" in page(close(3.0), [1.0, 2.0]).words


def test_fact_that_is_a_shape_is_shown_as_a_whole():
    for got, told in (([-1, 28, 28, 4], "(None, 28, 28, 4)"), ("no result", "no result")):
        shown = page(equal([2, 4]), got, name="shape of the codes").words
        assert f"shape of the codes{told}(2, 4)" in shown


def test_one_entry_is_not_counted():
    assert "loss2.51.5" in page(close([1.5]), [2.5], name="loss").words


def test_range_without_an_end_has_one_bound():
    assert "spread1at least 1.2" in page(between(1.2, 1e30), 1.0, name="spread").words


def test_range_is_said_in_words():
    assert "std0.9between 0 and 0.5" in page(between(0, 0.5), 0.9, name="std").words


def test_many_numbers_get_a_plot_that_says_in_words_what_it_shows():
    shown = page(close(np.arange(9.0)), np.append(np.arange(8.0), np.inf))
    (picture,) = shown.named("svg")
    assert picture["role"] == "img" and "1 of 9 entries" in str(picture["aria-label"])
    assert len(shown.named("circle")) == 8  # what is not finite has no place


@pytest.mark.parametrize("got", [np.full(9, np.nan), np.full(9, "x"), np.full(9, 1e308)])
def test_odd_results_have_a_card(got):
    assert "9 of 9 entries differ" in page(close(np.arange(9.0)), got).words


@pytest.mark.parametrize(
    ("wrapped", "told"),
    [
        ("Exception encountered when calling A.call().\n\n\x1b[1mNo axis\x1b[0m\n\n", "No axis"),
        ("in user code:\n\n    File f, line 1\n        f()\n\n    TypeError: no", "TypeError: no"),
        ("first\nsecond", "first"),
        ("", ""),
    ],
)
def test_error_is_told_by_the_line_that_says_what_happened(wrapped, told):
    raised = {"raises": np.asarray("ValueError"), "message": np.asarray(wrapped)}
    assert describe_difference("value", close(1.0), raised) == (f"raised ValueError: {told}",)


def test_call_can_be_repeated_from_what_the_card_quotes():
    case = Case((Digits(3, 5), Generator(7)), {"value": close(1.0)})
    assert describe_call("f", ("x", "rng"), case) == "f(x=x_test[3:5], rng=default_rng(7))"


def test_large_results_give_small_cards():
    verdict = Verdict("wrong", lines=("share(x)", "got", "expected"))
    wanted = Case((), {"value": close(np.zeros((100, 100)))})
    verdict = judge(Record("share", "", 1, (), (wanted,)), [{"value": np.ones((100, 100))}])
    assert len(of_verdict("share", verdict, "✗ share").html()) < 20_000


def test_what_a_student_wrote_is_quoted_and_never_run():
    raised = {"raises": np.asarray("ValueError"), "message": np.asarray(NASTY)}
    record = Record("share", "90_toy", 1.0, ("x",), (Case(("<b>",), {"value": equal(1)}),))
    for facts in (raised, {"value": np.asarray(NASTY)}):
        verdict = judge(record, [facts])
        shown = Page(of_verdict("share", verdict, render("share", verdict)).html())
        assert NASTY in shown.words
        assert shown.named("script") == shown.named("b")[1:] == []


def test_screen_readers_are_told_the_verdict_first():
    shown = page(close(3.0), 1.0)
    (card,) = shown.named("div")
    assert (card["role"], card["aria-label"]) == ("group", "check of share")
    assert [attrs.get("role") for attrs in shown.named("p")][0] == "status"
    assert shown.words.split()[1:5] == ["share:", "not", "right", "yet"]
    assert all(attrs.get("scope") for attrs in shown.named("th"))


def test_colours_are_those_of_the_theme_with_a_fallback():
    style = of_verdict("share", Verdict("correct"), "✓ share: correct").html()
    assert style.count("var(--jp-") == style.count("var(--jp-") > 3
    for use in style.split("var(--jp-")[1:]:
        assert "," in use.split(")")[0]


class Shell:
    kernel = object()


@pytest.fixture
def outputs(monkeypatch):
    """What a notebook's cell would get."""
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: Shell())
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


def double(log_var):
    return np.exp(log_var)


def test_notebook_gets_a_card_and_the_text_of_the_terminal(outputs, capsys, monkeypatch):
    vaelib.check("std_from_log_var", double)
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    vaelib.check("std_from_log_var", double)
    (card,) = outputs
    bundle = card._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert capsys.readouterr().out == bundle["text/plain"] + "\n"
    assert repr(card) == bundle["text/plain"]


def test_nbgrader_gets_an_exception_with_the_text_alone(monkeypatch):
    monkeypatch.setitem(os.environ, "NBGRADER_EXECUTION", "validate")
    with pytest.raises(CheckFailed) as failed:
        vaelib.check("std_from_log_var", double)
    lines = failed.value._render_traceback_()
    assert lines[0] == "✗ std_from_log_var: not right yet" and 3 < len(lines) <= 6
    vaelib.check("std_from_log_var", lambda log_var: np.exp(0.5 * log_var))
