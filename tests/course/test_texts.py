"""Is every unit written the way the course is written: links, headings, cells, minutes, close?"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder import coursetext
from autograder.coursetext import Cell, CourseText

ROOT = Path(__file__).parents[2]
TEXTS = sorted((ROOT / "course").glob("[0-9][0-9]_*.py"))
MINUTES = {"01": 45, "02": 45, "03": 45, "04": 60, "05": 60, "06": 90, "07": 60}
UNIT_LINK = re.compile(r"\.\./(\w+)/(\w+)\.ipynb(?:#(.+))?")
GLOSSARY_LINK = re.compile(r"\.\./\.\./docs/glossary\.md(?:#(.+))?")
EXERCISE = re.compile(r"Exercise (\d+): `(\w+).*\((\d+) points?\)")
SECTION = re.compile(r"(\d+)\. .+ \(\d+ minutes\)")
UNNUMBERED = r"Notation|Reflection \(2 points, \d+ minutes\)|Summary"
MARKS = (coursetext.BEGIN, coursetext.END)

every_unit = pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
Line = tuple[int, str]


@cache
def unit(path: Path) -> CourseText:
    """The text of a unit, read once for all tests."""
    return coursetext.read(path)


def at(path: Path, line: int, what: str) -> str:
    """A fault as editors and terminals link it."""
    return f"course/{path.name}:{line}: {what}"


def without_fences(lines: list[Line]) -> Iterator[Line]:
    """Leave out blocks between ``` and the marks of solutions, which look like headings."""
    fenced = False
    for number, text in lines:
        if text.startswith("```"):
            fenced = not fenced
        elif not fenced and not text.startswith(MARKS):
            yield number, text


def prose(path: Path) -> list[Line]:
    """The lines of all Markdown cells, each with its number in the file."""
    cells = (cell for cell in unit(path).cells if cell.kind == "markdown")
    return [line for cell in cells for line in without_fences(numbered(cell))]


def numbered(cell: Cell) -> list[Line]:
    """The lines of a cell, each with its number in the file."""
    return list(enumerate(cell.source.splitlines(), cell.line + 1))


def headings(lines: list[Line]) -> list[tuple[int, int, str]]:
    """Line, level and title of each heading."""
    found = ((number, re.match(r"(#+) (.+)", text)) for number, text in lines)
    return [(number, len(match[1]), match[2]) for number, match in found if match]


def links(lines: list[Line]) -> list[Line]:
    """Line and target of each link, `[text](target)` or `[label]: target`."""
    form = re.compile(r"\]\(([^)\s]+)\)|^\[[^]]+\]: (\S+)")
    return [(n, match[1] or match[2]) for n, text in lines for match in form.finditer(text)]


def section(path: Path, title: str) -> list[Line]:
    """The lines below an H2 up to the next one; none where there is no such section."""
    lines, found = prose(path), False
    inside = []
    for number, text in lines:
        if text.startswith("## "):
            found = text.startswith(f"## {title}")
        elif found:
            inside.append((number, text))
    return inside


def calls(path: Path) -> Iterator[tuple[int, ast.Call]]:
    """Every call in the code of a unit, with its line in the file."""
    for cell in unit(path).cells:
        if cell.kind == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call):
                    yield cell.line + node.lineno, node


def anchors(file: Path) -> list[str]:
    """The anchors of a page's H3 headings, as GitHub makes them."""
    found = headings(list(enumerate(file.read_text(encoding="utf-8").splitlines(), 1)))
    titles = (title.lower() for _, level, title in found if level == 3)
    return [re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles]


def test_every_unit_has_a_text() -> None:
    assert [path.stem[:2] for path in TEXTS] == list(MINUTES)


@every_unit
def test_glossary_links_lead_to_an_entry(path: Path) -> None:
    known = anchors(ROOT / "docs" / "glossary.md")
    found = ((n, GLOSSARY_LINK.fullmatch(target)) for n, target in links(prose(path)))
    assert [at(path, n, m[1]) for n, m in found if m and m[1] and m[1] not in known] == []


def test_glossary_is_sorted_and_has_each_term_once() -> None:
    found = anchors(ROOT / "docs" / "glossary.md")
    assert found == sorted(set(found))


@every_unit
def test_links_between_units_lead_somewhere(path: Path) -> None:
    faults = []
    for number, target in links(prose(path)):
        if not re.match(r"https?://|#", target) and not leads_somewhere(target):
            faults.append(at(path, number, target))
    assert faults == []


def leads_somewhere(target: str) -> bool:
    """Whether a relative link, seen from notebooks/UNIT/, has its page and its heading."""
    if GLOSSARY_LINK.fullmatch(target):
        return True
    match = UNIT_LINK.fullmatch(target)
    if match is None or match[1] != match[2]:
        return False
    other = next((path for path in TEXTS if path.stem == match[1]), None)
    titles = [title for *_, title in headings(prose(other))] if other is not None else []
    return bool(titles) and (match[3] is None or match[3].replace("-", " ") in titles)


