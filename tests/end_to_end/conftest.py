"""The demo's course folder, made and graded once for all tests that look at it."""

from pathlib import Path

import pytest
from rich.console import Console

from autograder.demo import run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's course folder, after the demo."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    run(folder, 2, Console(quiet=True))
    return folder
