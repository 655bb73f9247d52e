"""Sphinx builds the site from docs/ and notebooks/: `make docs`. Nothing is fetched.

The source folder is the course folder itself, so that a link leads to the same place on the site,
in JupyterLab and on GitHub.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.util.typing import stringify_annotation

import vaelib

DESCRIBED = re.compile(r"^([a-z]\w*(?:, \w+)*): (?=\S)")
ARRAY_LIKE = stringify_annotation(ArrayLike, "smart")
ND_ARRAY = re.compile(r"~numpy\.ndarray\[tuple\[~typing\.Any, \.\.\.\], ~numpy\.dtype\[([^]]+)\]\]")
HERE = Path(__file__).parent
sys.path.append(str(HERE / "_extensions"))
# Units run in kernels that a parent forks which has imported TensorFlow once.
os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "warm"
os.environ["VAELIB_DATA"] = "bundled"  # no download, and the same figures everywhere

project = "Variational autoencoders, taught and graded"
author = copyright = "the authors of the course"
release = vaelib.__version__
language = "en"
root_doc = "docs/index"
include_patterns = ["docs/*.md", "docs/api/*.rst", "notebooks/*/*.ipynb"]
exclude_patterns = [".*", "**/.ipynb_checkpoints", "docs/_*", "node_modules", "autograder"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "katex",
]
suppress_warnings = ["myst.header"]  # entries of the glossary are H3; Sphinx makes them H2

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE / "_build" / "executed")
nb_execution_timeout = 300
nb_execution_show_tb = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # sliders need a kernel; it would come by network
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]

html_math_renderer = "katex"

default_role = "code"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = "VAE course"
html_static_path = ["_static"]
html_css_files = ["site.css"]
templates_path = [str(HERE / "_templates")]
html_additional_pages = {"index": "redirect.html"}
html_sidebars = {
    name: [] for name in ("docs/index", "docs/glossary", "docs/bibliography", "genindex")
}
html_show_sourcelink = False
html_domain_indices = False
html_theme_options = {
    "navbar_align": "left",
    "navbar_persistent": ["search-button"],  # the other one has a label that is not its text
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def to_slugs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn links to a unit's heading, which JupyterLab wants in its own case, into slugs."""
    if docname.startswith("notebooks/"):
        source[0] = re.sub(r"\.ipynb#[\w-]+", lambda link: link[0].lower(), source[0])


def to_parameters(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Read `name: what it is`, as short docstrings have it, as the description of a parameter."""
    inside = False
    for number, line in enumerate(lines):
        described = DESCRIBED.sub(r":param \1: ", line)
        inside = described != line or (inside and bool(line.strip()))
        lines[number] = f"    {line}" if inside and described == line else described


def with_aliases(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str, returns: str
) -> tuple[str, str]:
    """Write `ArrayLike` and `NDArray` where the code does, and not all that they stand for."""
    short = (part and part.replace(ARRAY_LIKE, "ArrayLike") for part in (signature, returns))
    arguments, result = (part and ND_ARRAY.sub(r"NDArray[\1]", part) for part in short)
    return arguments and arguments.replace("<factory>", "..."), result


def setup(app: Sphinx) -> None:
    """Connect the hooks above."""
    app.connect("source-read", to_slugs)
    app.connect("autodoc-process-docstring", to_parameters)
    app.connect("autodoc-process-signature", with_aliases)
