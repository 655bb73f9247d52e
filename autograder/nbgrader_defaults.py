"""What this project sets in nbgrader's configuration; a course can override any of it after."""

import os
import sys
from pathlib import Path

from traitlets.config import Config

AFTER_EXECUTION = (
    "IgnorePattern",
    "LimitOutput",
    "SaveAutoGrades",
    "AssignLatePenalties",
    "CheckCellMetadata",
)
STUB = '# YOUR CODE HERE\nraise NotImplementedError("not answered yet")'


def configure(config: Config) -> None:
    """Set folders, stub and hardened execution in a traitlets configuration."""
    folders = config.CourseDirectory
    folders.course_id = "vae"
    folders.source_directory = "solutions"
    folders.release_directory = "notebooks"
    folders.submitted_directory = "autograder/submitted"
    folders.autograded_directory = "autograder/autograded"
    folders.feedback_directory = "autograder/feedback"
    folders.db_url = "sqlite:///autograder/gradebook.db"
    config.ClearSolutions.code_stub = {"python": STUB}
    # Importing TensorFlow takes up to half a minute on a cold machine, without a word on iopub.
    config.Execute.timeout = 300
    config.Execute.startup_timeout = 180
    config.Execute.iopub_timeout = 120
    config.Execute.raise_on_iopub_timeout = False
    grade_outside(config)
    # nbgrader takes any line on stderr in a check for a failure, and TensorFlow logs there.
    config.IgnorePattern.enabled = True
    config.IgnorePattern.pattern = "."


def grade_outside(config: Config) -> None:
    """Have nbgrader's own autograde run students' code in the sandbox, in any nbgrader course."""
    put_scripts_on_path()
    config.Autograde.autograde_preprocessors = [
        "autograder.nbgrader_plugins.ExecuteOutside",
        *(f"nbgrader.preprocessors.{name}" for name in AFTER_EXECUTION),
    ]


def put_scripts_on_path() -> None:
    """nbgrader runs `alembic` by name, which fails where the environment is not activated."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
