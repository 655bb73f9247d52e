"""Is no notebook graded in the place of the one that was meant, and is nobody lost to `grade`?"""

from datetime import datetime, timedelta

import pytest

from autograder import intake
from autograder.course import Course
from autograder.lms.collect import Outcome
from autograder.lms.handins import is_named
from tests.autograder import toy
from tests.autograder.lms.downloads import (
    FILE,
    LATER,
    NEW,
    OLD,
    TIME,
    Collect,
    Content,
    canvas,
    moodle,
    packed,
    there,
)
from tests.autograder.lms.spoiled import damaged, encrypted, far

TOO_LARGE = bytes(intake.MAX_BYTES + 1)
COPY = FILE.replace(".ipynb", " (1).ipynb")


def ada(file: str, content: bytes, time: datetime = TIME) -> Content:
    """A file that Ada handed in, in Moodle."""
    return moodle("Ada Lovelace", 12, file), content, time


def upload(number: int, file: str, content: bytes) -> Content:
    """A file that Ada handed in, in Canvas."""
    return canvas("lovelaceada", 12, number, file), content


def unsuitable(course: Course, collected: Collect, *files: Content, time: datetime = TIME) -> str:
    """What is told of Ada and then what `grade` says, beside a notebook of Bob's of some time."""
    outcomes = collected(*files, (moodle("Bob Ng", 34), OLD, time))
    assert {name: o.what for name, o in outcomes.items()} == {
        "ada": "unsuitable",
        "bob": "collected",
    }
    with pytest.raises(intake.Refused) as refused:
        intake.take(course.submitted, "ada", toy.NAME)
    return f"{outcomes['ada'].note}\n{refused.value}"


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        (FILE, TOO_LARGE, "larger than 20 MiB"),
        ("w.zip", encrypted(FILE, NEW), "encrypted"),
        ("w.zip", damaged(FILE, NEW), "damaged"),
        ("w.zip", b"no archive", "may be in what cannot be opened: 'w.zip'"),
        ("w.zip", far(FILE, NEW, 2**63), "damaged"),
        ("w.zip", packed([("in.zip", packed([(FILE, NEW)]))]), "cannot be opened: 'in.zip'"),
        ("w.rar", b"Rar!", "cannot be opened: 'w.rar'"),
        ("w.tar.gz", b"\x1f\x8b", "cannot be opened: 'w.tar.gz'"),
    ],
)
def test_refused(
    course: Course, collected: Collect, file: str, content: bytes, reason: str
) -> None:
    """Does nothing else pass for a notebook that cannot be read?"""
    files = ada(file, content), ada("scratch.ipynb", OLD)
    told, said = unsuitable(course, collected, *files).split("\n")
    assert reason in told
    assert said.startswith("no notebook here, only ") and "'scratch.ipynb.txt'" in said


def test_newest_refused(course: Course, collected: Collect) -> None:
    """Does an older notebook not pass for a newer one that cannot be read?"""
    told = unsuitable(course, collected, upload(8, FILE, OLD), upload(9, COPY, TOO_LARGE))
    assert f"{COPY!r}: larger than" in told
    outcomes = collected(upload(8, FILE, OLD), upload(9, "w.zip", b"no archive"))
    assert "may be in what cannot be opened: 'w.zip'" in outcomes["ada"].note


def test_older_refused(course: Course, collected: Collect) -> None:
    """Does an older one that cannot be read not stand in the way, and is it told?"""
    older = upload(7, "w.zip", b"no archive"), upload(8, FILE, TOO_LARGE)
    outcomes = collected(*older, upload(9, COPY, NEW))
    assert (outcomes["ada"].what, there(course)) == ("collected", NEW)
    assert "'w.zip': no zip archive" in outcomes["ada"].note
    assert f"{FILE!r}: larger than" in outcomes["ada"].note


@pytest.mark.parametrize(
    "files",
    [
        [ada(COPY, NEW), ada(FILE, OLD)],
        [ada(FILE, OLD, TIME + timedelta(seconds=2)), ada(COPY, NEW)],
        [ada("w.zip", packed([(FILE, NEW), (f"old/{FILE}", OLD)]))],
        [ada(FILE, OLD), ada("w.zip", packed([(FILE, NEW, LATER)]))],
    ],
    ids=["a browser's copy", "seconds of packing", "a folder called old", "packed and not"],
)
def test_no_time_tells(course: Course, collected: Collect, files: list[Content]) -> None:
    """Is a person asked where different notebooks have the unit's name and none is newer?"""
    told, said = unsuitable(course, collected, *files).split("\n")
    assert "no time tells the newest" in told
    assert said.startswith(f"several notebooks and none is {FILE}: ")


