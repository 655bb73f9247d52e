"""Do the files that set a machine up agree with each other?"""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
LOCK = dict(
    line.split("==") for line in (ROOT / "requirements.lock").read_text().splitlines() if line
)


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


PINNED = {canonical(name): version for name, version in LOCK.items()}


def test_lock_has_plain_pins_only() -> None:
    """Is every line name==version, without an address?"""
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


def test_lock_satisfies_pyproject() -> None:
    """Does the lock pin every dependency of the project within its range?"""
    for text in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        wanted = Requirement(text)
        assert PINNED[canonical(wanted.name)] in wanted.specifier, text


def test_environment_agrees_with_pyproject() -> None:
    """Does conda get a Python of the project's, the same lock and the project itself?"""
    python = next(d for d in CONDA if isinstance(d, str) and d.startswith("python"))
    assert python.removeprefix("python=") in SpecifierSet(PROJECT["requires-python"])
    pip = next(d["pip"] for d in CONDA if isinstance(d, dict))
    assert pip == ["-r requirements.lock", "-e ."]


def test_binder_uses_the_environment() -> None:
    """Does repo2docker know Python's version, and is there nothing that it would rather read?

    It builds on its own Python where it cannot read `python=3.N`, and only then updates that.
    """
    assert any(re.fullmatch(r"python=3\.\d+", d) for d in CONDA if isinstance(d, str))
    preferred = ("binder", ".binder", "Dockerfile", "environment.yaml", "Pipfile", "REQUIRE")
    assert [name for name in preferred if (ROOT / name).exists()] == []


def test_readme_is_short() -> None:
    """Can somebody read the README in two minutes?"""
    text = (ROOT / "README.md").read_text()
    assert len(re.sub(r"!\[.*?\]\(.*?\)", "", text).split()) <= 450


def test_import_of_vaelib_is_light() -> None:
    """Does `import vaelib` stay under 0.3 s of processor time, without TensorFlow or Matplotlib?"""
    program = (
        "import sys, time; before = time.process_time(); import vaelib; "
        "print(time.process_time() - before); "
        "print(*{m.split('.')[0] for m in sys.modules} & {'tensorflow', 'keras', 'matplotlib'})"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(3)
    ]
    assert [run[1] for run in runs] == ["", "", ""]
    assert min(float(run[0]) for run in runs) < 0.3
