"""Is each student asked with the numbers that are theirs, in notebook, check and verdict?"""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import coursetext, exercises, kernels, personal
from autograder.answers import Solutions
from autograder.build import outputs, to_notebook
from autograder.course import Course
from autograder.grade import Task, grade
from autograder.release import generate
from autograder.results import ExerciseResult
from autograder.samples import answered, hand_in
from autograder.specification import Exercise, Unit
from tests.autograder.conftest import HERE, new_course
from vaelib import records
from vaelib.cases import failures
from vaelib.check import put
from vaelib.judge import judge

UNIT, NAME = "02_normal_distributions", "probability_within"
BY_NAME = "def probability_within(k):\n    return erf(k / np.sqrt(2) / spread)"
Run = Callable[..., ExerciseResult]


def unit(name: str) -> Unit:
    """A unit of the course."""
    found = exercises.load(name)
    assert found is not None
    return found


def spread_of(student: str) -> float:
    """The spread that a student is asked with."""
    spread: float = personal.posed(unit(UNIT), "vae", student)[NAME].values["spread"]
    return spread


ABLE = [
    pytest.param(name, exercise, id=exercise.name)
    for name in (UNIT, "05_kl_divergence")
    for exercise in unit(name)
    if exercise.personal is not None
]


@pytest.fixture(scope="module")
def personal_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with unit 02 that asks each student with other numbers, built and released."""
    root = tmp_path_factory.mktemp("personal")
    general = new_course(root, HERE / "course" / f"{UNIT}.py")
    with (root / "nbgrader_config.py").open("a") as file:
        file.write("\nc = get_config()\nc.Course.personal = True\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(records, "FOLDER", shutil.copytree(records.FOLDER, root / "records"))
        for path, content in outputs(Course(general.root), UNIT).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    generate(Course(root), UNIT)
    return Course(root)


@pytest.fixture
def released(personal_course: Course) -> NotebookNode:
    """What students of that course get."""
    return nbformat.read(personal_course.notebooks / UNIT / f"{UNIT}.ipynb", as_version=4)


@pytest.fixture
def judged(personal_course: Course, released: NotebookNode, tmp_path: Path) -> Run:
    """`judged("ada", answer)`: the result of a student's answer, by a real kernel."""

    def run(student: str, answer: str, claimed: str = "") -> ExerciseResult:
        notebook = answered(released, {NAME: answer})
        for cell in notebook.cells:
            cell.source = cell.source.replace('i_am("', f'i_am("{claimed}')
        hand_in(tmp_path, student, UNIT, notebook)
        path = personal_course.notebooks / UNIT / f"{UNIT}.ipynb"
        task = Task(tmp_path, student, unit(UNIT), path, kernels.start, seed=1)
        return grade(task).result.exercises[NAME]

    return run


def test_off_unless_a_course_wants_it(course: Course, personal_course: Course) -> None:
    """Does a course ask everybody alike until its configuration says otherwise?"""
    assert course.personal is None
    assert personal_course.personal == "vae"


def test_cells_that_are_added(personal_course: Course, released: NotebookNode) -> None:
    """Is the notebook the general one, but for who works in it and the values of the student?"""
    kept = to_notebook(coursetext.read(HERE / "course" / f"{UNIT}.py"), unit(UNIT))
    known = {cell.id: cell.source for cell in kept.cells}
    added = [cell for cell in released.cells if cell.id not in known]
    there = {cell.id: cell.source for cell in released.cells if cell not in added}
    solved = {f"{exercise.name}-answer" for exercise in unit(UNIT)} | {"reflection"}
    assert {name for name, source in there.items() if source != known[name]} == solved
    assert list(there) == list(known)
    assert [cell.source for cell in added if cell.cell_type == "code"] == [
        'vaelib.i_am("", course="vae")',
        'spread = vaelib.yours("probability_within", "spread")\nprint(f"{spread = }")',
    ]
    assert personal.course_of(released) == "vae"
    assert personal.course_of(kept) is None


def test_instructors_solution(personal_course: Course) -> None:
    """Does the solution use the value, and is it gone from what students get?"""
    path = personal_course.solutions / UNIT / f"{UNIT}.ipynb"
    assert "k = k / spread" in path.read_text()
    assert "k = k / spread" not in (personal_course.notebooks / UNIT / path.name).read_text()


@pytest.mark.parametrize(("name", "exercise"), ABLE)
def test_every_set_of_values(name: str, exercise: Exercise) -> None:
    """Is the solution right for each, and each known mistake told by its own hint?"""
    solutions = Solutions(coursetext.read(HERE / "course" / f"{name}.py"))
    assert exercise.personal is not None
    for values in exercise.personal.choices:
        posed = exercise.posed(values)
        answer = solutions.answer(posed)
        assert [f for c in posed.draw(3) for f in failures(c, put(c, answer))] == []
        assert judge(posed.public, [put(c, answer) for c in posed.public.cases]).passed
        for wrong in posed.misconceptions:
            mistaken = solutions.answer(posed, wrong)
            facts = [put(case, mistaken) for case in posed.public.cases]
            assert judge(posed.public, facts).misconception == wrong.name


@pytest.mark.parametrize(("name", "exercise"), ABLE)
def test_values_of_others_are_never_right(name: str, exercise: Exercise) -> None:
    """Does each set of values want an answer that no other set, and not the general one, takes?"""
    assert exercise.personal is not None
    for values in exercise.personal.choices:
        posed = exercise.posed(values)
        for other in (*exercise.personal.choices, {}):
            facts = [put(case, exercise.posed(other).right) for case in posed.public.cases]
            verdict = judge(posed.public, facts)
            assert verdict.passed == (other == values)
            if other != values:
                said = "numbers-of-another" if other else "general-question"
                assert verdict.misconception == said


def test_two_students(judged: Run) -> None:
    """Does a number earn points for its owner, and a kind hint for whoever it was passed on to?"""
    assert spread_of("ada") != spread_of("ben")
    passed_on = BY_NAME.replace("spread", str(spread_of("ada")))
    assert judged("ada", passed_on).verdict == "correct"
    refused = judged("ben", passed_on, claimed="ada")
    assert (refused.verdict, refused.misconception) == ("wrong", "numbers-of-another")
    own = f"you have spread = {spread_of('ben')}. If that is news to you, look at the id"
    assert own in refused.hint


def test_an_id_that_is_mistyped(judged: Run) -> None:
    """Does an answer by the name of the value count, whatever id the notebook claims?"""
    assert judged("ben", BY_NAME, claimed="ada").verdict == "correct"