def test_time_tells(course: Course, collected: Collect) -> None:
    """Is the newer one taken where a time is that of handing in, or of one archive's own files?"""
    bob = (moodle("Bob Ng", 34), OLD, LATER)
    outcomes = collected(ada(FILE, OLD), ada(COPY, NEW, TIME + timedelta(minutes=1)), bob)
    assert there(course) == NEW
    assert outcomes["ada"].note.endswith(f"older ones left out: {FILE!r}")
    inner = packed([(f"old/{FILE}", OLD), (FILE, NEW + b" ", TIME + timedelta(minutes=1))])
    collected(ada("w.zip", inner, LATER), unit=toy.NAME)
    assert there(course) == NEW + b" "


def test_alike(course: Course, collected: Collect) -> None:
    """Is a notebook collected that was handed in twice, as nothing is to be told?"""
    outcomes = collected(ada(COPY, NEW), ada("w.zip", packed([(FILE, NEW)])))
    note = f"the same content left out: {COPY!r}"
    assert outcomes["ada"] == Outcome("Ada Lovelace 12", "ada", "collected", note)


@pytest.mark.parametrize("others", [0, 10])
def test_several_of_one_name(course: Course, collected: Collect, others: int) -> None:
    """Does `grade` see all notebooks of several, whatever their names and whatever lies before?"""
    before = [(f"{n}.png", b"") for n in range(others)]
    inner = packed([*before, ("1/solution.ipynb", OLD), ("2/Solution.ipynb", NEW)])
    told = unsuitable(course, collected, ada("w.zip", inner))
    assert "several notebooks and none is" in told.split("\n")[1]
    kept = (course.submitted / "ada" / toy.NAME).glob("*.ipynb")
    assert {path.read_bytes() for path in kept} == {OLD, NEW}


def test_damaged(course: Course, collected: Collect) -> None:
    """Does `grade` have a line for somebody of whom nothing can be read?"""
    told = unsuitable(course, collected, ada("w.zip", damaged(FILE, NEW)))
    assert told.count("damaged in the archive") == 1
    assert "no notebook here;" in told


@pytest.mark.parametrize("name", ["\U0001f600" * 100, "ä" * 125, "." * 250])
def test_long_name(course: Course, collected: Collect, name: str) -> None:
    """Is a file kept whose name is longer than file systems take?"""
    told = unsuitable(course, collected, ada(f"work/{name}.pdf", b"%PDF"))
    assert told.startswith("no notebook: ")
    (kept,) = (course.submitted / "ada" / toy.NAME).iterdir()
    assert (kept.read_bytes(), kept.suffix or kept.name) in [(b"%PDF", ".pdf"), (b"%PDF", "pdf")]


def test_names_of_the_grader(course: Course, collected: Collect) -> None:
    """Does no file take the place of another, or of one that `grade` writes?"""
    files = ("a/x.txt", "b/X.txt", "Timestamp.txt", "1-x.txt", "feedback")
    unsuitable(course, collected, *(ada(file, file.encode()) for file in files))
    kept = {path.name: path.read_text() for path in (course.submitted / "ada" / toy.NAME).iterdir()}
    assert set(kept.values()) == set(files)
    assert set(kept) == {"x.txt", "1-X.txt", "1-Timestamp.txt", "1-1-x.txt", "1-feedback"}


def test_one_from_before(course: Course, collected: Collect) -> None:
    """Is it told that an earlier notebook will be graded where the newer one cannot be?"""
    collected(ada(FILE, OLD))
    outcomes = collected(ada(FILE, TOO_LARGE, LATER))
    assert outcomes["ada"].what == "unsuitable"
    assert "the notebook that was there before is still there" in outcomes["ada"].note
    assert there(course) == OLD


def test_second_unsuitable(course: Course, collected: Collect) -> None:
    """Does a second hand-in of which a person is asked replace the first, never the other way?"""
    first = ada("x.ipynb", OLD), ada("y.zip", b"1")
    second = ada("x.ipynb", NEW, LATER), ada("y.zip", b"2", LATER)
    for files in (first, second, first):
        outcomes = collected(*files, unit=toy.NAME)
    folder = course.submitted / "ada" / toy.NAME
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert kept == {"x.ipynb.txt": NEW, "y.zip": b"2"}
    assert "another one is there, and not older" in outcomes["ada"].note


def test_number_in_a_name(course: Course, collected: Collect) -> None:
    """Does a later file not pass for a copy whose name only begins with the unit's?"""
    outcomes = collected(upload(8, FILE, OLD), upload(9, f"{toy.NAME}11.ipynb", NEW))
    assert (outcomes["ada"].what, there(course)) == ("collected", OLD)
    assert is_named("ps1-1.ipynb", "ps1")
    assert not is_named("ps11.ipynb", "ps1")


def test_long_number() -> None:
    """Does a name with many digits take no longer to read than others?"""
    assert not is_named(f"{toy.NAME}{'1' * 10_000}x.ipynb", toy.NAME)
