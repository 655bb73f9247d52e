"""Does Formgrader show this grader's scores and words, and keep points that a person gives?"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect
from rich.console import Console

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.demo import UNIT
from autograder.samples import answered, hand_in
from tests.end_to_end.browser import CHROMIUM, chromium, jupyterlab, new_page

pytestmark = [
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]
REFLECTION = f"reflection_{UNIT[:2]}"
WRITTEN = "Both measure something else: the mean weighs the KL term with 1/56."


@pytest.fixture(scope="module")
def course(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The demo's course, graded, in which dora has written her reflection and edited a check."""
    root = shutil.copytree(demo, tmp_path_factory.mktemp("formgrader") / "course")
    course = Course(root)
    path = course.submitted / "dora" / UNIT / f"{UNIT}.ipynb"
    changes = {REFLECTION: WRITTEN, "kl_loss_check": "3.0"}
    handed = answered(nbformat.read(path, as_version=4), changes)
    hand_in(course.submitted, "dora", UNIT, handed)
    grade_class(course, (UNIT,), students=("dora",), sandboxed=False, console=Console(quiet=True))
    return course


@pytest.fixture(scope="module")
def page(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser in which an instructor has opened Formgrader."""
    home = tmp_path_factory.mktemp("home")
    with jupyterlab(course.root, home) as address, chromium() as browser:
        page = new_page(browser, base_url=address)
        yield page


def test_scores_and_what_could_not_be_graded(page: Page) -> None:
    """Is everybody listed with a score, and the damaged notebook without one?"""
    page.goto(f"/formgrader/manage_submissions/{UNIT}")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="dora")).to_contain_text("12 / 16")
    expect(rows.filter(has_text="carl")).to_contain_text("9 / 16")
    expect(rows.filter(has_text="kim")).to_contain_text("needs autograding")
    expect(rows.filter(has_text="kim")).not_to_contain_text("/")


def open_submission(page: Page, student: str) -> None:
    """Open a student's notebook by way of the list of the unit."""
    page.goto(f"/formgrader/gradebook/{UNIT}/{UNIT}")
    page.get_by_role("button", name="Show All Names").click()
    row = page.get_by_role("row").filter(has=page.get_by_text(student, exact=True))
    row.get_by_role("link").first.click()
    loaded = re.compile(r"\d")  # before that, Formgrader keeps nothing that is typed
    expect(page.locator("input#kl_normal_check")).to_have_attribute("placeholder", loaded)


def test_wrong_answer_shows_its_score_and_hint(page: Page) -> None:
    """Does a person who looks see what the grader saw?"""
    open_submission(page, "dora")
    expect(page.locator("input#kl_loss_check")).to_have_attribute("placeholder", "0")
    expect(page.locator("input#kl_normal_check")).to_have_attribute("placeholder", "3")
    said = page.locator("#kl_loss-comment")  # where a person may write, until one does
    expect(said).to_have_attribute("placeholder", re.compile("^wrong: .*hint: .*latent", re.DOTALL))


def test_warnings_are_shown(page: Page) -> None:
    """Does a person who looks see that a check was edited?"""
    open_submission(page, "dora")
    expect(page.locator("body")).to_contain_text("Graded with warnings")
    expect(page.locator("pre", has_text="kl_loss_check").first).to_be_visible()


def test_written_answer_gets_its_points(page: Page, course: Course) -> None:
    """Are points that a person gives kept, shown in the list, and safe from grading again?"""
    open_submission(page, "dora")
    expect(page.locator("body")).to_contain_text(WRITTEN)
    expect(page.locator("blockquote")).to_contain_text("half points are fine")
    points = page.locator(f"input#{REFLECTION}")
    points.fill("1.5")
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        points.press("Tab")
    page.goto(f"/formgrader/manage_submissions/{UNIT}")
    row = page.get_by_role("row").filter(has_text="dora")
    expect(row).to_contain_text("13.5 / 16")
    expect(row).to_contain_text("graded")
    with Gradebook(course.db_url) as book:
        submission = book.find_submission(UNIT, "dora")
        assert (submission.score, submission.needs_manual_grade) == (13.5, False)
