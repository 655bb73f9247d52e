"""A grader of the toy course, as a process of its own, that things happen to while it works."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import Course
from autograder.gradebook import open_gradebook, storable
from autograder.samples import hand_in
from autograder.schedule import Ledger
from tests.autograder import toy
from tests.autograder.processes import TOY, environment

GRADE = f"import {TOY}; from autograder.cli import main; main()"
LIMITS = "get_config().Limits.update(call=3.0, cell=6.0, notebook=20.0)\n"
WRONG = {"toy_pair": "def toy_pair(x):\n    return 0"}
RIGHT, LESS = toy.ALL, toy.ALL - 3

Line = dict[str, Any]


class School:
    """A course in which notebooks are handed in, and who grades it."""

    def __init__(self, course: Course, answers: Callable[..., NotebookNode]) -> None:
        self.course, self.answers = course, answers
        self.lines = course.root / "results.jsonl"
        config = course.root / "nbgrader_config.py"
        config.write_text(f"{config.read_text()}\n{LIMITS}")

    def hand_in(self, student: str, own: str = "", **wrong: str) -> Path:
        """Right but for the answers given, with a cell of one's own before them."""
        notebook = self.answers(**wrong)
        if own:
            notebook.cells.insert(1, new_code_cell(own))
        return hand_in(self.course.submitted, student, toy.NAME, notebook)

    def command(self, *options: str) -> list[str]:
        """The command line that grades, one submission at a time."""
        arguments = ("--course", str(self.course.root), "grade", "--jobs", "1", *options)
        return [sys.executable, "-c", GRADE, *arguments, "--results", str(self.lines)]

    @property
    def environment(self) -> dict[str, str]:
        """Environment of a grader that knows the toy unit."""
        return environment(self.course.root / "records", COLUMNS="200")

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """Start to grade."""
        out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(self.command(*options), env=self.environment, **out)  # type: ignore[call-overload,no-any-return]

    def graded(self, *options: str) -> tuple[dict[str, Line], str]:
        """Grade; the result lines by student, and what was said."""
        return self.end(self.start(*options))

    def end(self, grader: "subprocess.Popen[str]") -> tuple[dict[str, Line], str]:
        """Wait for the end of a run that comes to its end."""
        said, _ = grader.communicate(timeout=120)
        assert grader.returncode == 0, said
        lines = [json.loads(line) for line in self.lines.read_text().splitlines()]
        assert len({line["student"] for line in lines}) == len(lines)
        return {line["student"]: line for line in lines}, said

    def wait_for(self, student: str, grader: "subprocess.Popen[str]") -> None:
        """Return once a student's result is in the ledger."""
        while Ledger(self.course).find(toy.NAME, student) is None:
            assert grader.poll() is None, grader.communicate()[0]
            time.sleep(0.02)

    def assert_whole(self) -> list[str]:
        """Each score of the ledger is the gradebook's; returns who is in the ledger."""
        with open_gradebook(self.course) as book:
            there = {s.student_id: s.score for s in book.assignment_submissions(toy.NAME)}
        results = Ledger(self.course).results()
        assert {storable(r.student): r.score for r in results if r.graded}.items() <= there.items()
        return [result.student for result in results]


def running(mark: str) -> list[psutil.Process]:
    """Processes with a word in their command line."""
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if any(mark in word for word in p.info["cmdline"] or ())]
