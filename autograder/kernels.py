"""A kernel that runs code within limits of time and output, and survives what it is given.

The Jupyter messaging protocol is spoken by jupyter_client; this module adds the limits.
"""

import base64
import math
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_core.utils import run_sync
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import output_from_msg

POLL = 100  # milliseconds between looks at whether the kernel still lives
LOOK = 0.5  # seconds between looks at what it takes
MAX_MESSAGE = 2**25  # bytes of one message from a kernel, beyond which its channel is closed
GRACE = 3.0  # seconds that an interrupted kernel has to come back
_PUT = """
import base64, importlib, pathlib
path = pathlib.Path(path)
path.parent.mkdir(parents=True, exist_ok=True)
path.write_bytes(base64.b64decode(content))
importlib.invalidate_caches()
"""


@dataclass(frozen=True)
class Limits:
    """What a submission may take.

    call, cell, notebook, training, start: seconds; a cell that trains what an exercise is judged by
    has a time of its own, outside of the notebook's.
    output_bytes, output_messages: kept a cell.
    memory_bytes: resident, of all of a kernel's processes; disk_bytes: of each scratch folder.
    threads: counts as the operating system does, a process being one at least.
    """

    call: float = 30.0
    cell: float = 60.0
    notebook: float = 300.0
    training: float = 600.0
    start: float = 180.0
    output_bytes: int = 2**20
    output_messages: int = 2000
    memory_bytes: int = 4 * 2**30
    disk_bytes: int = 2**30
    processes: int = 64
    threads: int = 512


@dataclass
class Reply:
    """How a piece of code ended.

    status: "ok", "error", "timeout" (interrupted) or "died". `expressions` are the values of the
    user expressions asked for, as text. `cut`: output beyond the limits was dropped. `excess`: the
    limit that the kernel was killed for.
    """

    status: str
    outputs: list[NotebookNode] = field(default_factory=list)
    expressions: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    excess: str | None = None


Excess = Callable[[], str | None]


class Kernel:
    """One running kernel; `alive` turns False for good when it dies or has to be killed.

    excess: says which limit on memory, processes or files the kernel has passed, None for none.
    """

    def __init__(
        self, manager: KernelManager, client: BlockingKernelClient, excess: Excess | None = None
    ) -> None:
        self.manager = manager
        self.client = client
        self.alive = True
        self.excess = excess or (lambda: None)

    def run(
        self,
        code: str,
        timeout: float,
        limits: Limits,
        expressions: dict[str, str] | None = None,
        silent: bool = False,
    ) -> Reply:
        """Run code, then read `expressions`, if it ends well.

        silent: without output, and without a trace in the history.
        """
        request = self.client.execute(
            code,
            silent=silent,
            store_history=not silent,
            user_expressions=expressions or {},
            allow_stdin=False,
            stop_on_error=False,
        )
        return _Run(self, request, limits, collect=not silent).wait(timeout)

    def put(self, path: str, content: bytes, limits: Limits) -> None:
        """Write a file into the kernel's working folder; OSError where it does not fit."""
        names = {"path": path, "content": base64.b64encode(content).decode()}
        # As an expression, which IPython does not parse by itself.
        write = {"value": f"exec({_PUT!r}, {names!r})"}
        reply = self.run("pass", limits.start, limits, write, silent=True)
        if reply.expressions.get("value") != "None":
            raise OSError(f"{path} could not be put beside the notebook")

    def interrupt(self) -> None:
        """Ask the kernel to stop what it is doing."""
        self.manager.interrupt_kernel()

    def kill(self) -> None:
        """End the kernel at once, whatever it is doing."""
        self.alive = False
        provisioner = self.manager.provisioner
        if provisioner is not None and self.manager.has_kernel:
            self.manager.signal_kernel(signal.SIGKILL)
            run_sync(provisioner.wait)()  # shutting down polls at leisure
        self.manager.shutdown_kernel(now=True)


