"""Can a student work in JupyterLab: be told what is wrong, see it right, validate?"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.end_to_end.browser import CHROMIUM, START, Notebook, chromium, jupyterlab, new_page

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]
UNIT = "02_normal_distributions"  # which needs no TensorFlow
RELEASED = Path(__file__).parents[2] / "notebooks" / UNIT
WRONG = "def std_from_log_var(log_var):\n    return np.exp(log_var)"
RIGHT = "def std_from_log_var(log_var):\n    return np.exp(0.5 * log_var)"


@pytest.fixture(scope="module")
def hosts() -> set[str | None]:
    """Everything that the browser has asked for something."""
    return set()


@pytest.fixture(scope="module")
def notebook(
    tmp_path_factory: pytest.TempPathFactory, hosts: set[str | None]
) -> Iterator[Notebook]:
    """A student's copy of the unit, open in JupyterLab, with all cells run."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(RELEASED, home / "files" / UNIT)
    with jupyterlab(home / "files", home) as address, chromium() as browser:
        page = new_page(browser)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        opened = Notebook(page, address, f"{UNIT}/{UNIT}.ipynb")
        opened.run_all()
        yield opened


def test_untouched_unit_runs_to_its_end(notebook: Notebook) -> None:
    """Does every check of a fresh notebook say so, and the last cell count them?"""
    cards = notebook.page.locator(".vaelib-card")
    assert cards.filter(has_text="not answered yet").count() >= 7
    assert "0 of 7 exercises right" in cards.last.inner_text()
    assert notebook.page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0


def test_wrong_answer_is_told_the_hint(notebook: Notebook) -> None:
    """Does the card name the call, compare the numbers and give the hint?"""
    notebook.write("def std_from_log_var", WRONG)
    card = notebook.run('vaelib.check("std_from_log_var"').locator(".vaelib-card.wrong")
    expect(card).to_contain_text("std_from_log_var: not right yet")
    expect(card.get_by_role("columnheader")).to_have_text(["quantity", "yours", "expected"])
    expect(card).to_contain_text("Hint:")


def test_right_answer_passes_and_is_counted(notebook: Notebook) -> None:
    """Does the card turn, and the last cell's count with it?"""
    notebook.write("def std_from_log_var", RIGHT)
    card = notebook.run('vaelib.check("std_from_log_var"').locator(".vaelib-card.right")
    expect(card).to_have_text("\N{CHECK MARK} std_from_log_var: correct")
    notebook.run_all()
    count = notebook.cell("vaelib.progress()").locator(".vaelib-card")
    expect(count).to_contain_text("1 of 7 exercises right, 1 of 12 points")


def test_validate_says_what_the_cards_say(notebook: Notebook) -> None:
    """Does nbgrader's button show the checks' own words, and no traceback?"""
    notebook.write("def std_from_log_var", WRONG)
    notebook.page.get_by_role("button", name="Validate").click()
    dialog = notebook.page.locator("#validation-message")
    expect(dialog).to_contain_text("std_from_log_var: not right yet", timeout=START * 1000)
    expect(dialog).to_contain_text("normal_pdf: not answered yet")
    assert "Traceback" not in dialog.inner_text()
    notebook.page.get_by_role("button", name="Ok", exact=True).click()


def test_nothing_is_fetched_from_elsewhere(notebook: Notebook, hosts: set[str | None]) -> None:
    """Has the browser talked to this machine alone?"""
    assert hosts <= {"127.0.0.1", None}
