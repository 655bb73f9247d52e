"""Does `quietly` drop log lines of compiled code, and nothing that matters?"""

import os
import sys

import pytest

from vaelib.quiet import quietly


def test_lines_of_compiled_code_are_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with quietly():
        os.write(2, b"from C\n")
    print("after", file=sys.stderr)
    assert capfd.readouterr().err == "after\n"


def test_exceptions_come_through_and_standard_error_works_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ImportError, match="no such library"), quietly():
        raise ImportError("no such library")
    os.write(2, b"the reason\n")
    assert capfd.readouterr().err == "the reason\n"


def test_standard_error_is_the_same_file_afterwards() -> None:
    before = os.fstat(2)
    with quietly():
        pass
    assert os.path.samestat(before, os.fstat(2))
