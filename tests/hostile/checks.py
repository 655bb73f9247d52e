"""What must hold after a hostile class has been graded."""

import csv
import hashlib
import json
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.gradebook import autograded_path, storable
from autograder.roles import is_written
from tests.autograder.page import Page, assert_dead
from tests.hostile.case import SCORED, Case
from tests.hostile.course import Hostile
from tests.hostile.kit import Kit
from vaelib import records
from vaelib.cases import materialize

Line = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing that must not be. kind: "lost", "cheated", "wrong status" or "afterwards"."""

    student: str
    kind: str
    text: str


def snapshot(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Kind, mode, links and digest of everything in a folder, links not followed."""
    found = {}
    for base, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(base, name)
            status = os.lstat(path)
            content = b""
            if stat.S_ISLNK(status.st_mode):
                content = os.fsencode(os.readlink(path))
            elif stat.S_ISREG(status.st_mode) and status.st_size < 2**30:
                content = Path(path).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            found[path] = (status.st_mode, status.st_nlink, status.st_size, digest)
    return found


def of_case(case: Case, lines: list[Line], kit: Kit) -> Iterator[Fault]:
    """Does a submission have its one line, with status, scores and warning as they must be?"""
    own = [line for line in lines if (line["student"], line["unit"]) == (case.student, case.unit)]
    if len(own) != 1:
        yield Fault(case.student, "lost", f"{len(own)} result lines")
        return
    line = own[0]
    said = [*line["warnings"], line["message"]]
    if line["status"] not in case.statuses:
        yield Fault(case.student, "wrong status", f"{line['status']}: {said}")
    if not any(part in text for part in case.warning.split("|") for text in said):
        yield Fault(case.student, "wrong status", f"nothing says {case.warning!r}: {said}")
    yield from _of_scores(case, line)


def _of_scores(case: Case, line: Line) -> Iterator[Fault]:
    if line["status"] not in SCORED:
        if line["score"] is not None or not line["message"]:
            yield Fault(case.student, "lost", "neither a score nor a reason for having none")
        return
    for name, exercise in line["exercises"].items():
        told = f"{name} is {exercise['verdict']}: {exercise['message'][:200]}"
        zero = name in case.zero or "all" in case.zero
        loose = name in case.loose or "all" in case.loose
        if zero and exercise["score"] > 0:
            yield Fault(case.student, "cheated", told)
        if not zero and not loose and exercise["score"] < exercise["max_score"]:
            yield Fault(case.student, "lost", f"{told}; {line['warnings']}")
    if line["score"] != sum(exercise["score"] for exercise in line["exercises"].values()):
        yield Fault(case.student, "cheated", "the sum is not the sum")


def of_written(case: Case, line: Line, course: Course, kit: Kit) -> Iterator[Fault]:
    """Is the written answer there for the person who grades it?"""
    path = autograded_path(course, case.student, case.unit)
    if line["status"] not in SCORED or not case.written:
        return
    notebook = nbformat.read(path, as_version=4)
    if not any(kit.words in cell.source for cell in notebook.cells if is_written(cell)):
        yield Fault(case.student, "lost", "the written answer is gone")


def of_gradebook(course: Course, lines: list[Line]) -> Iterator[Fault]:
    """Does the gradebook hold what the lines say?"""
    with Gradebook(course.db_url, course.nbgrader.course_id) as book:
        there = {
            (unit.name, s.student_id): s.score
            for unit in book.assignments
            for s in unit.submissions
        }
    for line in lines:
        stored = there.get((line["unit"], storable(line["student"])))
        if stored != line["score"]:
            text = f"the gradebook has {stored}, the line {line['score']}"
            yield Fault(line["student"], "afterwards", text)
    known = {(line["unit"], storable(line["student"])) for line in lines}
    for unit, student in there.keys() - known:
        if there[unit, student]:
            yield Fault(student, "cheated", f"the gradebook has a score of {unit} that no line has")


