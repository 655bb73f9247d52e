"""Does `quietly` hold back log lines, and only where nothing goes wrong?"""

import os
import sys

import pytest

from vaelib.quiet import quietly


def test_compiled_and_python_lines_are_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    with quietly():
        os.write(2, b"from C\n")
    print("after", file=sys.stderr)
    assert capfd.readouterr().err == "after\n"


def test_what_was_held_back_is_shown_when_the_block_fails(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ImportError, match="no such library"), quietly():
        os.write(2, b"the reason\n")
        raise ImportError("no such library")
    assert "the reason" in capfd.readouterr().err


def test_standard_error_is_the_same_file_afterwards() -> None:
    before = os.fstat(2)
    with quietly():
        pass
    assert os.path.samestat(before, os.fstat(2))
