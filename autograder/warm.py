"""Kernels forked from a warm parent, as a jupyter_client kernel provisioner.

Importing TensorFlow takes seconds; forking a process that has it takes a fraction of one. A parent
belongs to one worker. Where the provisioner is the default one (set the environment's
JUPYTER_DEFAULT_PROVISIONER_NAME to "warm"), whatever starts kernels by way of jupyter_client, nbval
for one, has them forked from a parent of its own process, without a sandbox.
"""

import asyncio
import atexit
import contextlib
import functools
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerBase

from autograder import sandbox
from autograder.kernels import Kernel, Limits, connect

PRELOAD = (
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "matplotlib_inline.backend_inline",
    "matplotlib.pyplot",
    "scipy.stats",
    "scipy.special",
    "ipywidgets",
    "tensorflow",
    "keras",
    "tornado.platform.asyncio",
    "vaelib.callbacks",
    "vaelib.check",
    "vaelib.demos",
    "vaelib.finished",
    "vaelib.plots",
    "vaelib.stubs",
    "vaelib.widgets",
)
MAX_SOCKETS = 16
PROGRAM = Path(__file__).with_name("warm_parent.py")


def _memory(process: psutil.Process) -> int:
    """Bytes that a process takes, its share of what it shares with others."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return 0


def _resident(process: psutil.Process) -> int:
    """Bytes that a process has in memory, shared or not: never less than it takes, and quick."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def remove(folder: Path) -> None:
    """Delete a folder, however deep it is, and whatever rights were taken from what it holds."""
    with contextlib.suppress(OSError, RecursionError):
        return shutil.rmtree(folder)
    for command in (("chmod", "-R", "u+rwx"), ("rm", "-rf")):
        if folder.exists():
            subprocess.run([*command, "--", str(folder)], capture_output=True)


def _only_sockets(folder: Path) -> bool:
    """Whether a kernel has left its folder as it should be: flat, few entries, small files."""
    with os.scandir(folder) as entries:
        there = list(itertools.islice(entries, MAX_SOCKETS + 1))
    size = sum(e.stat(follow_symlinks=False).st_size for e in there)
    odd = any(e.is_symlink() or e.is_dir(follow_symlinks=False) for e in there)
    return len(there) <= MAX_SOCKETS and size <= 2**20 and not odd


class ParentError(RuntimeError):
    """A warm parent did not start or has gone; the message says what it last said."""


