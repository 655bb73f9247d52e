"""Can everybody read what the grader shows: feedback pages and the report?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder import report
from autograder.course import Course
from tests.end_to_end.axe import findings, needs_axe
from tests.end_to_end.browser import chromium, new_page

pytestmark = [pytest.mark.xdist_group("demo"), needs_axe]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
UNIT = "05_kl_divergence"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with chromium() as found:
        yield found


def findings_of(browser: Browser, path: Path, scheme: str) -> list[str]:
    """What axe finds in a page that lies on disk."""
    page = new_page(browser, color_scheme=scheme)
    page.goto(path.as_uri())
    try:
        return findings(page)
    finally:
        page.close()


@SCHEMES
@pytest.mark.parametrize("student", ["ada", "carl", "jan"])
def test_feedback_page(browser: Browser, demo: Path, student: str, scheme: str) -> None:
    """Has a page with right, wrong or failing answers no serious finding?"""
    path = demo / "autograder" / "feedback" / student / UNIT / f"{UNIT}.html"
    assert findings_of(browser, path, scheme) == []


@SCHEMES
def test_report(browser: Browser, demo: Path, tmp_path: Path, scheme: str) -> None:
    """Has the report on a class no serious finding?"""
    path = report.write(Course(demo), output=tmp_path / "report.html")
    assert findings_of(browser, path, scheme) == []


def test_axe_finds_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    """Would a picture without words be found?"""
    path = tmp_path / "page.html"
    path.write_text('<!DOCTYPE html><html lang="en"><title>t</title><img src="data:,">')
    assert any(found.startswith("image-alt") for found in findings_of(browser, path, "light"))
