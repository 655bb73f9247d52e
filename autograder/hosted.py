"""What each unit says of places that run it without an installation: Colab and Binder."""

import functools
import tomllib
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.errors import AutograderError

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
LINKS = "Without an installation: [open this unit in Colab]({colab}) or [in Binder]({binder})."
INSTALL = """# @title On Colab, run this cell first; anywhere else it does nothing
import sys

if "google.colab" in sys.modules:
    %pip install --quiet --no-deps git+{repository}"""


@functools.cache
def repository(project: Path = PROJECT) -> str:
    """The address of the project's repository, which pyproject.toml alone states."""
    urls = tomllib.loads(project.read_text(encoding="utf-8"))["project"].get("urls", {})
    address = str(urls.get("Repository", "")).rstrip("/")
    if not address.startswith("https://github.com/"):
        raise AutograderError(
            f"{project.name} gives no address that Colab and Binder can open; under [project.urls] "
            f'write Repository = "https://github.com/OWNER/NAME". Received: {address!r}'
        )
    return address


def colab(unit: str) -> str:
    """Where Colab opens a unit's released notebook."""
    return f"https://colab.research.google.com/github/{_name()}/blob/main/{_notebook(unit)}"


def binder(path: str) -> str:
    """Where Binder opens a file or folder of the repository in JupyterLab."""
    return f"https://mybinder.org/v2/gh/{_name()}/main?urlpath=lab/tree/{path}"


def cells(unit: str) -> list[NotebookNode]:
    """The line with the links, and the cell that installs vaelib on Colab.

    The cell is collapsed in JupyterLab and in Colab, is left out of the site, and is no part of
    what is graded. Colab has what vaelib needs; the grader's own packages would disturb it.
    """
    line = LINKS.format(colab=colab(unit), binder=binder(_notebook(unit)))
    metadata = {
        "cellView": "form",
        "jupyter": {"source_hidden": True},
        "tags": ["demo", "remove-cell"],
    }
    source = INSTALL.format(repository=repository())
    install = new_code_cell(source, id="colab-install", metadata=metadata)
    return [new_markdown_cell(line, id="hosted"), install]


def _name() -> str:
    return repository().removeprefix("https://github.com/")


def _notebook(unit: str) -> str:
    return f"notebooks/{unit}/{unit}.ipynb"
