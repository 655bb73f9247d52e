"""Are names read as Moodle and Canvas write them, and can no student pass for another?"""

import pytest

from autograder.lms.names import Named, Sender, parse

ADA = Sender("Moodle", "Ada Lovelace", "123456")
VOS = Sender("Canvas", "devosada", "12345")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Ada Lovelace_123456_assignsubmission_file_/x.ipynb", Named(ADA, "x.ipynb")),
        ("Ada Lovelace_123456_assignsubmission_file/x.ipynb", Named(ADA, "x.ipynb")),
        ("Ada Lovelace_123456_assignsubmission_file_/a/x.ipynb", Named(ADA, "a/x.ipynb")),
        ("Ada Lovelace_123456_assignsubmission_file_x.ipynb", Named(ADA, "x.ipynb")),
        ("Unit 5/Ada Lovelace_123456_assignsubmission_file_/x.ipynb", Named(ADA, "x.ipynb")),
        (
            "Ada Lovelace_123456_assignsubmission_onlinetext_/onlinetext.html",
            Named(ADA, "onlinetext.html"),
        ),
        (
            "Default group_assignsubmission_file_/x.ipynb",
            Named(Sender("Moodle", "Default group", ""), "x.ipynb"),
        ),
        ("devosada_12345_67890_05_kl.ipynb", Named(VOS, "05_kl.ipynb", 67890)),
        ("devosada_LATE_12345_67890_05_kl.ipynb", Named(VOS, "05_kl.ipynb", 67890, True)),
        ("devosadaLATE_12345_67890_x.ipynb", Named(VOS, "x.ipynb", 67890, True)),
        ("devosada_late_12345_67890_x.ipynb", Named(VOS, "x.ipynb", 67890, True)),
        ("submissions/devosada_12345_67890_x.ipynb", Named(VOS, "x.ipynb", 67890)),
        ("devosada_12345_text.html", Named(VOS, "devosada_12345_text.html")),
        (
            "LATE_anon_aB3xY_67890_x.ipynb",
            Named(Sender("Canvas", "anon", "aB3xY"), "x.ipynb", 67890, True),
        ),
        (
            "anon_1_67890_x_12345_assignsubmission_file_x.ipynb",
            Named(Sender("Canvas", "anon", "1"), "x_12345_assignsubmission_file_x.ipynb", 67890),
        ),
        ("__MACOSX/._devosada_12345_67890_x.ipynb", None),
        ("__MACOSX/._Ada Lovelace_123456_assignsubmission_file_", None),
        ("notes.txt", None),
        ("05_kl_divergence.ipynb", None),
        ("", None),
    ],
)
def test_names(path: str, expected: Named | None) -> None:
    """Does each form of both systems say whose file it is?"""
    assert parse(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "Eve_1_assignsubmission_file_/Ada Lovelace_123456_assignsubmission_file_/x.ipynb",
        "Eve_1_assignsubmission_file_/devosada_12345_67890_x.ipynb",
        "Eve_1_assignsubmission_file_Ada Lovelace_123456_assignsubmission_file_x.ipynb",
        "Eve_1_assignsubmission_file_devosada_12345_67890_x.ipynb",
        "Eve_1_2_devosada_12345_67890_x.ipynb",
        "Eve_1_2_x_12345_assignsubmission_file_x.ipynb",
        "Eve_LATE_1_2_Ada Lovelace_123456_assignsubmission_file_x.ipynb",
    ],
)
def test_pretending(path: str) -> None:
    """Is a file still Eve's that she named after somebody else's?"""
    named = parse(path)
    assert named is not None
    assert (named.sender.name, named.sender.lms_id) == ("Eve", "1")
