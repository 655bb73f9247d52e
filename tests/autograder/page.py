"""What a browser would make of a page, and whether anything on it is alive."""

from html.parser import HTMLParser

KNOWN = set(
    "html head meta title style body main h1 h2 p strong table thead tbody tr th td a code pre "
    "span img div ul li br".split()
)
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
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


def text_of(page: Page) -> str:
    """A page's text on one line."""
    return " ".join(page.text.split())
