"""Are students found by what the LMS calls them, and is nobody guessed?"""

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.gradebook import open_gradebook
from autograder.lms.names import Sender
from autograder.lms.roster import Person, Roster, Unclear, from_gradebook, read

ADA = Person("ada", "12", "Ada Maria de Vos")
TWINS = Roster([Person("li1", "1", "Li Wei"), Person("li2", "2", "Li Wei")])


def found(roster: Roster, lms: str, name: str, number: str = "") -> str | None:
    """The id of the student meant."""
    person = roster.find(Sender(lms, name, number))
    return person and person.student_id


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    """A list with this text."""
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)


@pytest.mark.parametrize(
    "name", ["Ada Maria de Vos", "devosadamaria", "DE VOS Ada Maria", "Vos, Ada Maria de", "ada"]
)
def test_orders_of_a_name(name: str) -> None:
    """Is a name known in either order, with and without spaces?"""
    assert found(Roster([ADA]), "Moodle", name) == "ada"
    assert found(Roster([ADA]), "Moodle", "Maria") is None


def test_marks_of_a_name() -> None:
    """Are names told apart by vowels that are marks, however an accent is encoded?"""
    kamal, kamala, zoe = "\u0915\u092e\u0932", "\u0915\u092e\u0932\u093e", "Zoe\u0308"
    people = Roster([Person("kamal", "", kamal), Person("zoe", "", "Zo\u00eb")])
    assert found(people, "Moodle", kamal) == "kamal"
    assert found(people, "Moodle", kamala) is None
    assert found(people, "Moodle", zoe) == "zoe"


def test_number_in_canvas() -> None:
    """Does Canvas's number settle it, unless the name is somebody else's?"""
    assert found(Roster([ADA]), "Canvas", "devosadamaria", "12") == "ada"
    assert found(Roster([ADA]), "Canvas", "anon", "12") == "ada"
    assert found(Roster([ADA]), "Canvas", "devosadamaria", "13") is None
    with pytest.raises(Unclear, match="number 12 is 'Ada Maria de Vos'"):
        found(Roster([ADA]), "Canvas", "eve", "12")


def test_number_in_moodle() -> None:
    """Does Moodle's number, which is of one assignment, only tell namesakes apart?"""
    assert found(Roster([ADA]), "Moodle", "Ada Maria de Vos", "99") == "ada"
    assert found(Roster([ADA]), "Moodle", "Eve", "12") is None
    assert found(Roster([ADA]), "Moodle", "Participant", "12") == "ada"
    assert found(TWINS, "Moodle", "Li Wei", "2") == "li2"
    with pytest.raises(Unclear, match="may be li1 or li2; give lms_id"):
        found(TWINS, "Moodle", "Li Wei", "3")


@pytest.mark.parametrize("lms", ["Moodle", "Canvas"])
def test_nobody_has_no_name(lms: str) -> None:
    """Is somebody without a name, or with one of signs only, not everybody who has none here?"""
    nameless = Roster([Person("ada", "12"), Person("bob", "34", "Bob Ng"), Person("-")])
    for name in ("Participant", "anon", "?"):
        assert found(nameless, lms, name, "99") is None
        assert found(nameless, lms, name, "12") == "ada"
    assert found(Roster([Person("ada")]), lms, "Participant", "99") is None


@pytest.mark.parametrize("team", ["Lab 2", "Anne-Marie", "Participant"])
def test_team_before_the_name(team: str) -> None:
    """Is a member of a team found behind its name, and only where the number is right, too?"""
    people = Roster([ADA, Person("mia", "34", "Mia-Lou Ng")])
    assert found(people, "Moodle", f"{team}-Ada Maria de Vos", "12") == "ada"
    assert found(people, "Moodle", f"{team}-Mia-Lou Ng", "34") == "mia"
    assert found(people, "Moodle", f"{team}-Participant", "34") == "mia"
    assert found(people, "Moodle", f"{team}-Mia-Lou Ng", "12") is None
    with pytest.raises(Unclear, match="number 12 is"):
        found(people, "Canvas", f"{team}-Ada Maria de Vos", "12")


