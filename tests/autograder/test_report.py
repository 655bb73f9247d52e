"""Does the report say what a teacher wants to know, and is everything on it from the results?"""

import base64
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from nbformat.notebooknode import NotebookNode

from autograder import feedback, report
from autograder.asking import FORGED
from autograder.cli import main
from autograder.course import Course
from autograder.errors import AutograderError, UnknownName
from autograder.grade import Task
from autograder.gradebook import open_gradebook
from autograder.results import ExerciseResult
from autograder.schedule import run
from autograder.standings import Standing, Standings
from tests.autograder import canned, toy
from tests.autograder.page import POLICY, Page, text_of

LIVE = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m"


@pytest.fixture
def class_(course: Course, task: Callable[..., Task], released: NotebookNode) -> Course:
    """Ada with a mistake, Bob whose work cannot be read, Cy who handed in nothing."""
    wrong = {"toy_width": canned.WIDTH_WRONG}
    tasks = [task("ada", released), task("bob", b"{")]
    list(run(course, tasks, lambda open_: [canned.grade(t, wrong, seconds=2.0) for t in open_]))
    with open_gradebook(course) as book:
        book.add_student("cy", first_name="Cy", last_name="Ng")
    return course


def standing(**settings: object) -> Standing:
    """A student with a result that differs from a full score by what is given."""
    result = canned.result(**settings)  # type: ignore[arg-type]
    return Standing(result, toy.ALL, None, "", "", "", "", raw=result.score)


def page_of(course: Course, *entries: Standing) -> Page:
    """The report on these standings."""
    return Page(report.render(course, Standings(entries), course.root))


def test_whole_page(class_: Course, tmp_path: Path) -> None:
    """Are scores, exercises, mistakes with hint, who needs a person, and time on the page?"""
    text = text_of(Page(report.write(class_, output=tmp_path / "r.html").read_text()))
    assert "3 students" in text
    assert "n = 1; median 7, mean 7 points" in text
    assert "toy_width root-missing 1 of 1 It is the square." in text
    assert "bob needs-human the notebook is damaged" in text
    assert "Who handed in nothing Ng, Cy (cy)" in text
    assert "The slowest took 2 s" in text
    assert "too few" in text


def test_who_left(class_: Course, tmp_path: Path) -> None:
    """Is somebody named who left the course, and counted nowhere?"""
    shutil.rmtree(class_.submitted / "ada")
    with open_gradebook(class_) as book:
        book.remove_student("ada")
    text = text_of(Page(report.write(class_, output=tmp_path / "r.html").read_text()))
    assert "2 students" in text
    assert f"left out: 'ada' in {toy.NAME}" in text
    assert "Nothing could be graded." in text


def test_work_that_lies_astray(class_: Course, task: Callable[..., Task], tmp_path: Path) -> None:
    """Is a person asked to look at work that lies beside its folder, and nobody absent for it?"""
    work = task("dee", b"{}")
    folder = class_.submitted / "dee" / toy.NAME
    folder.rename(folder.parent / f"{toy.NAME} (1)")
    list(run(class_, [work], canned.grader()))
    text = text_of(Page(report.write(class_, output=tmp_path / "r.html").read_text()))
    assert f"dee needs-human nothing in {toy.NAME}/, but there is '{toy.NAME} (1)'" in text
    assert "Who handed in nothing Ng, Cy (cy) " in text


def test_links_lead_to_pages(class_: Course) -> None:
    """Do links hold where the report lies, once the pages are written, and is none dead before?"""
    output = class_.root / "reports" / "r.html"
    output.parent.mkdir()
    assert "feedback/" not in report.write(class_, output=output).read_text()
    feedback.write_all(class_)
    page = Page(report.write(class_, output=output).read_text())
    links = {str(a["href"]) for tag, a in page.tags if tag == "a"}
    there = {(output.parent / unquote(link)).resolve() for link in links}
    assert there == set(class_.feedback.rglob("*.html"))


