"""nbgrader's view of this course; the autograder reads its folders from here too."""

from autograder.nbgrader_defaults import configure

configure(get_config())  # type: ignore[name-defined]  # noqa: F821
