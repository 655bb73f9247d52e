"""course/ -> solutions/ and vaelib's public records."""

import hashlib
import inspect
import re
import sys
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import coursetext, exercises, hosted
from autograder.answers import Solutions
from autograder.course import Course
from autograder.coursetext import Cell, CourseText
from autograder.errors import AutograderError
from autograder.personal import personal_record, personalise
from autograder.specification import Exercise, Unit
from vaelib import records
from vaelib.check import put
from vaelib.finished import barred
from vaelib.records import PersonalRecord, Record, Trace, UnitRecord

HERE = Path(exercises.__file__).parent
R = TypeVar("R", Record, PersonalRecord)
UNIT_MODULE = re.compile(r"unit\d\d(_answers)?\.py")


def build(course: Course, chosen: tuple[str, ...] = (), check: bool = False) -> list[Path]:
    """Build units; return the files that were out of date, written unless `check`."""
    stale = []
    for name in course.authored(chosen):
        for path, content in outputs(course, name).items():
            if path.is_file() and path.read_bytes() == content:
                continue
            stale.append(path)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return stale


def outputs(course: Course, name: str) -> dict[Path, bytes]:
    """What a unit's build gives: the content of each file, by its path."""
    unit = specification(name)
    text = coursetext.read(course.texts / f"{name}.py")
    coursetext.validate(text, unit)
    notebook = to_notebook(text, unit)
    if course.personal is not None:
        personalise(notebook, unit, course.personal)
    written = nbformat.writes(notebook) + "\n"
    files = {course.solutions / name / f"{name}.ipynb": written.encode()}
    for figure in sorted((course.texts / name).glob("*")):
        files[course.solutions / name / figure.name] = figure.read_bytes()
    files[records.path_of_unit(name)] = unit_record(unit).to_text().encode()
    solutions = Solutions(text)
    for exercise in unit:
        public = partial(public_record, unit, solutions=solutions)
        sources = _sources(exercise, solutions)
        path = records.FOLDER / f"{exercise.name}.json"
        files[path] = _kept(path, Record, sources) or _sealed(public(exercise), sources)
        if exercise.personal is not None:
            path = records.path_of_personal(exercise.name)
            files[path] = _kept(path, PersonalRecord, sources) or _sealed(
                personal_record(exercise, public), sources
            )
    return files


def _kept(path: Path, kind: type[R], sources: bytes) -> bytes | None:
    """A record as it is, where neither it nor what it was made of has changed since."""
    try:
        content = path.read_bytes()
        sealed = _sealed(kind.from_text(content.decode()), sources)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return content if sealed == content else None


def _sealed(record: R, sources: bytes) -> bytes:
    """A record's text, with the digest of its own content and of what it was made of."""
    content = replace(record, seal="").to_text().encode()
    seal = hashlib.sha256(sources + content).hexdigest()
    return replace(record, seal=seal).to_text().encode()


def _sources(exercise: Exercise, solutions: Solutions) -> bytes:
    """All text that an exercise's record comes from, but for vaelib's own functions."""
    own = Path(inspect.getfile(exercise.declared_in))
    shared = [p for p in HERE.glob("*.py") if not UNIT_MODULE.fullmatch(p.name)]
    probes = Path(inspect.getfile(records)).parent
    files = {own, *shared, *(probes / "probes").glob("*.py"), probes / "cases.py"}
    texts = [path.read_text(encoding="utf-8") for path in sorted(files)]
    wrong = [f"{w.name}{w.hint}{solutions.source(exercise, w)}" for w in exercise.misconceptions]
    return "".join([*texts, solutions.text, *wrong]).encode()


def specification(name: str) -> Unit:
    """The specification of a unit; AutograderError where it has none."""
    unit = exercises.load(name)
    if unit is None:
        raise AutograderError(
            f"course/{name}.py has no specification; add autograder/exercises/unit{name[:2]}.py "
            f'with UNIT = Unit("{name}", ...)'
        )
    return unit


def to_notebook(text: CourseText, unit: Unit) -> NotebookNode:
    """The instructor's notebook: nbgrader metadata, stable cell ids, no outputs."""
    cells: list[NotebookNode] = []
    for cell in text.cells:
        cells.append(_to_cell(cell, unit, {c.id for c in cells}))
    cells[1:1] = hosted.cells(unit.name)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def _to_cell(cell: Cell, unit: Unit, taken: set[str]) -> NotebookNode:
    make = new_code_cell if cell.kind == "code" else new_markdown_cell
    made = make(source=cell.source, id=_cell_id(cell, taken))
    if cell.role in ("setup", "demo"):
        made.metadata["tags"] = [cell.role]
    elif cell.role == "answer" and unit[str(cell.exercise)].training:
        made.metadata["tags"] = ["training"]
    grading = _grading(cell, unit)
    if grading:
        made.metadata["nbgrader"] = {"schema_version": 3, "task": False, **grading}
    return made


def _grading(cell: Cell, unit: Unit) -> dict[str, Any]:
    """nbgrader's metadata for a cell's role."""
    if cell.role == "answer":
        return {"grade": False, "grade_id": cell.exercise, "locked": False, "solution": True}
    if cell.role == "check":
        points = unit[str(cell.exercise)].points
        name = f"{cell.exercise}_check"
        return {
            "grade": True,
            "grade_id": name,
            "locked": True,
            "points": points,
            "solution": False,
        }
    if cell.role == "reflection":
        name = f"reflection_{unit.name[:2]}"
        return {
            "grade": True,
            "grade_id": name,
            "locked": False,
            "points": unit.reflection_points,
            "solution": True,
        }
    return {}


def _cell_id(cell: Cell, taken: set[str]) -> str:
    """An id that stays while the cell's text stays; exercises keep theirs through every edit."""
    if cell.role in ("answer", "check"):
        return f"{cell.exercise}-{cell.role}"
    if cell.role == "reflection":
        return "reflection"
    for copy in range(len(taken) + 1):
        found = hashlib.sha256(f"{copy}{cell.kind}{cell.source}".encode()).hexdigest()[:12]
        if found not in taken:
            break
    return found


def unit_record(unit: Unit) -> UnitRecord:
    """What students may know of a unit: its exercises in their order, and the points."""
    points = {exercise.name: exercise.points for exercise in unit}
    return UnitRecord(unit.name, points, unit.reflection_points)


def public_record(unit: Unit, exercise: Exercise, solutions: Solutions) -> Record:
    """Public cases of an exercise with the facts of each misconception on them."""
    cases = tuple(exercise.draw(zlib.crc32(exercise.name.encode())))
    traces = []
    for wrong in exercise.misconceptions:
        answer = solutions.answer(exercise, wrong)
        _restart_random_streams()
        with barred(exercise.name):
            facts = tuple(put(case, answer) for case in cases)
        traces.append(Trace(wrong.name, wrong.hint, facts))
    parameters = tuple(exercise.parameters.split())
    return Record(exercise.name, unit.name, exercise.points, parameters, cases, tuple(traces))


def _restart_random_streams() -> None:
    """Seed all global generators, so that a random answer gives the same record every time."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
