"""Does a kernel keep its limits, and say how each piece of code ended?"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder import kernels
from autograder.kernels import Kernel, Limits, Reply, start

LIMITS = Limits(output_bytes=5000, output_messages=20)
ENDLESS = "import time\nwhile True:\n    time.sleep(0.01)"
DEAF = f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{ENDLESS}"
FORGE = """
kernel = get_ipython().kernel
def forge(kind, content):
    parent = kernel.get_parent("shell")
    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
"""


def running(pid: int) -> bool:
    """Whether a process is there and at work."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(pid: int) -> bool:
    """Whether a process that was killed has gone, within seconds."""
    for _ in range(100):
        if not running(pid):
            return True
        time.sleep(0.05)
    return False


def stop(kernel: Kernel) -> None:
    kernel.kill()
    kernel.client.stop_channels()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel for tests that leave it alive."""
    kernel = start(tmp_path_factory.mktemp("kernel"))
    yield kernel
    stop(kernel)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel for a test that ends it."""
    kernel = start(tmp_path)
    yield kernel
    stop(kernel)


def run(kernel: Kernel, code: str, timeout: float = 60.0) -> Reply:
    return kernel.run(code, timeout, LIMITS)


def text(reply: Reply) -> str:
    return "".join(output.get("text", "") for output in reply.outputs)


def test_ordinary_code(kernel: Kernel) -> None:
    """Do streams and values come back, streams in one piece?"""
    reply = run(kernel, "print(1)\nprint(2)\n3")
    assert (reply.status, reply.cut, text(reply)) == ("ok", False, "1\n2\n")
    assert [output.output_type for output in reply.outputs] == ["stream", "execute_result"]


def test_error(kernel: Kernel) -> None:
    """Does code that raises say what, and leave the kernel at work?"""
    reply = run(kernel, "1 / 0")
    assert reply.status == "error"
    assert reply.outputs[0].ename == "ZeroDivisionError"
    assert run(kernel, "1").status == "ok"


def test_questions_leave_no_trace(kernel: Kernel) -> None:
    """Is a question silent, and not in the history that a student's code can read?"""
    before = run(kernel, "print(len(In))")
    reply = kernel.run("x = 6\nprint(x)", 60.0, LIMITS, {"value": "x * 7"}, silent=True)
    assert (reply.status, reply.outputs, reply.expressions) == ("ok", [], {"value": "42"})
    after = run(kernel, "print(len(In))\nassert 'print(x)' not in str(In[:-1])")
    assert after.status == "ok"
    assert int(text(after)) == int(text(before)) + 1


def test_question_that_raises(kernel: Kernel) -> None:
    """Is the value of a broken expression empty?"""
    reply = kernel.run("pass", 60.0, LIMITS, {"value": "no_such_name"}, silent=True)
    assert reply.expressions == {"value": ""}


def test_input(kernel: Kernel) -> None:
    """Does code that asks for input fail instead of waiting?"""
    assert run(kernel, "input()").outputs[0].ename == "StdinNotImplementedError"


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("print('x' * 100_000)", 0),
        ("for n in range(5000): print(n)", 5000),
        ("for n in range(100): display(n)", 5000),
        ("import os; os.write(1, b'x' * 100_000); print('end' * 2000)", 5000),
    ],
)
def test_too_much_output(kernel: Kernel, code: str, kept: int) -> None:
    """Is output beyond the limits cut and flagged, and the code run to its end?"""
    reply = run(kernel, code)
    assert (reply.status, reply.cut) == ("ok", True)
    assert len(reply.outputs) <= LIMITS.output_messages
    assert len(text(reply)) <= kept


def test_cleared_output(kernel: Kernel) -> None:
    """Is output gone that the code itself cleared?"""
    code = "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)"
    assert text(run(kernel, code)) == "2\n"


