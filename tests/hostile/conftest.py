"""The toy course of tests/autograder, for what is tried on the grader itself: it is soon graded."""

from tests.autograder.conftest import answers, course, released, released_course, right

__all__ = ["answers", "course", "released", "released_course", "right"]
