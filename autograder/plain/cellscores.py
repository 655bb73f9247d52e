"""Write what nbgrader's own rules give into its gradebook, in one transaction a submission."""

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course import Course
from autograder.grade import Graded
from autograder.roles import grade_id


def write(book: Gradebook, graded: Graded, student: str) -> None:
    """Scores and comments of all notebooks, or none; a notebook that is not there earns nothing."""
    unit = graded.result.unit
    for notebook in book.find_assignment(unit).notebooks:
        submission = book.find_submission_notebook(notebook.name, unit, student)
        if notebook.name in graded.notebooks:
            _write_cells(submission, graded.notebooks[notebook.name])
        else:
            _write_nothing(submission)
    book.db.commit()


def _write_cells(submission: SubmittedNotebook, notebook: NotebookNode) -> None:
    """What nbgrader's SaveAutoGrades writes; a score that a person gave stays, to be looked at."""
    cells = {grade_id(cell): cell for cell in notebook.cells}
    for grade in submission.grades:
        if utils.is_grade(cells[grade.name]):
            grade.auto_score, _ = utils.determine_grade(cells[grade.name])
            grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
    for comment in submission.comments:
        comment.auto_comment = "No response." if is_untouched(cells[comment.name]) else None


def is_untouched(cell: NotebookNode) -> bool:
    """Whether a cell that was to be answered is as it was released, by nbgrader's checksum."""
    released = cell.metadata.nbgrader.get("checksum")
    return not utils.is_task(cell) and bool(released == utils.compute_checksum(cell))


def _write_nothing(submission: SubmittedNotebook) -> None:
    for grade in submission.grades:
        grade.auto_score = 0
        grade.needs_manual_grade = False


def assign_late_penalties(course: Course, graded: Graded, student: str) -> None:
    """What the course's nbgrader takes off for handing in late, by its own plugin."""
    names = {"assignment": graded.result.unit, "student": student, "db_url": course.db_url}
    for name, notebook in graded.notebooks.items():
        late = AssignLatePenalties(config=course.config)
        late(notebook, {"nbgrader": {**names, "notebook": name}})
