"""Does a session run what it should, and does what breaks a kernel cost itself only?"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import kernels, session
from autograder.kernels import Kernel, Limits
from autograder.question import RESULT, read, to_code
from autograder.running import runs
from autograder.session import Session
from tests.autograder.test_kernels import DEAF, ENDLESS, gone
from vaelib.cases import Case

Open = Callable[..., Session]


def cells(*sources: str) -> NotebookNode:
    """A notebook of code cells; one that begins with a name and a colon has that grade_id."""
    made = []
    for source in sources:
        name, colon, rest = source.partition(": ")
        marks = {"grade_id": name, "solution": True, "grade": False}
        marked = bool(colon) and name.isidentifier()
        metadata = {"nbgrader": marks} if marked else {}
        made.append(new_code_cell(rest if marked else source, metadata=metadata))
    return new_notebook(cells=made)


@pytest.fixture
def started() -> list[int]:
    """Process ids of the kernels that a test has started."""
    return []


@pytest.fixture
def session_of(started: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """`session_of("a = 1", ...)`: a session with these cells; afterwards nothing runs on."""
    monkeypatch.setattr(kernels, "GRACE", 0.5)
    opened: list[Session] = []

    def start(folder: Path) -> Kernel:
        kernel = kernels.start(folder)
        started.append(kernel.manager.provisioner.pid)
        return kernel

    def open_session(*sources: str, **limits: float) -> Session:
        made = Session(cells(*sources), start, Limits(**limits))
        opened.append(made)
        return made.__enter__()

    yield open_session
    for made in opened:
        made.__exit__()
    assert all(map(gone, started))


def value(session: Session, expression: str) -> str:
    """The text of an expression after the notebook has run."""
    return session.ask("pass", expression).expressions["value"]


def test_names_are_there(session_of: Open) -> None:
    """Do cells run in order, and can what they define be asked for?"""
    session = session_of("a = 1", "a = a + 1\nprint(a)")
    assert value(session, "a") == "2"
    assert session.notebook.cells[1].outputs[0].text == "2\n"
    assert session.warnings == []


@pytest.mark.parametrize(
    "taken",
    [
        "compile = exec = globals = None",
        "from re import *",
        "get_ipython().display_formatter.formatters['text/plain'].for_type(str, lambda *a: None)",
    ],
)
def test_names_that_a_notebook_takes(session_of: Open, taken: str) -> None:
    """Is an answer asked, and seen to change nothing, whatever names the notebook gives away?"""
    session = session_of("f: f = lambda x: 2 * x", taken)
    code = to_code("f", [Case((np.arange(3.0),))], 1.0)
    facts = read(session.ask(code, RESULT).expressions["value"], 1)[0]
    assert facts is not None
    assert facts["value"].tolist() == [0, 2, 4]
    assert session.warnings == []


def test_time_of_questions(session_of: Open) -> None:
    """Does asking end where a notebook's own time does, however little each question takes?"""
    session = session_of("import time", call=2.0, notebook=0.5)
    said = [session.ask("time.sleep(0.6)", "1").status for _ in range(6)]
    assert said[0] == "ok"
    assert said[-1] == "timeout"


def test_cell_that_need_not_train(session_of: Open) -> None:
    """Do other cells find its imports and functions, though it does not run?"""
    source = "import math\ndef twice(x):\n    return 2 * x\nmodel = twice(3)\n%time model += 1"
    session = session_of("f: f = 1", source, "later = twice(math.pi)")
    session.notebook.cells[1].metadata["tags"] = ["training"]
    session.renew(without=[1])
    assert value(session, "later > 6, 'model' in globals()") == "(True, False)"
    assert session.warnings == []


def test_imports_that_kill(session_of: Open) -> None:
    """Is a kernel found for the other cells where even the imports of such a cell end it?"""
    source = "import os\n@os._exit\ndef f(): ..."
    session = session_of("a = 1", source.replace("@os._exit", "@lambda f: os._exit(0)"), "b = 2")
    session.notebook.cells[1].metadata["tags"] = ["training"]
    session.renew(without=[1])
    assert value(session, "a + b") == "3"
    assert session.warnings == ["code cell 2: ended the kernel"]


def test_one_kernel_for_all_questions(session_of: Open, started: list[int]) -> None:
    """Is the notebook run once, however much is asked?"""
    session = session_of("import os")
    assert value(session, "os.getpid()") == value(session, "os.getpid()")
    assert len(started) == 1


def test_renew(session_of: Open, started: list[int]) -> None:
    """Is state that a question spoilt made anew?"""
    session = session_of("a = [1]")
    session.ask("a.append(2)", "a")
    assert value(session, "a") == "[1, 2]"
    session.renew()
    assert value(session, "a") == "[1]"
    assert len(started) == 2


