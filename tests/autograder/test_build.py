"""Does `build` write what the text says, the same every time, and notice what is out of date?"""

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder import build as module
from autograder.answers import Solutions
from autograder.build import build, outputs, specification
from autograder.course import Course
from autograder.errors import AutograderError, CourseTextError, UnknownName
from autograder.specification import Exercise, Unit
from tests.autograder import toy
from vaelib import records
from vaelib.cases import from_json
from vaelib.records import Record


def solution(course: Course) -> Path:
    """The built notebook."""
    return course.solutions / toy.NAME / f"{toy.NAME}.ipynb"


def text(course: Course) -> Path:
    """The authored text."""
    return course.texts / f"{toy.NAME}.py"


def contents(folder: Path) -> dict[Path, bytes]:
    """All files of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def notebook(course: Course) -> NotebookNode:
    """The built notebook, read."""
    return nbformat.read(solution(course), as_version=4)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this id."""
    return next(c for c in notebook.cells if c.id == name)


def test_twice(course: Course) -> None:
    """Does a second build change no byte, and say so?"""
    before = contents(course.root)
    assert build(course) == []
    for path in outputs(course, toy.NAME):
        path.unlink()
    assert set(build(course)) == set(outputs(course, toy.NAME))
    assert contents(course.root) == before


def test_check_writes_nothing(course: Course) -> None:
    """Does `--check` name what is missing and leave it missing?"""
    solution(course).unlink()
    assert build(course, check=True) == [solution(course)]
    assert not solution(course).exists()


def test_edited_text(course: Course) -> None:
    """Is a solution out of date once a word of the text has changed?"""
    text(course).write_text(text(course).read_text().replace("Divide", "Split"))
    assert build(course, check=True) == [solution(course)]
    assert build(course) == [solution(course)]
    assert "## Split by the sum" in solution(course).read_text()
    assert build(course, check=True) == []


def test_hand_edited_solution(course: Course) -> None:
    """Is a solution noticed that somebody edited instead of the text?"""
    solution(course).write_text(solution(course).read_text().replace("Divide", "Split"))
    assert build(course, check=True) == [solution(course)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"points": 1', '"points": 2'),
        ("is the square", "is the cube"),
        ('"toy_width"', '"toy_widht"'),
        ("{", ""),
    ],
)
def test_edited_record(course: Course, old: str, new: str) -> None:
    """Is a public record noticed that somebody edited?"""
    path = records.FOLDER / "toy_width.json"
    edited = path.read_text().replace(old, new, 1)
    assert edited != path.read_text()
    path.write_text(edited)
    assert build(course, check=True) == [path]


def test_edited_number(course: Course) -> None:
    """Is an expected value noticed that is off by very little, and put right again?"""
    path = records.FOLDER / "toy_width.json"
    original = path.read_text()
    value = json.loads(original)["cases"][0]["expected"]["value"]["value"]["data"][0]
    path.write_text(original.replace(repr(value), repr(value * (1 + 1e-9))))
    assert path.read_text() != original
    assert build(course, check=True) == [path]
    assert build(course) == [path]
    assert path.read_text() == original


