"""Self-contained pages in one style: no network, and whatever students wrote is escaped text."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.files import write_atomically

MAX_TEXT = 5000  # characters of one text that a page shows
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_LOADER = jinja2.FileSystemLoader(Path(__file__).parent / "templates")


def render(template: str, **values: Any) -> str:
    """A page of `templates/`; its policy lets no script run but the page's own, if it has one."""
    environment = jinja2.Environment(
        loader=_LOADER, autoescape=True, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    script = _LOADER.get_source(environment, "sort.js")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment.get_template(template)
    return page.render(script=Markup(script), script_digest=digest, **values)


def save(path: Path, html: str) -> Path:
    """Write a page, half characters replaced."""
    write_atomically(path, html.encode("utf-8", "replace"))
    return path


def _shown(value: Any) -> Any:
    """What stands for a value on a page; what is markup already is the page's own."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def clean(text: str) -> str:
    """Text without terminal escapes and control characters, of bounded length."""
    plain = CONTROL.sub("", ANSI.sub("", text))
    return plain if len(plain) <= MAX_TEXT else plain[:MAX_TEXT] + "\n... (cut)"
