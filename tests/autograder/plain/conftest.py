"""A plain nbgrader course for the tests of this folder."""

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from tests.autograder.plain import plaincourse


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The plain course, released. Nobody changes it."""
    return plaincourse.make(tmp_path_factory.mktemp("plain"))


@pytest.fixture
def course(made: Course, tmp_path: Path) -> Course:
    """A copy that a test may change."""
    return Course(shutil.copytree(made.root, tmp_path / "course"))
