"""Build, release and grade a course of notebooks with nbgrader, and judge answers from outside."""

__version__ = "0.1.0"
