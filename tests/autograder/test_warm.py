"""Does a forked kernel start quickly, stay inside its sandbox and its limits, and leave nothing?"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from autograder import sandbox, warm
from autograder.kernels import Kernel, Limits, Reply
from autograder.warm import WarmParent

LIMITS = Limits(memory_bytes=500 * 2**20, disk_bytes=50 * 2**20, processes=20)
PRELOAD = ("ipykernel.kernelapp", "numpy")
pytestmark = pytest.mark.xdist_group("warm")


@pytest.fixture(scope="module")
def parent() -> Iterator[WarmParent]:
    """A sandboxed parent that has imported little, so that it starts soon."""
    try:
        sandbox.require()
    except sandbox.NoSandbox as missing:
        pytest.fail(str(missing))
    parent = WarmParent(LIMITS, sandboxed=True, preload=PRELOAD)
    yield parent
    parent.close()


@pytest.fixture
def kernel(parent: WarmParent) -> Iterator[Kernel]:
    """A fresh kernel of the parent."""
    kernel = parent.start(Path("/tmp"))
    yield kernel
    kernel.kill()
    kernel.client.stop_channels()


def test_deep_and_closed_folders_go(tmp_path: Path) -> None:
    """Is a folder deleted that is deeper than Python calls, and one without rights?"""
    top = tmp_path / "top"
    closed = top / "closed"
    closed.mkdir(parents=True)
    (closed / "file").touch()
    closed.chmod(0)
    home = os.getcwd()
    os.chdir(top)
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(home)
    warm.remove(top)
    assert not top.exists()
    warm.remove(top)


@pytest.mark.parametrize("made", ["os.mkdir('d')", "os.symlink('/', 'l')"])
def test_only_sockets_beside_sockets(kernel: Kernel, made: str) -> None:
    """Is a kernel ended that makes folders or links where its sockets are?"""
    code = "import glob, os, time; os.chdir(glob.glob('/run/kernel/k*')[0]); "
    reply = run(kernel, f"{code}{made}; time.sleep(20)")
    assert reply.excess == "wrote files where only sockets belong"


def test_keyring_of_ones_own(parent: WarmParent) -> None:
    """Is what one kernel keeps in its session's keyring out of reach for the next?"""
    code = "import ctypes; c = ctypes.CDLL(None); print({})"
    found = []
    add_key = "c.syscall(248, b'user', b'vae', b'x', 1, -3)"
    search = "c.syscall(250, 10, -3, b'user', b'vae', 0)"
    for call in (add_key, search):
        kernel = parent.start(Path("/tmp"))
        found.append(said(run(kernel, code.format(call))).strip())
        kernel.kill()
        kernel.client.stop_channels()
    assert found[1] == "-1"


@pytest.mark.parametrize(
    "content",
    ["'user_expressions': 'abc'", "'payload': 5", "'payload': ['x']", "'status': []"],
)
def test_odd_replies(parent: WarmParent, content: str) -> None:
    """Does a reply that no kernel gives count as none, and raise nothing here?"""
    kernel = parent.start(Path("/tmp"))
    patch = (
        "s = get_ipython().kernel.session; real = s.send\n"
        "def send(stream, kind, content=None, *args, **kwargs):\n"
        "    if kind == 'execute_reply':\n"
        f"        content = {{**content, {content}}}\n"
        "    return real(stream, kind, content, *args, **kwargs)\n"
        "s.send = send"
    )
    assert run(kernel, patch).status == "died"
    assert not kernel.alive
    kernel.client.stop_channels()


def run(kernel: Kernel, code: str, timeout: float = 20) -> Reply:
    """Run code under the limits of these tests."""
    return kernel.run(code, timeout, LIMITS)


def said(reply: Reply) -> str:
    """What a piece of code printed, or raised."""
    return "".join(o.get("text", "") or o.get("evalue", "") for o in reply.outputs)


def descendants(parent: WarmParent) -> int:
    """How many processes the parent has below it."""
    return len(psutil.Process(parent.pid).children(recursive=True))


def settled(parent: WarmParent, count: int) -> bool:
    """Whether the number of descendants comes down to `count` within a few seconds."""
    deadline = time.monotonic() + 5
    while descendants(parent) > count and time.monotonic() < deadline:
        time.sleep(0.05)
    return descendants(parent) <= count


@pytest.mark.parametrize(
    "path",
    [
        *("/x", "/dev/x", "/run/x", "/run/kernel/x", "/opt/course/vaelib/x", "/home/x", "/usr/x"),
        "/proc/sys/kernel/core_pattern",  # root may write it without any privilege
    ],
)
def test_system_is_read_only(kernel: Kernel, path: str) -> None:
    """Can a student write anywhere but in their own scratch folders?"""
    assert "Read-only file system" in said(run(kernel, f"open({path!r}, 'w')"))