def of_pages(made: Hostile, course: Course, lines: list[Line], seed: int) -> Iterator[Fault]:
    """Has each line a page on which nothing is alive, and nothing that must stay hidden?"""
    hidden = set().union(*(_hidden(made.kit(unit), seed) for unit in {x["unit"] for x in lines}))
    for line in lines:
        student, unit = line["student"], line["unit"]
        path = course.feedback / student / unit / f"{unit}.html"
        if not path.is_file():
            yield Fault(student, "afterwards", "no feedback page")
            continue
        text = path.read_text(encoding="utf-8")
        try:
            assert_dead(Page(text))
        except AssertionError as error:
            yield Fault(student, "afterwards", f"the page is alive: {str(error)[:200]}")
        for what, where in (("page", text), ("line", json.dumps(line))):
            if seen := hidden & set(re.findall(r"\d+\.\d{6,}(?:e-\d+)?", where)):
                yield Fault(student, "cheated", f"its {what} shows hidden inputs: {list(seen)[:3]}")


def _hidden(kit: Kit, seed: int) -> set[str]:
    """Long numbers of the hidden cases that the public ones do not have."""
    hidden: set[str] = set()
    public: set[str] = set()
    for exercise in kit.unit:
        drawn = np.random.SeedSequence([seed, zlib.crc32(exercise.name.encode())]).generate_state(
            1
        )[0]
        for case in exercise.draw(int(drawn)):
            hidden |= _numbers(materialize(case.args))
        for case in records.load(exercise.name).cases:
            public |= _numbers(materialize(case.args))
    return hidden - public


def _numbers(args: Any) -> set[str]:
    arrays = [np.abs(a).ravel() for a in args if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    shown = {repr(value) for array in arrays for value in array.tolist()}
    return {text for text in shown if re.fullmatch(r"\d+\.\d{6,}(?:e-\d+)?", text)}


def of_secrets(made: Hostile, course: Course, texts: dict[str, str]) -> Iterator[Fault]:
    """Is the bait untouched: secrets, canaries, the listener, other students' work?"""
    yield from (Fault("", "afterwards", text) for text in made.survivors)
    yield from (Fault("", "cheated", f"{p} appeared") for p in (made.root / "canary").rglob("*"))
    yield from (Fault("", "cheated", f"loopback was reached from {w}") for w in made.reached[1:])
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/", os.path.expanduser("~")):
        if os.path.exists(os.path.join(folder, made.mark)):
            yield Fault("", "cheated", f"{made.mark} appeared in {folder}")
    for folder in (course.feedback, course.autograded, course.root / "autograder" / "ledger"):
        for path in filter(Path.is_file, folder.rglob("*")):
            texts[str(path)] = path.read_bytes().decode(errors="replace")
    for name, text in texts.items():
        if made.secret in text:
            yield Fault(name, "cheated", "a secret of the course is in it")
        if f"{made.mark}-private" in text and "full_marks" not in name and "ledger" not in name:
            yield Fault(name, "cheated", "another student's work is in it")


def of_screen(screen: str) -> Iterator[Fault]:
    """Is what the instructor sees in the terminal free of control characters?"""
    odd = {c for c in screen if not c.isprintable() and c not in "\n\r\t"}
    if odd:
        yield Fault("", "afterwards", f"the terminal was sent {sorted(odd)!r}")


def of_table(path: Path, lines: list[Line]) -> Iterator[Fault]:
    """Has each line its row in the CSV, and no field a formula?"""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) < len(lines):
        yield Fault("", "lost", f"{len(rows)} rows of grades for {len(lines)} lines")
    for row in rows:
        if row["status"] not in SCORED and row["score"]:
            yield Fault(row["student_id"], "lost", "no score shows as one")
        for value in row.values():
            if value.strip()[:1] in ("=", "+", "@", "\t", "\r") or re.match(r"\s*-\D", value):
                yield Fault(row["student_id"], "afterwards", f"a formula: {value[:60]!r}")
