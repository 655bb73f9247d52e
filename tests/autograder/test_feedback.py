"""Does a page show what was found, and can nothing that a student wrote come alive on it?"""

import base64
import copy
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder import feedback
from autograder.course import Course
from autograder.errors import AutograderError, UnknownName
from autograder.grade import Graded, Task
from autograder.gradebook import autograded_path
from autograder.results import ExerciseResult, Result
from autograder.samples import answered
from autograder.schedule import run
from tests.autograder import canned, toy
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
KNOWN = set(
    "html head meta title style body main h1 h2 p strong table thead tbody tr th td a code pre "
    "span img div ul li".split()
)
ATTRIBUTES = set("lang charset name content http-equiv class id href alt src".split())


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def assert_dead(page: Page) -> None:
    """No tag, attribute or address is there that the template does not have."""
    for tag, attributes in page.tags:
        assert tag in KNOWN
        assert set(attributes) <= ATTRIBUTES
        assert str(attributes.get("href", "#")).startswith("#")
        assert str(attributes.get("src", "data:image/png;base64,")).startswith(
            "data:image/png;base64,"
        )
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("style"), tags.count("meta"), tags.count("main")) == (1, 3, 1)


@pytest.fixture
def written(course: Course, task: Callable[..., Task]) -> Callable[..., Page]:
    """`written(notebook, result=...)`: the page of a submission, parsed."""

    def make(notebook: NotebookNode, student: str = "ada", **settings: object) -> Page:
        bare = copy.deepcopy(notebook)
        for cell in bare.cells:
            cell.update({"outputs": []} if "outputs" in cell else {})
        handed = task(student, bare)
        done = canned.grade(handed, **settings)  # type: ignore[arg-type]
        assert done.notebook is not None
        for cell, shown in zip(done.notebook.cells, notebook.cells, strict=False):
            cell.update({"outputs": shown.outputs} if "outputs" in shown else {})
        list(run(course, [handed], lambda tasks: [done]))
        (path,) = feedback.write_all(course)
        return Page(path.read_text(encoding="utf-8"))

    return make


@pytest.fixture
def handed(released: NotebookNode, right: dict[str, str]) -> NotebookNode:
    """A right submission."""
    return answered(released, right)


def output(handed: NotebookNode, *outputs: NotebookNode) -> None:
    """Give the first answer's cell these outputs."""
    cell = next(c for c in handed.cells if c.id == "toy_share-answer")
    cell.outputs = list(outputs)


def text_of(page: Page) -> str:
    return " ".join(page.text.split())


def test_page_of_a_graded_submission(
    course: Course, handed: NotebookNode, written: Callable[..., Page]
) -> None:
    """Are score, verdicts, hint, answers and the written answer there, and the place right?"""
    next(c for c in handed.cells if c.id == "reflection").source = "My reasons."
    page = written(handed, wrong={"toy_width": canned.WIDTH_WRONG}, warnings=("check put back",))
    text = text_of(page)
    assert "7 of 8 points." in text
    assert "wrong toy_width, 0 of 1 points got 2 hint: It is the square." in text
    assert "(root-missing)" in text
    assert "check put back" in text
    assert "My reasons." in text
    assert "def toy_width(log_var):" in page.text
    anchors = {attributes.get("id") for _, attributes in page.tags}
    assert {exercise.name for exercise in toy.UNIT} <= anchors
    assert (course.feedback / "ada" / toy.NAME / f"{toy.NAME}.html").is_file()


def test_page_of_what_could_not_be_graded(course: Course, task: Callable[..., Task]) -> None:
    """Does a page without a score say why, and neither "0" nor a verdict?"""
    list(run(course, [task("ada", b"{")], canned.grader()))
    (path,) = feedback.write_all(course)
    text = text_of(Page(path.read_text()))
    assert "No score yet (needs-human)" in text
    assert "the notebook is damaged or cut short" in text
    assert " of 8 points" not in text


def test_page_forbids_everything(handed: NotebookNode, written: Callable[..., Page]) -> None:
    """Would the browser refuse scripts and the network, whatever the page held?"""
    policies = [a["content"] for tag, a in written(handed).tags if "http-equiv" in a]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


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


@pytest.mark.parametrize(
    "escape",
    ["\x1b[31mred\x1b[0m", "\x1b]8;;http://x.org\x07link", "\x1b[2J", "\x07\x08\x00", "\x9b31m"],
)
def test_terminal_escapes(handed: NotebookNode, written: Callable[..., Page], escape: str) -> None:
    """Is text shown without what a terminal would obey?"""
    output(handed, new_output("stream", name="stdout", text=f"before{escape}after"))
    page = written(handed)
    assert "before" in page.text
    assert "after" in page.text
    assert not set("\x1b\x07\x08\x00\x9b") & set(page.text)


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


def test_check_and_demonstration_are_left_out(
    handed: NotebookNode, written: Callable[..., Page]
) -> None:
    """Is a page short: no check cells, no demonstrations, no empty trial cells?"""
    text = written(handed).text
    assert "vaelib.check" not in text
    assert "a demonstration" not in text
    assert "# toy_share(np.array" not in text


def test_hidden_inputs_are_not_there(
    course: Course, graded: Callable[..., Graded], answers: Callable[..., NotebookNode]
) -> None:
    """Does a page hold no number of a hidden case, after an answer that prints all it is asked?"""
    chatty = "def toy_pair(x):\n    print('asked', x.tolist())\n    raise ValueError(x.tolist())"
    done = graded(answers(toy_pair=chatty), seed=5)
    assert done.notebook is not None
    blocks = list(feedback._blocks(done.notebook, done.result))
    page = Page(feedback.render(done.result, blocks))
    assert "raised ValueError" in page.text
    shown = {float(x) for x in re.findall(r"\d\.\d{6,}", page.text)}
    public = records.load("toy_pair").cases[0].args[0]
    assert shown
    assert shown <= set(public)


def test_pages_of_one_unit(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Are pages written for the units that were asked for, and an unknown one refused?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    assert len(feedback.write_all(course, (toy.NAME,))) == 1
    with pytest.raises(UnknownName, match="91_none"):
        feedback.write_all(course, ("91_none",))


def test_same_bytes_again(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Does writing the pages again give the same bytes?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    (path,) = feedback.write_all(course)
    before = path.read_bytes()
    feedback.write_all(course)
    assert path.read_bytes() == before


def test_lost_notebook(course: Course, task: Callable[..., Task], handed: NotebookNode) -> None:
    """Are score and verdicts still shown where the graded notebook was removed?"""
    list(run(course, [task("ada", handed)], canned.grader()))
    autograded_path(course, "ada", toy.NAME).unlink()
    (path,) = feedback.write_all(course)
    assert "8 of 8 points." in text_of(Page(path.read_text()))


def test_nothing_graded(course: Course) -> None:
    """Does feedback before grading say what to run?"""
    with pytest.raises(AutograderError, match="nothing has been graded yet; run: autograder grade"):
        feedback.write_all(course)


def test_result_alone() -> None:
    """Can a page be made of a result that has no exercises?"""
    assert_dead(Page(feedback.render(Result("ada", toy.NAME, "graded", 0.0, 0.0), [])))