def test_nothing_passes_from_one_kernel_to_the_next(parent: WarmParent) -> None:
    """Does a file in a scratch folder vanish with its kernel?"""
    for expected in ("written", "written"):
        kernel = parent.start(Path("/tmp"))
        code = (
            "import os\n"
            "for folder in ('/tmp', '/home/student', '/dev/shm'):\n"
            "    assert not os.path.exists(folder + '/note')\n"
            "    open(folder + '/note', 'w').write('hello')\n"
            "print('written')"
        )
        assert said(run(kernel, code)).strip() == expected
        kernel.kill()
        kernel.client.stop_channels()


def test_host_is_out_of_sight(kernel: Kernel) -> None:
    """Are the course, the grader, its environment and its processes out of reach?"""
    root = Path(__file__).resolve().parents[2]
    code = (
        "import os, glob\n"
        f"print(os.path.exists({str(root / 'course')!r}), os.path.exists({str(root)!r} + "
        "'/autograder'), 'autograder' in ' '.join(os.environ.values()))\n"
        "readable = []\n"
        "for path in glob.glob('/proc/[0-9]*/environ'):\n"
        "    if path.split('/')[2] not in (str(os.getpid()), 'self'):\n"
        "        try: readable.append((path, len(open(path, 'rb').read())))\n"
        "        except OSError: pass\n"
        "print(sorted(os.listdir('/opt/course')))"
    )
    assert said(run(kernel, code)).splitlines() == ["False False False", "['vaelib']"]


def test_memory_of_other_processes_is_closed(kernel: Kernel) -> None:
    """Can a kernel read the environment or memory of the parent that it was forked from?"""
    code = (
        "import glob\n"
        "for path in glob.glob('/proc/[0-9]*/mem'):\n"
        "    try:\n"
        "        open(path, 'rb')\n"
        "        print('open', path)\n"
        "    except PermissionError:\n"
        "        print('closed')\n"
    )
    lines = said(run(kernel, code)).splitlines()
    assert lines.count("closed") >= 2, lines


def test_no_network(kernel: Kernel) -> None:
    """Is a server on this machine's loopback out of reach?"""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        assert "refused" in said(run(kernel, code))


def test_no_privileges(kernel: Kernel) -> None:
    """Has the kernel no capabilities, and no way to new ones?"""
    code = "print([l.split()[1] for l in open('/proc/self/status') if 'Cap' in l or 'NoNew' in l])"
    assert said(run(kernel, code)).strip() == str(["0" * 16] * 5 + ["1"])


def test_memory_limit(kernel: Kernel) -> None:
    """Is a kernel that takes too much memory ended, and the limit named?"""
    reply = run(kernel, "x = []\nwhile True: x.append(bytearray(10**7))")
    assert reply.status == "died"
    assert reply.excess is not None and "memory" in reply.excess


def test_process_limit(parent: WarmParent, kernel: Kernel) -> None:
    """Is a fork bomb ended, with all that it started?"""
    idle = descendants(parent) - 2
    bomb = "for _ in range(100):\n    if os.fork() == 0: time.sleep(60)\n"
    code = f"import os, time\n{bomb}time.sleep(60)"
    reply = run(kernel, code)
    assert reply.excess is not None and "processes" in reply.excess
    assert settled(parent, idle)


def test_file_limit(kernel: Kernel) -> None:
    """Is a file that grows for ever cut off?"""
    code = "f = open('/tmp/big', 'wb')\nwhile True: f.write(bytes(10**6))"
    assert run(kernel, code).status == "error"


def test_nothing_outlives_a_kernel(parent: WarmParent) -> None:
    """Does a process in a session of its own end with its kernel?"""
    idle = descendants(parent)
    kernel = parent.start(Path("/tmp"))
    run(kernel, "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True)")
    assert descendants(parent) >= idle + 3
    kernel.kill()
    kernel.client.stop_channels()
    assert settled(parent, idle)


def test_missing_bubblewrap_names_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a machine without bubblewrap learn what to install?"""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sandbox.NoSandbox, match="apt-get install bubblewrap"):
        sandbox.require()


def test_default_provisioner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are the kernels that others start forked from one parent where that is asked for?"""
    light = WarmParent(Limits(), sandboxed=False, preload=PRELOAD)
    monkeypatch.setattr(warm, "shared", lambda limits, sandboxed: light)
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "warm")
    KernelProvisionerFactory.clear_instance()
    try:
        for _ in range(2):
            manager, client = start_new_kernel(cwd=str(tmp_path))
            own = Kernel(manager, client)
            assert said(run(own, "import os; print(os.getppid(), os.getcwd())")) == (
                f"{light.pid} {tmp_path}\n"
            )
            own.kill()
            client.stop_channels()
    finally:
        KernelProvisionerFactory.clear_instance()
        light.close()


def test_children_end_without_a_sandbox_too(tmp_path: Path) -> None:
    """Does what a kernel has started end with it, where no namespace sees to that?"""
    light = WarmParent(LIMITS, sandboxed=False, preload=PRELOAD)
    try:
        own = light.start(tmp_path)
        code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
        child = psutil.Process(int(said(run(own, code))))
        own.kill()
        own.client.stop_channels()
        gone, _ = psutil.wait_procs([child], timeout=5)
        assert gone or child.status() == psutil.STATUS_ZOMBIE
    finally:
        light.close()