@every_unit
def test_headings_go_down_one_level_at_a_time(path: Path) -> None:
    found = headings(prose(path))
    assert [level for _, level, _ in found].count(1) == 1
    before = [0, *(level for _, level, _ in found)]
    faults = [
        at(path, number, title)
        for last, (number, level, title) in zip(before, found, strict=False)
        if level > min(last + 1, 3)
    ]
    assert faults == []


@every_unit
def test_sections_and_exercises_are_numbered_from_one(path: Path) -> None:
    titles = [title for _, level, title in headings(prose(path)) if level == 2]
    counted = [title for title in titles if not re.fullmatch(UNNUMBERED, title)]
    sections = [SECTION.fullmatch(title) for title in counted]
    exercises = [m for *_, title in headings(prose(path)) if (m := EXERCISE.match(title))]
    for found, numbered in ((sections, counted), (exercises, exercises)):
        assert [m and int(m[1]) for m in found] == list(range(1, len(numbered) + 1)), numbered


@every_unit
def test_opening_says_what_is_built_learnt_needed_and_how_long_it_takes(path: Path) -> None:
    opening = unit(path).cells[0].source
    minutes = f"**Time.** {MINUTES[path.stem[:2]]} minutes."
    wanted = ("**What you will build.**", "**What you will learn**", "**What you need.**", minutes)
    assert [words for words in wanted if words not in opening] == []
    assert 1 <= len(re.findall(r"^- ", opening, re.MULTILINE)) <= 4


@every_unit
def test_nothing_is_left_to_be_filled_in(path: Path) -> None:
    lines = [line for cell in unit(path).cells for line in numbered(cell)]
    assert [at(path, n, s) for n, s in lines if re.search(r"\b(TO FILL|TODO|TBD|FIXME)\b", s)] == []


@every_unit
def test_minutes_of_the_sections_add_up(path: Path) -> None:
    titles = [title for _, level, title in headings(prose(path)) if level == 2]
    minutes = [int(m[1]) for title in titles if (m := re.search(r"(\d+) min(?:utes)?\b", title))]
    assert sum(minutes) == pytest.approx(MINUTES[path.stem[:2]], rel=0.1)


@every_unit
def test_never_three_code_cells_in_a_row(path: Path) -> None:
    cells = unit(path).cells
    triples = zip(cells, cells[1:], cells[2:], strict=False)
    assert [
        at(path, triple[0].line, "three code cells in a row")
        for triple in triples
        if all(cell.kind == "code" for cell in triple)
    ] == []


@every_unit
def test_code_cells_have_at_most_25_lines(path: Path) -> None:
    free = (cell for cell in unit(path).cells if cell.kind == "code" and cell.role != "answer")
    sizes = ((cell, len(cell.source.strip().splitlines())) for cell in free)
    assert [at(path, cell.line, f"{size} lines") for cell, size in sizes if size > 25] == []


@every_unit
def test_every_figure_has_an_alternative_text_of_eight_words(path: Path) -> None:
    shown = [(n, c) for n, c in calls(path) if ast.unparse(c.func) == "plots.show"]
    assert shown
    short = [number for number, call in shown if words_of_alt(call) < 8]
    assert [at(path, number, "alt of fewer than eight words") for number in short] == []


def words_of_alt(call: ast.Call) -> float:
    """Words of the alternative text; 0 where there is none, infinite where it is computed."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "alt"] or call.args[1:]
    if given and not isinstance(given[0], (ast.Constant, ast.JoinedStr)):
        return float("inf")
    return len(ast.unparse(given[0]).split()) if given else 0


@every_unit
def test_unit_has_a_widget_and_a_bug_museum(path: Path) -> None:
    assert any(ast.unparse(call.func).endswith("_explorer") for _, call in calls(path))
    assert any("Bug museum" in text for _, text in prose(path))


@every_unit
def test_unit_closes_with_reflection_summary_and_reading(path: Path) -> None:
    assert [cell.role for cell in unit(path).cells].count("reflection") == 1
    summary = "\n".join(text for _, text in section(path, "Summary"))
    bullets, _, rest = summary.partition("**Two things to try")
    assert len(re.findall(r"^- ", bullets, re.MULTILINE)) == 3
    assert rest, "no 'Two things to try' below the summary"
    reading = rest.split("**To read on**")
    assert len(reading) == 2, "no list of links under 'To read on'"
    assert 1 <= len(links(list(enumerate(reading[1].splitlines())))) <= 4


@every_unit
def test_instructors_page_has_the_points_of_every_exercise(path: Path) -> None:
    page = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| {path.stem[:2]} \| `(\w+)` \| (\d+) \|", page, re.MULTILINE)
    found = (EXERCISE.match(title) for *_, title in headings(prose(path)))
    tasks = [(match[2], match[3]) for match in found if match]
    assert dict(rows) == dict(tasks)
