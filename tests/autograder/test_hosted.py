"""Do units lead to Colab and Binder, and is the course installed there and nowhere else?"""

import ast
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder import hosted
from autograder.errors import AutograderError

ROOT = Path(__file__).parents[2]
UNITS = sorted(path.stem for path in (ROOT / "course").glob("[0-9]*.py"))
ON_COLAB = {"IPython", "ipywidgets", "keras", "matplotlib", "numpy", "scipy", "sklearn"}
ON_COLAB |= {"tensorflow"}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("folder", ["solutions", "notebooks"])
def test_each_unit_has_its_links(folder: str, unit: str) -> None:
    """Does the second cell lead to this unit, and the third install what it needs?"""
    notebook = nbformat.read(ROOT / folder / unit / f"{unit}.ipynb", as_version=4)
    links, install = notebook.cells[1:3]
    assert f"]({hosted.colab(unit)})" in links.source
    assert f"/main?urlpath=lab/tree/notebooks/{unit}/{unit}.ipynb)" in links.source
    assert install.source.endswith(f"%pip install --quiet --no-deps git+{hosted.repository()}")


@pytest.mark.parametrize("there", [True, False])
def test_install_cell(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """Does the cell install the course on Colab, and do nothing elsewhere?"""
    shell = Mock()
    if there:
        monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    source = TransformerManager().transform_cell(hosted.cells(UNITS[0])[1].source)
    exec(source, {"get_ipython": lambda: shell})
    wanted = ("pip", f"install --quiet --no-deps git+{hosted.repository()}")
    calls = [call.args for call in shell.run_line_magic.call_args_list]
    assert calls == ([wanted] if there else [])


def test_vaelib_needs_nothing_that_colab_has_not() -> None:
    """Does vaelib do with packages that are there, as it is installed without dependencies?"""
    found = set()
    for path in (ROOT / "vaelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).split(".")[0])
    assert found - set(sys.stdlib_module_names) - {"vaelib"} <= ON_COLAB


def test_texts_name_the_repository() -> None:
    """Do the README and the page on hubs name the same repository as the units?"""
    assert (ROOT / "docs" / "hub.md").read_text().count(f"git clone {hosted.repository()} ") == 2
    readme = (ROOT / "README.md").read_text()
    assert f"]({hosted.binder('notebooks')})" in readme
    assert f"]({hosted.colab(UNITS[0])})" in readme


@pytest.mark.parametrize("urls", ["", '\n[project.urls]\nRepository = "https://example.org/x"'])
def test_address_that_is_none(tmp_path: Path, urls: str) -> None:
    """Is a project without a repository's address told what to write?"""
    project = tmp_path / "pyproject.toml"
    project.write_text(f'[project]\nname = "x"\n{urls}')
    with pytest.raises(AutograderError, match=r"under \[project.urls\] write Repository"):
        hosted.repository(project)