def test_records_are_made_when_something_has_changed(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is no misconception run again where nothing has changed, and those of a changed hint are?"""
    made: list[str] = []
    make = module.public_record

    def noted(unit: Unit, exercise: Exercise, solutions: Solutions) -> Record:
        made.append(exercise.name)
        return make(unit, exercise, solutions)

    monkeypatch.setattr(module, "public_record", noted)
    build(course)
    assert made == []
    wrong = toy.toy_width.misconceptions[0]
    monkeypatch.setattr(toy.toy_width, "misconceptions", [replace(wrong, hint="Look again.")])
    assert build(course, check=True) == [records.FOLDER / "toy_width.json"]
    assert made == ["toy_width"]


def test_changed_solution_changes_no_id(course: Course, notebook: NotebookNode) -> None:
    """Do answers and checks keep their ids when their text changes, and prose change its own?"""
    old = text(course).read_text()
    new = old.replace("Return x divided", "Divide x").replace("Yours to", "Feel free to")
    text(course).write_text(new)
    build(course)
    built = nbformat.read(solution(course), as_version=4)
    differ = [a.source for a, b in zip(notebook.cells, built.cells, strict=True) if a.id != b.id]
    assert differ == ["Yours to try things out in."]


def test_ids(notebook: NotebookNode) -> None:
    """Is every cell's id its own, and an exercise's id its name?"""
    ids = [c.id for c in notebook.cells]
    assert len(set(ids)) == len(ids)
    for exercise in toy.UNIT:
        assert {f"{exercise.name}-answer", f"{exercise.name}-check"} <= set(ids)
    nbformat.validate(notebook)


def test_same_text_twice(course: Course) -> None:
    """Do two cells with the same text get different ids, the same at each build?"""
    with text(course).open("a") as file:
        file.write("\n# %%\n# again\n\n# %%\n# again\n")
    build(course)
    ids = [c.id for c in nbformat.read(solution(course), as_version=4).cells][-2:]
    assert ids[0] != ids[1]
    assert build(course, check=True) == []


def test_metadata_of_answer(notebook: NotebookNode) -> None:
    """Is an answer what nbgrader calls a solution, free to edit and without points?"""
    assert cell(notebook, "toy_width-answer").metadata["nbgrader"] == {
        "schema_version": 3,
        "task": False,
        "grade": False,
        "grade_id": "toy_width",
        "locked": False,
        "solution": True,
    }


def test_metadata_of_check(notebook: NotebookNode) -> None:
    """Is a check locked, worth the exercise's points, and one line long?"""
    check = cell(notebook, "toy_width-check")
    assert check.metadata["nbgrader"] == {
        "schema_version": 3,
        "task": False,
        "grade": True,
        "grade_id": "toy_width_check",
        "locked": True,
        "points": 1,
        "solution": False,
    }
    assert check.source == 'vaelib.check("toy_width", toy_width)'


def test_metadata_of_reflection(notebook: NotebookNode) -> None:
    """Is the written answer a Markdown cell that a person grades?"""
    written = cell(notebook, "reflection")
    assert written.cell_type == "markdown"
    assert written.metadata["nbgrader"] == {
        "schema_version": 3,
        "task": False,
        "grade": True,
        "grade_id": "reflection_90",
        "locked": False,
        "points": 2.0,
        "solution": True,
    }


def test_tags(notebook: NotebookNode) -> None:
    """Are set-up and demonstrations marked, and nothing else?"""
    tags = [c.metadata["tags"] for c in notebook.cells if "tags" in c.metadata]
    assert tags == [["demo", "remove-cell"], ["setup"], ["demo"]]


def test_no_outputs(notebook: NotebookNode) -> None:
    """Has nothing been run?"""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.outputs == [] and c.execution_count is None for c in code)


def test_record(course: Course) -> None:
    """Has a record the cases with what is right, and the facts of each misconception?"""
    record = records.load("toy_width")
    assert (record.unit, record.points, record.parameters) == (toy.NAME, 1, ("log_var",))
    assert [trace.name for trace in record.traces] == ["root-missing"]
    for case, facts in zip(record.cases, record.traces[0].facts, strict=True):
        assert case.expected["value"].holds(facts["value"] ** 0.5)
        assert not case.expected["value"].holds(facts["value"])


def test_record_holds_no_code(course: Course) -> None:
    """Is a record plain data, without the reference or the text of a wrong answer?"""
    entries = json.loads((records.FOLDER / "toy_width.json").read_text())
    known = {"exercise", "unit", "points", "parameters", "cases", "traces", "seal"}
    assert set(entries) == known
    assert "np." not in (records.FOLDER / "toy_width.json").read_text()
    assert from_json(entries)["exercise"] == "toy_width"


def test_figures(course: Course) -> None:
    """Are the figures beside a text built, and noticed when they change?"""
    figure = course.texts / toy.NAME / "curve.png"
    figure.parent.mkdir()
    figure.write_bytes(b"old")
    built = course.solutions / toy.NAME / "curve.png"
    assert build(course) == [built]
    figure.write_bytes(b"new")
    assert build(course, check=True) == [built]


def test_unknown_unit(course: Course) -> None:
    """Is an unknown unit named together with those that there are?"""
    with pytest.raises(UnknownName, match="unknown unit '91_none'; there is: 90_toy"):
        build(course, ("91_none",))


def test_unit_without_specification(course: Course) -> None:
    """Does a text without a specification say which file is missing?"""
    (course.texts / "91_none.py").write_text("# %% [markdown]\n# # Nothing\n")
    with pytest.raises(AutograderError, match="add autograder/exercises/unit91.py"):
        build(course, ("91_none",))


def test_nothing_is_written_of_a_bad_text(course: Course) -> None:
    """Is the old solution still there when the new text cannot be built?"""
    before = solution(course).read_bytes()
    text(course).write_text(text(course).read_text().replace('role="check"', 'role="chek"'))
    with pytest.raises(CourseTextError, match="unknown role 'chek'"):
        build(course)
    assert solution(course).read_bytes() == before


def test_specification() -> None:
    """Does a real unit have its specification?"""
    assert specification("02_normal_distributions").name == "02_normal_distributions"
