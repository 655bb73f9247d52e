"""Is the documentation site whole? It is looked at where `make docs` has built it."""

import functools
import http.server
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.end_to_end.axe import findings, needs_axe
from tests.end_to_end.browser import chromium, new_page

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts
)
KINDS = [
    "docs/index.html",
    "docs/units.html",
    "docs/glossary.html",
    "docs/instructors.html",
    "docs/api.html",
    "docs/api/vaelib.distributions.html",
    "notebooks/01_autoencoders/01_autoencoders.html",
    "notebooks/05_kl_divergence/05_kl_divergence.html",
    "search.html",
]
pytestmark = [
    pytest.mark.skipif(not PAGES, reason="make docs builds the site"),
    pytest.mark.xdist_group("docs"),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@cache
def soup(name: str) -> BeautifulSoup:
    """A page, parsed."""
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(name: str) -> set[str]:
    """All places of a page that a link can lead to."""
    return {str(tag["id"]) for tag in soup(name).find_all(id=True)} | {""}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The site, served on loopback."""
    handler = functools.partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with chromium() as found:
        yield found


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Has every link within the site its page and its heading, and every picture its file?"""
    targets = [str(tag["href"]) for tag in soup(name).find_all("a", href=True)]
    targets += [str(tag["src"]) for tag in soup(name).find_all(["img", "script"], src=True)]
    assert [target for target in targets if not leads_somewhere(name, target)] == []


def leads_somewhere(name: str, target: str) -> bool:
    """Whether a link of a page leads out of the site or to a place that is there."""
    parts = urlparse(target)
    if parts.scheme:
        return parts.scheme in ("https", "mailto", "data")
    path, anchor = urldefrag(urljoin(name, parts._replace(query="").geturl()))
    if not (SITE / unquote(path)).is_file():
        return False
    return not path.endswith(".html") or unquote(anchor) in anchors(unquote(path))


@pytest.mark.parametrize("name", PAGES)
def test_pictures_have_alternative_texts(name: str) -> None:
    """Does every figure say in words what it shows?"""
    pictures = soup(name).find_all("img")
    assert [str(tag)[:80] for tag in pictures if len(str(tag.get("alt", "")).split()) < 5] == []


@needs_axe
@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole(browser: Browser, address: str, name: str) -> None:
    """Does a page load all that it wants, from the site alone, without an error, with pictures?"""
    page = new_page(browser)
    faults = watched(page, address)
    page.goto(address + name, wait_until="networkidle")
    faults += page.evaluate(
        "Array.from(document.images).filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    )
    page.close()
    assert faults == []


def watched(page: Page, address: str) -> list[str]:
    """A list that gets whatever goes wrong in a page."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    page.on(
        "request",
        lambda wanted: (
            None if wanted.url.startswith((address, "data:")) else faults.append(wanted.url)
        ),
    )
    return faults


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_everybody_can_read_it(browser: Browser, address: str, name: str, scheme: str) -> None:
    """Has one page of each kind no serious finding of axe?"""
    page = new_page(browser, color_scheme=scheme)
    page.goto(address + name)
    found = findings(page)
    page.close()
    assert found == []
