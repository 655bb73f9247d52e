"""Can nothing that a student wrote come alive on a page, and nothing hidden be read there?"""

import base64
import re
from collections.abc import Callable

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder import feedback
from autograder.grade import Graded
from autograder.results import ExerciseResult, Result
from tests.autograder import toy
from tests.autograder.page import POLICY, Page, assert_dead
from vaelib import records

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
LIVE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//example.org/x></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<style>* {display: none}</style>",
    "</pre></main><iframe src='//example.org'></iframe>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action=//example.org><input name=x></form>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<base href=//example.org>",
    "--><!--<object data=x></object>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "&lt;script&gt;",
    "\"'><b>",
]


def output(handed: NotebookNode, *outputs: NotebookNode) -> None:
    """Give the first answer's cell these outputs."""
    cell = next(c for c in handed.cells if c.id == "toy_share-answer")
    cell.outputs = list(outputs)


def test_page_forbids_everything(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Would the browser refuse scripts and the network, whatever the page held?"""
    policies = [a["content"] for tag, a in written(handed).tags if "http-equiv" in a]
    assert policies == [POLICY]


@pytest.mark.parametrize("live", LIVE)
def test_nothing_comes_alive(handed: NotebookNode, written: Callable[..., Page], live: str) -> None:
    """Is markup of a student text, in code, prose, outputs, messages, warnings and names?"""
    output(
        handed,
        new_output("stream", name="stdout", text=live),
        new_output("error", ename=live, evalue=live, traceback=[live]),
        new_output("display_data", data={"text/html": live, "text/plain": live}),
        new_output("display_data", data={"image/svg+xml": live, "image/png": live}),
        new_output("display_data", data={"application/javascript": live, "text/markdown": live}),
    )
    cells = {cell.id: cell for cell in handed.cells}
    cells["toy_pair-answer"].source = f"# {live}\nx = '''{live}'''"
    cells["reflection"].source = live
    handed.cells.append(new_code_cell(f"print({live!r})"))
    told = ExerciseResult(0.0, 1.0, "wrong", live, live)
    page = written(handed, live.replace("/", "|"), wrong={"toy_width": told}, warnings=(live,))
    assert_dead(page)
    assert page.text.count(live) >= 8


@pytest.mark.parametrize(
    "data",
    [
        "not base64!",
        "PHNjcmlwdD4=",
        base64.b64encode(b"<svg onload=x>").decode(),
        PNG + '" onerror="alert(1)',
        "",
        PNG[:5],
        "\udcff",
    ],
)
def test_images_that_are_none(
    handed: NotebookNode, written: Callable[..., Page], data: str
) -> None:
    """Is an image shown only where it is one, encoded anew?"""
    output(handed, new_output("display_data", data={"image/png": data}))
    page = written(handed)
    assert_dead(page)
    for tag, attributes in page.tags:
        if tag == "img":
            raw = str(attributes["src"]).removeprefix("data:image/png;base64,")
            assert base64.b64decode(raw, validate=True).startswith(b"\x89PNG\r\n\x1a\n")


def test_image(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Is a figure shown, with a text for those who do not see it?"""
    output(handed, new_output("display_data", data={"image/png": PNG, "text/plain": "<Figure>"}))
    images = [attributes for tag, attributes in written(handed).tags if tag == "img"]
    assert [image["src"] for image in images] == [f"data:image/png;base64,{PNG}"]
    assert images[0]["alt"]


def test_large_image(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Is an image whole, however long its text is?"""
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(50_000)).decode()
    output(handed, new_output("display_data", data={"image/png": large}))
    (image,) = [attributes for tag, attributes in written(handed).tags if tag == "img"]
    assert image["src"] == f"data:image/png;base64,{large}"


@pytest.mark.parametrize(
    "escape",
    [
        "\x1b[31mred\x1b[0m",
        "\x1b]8;;http://x.org\x07link",
        "\x1b[2J",
        "\x07\x08\x00",
        "\x9b31m",
        "\u202e",
    ],
)
def test_terminal_escapes(handed: NotebookNode, written: Callable[..., Page], escape: str) -> None:
    """Is text shown without what a terminal would obey?"""
    output(handed, new_output("stream", name="stdout", text=f"before{escape}after"))
    page = written(handed)
    assert "before" in page.text
    assert "after" in page.text
    assert not set("\x1b\x07\x08\x00\x9b\u202e") & set(page.text)
    assert "[31m" not in page.text


def test_half_characters(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Can a page be written whose text holds half of a character pair?"""
    output(handed, new_output("stream", name="stdout", text="a \ud83d b"))
    assert_dead(written(handed, "\udcff"))


def test_long_output(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Is a long output cut on the page?"""
    output(handed, new_output("stream", name="stdout", text="x" * 10**6))
    page = written(handed)
    assert "... (cut)" in page.text
    assert len(page.text) < 50_000


def test_many_outputs(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Is a page short where a cell displays a thousand things?"""
    output(handed, *(new_output("display_data", data={"text/plain": "shown"}) for _ in range(1000)))
    page = written(handed)
    assert page.text.count("shown") == 50
    assert "... (950 more outputs)" in page.text


def test_hidden_inputs_are_not_there(
    graded: Callable[..., Graded], answers: Callable[..., NotebookNode]
) -> None:
    """Does a page hold no number of a hidden case, after an answer that prints all it is asked?"""
    chatty = "def toy_pair(x):\n    print('asked', x.tolist())\n    raise ValueError(x.tolist())"
    done = graded(answers(toy_pair=chatty), seed=5)
    assert done.notebook is not None
    blocks = list(feedback._blocks(done.notebook, done.result, toy.NAME))
    page = Page(feedback.render(done.result, blocks))
    assert "raised ValueError" in page.text
    shown = {float(x) for x in re.findall(r"\d\.\d{6,}", page.text)}
    public = records.load("toy_pair").cases[0].args[0]
    assert shown
    assert shown <= set(public)


def test_result_alone() -> None:
    """Can a page be made of a result that has no exercises?"""
    assert_dead(Page(feedback.render(Result("ada", toy.NAME, "graded", 0.0, 0.0), [])))
