"""Do a student's cells become plain text and names, whatever their JSON looks like?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import studentcells
from autograder.studentcells import StudentCell, defined, made

CODE = {"cell_type": "code", "source": "x = 1", "metadata": {}, "id": "a", "outputs": []}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = ["cell_type", "source", "metadata", "id", "input", "outputs"]


def read(**changes: Any) -> StudentCell:
    """The one cell that a submission with this changed cell gives."""
    cells, warnings = studentcells.read([{**CODE, **changes}])
    assert warnings == []
    return cells[0]


def test_ordinary_cell() -> None:
    """Are number, kind, text and names those of the cell?"""
    metadata = {"nbgrader": {"grade_id": "f"}, "tags": ["skip-execution"]}
    assert read(metadata=metadata) == StudentCell(1, "code", "x = 1", "f", "a", ("skip-execution",))


def test_source_in_lines() -> None:
    """Is text in lines the same as text?"""
    assert read(source=["x = 1\n", "y = 2"]).source == "x = 1\ny = 2"


def test_format_3() -> None:
    """Are `input` and headings of the old format read?"""
    old = [{"cell_type": "code", "input": "x"}, {"cell_type": "heading", "source": "y"}]
    cells, _ = studentcells.read(old)
    assert [(cell.kind, cell.source) for cell in cells] == [("code", "x"), ("heading", "y")]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        5,
        "text",
        [],
        {},
        {"cell_type": []},
        {"cell_type": None, "source": "x"},
        {"cell_type": "code", "source": 5},
        {"cell_type": "code", "source": ["x", 5]},
        {"cell_type": "code", "source": None},
        {"cell_type": "code", "source": {"x": 1}},
        {"cell_type": "CODE", "source": "x"},
    ],
)
def test_unreadable_cell(entry: Any) -> None:
    """Is a cell that is none skipped with its number, and the next one read?"""
    cells, warnings = studentcells.read([CODE, entry, CODE])
    assert [cell.number for cell in cells] == [1, 3]
    assert warnings == ["cell 2 is not readable and was ignored"]


@pytest.mark.parametrize("wrong", [None, 5, 1.5, True, [], ["f"], {}, {"f": 1}, "", "f" * 201])
def test_names_of_the_wrong_type(wrong: Any) -> None:
    """Is a name that cannot be one no name, and the text still there?"""
    cell = read(id=wrong, metadata={"nbgrader": {"grade_id": wrong}})
    assert (cell.grade_id, cell.cell_id, cell.source) == (None, None, "x = 1")


@pytest.mark.parametrize("wrong", [None, 5, "x", [1], [["nbgrader"]]])
def test_metadata_of_the_wrong_type(wrong: Any) -> None:
    """Does metadata that is none say nothing?"""
    assert read(metadata=wrong).grade_id is None
    assert read(metadata={"nbgrader": wrong, "tags": wrong}).grade_id is None


def test_tags_of_the_wrong_type() -> None:
    """Are only tags kept that are text?"""
    assert read(metadata={"tags": "skip-execution"}).tags == ()
    assert read(metadata={"tags": [1, "a", None, ["b"]]}).tags == ("a",)


def test_half_characters() -> None:
    """Can a text be written to a file that holds half of a character pair?"""
    cell = read(source="x = '\ud83d'", id="\udc80", metadata={"nbgrader": {"grade_id": "f\ud800"}})
    for text in (cell.source, cell.cell_id, cell.grade_id, cell.name):
        assert str(text).encode("utf-8")


def test_names_for_warnings() -> None:
    """Is a cell called by its number, counted from one, and its grade_id?"""
    assert read().name == "cell 1"
    assert read(metadata={"nbgrader": {"grade_id": "f"}}).name == "cell 1 (f)"


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(ANY | st.dictionaries(st.sampled_from(KEYS), ANY | st.just("code")), max_size=4))
def test_any_json(entries: list[Any]) -> None:
    """Is every cell either read or warned of, whatever it is?"""
    cells, warnings = studentcells.read(entries)
    assert len(cells) + len(warnings) == len(entries)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    y = 1", {"f"}),
        ("async def f(): ...", {"f"}),
        ("class F:\n    g = 1", {"F"}),
        ("f = g = lambda: 0", {"f", "g"}),
        ("(a, b), c = t", {"a", "b", "c"}),
        ("f: int = 1", {"f"}),
        ("if t:\n    def f(): ...\nelse:\n    g = 1", {"f", "g"}),
        ("try:\n    f = 1\nexcept E:\n    g = 2\nfinally:\n    with w: h = 3", {"f", "g", "h"}),
        ("f(1)\nx.y = 2\nd['k'] = 3", {"x", "d"}),
        ("for f in [1]:\n    (g := 2)\n    [h for h in ()]", {"f", "g"}),
        ("match x:\n    case [f, *g]: pass", {"f", "g"}),
        ("x.y = !ls\nf = 1\nnp.exp?\n!ls \\\n  -l", {"f"}),
        ("  f = 1\n  g = 2", {"f", "g"}),
        (">>> def f(x):\n...     return 1\n>>> g = 2", {"f", "g"}),
        ("", set()),
    ],
)
def test_defined(source: str, names: set[str]) -> None:
    """Which names does code bind outside of functions and classes?"""
    assert defined(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): ...\nclass G: ...\nasync def h(): ...", {"f", "G", "h"}),
        ("if t:\n    f = g = lambda: 0", {"f", "g"}),
        ("f = other\ng = np.exp", {"f", "g"}),
        ("f = f(1)\ng, h = g(2)\ni = 3\nj = tf.function(j)\nk = None", set()),
        ("for f in fs: ...", set()),
    ],
)
def test_made(source: str, names: set[str]) -> None:
    """Which names does code give to functions, and not to their results?"""
    assert made(source) == names


@pytest.mark.parametrize(
    "source", ["def f(:", "x = '\0'", "(" * 10_000, "-" * 100_000 + "1", "%matplotlib inline"]
)
def test_code_that_does_not_parse(source: str) -> None:
    """Does code that no parser takes define nothing, and harm nobody?"""
    assert defined(source) == set()


def test_code_that_nobody_wrote() -> None:
    """Is the grader spared the parsing of a cell of megabytes?"""
    assert StudentCell(1, "code", "f = 1\n" + "#" * 10**6, None, None).defined == set()


def test_code_that_python_warns_of() -> None:
    """Is the instructor spared Python's warnings on a student's code?"""
    assert defined("f = '\\d'") == {"f"}


def test_pasted_images() -> None:
    """Are images kept, and nothing else that is attached?"""
    good = {"a.png": {"image/png": "QUJD"}}
    bad = {"b.svg": {"image/svg+xml": "<svg/>"}, "c.png": {"image/png": 1}, "d": None}
    entry = {"cell_type": "markdown", "source": "![](attachment:a.png)"}
    cells, _ = studentcells.read(
        [{**entry, "attachments": {**good, **bad}}, {**entry, "attachments": []}]
    )
    assert [cell.images for cell in cells] == [good, {}]