def test_own_columns(tmp_path: Path) -> None:
    """Is our own form read, whatever a spreadsheet made of it?"""
    for text, encoding in [
        ("student_id,lms_id,name\nada,12,Zoë Ng\n", "utf-8-sig"),
        ("Student_ID;LMS_ID;Name\r\nada;12;Zoë Ng\r\n", "cp1252"),
        ("name\tstudent_id\nZoë Ng\tada\n", "utf-8"),
        ("name\tstudent_id\r\nZoë Ng\tada\r\n", "utf-16"),
        ("\ufeffname\tstudent_id\r\nZoë Ng\tada\r\n", "utf-16-be"),
    ]:
        assert found(roster(tmp_path, text, encoding), "Moodle", "Zoë Ng") == "ada"


def test_canvas_gradebook(tmp_path: Path) -> None:
    """Can what Canvas exports be given as it is?"""
    people = roster(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section,05 (77)\n"
        "    Points Possible,,,,,14.0\n"
        '"de Vos, Ada",12345,S1,ada@example.org,One,\n',
    )
    assert found(people, "Canvas", "devosada", "12345") == "ada@example.org"


def test_moodle_worksheet(tmp_path: Path) -> None:
    """Can Moodle's grading worksheet be given as it is, and does it say when?"""
    when = "Monday, 5 January 2026, 10:00 AM"
    people = roster(
        tmp_path,
        "Identifier,Full name,ID number,Email address,Status,Last modified (submission)\n"
        f'Participant 17,Ada de Vos,s1,ada@example.org,Submitted,"{when}"\n',
    )
    assert people.find(Sender("Moodle", "Ada de Vos", "17")) == Person(
        "s1", "17", "Ada de Vos", when
    )


def test_gradebook(course: Course) -> None:
    """Are the students found that nbgrader was told about?"""
    with open_gradebook(course) as book:
        book.add_student("s1", first_name="Ada", last_name="de Vos", lms_user_id="12")
        book.add_student("bob")
    assert found(from_gradebook(course), "Canvas", "devosada", "12") == "s1"
    assert found(from_gradebook(course), "Moodle", "Bob", "7") == "bob"


def test_numbers_of_the_gradebook(course: Course) -> None:
    """Does a number there, which is Canvas's, find students without a name, and none in Moodle?"""
    with open_gradebook(course) as book:
        book.add_student("ada", lms_user_id="12")
        book.add_student("bob", first_name="Bob", last_name="Ng", lms_user_id="34")
    people = from_gradebook(course)
    assert found(people, "Canvas", "lovelaceada", "12") == "ada"
    for name in ("Eve", "Participant"):
        assert found(people, "Moodle", name, "12") is None
    assert people.find(Sender("Moodle", "Bob Ng", "7")) == Person("bob", "", "Bob Ng")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column student_id; there is: nothing"),
        ("name\nAda\n", "no column student_id; there is: name"),
        ("student_id\n", "no students"),
        ("PK\x03\x04\0\0", "is no CSV file: save it as CSV UTF-8"),
        ("student_id\n../ada\n", "'../ada' is no name"),
        ("student_id\n.\n", "is no name"),
        (f"student_id\n{'x' * 200}\n", "is no name"),
        (f"student_id\n{'x' * 200_000}\n", "is no CSV file: field larger"),
    ],
)
def test_useless(tmp_path: Path, text: str, message: str) -> None:
    """Is a list that is of no use, or leads out of the folder, refused with the reason?"""
    with pytest.raises(AutograderError, match=message):
        roster(tmp_path, text)


def test_missing(tmp_path: Path) -> None:
    """Is a list told that is not there?"""
    with pytest.raises(AutograderError, match="cannot read .*No such file"):
        read(tmp_path / "roster.csv")
