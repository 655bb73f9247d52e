"""Is work found that lies beside the folder it belongs in, and nobody called absent for it?"""

from pathlib import Path

import pytest

from autograder import intake_astray
from tests.autograder.handing import CONTENT, EXACT, UNIT, refused


def lies_beside(folder: Path, name: str) -> None:
    """Put a notebook, or a folder with one, beside the unit's folder, which is not there."""
    folder.rmdir()
    path = folder.parent / name
    if name.endswith((".ipynb", ".zip", ".gz", ".ipynb ", ".IPYNB")):
        path.write_bytes(CONTENT)
    else:
        path.mkdir()
        (path / EXACT).write_bytes(CONTENT)


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        (EXACT, f"move it to {UNIT}/"),
        (f"{UNIT} (1).IPYNB", f"move it to {UNIT}/"),
        (f"{UNIT}-Copy1.ipynb", f"move it to {UNIT}/"),
        (f"Copy of {UNIT}.ipynb", f"move it to {UNIT}/"),
        (f"ada_{UNIT}_last.ipynb", f"move it to {UNIT}/"),
        (f"{UNIT}.zip", f"unpack it into {UNIT}/"),
        (f"{UNIT}.tar.gz", f"unpack it into {UNIT}/"),
        (UNIT.upper(), f"rename it to {UNIT}"),
        (f"{UNIT} ", f"rename it to {UNIT}"),
        (f"{UNIT} (2)", f"rename it to {UNIT}"),
        (f"{UNIT}-Copy1", f"rename it to {UNIT}"),
        (f"{UNIT}-main", f"rename it to {UNIT}"),
    ],
)
def test_one_level_off(folder: Path, name: str, mend: str) -> None:
    """Does a person look, who reads what there is and where it belongs?"""
    lies_beside(folder, name)
    message = f"nothing in {UNIT}/, but there is {name!r}: {mend}"
    assert refused(folder) == ("needs-human", message)


def test_empty_folder(folder: Path) -> None:
    """Is work found beside a folder that is there, with nothing in it?"""
    (folder.parent / EXACT).write_bytes(CONTENT)
    status, message = refused(folder)
    assert (status, message.partition(",")[0]) == ("needs-human", f"nothing in {UNIT}/")


OTHERS = ["91_next", f"{UNIT}2", f"{UNIT}_bonus", f"my{UNIT}.ipynb", f"._{EXACT}", f"{UNIT}.pdf"]


@pytest.mark.parametrize("name", OTHERS)
def test_something_else(folder: Path, name: str) -> None:
    """Is other work, of another unit for one, none of this unit's?"""
    lies_beside(folder, name)
    assert refused(folder) == ("rejected", f"nothing was handed in for {UNIT}")


def test_behind_a_link(folder: Path, tmp_path: Path) -> None:
    """Is nothing looked for where a student's folder is a link?"""
    lies_beside(folder, EXACT)
    folder.parent.rename(tmp_path / "elsewhere")
    folder.parent.symlink_to(tmp_path / "elsewhere")
    assert refused(folder)[1] == "'ada' is a link; hand in a folder with the notebook"


def test_of_nobody(tmp_path: Path) -> None:
    """Is a notebook named that lies among the students' folders, and nothing else there?"""
    (tmp_path / "flat.ipynb").write_bytes(CONTENT)
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "linked.ipynb").symlink_to(tmp_path / "flat.ipynb")
    (tmp_path / "readme.txt").touch()
    line = "'flat.ipynb' is in no student's folder: move it to STUDENT/UNIT/"
    assert intake_astray.of_nobody(tmp_path) == [line]