class _Run:
    """One request under way: reads both channels until the reply and the end of the output."""

    def __init__(self, kernel: Kernel, request: str, limits: Limits, collect: bool) -> None:
        self.kernel, self.request, self.limits, self.collect = kernel, request, limits, collect
        self.reply: dict[str, Any] | None = None
        self.idle = False
        self.outputs: list[NotebookNode] = []
        self.size = self.messages = 0
        self.cut = False

    def wait(self, timeout: float) -> Reply:
        deadline = time.monotonic() + timeout
        look = time.monotonic() + LOOK
        half = math.inf  # when the first of the two came: the reply, the end of the output
        interrupted = False
        while self.reply is None or not self.idle:
            now = time.monotonic()
            if now > half + GRACE:
                self.cut = True  # the other one got lost
                break
            if self.reply is None and now > deadline + (GRACE if interrupted else 0.0):
                if interrupted:
                    self.kernel.kill()
                    return self._end("timeout")
                self.kernel.interrupt()
                interrupted, deadline = True, now
            if not self._read() and not self.kernel.manager.is_alive():
                self.kernel.alive = False
                return self._end("died")
            if now > look and (excess := self.kernel.excess()):
                self.kernel.kill()
                return self._end("died", excess)
            look = now + LOOK if now > look else look
            if self.reply is not None or self.idle:
                half = min(half, time.monotonic())
        if self.reply is None or self._exits():
            self.kernel.kill()
            return self._end("died")
        status = self.reply["content"].get("status", "error")
        return self._end("timeout" if interrupted else status)

    def _exits(self) -> bool:
        """Whether the code called `exit()`, after which a kernel answers, and then ends."""
        payload = self.reply["content"].get("payload") if self.reply else None
        asked = [entry for entry in payload or () if entry.get("source") == "ask_exit"]
        return any(not entry.get("keepkernel") for entry in asked)

    def _read(self) -> bool:
        """Take in what has arrived within `POLL`; whether anything had."""
        client = self.kernel.client
        channels = (client.iopub_channel, client.shell_channel)
        poller = zmq.Poller()
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        ready = dict(poller.poll(POLL))
        for channel, take in zip(channels, (self._take_output, self._take_reply), strict=True):
            if channel.socket in ready:
                try:
                    message = channel.get_msg(timeout=0)
                    if message["parent_header"].get("msg_id") == self.request:
                        take(message)
                except Exception:  # forged or damaged: dropped, as if it had never come
                    continue
        return bool(ready)

    def _take_reply(self, message: dict[str, Any]) -> None:
        content = message["content"]
        payload, shown = content.get("payload") or [], content.get("user_expressions") or {}
        sound = isinstance(content.get("status"), str) and isinstance(shown, dict)
        if not sound or not all(isinstance(entry, dict) for entry in payload):
            raise ValueError("no reply that a kernel gives")
        if message["msg_type"] == "execute_reply":
            self.reply = message

    def _take_output(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "status":
            self.idle = self.idle or content.get("execution_state") == "idle"
        elif kind == "clear_output" and self.collect:
            self.outputs.clear()
        elif self.collect and kind in ("stream", "display_data", "execute_result", "error"):
            self._keep(message)

    def _keep(self, message: dict[str, Any]) -> None:
        self.messages += 1
        self.size += len(str(message["content"]))
        if self.messages > self.limits.output_messages or self.size > self.limits.output_bytes:
            self.cut = True
            return
        output = output_from_msg(message)
        if output.output_type == "stream":
            output.text = "".join(output.text)  # a list of lines is text, too
        last = self.outputs[-1] if self.outputs else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
        else:
            self.outputs.append(output)

    def _end(self, status: str, excess: str | None = None) -> Reply:
        shown: dict[str, str] = {}
        if self.reply is not None:
            for name, value in (self.reply["content"].get("user_expressions") or {}).items():
                data = value.get("data") if isinstance(value, dict) else None
                shown[str(name)] = str(data.get("text/plain", "")) if isinstance(data, dict) else ""
        return Reply(status, self.outputs, shown, self.cut, excess)


Starter = Callable[[Path], Kernel]


def start(folder: Path) -> Kernel:
    """Start an ordinary Python kernel that works in `folder`."""
    manager = KernelManager(kernel_name="python3", transport="ipc")
    manager.ip = str(folder / "kernel")  # socket paths must be absolute and private
    manager.start_kernel(
        cwd=str(folder),
        extra_arguments=["--HistoryManager.enabled=False"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Kernel(manager, connect(manager, Limits().start))


def connect(manager: KernelManager, timeout: float) -> BlockingKernelClient:
    """A client of a kernel that has just been started, once both channels are heard.

    RuntimeError, and the kernel ended, where it does not answer within `timeout` seconds. Unlike
    `wait_for_ready` this waits for no silence: requests tell their own messages from others.
    """
    client = manager.blocking_client()
    client.context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
    client.context.setsockopt(zmq.RECONNECT_IVL, 5)  # ms; the kernel may not listen yet
    client.start_channels(stdin=False, hb=False)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and manager.is_alive():
        client.kernel_info()
        try:
            client.get_shell_msg(timeout=1)
            client.get_iopub_msg(timeout=0.2)
            return client
        except Empty:
            continue
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    raise RuntimeError(f"the kernel did not answer within {timeout:g} s")