class WarmParent:
    """A process that imports the course's packages, then forks kernels on demand.

    sandboxed: run it in bubblewrap and isolate each kernel.
    """

    def __init__(
        self, limits: Limits, sandboxed: bool = True, preload: Sequence[str] = PRELOAD
    ) -> None:
        self.limits = limits
        self.sandboxed = sandboxed
        self.folder = Path(tempfile.mkdtemp(prefix="ag-"))
        settings = {
            "preload": list(preload),
            "isolate": sandboxed,
            "keep": sorted({sys.prefix, sys.base_prefix}),
            "disk_bytes": limits.disk_bytes,
            "rlimits": {
                "RLIMIT_CORE": 0,
                "RLIMIT_FSIZE": limits.disk_bytes,
                "RLIMIT_NOFILE": 1024,
                "RLIMIT_NPROC": limits.threads,
            },
        }
        command, environment = sandbox.command(self.folder, PROGRAM, sandboxed)
        self._process = subprocess.Popen(
            [*command, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if sandboxed else subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self._ready = False

    def wait(self) -> None:
        """Wait until everything is imported; ParentError where that fails."""
        if self._ready:
            return
        self._read()
        idle = psutil.Process(self.pid).children(recursive=True)
        self._idle_processes = len(idle) + 1  # and the keeper of the kernel's namespace
        self._idle_memory = sum(map(_memory, idle))
        self._ready = True

    @property
    def pid(self) -> int:
        """Process id of the parent, or of bubblewrap around it."""
        return self._process.pid

    def request(self, **message: Any) -> dict[str, Any]:
        """Send a request and wait for its answer; ParentError where the parent has gone."""
        self.wait()
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ParentError(f"the warm parent has gone: {error}") from None
        return self._read()

    def start(self, folder: Path) -> Kernel:
        """Fork a kernel; in a sandbox its working folder is its own and `folder` is not there.

        ParentError where there is no parent to fork it from.
        """
        manager = KernelManager(kernel_name="python3", transport="ipc")
        own = Path(tempfile.mkdtemp(prefix="k", dir=self.folder))
        manager.ip = str(own / "s")
        manager.connection_file = str(self.folder / f"{own.name}.json")
        manager.provisioner = WarmProvisioner(  # type: ignore[assignment]
            kernel_id=own.name, kernel_spec=manager.kernel_spec, parent=manager
        )
        manager.provisioner.attach(self, own, folder)  # type: ignore[union-attr]
        manager.start_kernel()
        try:
            client = connect(manager, self.limits.start)
        except RuntimeError as error:
            raise ParentError(f"a forked kernel did not start: {error}") from None
        return Kernel(manager, client, lambda: self._excess(own))

    def _excess(self, own: Path) -> str | None:
        """Which limit the running kernel and all that it started have passed."""
        try:
            processes = psutil.Process(self.pid).children(recursive=True)
            if self._takes_more_than(self.limits.memory_bytes, processes):
                return f"took more than {self.limits.memory_bytes / 2**30:g} GiB of memory"
            if len(processes) - self._idle_processes > self.limits.processes:
                return f"ran more than {self.limits.processes} processes"
            if not _only_sockets(own):
                return "wrote files where only sockets belong"
        except (psutil.Error, OSError):
            return None
        return None

    def _takes_more_than(self, limit: int, processes: list[psutil.Process]) -> bool:
        if sum(map(_resident, processes)) <= limit:
            return False
        return sum(map(_memory, processes)) - self._idle_memory > limit

    def inside(self, path: Path) -> str:
        """A path of this parent's folder as its kernels see it."""
        return str(path).replace(str(self.folder), sandbox.SOCKETS) if self.sandboxed else str(path)

    def close(self) -> None:
        """End the parent and everything that it forked."""
        self._process.kill()
        self._process.communicate()
        remove(self.folder)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = self._process.stderr.read()[-500:] if self._process.stderr else ""
            raise ParentError(f"the warm parent ended: {said.strip() or 'without a word'}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@functools.cache
def shared(limits: Limits, sandboxed: bool) -> WarmParent:
    """This process's own warm parent, made at the first call; it ends with the process."""
    parent = WarmParent(limits, sandboxed)
    atexit.register(parent.close)
    return parent


class WarmProvisioner(KernelProvisionerBase):  # type: ignore[misc]
    """Lets jupyter_client's kernel manager look after a kernel that a warm parent forked."""

    _parent: WarmParent | None = None
    _pid: int | None = None

    def attach(self, parent: WarmParent, own: Path, folder: Path) -> None:
        """Say which parent forks, where the sockets go, and where the kernel works."""
        self._parent, self._own = parent, own
        self._folder = sandbox.HOME if parent.sandboxed else str(folder)

    @property
    def has_process(self) -> bool:
        return self._pid is not None

    async def poll(self) -> int | None:
        """Exit code of the kernel, None while it lives."""
        if self._parent is None or self._pid is None:
            return 0
        try:
            code: int | None = self._parent.request(poll=self._pid)["code"]
        except ParentError:
            return -1
        return code

    async def wait(self) -> int | None:
        """Wait a moment for the kernel to end."""
        for _ in range(400):
            if (code := await self.poll()) is not None:
                self._pid = None
                return code
            await asyncio.sleep(0.005)
        return None

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel."""
        if self._parent is not None and self._pid is not None:
            try:
                self._parent.request(signal=[self._pid, int(signum)])
            except ParentError:
                self._pid = None

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started, at once."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel; nothing in it is worth a polite request."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the kernel's sockets."""
        remove(self._own)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the sockets and write the client's connection file."""
        if self._parent is None:
            parent = shared(Limits(), sandboxed=False)
            own = Path(tempfile.mkdtemp(prefix="k", dir=parent.folder))
            self.attach(parent, own, Path(kwargs.get("cwd") or ".").resolve())
        kwargs = await super().pre_launch(cmd=[], **kwargs)
        manager: KernelManager = self.parent  # type: ignore[assignment]
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have the parent fork a kernel on these sockets."""
        assert self._parent is not None
        info = dict(self.connection_info)
        key = info["key"]
        info["key"] = key.decode() if isinstance(key, bytes) else key
        info["ip"] = self._parent.inside(Path(str(info["ip"])))
        info["folder"] = self._parent.inside(self._own)
        info.pop("metadata", None)
        self._pid = self._parent.request(start=info, folder=self._folder)["pid"]
        return self.connection_info