@pytest.mark.parametrize(
    "told",
    [
        ExerciseResult(0.0, 1.0, "delegated", None, "this calls vaelib's own version"),
        ExerciseResult(0.0, 1.0, "wrong", None, FORGED),
    ],
)
def test_what_may_be_more_than_a_mistake(course: Course, told: ExerciseResult) -> None:
    """Is a person asked to look, before those whose notebook was only repaired?"""
    repaired = standing(student="ada", status="graded-with-warnings", warnings=("put back",))
    doubtful = standing(student="bob", wrong={"toy_width": told})
    text = text_of(page_of(course, repaired, doubtful, standing(student="cy")))
    assert f"bob look toy_width: {told.message} no page ada graded-with-warnings put back" in text


def test_what_reproduces_nothing_is_said(course: Course) -> None:
    """Is it told that there was no sandbox, and that there were two versions of the unit?"""
    one, other = standing(version="old"), standing(student="bob", version="new", sandboxed=True)
    text = text_of(page_of(course, one, other))
    assert "Without the sandbox: 1 of 2" in text
    assert "2 versions of this unit: submissions were not all held against the same" in text


def test_several_units(course: Course) -> None:
    """Is there a table of units, a section for each, and the sum of a student's scores?"""
    first = standing(student="ada")
    second = replace(first, result=replace(first.result, unit="91_next"))
    page = page_of(course, first, second)
    assert {"90_toy", "91_next", "students"} <= {a.get("id") for _, a in page.tags}
    assert "ada 8 8 16" in text_of(page)


def test_nothing_comes_alive(course: Course) -> None:
    """Is markup in names, messages, warnings and hints text, without what terminals obey?"""
    told = ExerciseResult(0.0, 1.0, "wrong", LIVE, f"hint: {LIVE}")
    entries = [
        standing(student=LIVE, wrong={"toy_width": told}, warnings=(LIVE,)),
        Standing(canned.refused(LIVE, message=LIVE), 0.0, None, LIVE, LIVE, "", ""),
    ]
    found = Standings(entries, [canned.refused(LIVE)])
    page = Page(report.render(course, found, course.root))
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("script"), tags.count("style"), tags.count("img")) == (1, 1, 0)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert page.text.count("<script>alert(1)</script>") >= 6
    assert "\x1b" not in page.text


def test_policy_lets_one_script_run(course: Course) -> None:
    """Does the policy name the script that is on the page, and no other source of any?"""
    html = report.render(course, Standings([standing()]), course.root)
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policies = [a["content"] for _, a in Page(html).tags if "http-equiv" in a]
    assert policies == [f"{POLICY}; script-src 'sha256-{digest}'"]


def test_odd_names(course: Course) -> None:
    """Can a page be written, and linked to, for names of any bytes?"""
    odd = standing(student="a\udcff?#/..%")
    feedback.page_of(course, odd.result).parent.mkdir(parents=True)
    feedback.page_of(course, odd.result).touch()
    page = page_of(course, odd)
    assert any("a%FF%3F%23/..%25" in str(a.get("href")) for _, a in page.tags)


def test_same_bytes_again(class_: Course, tmp_path: Path) -> None:
    """Does writing the report again give the same bytes?"""
    first = report.write(class_, output=tmp_path / "r.html").read_bytes()
    assert report.write(class_, output=tmp_path / "r.html").read_bytes() == first


def test_nothing_to_report(class_: Course, tmp_path: Path) -> None:
    """Is an unknown unit refused, and a class without results told what to run?"""
    with pytest.raises(UnknownName, match="91_none"):
        report.write(class_, ("91_none",))
    for path in (class_.root / "autograder" / "ledger").rglob("*.json"):
        path.unlink()
    with pytest.raises(AutograderError, match="run: autograder grade"):
        report.write(class_, output=tmp_path / "r.html")


def test_command(class_: Course, tmp_path: Path) -> None:
    """Does the verb write where it is told?"""
    arguments = ["--course", str(class_.root), "report", "--output", str(tmp_path / "r.html")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "r.html").is_file()


def test_class_that_nobody_could_grade(course: Course) -> None:
    """Is a page made of a class in which there is not one score?"""
    entry = Standing(canned.refused("bob"), toy.ALL, None, "", "", "", "")
    assert "Nothing could be graded." in text_of(page_of(course, entry))
