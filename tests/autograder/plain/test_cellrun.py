"""Does a notebook run as under nbgrader, and does a cell that was not run look like one?"""

from collections.abc import Callable, Iterator

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import kernels
from autograder.kernels import Limits
from autograder.plain.cellrun import MAX_KERNELS, CellRun
from autograder.warm import WarmParent
from tests.autograder.test_kernels import DEAF, ENDLESS

Run = Callable[..., CellRun]
pytestmark = pytest.mark.xdist_group("warm")


@pytest.fixture(scope="module")
def parent() -> Iterator[WarmParent]:
    """A parent outside of the sandbox, which has tests of its own."""
    parent = WarmParent(Limits(), sandboxed=False, preload=("ipykernel.kernelapp",))
    yield parent
    parent.close()


@pytest.fixture
def run(parent: WarmParent, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("a = 1", ...)`: a notebook of these cells after it has run."""
    monkeypatch.setattr(kernels, "GRACE", 0.5)

    def make(*sources: str, files: dict[str, bytes] | None = None, **limits: float) -> CellRun:
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
        made = CellRun(notebook, files or {}, parent.start, Limits(**limits))  # type: ignore[arg-type]
        made.run_all()
        return made

    return make


def shown(run: CellRun) -> list[str]:
    """What each cell shows: a value, a text, or the name of an error."""
    texts = []
    for cell in run.notebook.cells:
        found = [o.get("ename") or o.get("text") or o.data["text/plain"] for o in cell.outputs]
        texts.append(" ".join(found).strip())
    return texts


def test_all_cells(run: Run) -> None:
    """Do cells run in order, an error ending its own cell only?"""
    done = run("a = 1", "a / 0", "  ", "a + 1", "print(a)")
    assert shown(done) == ["", "ZeroDivisionError", "", "2", "1"]
    assert (done.broken, done.warnings) == ({}, [])


def test_files_beside_the_notebook(run: Run) -> None:
    """Are files where the notebook looks for them, can be imported, and is no name left behind?"""
    files = {"data/one.csv": b"1,2", "helper_of_ours.py": b"x = 3"}
    names = "[n for n in globals() if n in ('path', 'content', 'base64', 'pathlib', 'sys')]"
    done = run("import helper_of_ours as h\nh.x", "open('data/one.csv').read()", names, files=files)
    assert shown(done) == ["3", "'1,2'", "[]"]


def test_dying_kernel(run: Run) -> None:
    """Does a cell that ends its kernel cost itself only, wherever it stands?"""
    done = run("a = 1", "import os\nos._exit(1)", "a", "exit()")
    assert shown(done) == ["", "died", "1", "died"]
    assert done.broken == {1: "crashed", 3: "crashed"}
    assert done.warnings == ["code cell 2: ended the kernel", "code cell 4: ended the kernel"]


@pytest.mark.parametrize("source", [ENDLESS, DEAF])
def test_endless_cell(run: Run, source: str) -> None:
    """Does a cell that does not end show an error, interrupted or killed?"""
    done = run("a = 1", source, "a", cell=1.0)
    assert done.broken == {1: "timeout"}
    assert shown(done)[1] in ("KeyboardInterrupt", "timeout")
    assert shown(done)[2] == "1"


def test_no_time(run: Run) -> None:
    """Does a cell for which no time is left show an error, not silence?"""
    done = run("import time\ntime.sleep(9)", "1", notebook=1.0)
    assert shown(done) == ["KeyboardInterrupt", "NotRun"]
    assert "did not run" in done.warnings[1]


def test_no_kernel_left(run: Run) -> None:
    """Does a cell that no kernel has reached show an error?"""
    done = run(*["import os\nos._exit(1)"] * MAX_KERNELS, "1")
    assert shown(done) == ["died"] * MAX_KERNELS + ["NotRun"]


def test_error_that_is_not_shown(run: Run) -> None:
    """Is an error that the kernel was told to keep quiet still one?"""
    quiet = "get_ipython().showtraceback = lambda *a, **k: None"
    assert shown(run(quiet, "assert False"))[1] == "error"


def test_too_much_output(run: Run) -> None:
    """Is it known whose output was cut?"""
    done = run("print('x' * 5000)", "1", output_bytes=1000)
    assert (done.cut, len(done.warnings)) == ({0}, 1)


def test_skipped_cell(parent: WarmParent) -> None:
    """Does a cell with Jupyter's tag for it not run, and show nothing?"""
    cell = new_code_cell("1 / 0", metadata={"tags": ["skip-execution"]})
    done = CellRun(new_notebook(cells=[cell]), {}, parent.start, Limits())
    done.run_all()
    assert cell.outputs == []


def test_files_that_do_not_fit(run: Run) -> None:
    """Is a file that cannot be written an error of the grader, and no student's zero?"""
    with pytest.raises(OSError, match="a could not be put beside the notebook"):
        run("1", files={"a/b": b"", "a": b""})
