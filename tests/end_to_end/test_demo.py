"""Does the whole flow, from text to grades, work on the sample class?"""

import csv
import json
from pathlib import Path

import pytest

from autograder.demo import WRONG

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def lines(demo: Path) -> dict[str, dict]:
    """The demo's result lines by student."""
    text = (demo / "results.jsonl").read_text()
    return {line["student"]: line for line in map(json.loads, text.splitlines())}


def test_every_student_has_one_line(lines: dict[str, dict]) -> None:
    """Are all twelve there, each once?"""
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("student", "score"), [("ada", 14), ("bea", 14), ("carl", 9), ("cleo", 0), ("jan", 11)]
)
def test_scores(lines: dict[str, dict], student: str, score: float) -> None:
    """Do right answers earn everything, stubs nothing, and a dying kernel only its exercise?"""
    assert lines[student]["score"] == score


@pytest.mark.parametrize("student", WRONG)
def test_misconceptions_are_named(lines: dict[str, dict], student: str) -> None:
    """Is each planted mistake, and no other, found and named?"""
    exercises = lines[student]["exercises"]
    found = {name: e["misconception"] for name, e in exercises.items() if e["verdict"] != "correct"}
    assert found == WRONG[student]


def test_what_cannot_be_graded_has_no_score(lines: dict[str, dict], demo: Path) -> None:
    """Does a truncated notebook need a human, and show as no zero anywhere?"""
    assert lines["kim"]["status"] == "needs-human"
    assert lines["kim"]["score"] is None
    with (demo / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["kim"]["score"] == ""
    assert float(rows["ada"]["auto_score"]) == 14


def test_dying_kernel_is_named(lines: dict[str, dict]) -> None:
    """Does the answer that ends its kernel say so, and only that one?"""
    verdicts = {name: e["verdict"] for name, e in lines["jan"]["exercises"].items()}
    assert verdicts.pop("kl_normal") == "crashed"
    assert set(verdicts.values()) == {"correct"}


def test_everybody_has_a_page(lines: dict[str, dict], demo: Path) -> None:
    """Is there a feedback page for each student, with the hint where there is one?"""
    pages = {p.parts[-3]: p.read_text() for p in (demo / "autograder/feedback").rglob("*.html")}
    assert set(pages) == set(lines)
    message = lines["dora"]["exercises"]["kl_loss"]["message"]
    hint = message.split("hint: ")[1]
    assert hint in pages["dora"]