@pytest.mark.parametrize(
    "forged",
    [
        "'stream', {'name': 'stdout', 'text': 5}",
        "'stream', {'name': ['stdout'], 'text': 'x'}",
        "'stream', {}",
        "'display_data', {'data': 'x', 'metadata': {}}",
        "'display_data', {'data': {'image/png': 5}, 'metadata': {}}",
        "'display_data', {'data': {'text/plain': {'x': 1}}, 'metadata': None}",
        "'error', {'ename': 1, 'evalue': None, 'traceback': 'x'}",
        "'status', 'idle'",
        "'execute_result', None",
    ],
)
def test_forged_output(kernel: Kernel, forged: str) -> None:
    """Is a message dropped that no notebook could hold, and what is real kept?"""
    reply = run(kernel, f"{FORGE}\nforge({forged})\nprint('real')")
    assert (reply.status, text(reply)) == ("ok", "real\n")
    assert len(reply.outputs) == 1


def test_forged_lines(kernel: Kernel) -> None:
    """Is a stream that comes as a list of lines text like any other?"""
    reply = run(kernel, f"{FORGE}\nforge('stream', {{'name': 'stdout', 'text': ['a', 'b']}})")
    assert reply.outputs[0].text == "ab"


def test_environment(kernel: Kernel) -> None:
    """Does no variable tell a kernel that it is being graded?"""
    names = set(text(run(kernel, "import os\nprint(*os.environ)")).split())
    added = names - set(os.environ)
    assert added <= {
        "JPY_PARENT_PID",
        "PYDEVD_USE_FRAME_EVAL",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "PAGER",
        "GIT_PAGER",
        "MPLBACKEND",
        "TERM",
        "LINES",
        "COLUMNS",
    }


def test_endless_loop(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an endless loop interrupted, with what it printed, and the kernel still at work?"""
    monkeypatch.setattr(kernels, "GRACE", 60.0)
    reply = run(kernel, f"print('before', flush=True)\n{ENDLESS}", timeout=0.5)
    assert (reply.status, kernel.alive) == ("timeout", True)
    assert text(reply) == "before\n"
    assert run(kernel, "1").status == "ok"


def test_deaf_loop(own: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a loop that cannot be interrupted killed with its kernel?"""
    monkeypatch.setattr(kernels, "GRACE", 0.2)
    pid = int(text(run(own, "import os\nprint(os.getpid())")))
    assert run(own, DEAF, timeout=0.5).status == "timeout"
    assert not own.alive
    assert gone(pid)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(0)",
        "exit()",
        "quit()",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.kill(os.getpid(), 9)",
        "get_ipython().ask_exit()",
    ],
)
def test_death(own: Kernel, code: str) -> None:
    """Is a kernel that ends itself dead from then on, whatever it answered before?"""
    assert run(own, code).status == "died"
    assert not own.alive


def test_polite_exit(kernel: Kernel) -> None:
    """Does a kernel live on that was asked to outlive an exit?"""
    assert run(kernel, "exit(keep_kernel=True)").status == "ok"
    assert run(kernel, "1").status == "ok"


def test_excess(own: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a kernel killed that takes more than it may, and the limit named?"""
    monkeypatch.setattr(kernels, "LOOK", 0.05)
    own.excess = lambda: "took more than 4 GiB of memory"
    reply = run(own, ENDLESS)
    assert (reply.status, reply.excess) == ("died", "took more than 4 GiB of memory")
    assert not own.alive


def test_nothing_is_left(own: Kernel) -> None:
    """Are the processes gone that a kernel started, after it is?"""
    code = "import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '600']).pid)"
    pids = [int(pid) for pid in text(run(own, code)).split()]
    assert all(map(running, pids))
    stop(own)
    assert all(map(gone, pids))


def test_put(own: Kernel) -> None:
    """Does a file arrive in the working folder, folders above it included, byte for byte?"""
    own.put("data/digits.bin", bytes(range(256)), Limits())
    read = "print(open('data/digits.bin', 'rb').read() == bytes(range(256)))"
    reply = own.run(read, 20, Limits())
    assert reply.outputs[0].text == "True\n"


def test_put_where_nothing_fits(own: Kernel) -> None:
    """Is it an error where a file cannot be written?"""
    with pytest.raises(OSError, match="/dev/null/x could not be put"):
        own.put("/dev/null/x", b"", Limits())
