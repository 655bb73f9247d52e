"""A course folder: where its parts are and which units it has."""

import functools
from dataclasses import dataclass, fields
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.errors import AutograderError, UnknownName
from autograder.kernels import Limits
from autograder.nbgrader_defaults import put_scripts_on_path


@dataclass(frozen=True)
class Course:
    """The folder that holds `nbgrader_config.py`; all paths below are absolute."""

    root: Path

    @functools.cached_property
    def config(self) -> Config:
        """nbgrader's configuration of this course; AutograderError where there is none."""
        try:
            config = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        except ConfigFileNotFound:
            raise AutograderError(
                f"{self.root} is no course folder: it has no nbgrader_config.py; go to the course "
                "folder or name it with --course"
            ) from None
        put_scripts_on_path()
        url = config.CourseDirectory.get("db_url", "sqlite:///gradebook.db")
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = _absolute(url, self.root)
        return config

    @functools.cached_property
    def nbgrader(self) -> CourseDirectory:
        """nbgrader's own object for this folder."""
        return CourseDirectory(config=self.config)

    @functools.cached_property
    def limits(self) -> Limits:
        """What a submission may take: the defaults, but for what `c.Limits` sets."""
        try:
            return Limits(**self.config.Limits)
        except TypeError as error:
            known = ", ".join(field.name for field in fields(Limits))
            message = f"c.Limits in nbgrader_config.py: {error}; there are {known}"
            raise AutograderError(message) from None

    @functools.cached_property
    def personal(self) -> str | None:
        """What students' own numbers follow from beside their ids; None where all are asked alike.

        It is the name of the course, if `c.Course.personal = True` is set.
        """
        wanted = self.config.Course.get("personal", False)
        return str(self.config.CourseDirectory.get("course_id", "")) if wanted else None

    @property
    def db_url(self) -> str:
        return str(self.nbgrader.db_url)

    @property
    def texts(self) -> Path:
        return self.root / "course"

    @property
    def solutions(self) -> Path:
        return self.root / self.nbgrader.source_directory

    @property
    def notebooks(self) -> Path:
        return self.root / self.nbgrader.release_directory

    @property
    def submitted(self) -> Path:
        return self.root / self.nbgrader.submitted_directory

    @property
    def autograded(self) -> Path:
        return self.root / self.nbgrader.autograded_directory

    @property
    def feedback(self) -> Path:
        return self.root / self.nbgrader.feedback_directory

    def authored(self, chosen: tuple[str, ...] = ()) -> list[str]:
        """Units with a course text, all or those chosen; UnknownName for one that is not there."""
        return _choose(sorted(p.stem for p in self.texts.glob("[0-9][0-9]_*.py")), chosen)

    def released(self, chosen: tuple[str, ...] = ()) -> list[str]:
        """Units with a released notebook, all or those chosen.

        Its name is the unit's, or nbgrader has the unit's sources: not every folder is a unit.
        """
        found = {
            path.parent.name
            for path in self.notebooks.glob("*/*.ipynb")
            if path.stem == path.parent.name or (self.solutions / path.parent.name).is_dir()
        }
        return _choose(sorted(found), chosen)


def _choose(known: list[str], chosen: tuple[str, ...]) -> list[str]:
    for name in chosen:
        if name not in known:
            raise UnknownName("unit", name, known)
    return list(chosen) or known


def _absolute(db_url: str, root: Path) -> str:
    """A relative SQLite address as an absolute one, so that it holds in any working folder."""
    prefix = "sqlite:///"
    if not db_url.startswith(prefix) or db_url.startswith(prefix + "/"):
        return db_url
    return f"{prefix}{root / db_url.removeprefix(prefix)}"