def test_broken_cell(session_of: Open) -> None:
    """Do the cells after one that raises run all the same, and is the error kept for its name?"""
    session = session_of("f: 1 / 0", "g: def g(:", "b = 1")
    assert value(session, "b") == "1"
    assert session.fate("f") == (None, "ZeroDivisionError: division by zero")
    broken, raised = session.fate("g")
    assert broken is None
    assert str(raised).startswith("SyntaxError: ")
    assert session.fate("h") == (None, None)


@pytest.mark.parametrize("loop", [ENDLESS, DEAF], ids=["endless", "deaf"])
def test_endless_cell(session_of: Open, loop: str) -> None:
    """Does an endless cell, deaf or not, cost itself only, and is it told?"""
    session = session_of("a = 1", f"f: {loop}", "b = 2", cell=2.0)
    assert value(session, "a + b") == "3"
    assert session.fate("f")[0] == "timeout"
    assert session.warnings == ["f: ran too long"]


@pytest.mark.parametrize(
    "code", ["import os; os._exit(3)", "exit()", "import os; os.kill(os.getpid(), 11)"]
)
def test_deadly_cell(session_of: Open, started: list[int], code: str) -> None:
    """Does a cell that ends its kernel cost itself only, and is it told?"""
    session = session_of("a = 1", f"f: {code}", "b = 2", "import os; print(os.getpid())")
    assert value(session, "a + b") == "3"
    assert session.fate("f")[0] == "crashed"
    assert session.warnings == ["f: ended the kernel"]
    assert len(started) == 2


def test_process_killed_from_a_thread(session_of: Open) -> None:
    """Is a kernel renewed that dies between two questions?"""
    late = "import os, threading\nthreading.Timer(0.3, os._exit, [0]).start()"
    session = session_of("a = 1")
    assert value(session, "a") == "1"
    assert session.ask(f"{late}\nimport time\ntime.sleep(5)", "a").status == "died"
    assert value(session, "a") == "1"


def test_endless_question(session_of: Open) -> None:
    """Does a question that takes too long end, and the next one find a kernel?"""
    session = session_of("a = 1", call=1.0)
    assert session.ask(ENDLESS, "a").status == "timeout"
    session.renew()
    assert value(session, "a") == "1"


def test_time_of_a_notebook(session_of: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the notebook's time end, with a warning for each cell that did not run?"""
    monkeypatch.setattr(kernels, "GRACE", 30.0)  # a new kernel would have no time to run the first
    pause = "import time; time.sleep(60)"
    session = session_of("a = 1", f"f: {pause}", "g: b = 1", notebook=2.0)
    assert value(session, "a") == "1"
    assert session.fate("f")[0] == session.fate("g")[0] == "timeout"
    assert session.warnings == [
        "f: ran too long",
        "g: did not run; the notebook's time was used up before",
    ]


def test_time_of_training(session_of: Open) -> None:
    """Has a cell that trains a time of its own, which is not taken off the notebook's?"""
    session = session_of("a = 1", "import time; time.sleep(3.5)", "b = 1", notebook=3.0)
    session.notebook.cells[1].metadata["tags"] = ["training"]
    assert value(session, "a + b") == "2"
    assert session.warnings == []


def test_too_much_output(session_of: Open) -> None:
    """Is a cell told whose output was cut, and only that one?"""
    session = session_of("print(1)", "print('x' * 10_000)", output_bytes=2000)
    assert value(session, "1") == "1"
    assert session.warnings == ["code cell 2: printed more than is kept; the rest was cut"]


def test_always_dying(session_of: Open, monkeypatch: pytest.MonkeyPatch, started: list) -> None:
    """Does a session give up on a notebook that ends every kernel?"""
    monkeypatch.setattr(session, "MAX_CRASHES", 2)
    opened = session_of(*["import os; os._exit(0)"] * 4)
    assert opened.kernel() is None
    assert opened.ask("pass", "1").status == "died"
    assert len(started) == 2


def test_own_folder(session_of: Open) -> None:
    """Does a notebook work in an empty folder of its own, without the submission or the course?"""
    session = session_of("import os, json", "open('made.txt', 'w').write('x')")
    seen = json.loads(value(session, "json.dumps([os.getcwd(), os.listdir()])").strip("'"))
    assert [name for name in seen[1] if not name.startswith("kernel")] == ["made.txt"]
    session.__exit__()
    assert not Path(seen[0]).exists()


def test_what_runs() -> None:
    """Are prose, checks, demonstrations and empty cells left out?"""
    check = {"nbgrader": {"grade": True, "solution": False}}
    assert runs(new_code_cell("x = 1"))
    assert runs(new_code_cell("x = 1", metadata={"tags": ["setup"]}))
    assert runs(new_code_cell("x = 1", metadata={"nbgrader": {"solution": True, "grade": False}}))
    assert not runs(new_code_cell("x = 1", metadata={"tags": ["demo"]}))
    assert not runs(new_code_cell("x = 1", metadata=check))
    assert not runs(new_code_cell(" \n"))
    assert not runs(new_markdown_cell("x = 1"))
