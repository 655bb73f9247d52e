"""nbgrader's own autograde, by hand or from Formgrader, with this grader's verdicts.

`configure` puts `ExecuteOutside` in the place of nbgrader's `Execute`. What a submission earns is
then the same, whichever way it is graded.
"""

from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute

from autograder import exercises, sandbox
from autograder.course import Course
from autograder.grade import Graded, Task, grade
from autograder.kernels import Limits
from autograder.plain import folders
from autograder.plain.cellrun import CellRun, limits_of
from autograder.plain.celltests import KERNEL
from autograder.results import ExerciseResult
from autograder.roles import grade_id, is_check
from autograder.warm import WarmParent, shared


class ExecuteOutside(Execute):  # type: ignore[misc]
    """Runs and judges a unit as `autograder grade` does.

    Other notebooks run cell by cell, as nbgrader has it, in the sandbox where there is one.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, *args: Any, **kwargs: Any
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Leave in each check cell the one output that nbgrader reads its score from."""
        names = resources["nbgrader"]
        course = Course(Path.cwd())  # converters change into the course folder
        unit = exercises.load(names["assignment"])
        if unit is None:
            return self._run_cells(course.limits, nb, resources, *args, **kwargs)
        released = course.notebooks / unit.name / f"{unit.name}.ipynb"
        starter = _parent(course.limits).start
        student = names["student"]
        graded = grade(Task(course.submitted, student, unit, released, starter, course.limits))
        for message in (graded.result.message, *graded.result.warnings):
            if message:
                self.log.warning("%s: %s", student, message)
        _show(nb, graded)
        return nb, resources

    def _run_cells(
        self,
        limits: Limits,
        nb: NotebookNode,
        resources: ResourcesDict,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Leave in each cell what it shows; its tests are in the notebook already."""
        parent = _parent(limits)
        kernel = nb.metadata.get("kernelspec", {}).get("name", KERNEL)
        if not parent.sandboxed or kernel != KERNEL:
            executed: tuple[NotebookNode, ResourcesDict]
            executed = super().preprocess(nb, resources, *args, **kwargs)
            return executed
        files, _ = folders.read(Path(resources["metadata"]["path"]), set())
        run = CellRun(nb, files, parent.start, limits_of(self.timeout, limits))
        run.run_all()
        for warning in run.warnings:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], warning)
        return nb, resources


def _show(notebook: NotebookNode, graded: Graded) -> None:
    """Outputs of the graded run, and scores in the check cells."""
    ran = graded.notebook.cells if graded.notebook is not None else []
    outputs = {grade_id(cell): cell.get("outputs", []) for cell in ran if cell.cell_type == "code"}
    for cell in notebook.cells:
        name = grade_id(cell)
        if is_check(cell):
            result = graded.result.exercises.get(str(name).removesuffix("_check"))
            cell.outputs = _score(result) if graded.result.graded and result else _no_score(graded)
        elif cell.cell_type == "code" and name is not None:
            cell.outputs = outputs.get(name, [])


def _score(result: ExerciseResult) -> list[NotebookNode]:
    """nbgrader takes the number that a check shows as its score."""
    text = f"{result.verdict}\n{result.message}".strip()
    return [
        new_output("stream", name="stdout", text=text + "\n"),
        new_output("execute_result", data={"text/plain": str(result.score)}, execution_count=1),
    ]


def _no_score(graded: Graded) -> list[NotebookNode]:
    return [new_output("error", ename=graded.result.status, evalue=graded.result.message)]


def _parent(limits: Limits) -> WarmParent:
    """nbgrader's own warm parent; sandboxed where this machine can."""
    try:
        sandbox.require()
    except sandbox.NoSandbox:
        return shared(limits, sandboxed=False)
    return shared(limits, sandboxed=True)
