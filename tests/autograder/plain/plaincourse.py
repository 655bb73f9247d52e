"""A small plain nbgrader course: no specification, hidden tests, points by hand, two notebooks."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.release import generate

NAME = "ps1"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "plain"
c.Execute.timeout = 5
c.Execute.iopub_timeout = 60
c.OverwriteCells.add_missing_cells = True
"""
FILES = {
    "data.csv": "1\n2\n3\n",
    "helper.py": "def share(facts):\n    return sum(facts) / len(facts)\n",
    "tables/more.csv": "10\n",
}
SQUARE = """\
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION"""
TOTAL = """\
def total(path):
    ### BEGIN SOLUTION
    return sum(int(line) for line in open(path))
    ### END SOLUTION"""
TESTS = {
    "square_test": (
        3,
        "assert square(2) == 4\n"
        "### BEGIN HIDDEN TESTS\nassert square(3) == 9, 'secret'\n### END HIDDEN TESTS",
    ),
    "total_test": (
        4,
        "facts = [total('data.csv') == 6, total('tables/more.csv') == 10]\n4 * helper.share(facts)",
    ),
    "quiet_test": (1, "_ = square(-1)"),
    "steps_test": (2, "if square(1) != 1:\n    raise ValueError('one')\nprint('done')"),
    "greet_test": (2, "assert greet('Ada') == 'Hello Ada'"),
}


def grading(name: str, points: float | None = None, **marks: bool) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    base = {"grade": False, "solution": False, "locked": False, "task": False}
    worth = {} if points is None else {"points": points}
    return {"nbgrader": {**base, **marks, **worth, "grade_id": name, "schema_version": 3}}


def answer(name: str, source: str) -> NotebookNode:
    """A cell that a student fills in."""
    return new_code_cell(source, id=name, metadata=grading(name, solution=True))


def test_cell(name: str) -> NotebookNode:
    """A cell that gives points."""
    points, source = TESTS[name]
    return new_code_cell(source, id=name, metadata=grading(name, points, grade=True, locked=True))


def sources() -> dict[str, NotebookNode]:
    """The instructor's two notebooks."""
    by_hand = {"grade": True, "solution": True}
    numbers = [
        new_markdown_cell("## Numbers", id="title"),
        new_code_cell("import helper", id="setup"),
        answer("square", SQUARE),
        test_cell("square_test"),
        answer("total", TOTAL),
        test_cell("total_test"),
        test_cell("quiet_test"),
        test_cell("steps_test"),
        new_code_cell("# the best plot\n1 + 1", id="plot", metadata=grading("plot", 2, **by_hand)),
    ]
    words = [
        new_markdown_cell("Because.", id="why", metadata=grading("why", 3, **by_hand)),
        new_markdown_cell("Explore.", id="t", metadata=grading("t", 2, task=True, locked=True)),
        answer("greet", "def greet(name):\n    return f'Hello {name}'"),
        test_cell("greet_test"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel}
    return {
        "numbers": new_notebook(cells=numbers, metadata=metadata),
        "words": new_notebook(cells=words, metadata=metadata),
    }


def make(root: Path) -> Course:
    """A course folder with the assignment, released."""
    folder = root / "source" / NAME
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for name, notebook in sources().items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG)
    course = Course(root)
    generate(course, NAME)
    return course


def released(course: Course) -> dict[str, NotebookNode]:
    """What students get."""
    folder = course.notebooks / NAME
    return {path.stem: nbformat.read(path, as_version=4) for path in folder.glob("*.ipynb")}


def solved(course: Course, **answers: str) -> dict[str, NotebookNode]:
    """Right answers in the released notebooks, but for those given."""
    right = {c.id: c.source for notebook in sources().values() for c in notebook.cells}
    notebooks = released(course)
    for notebook in notebooks.values():
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = answers.get(cell.id, right[cell.id])
    return notebooks


def hand_in(course: Course, student: str, notebooks: dict[str, NotebookNode]) -> Path:
    """Put notebooks where nbgrader looks for a student's; return the folder."""
    folder = course.submitted / student / NAME
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder
