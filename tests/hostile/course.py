"""The course folder of a hostile class, the bait around it, and a bounded way to run commands."""

import os
import resource
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.hostile.case import UNIT, Case
from tests.hostile.kit import ROOT, Kit, to_bytes

LIMITS = "get_config().Limits.update(call={call}, cell={cell}, notebook={notebook})\n"
FREE = 2 * 2**30  # bytes of memory below which everything is stopped
MOST = 1500  # processes above which everything is stopped


@dataclass
class Hostile:
    """A course with a hostile class, ready to be graded.

    root: holds everything; port: the listener's; reached: who connected to it.
    """

    root: Path
    mark: str
    port: int
    reached: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def submitted(self) -> Path:
        return self.course / "autograder" / "submitted"

    @property
    def secret(self) -> str:
        """What no submission may find out."""
        return f"{self.mark}-secret"

    def kit(self, unit: str = UNIT) -> Kit:
        """What submissions are made with."""
        return Kit(unit, self.course, self.root / "canary", self.port, self.mark)

    def limit(self, **seconds: float) -> None:
        """Set the time that a call, a cell and a notebook may take."""
        config = (ROOT / "nbgrader_config.py").read_text()
        path = self.course / "nbgrader_config.py"
        path.write_text(f"{config}\n{LIMITS.format(**seconds)}")

    def hand_in(self, cases: Sequence[Case]) -> None:
        """Put every case where the grader looks for it."""
        kits = {case.unit: self.kit(case.unit) for case in cases}
        for case in cases:
            folder = self.submitted / case.student / case.unit
            folder.mkdir(parents=True)
            if case.placed:
                case.make(kits[case.unit], folder)
            else:
                content = to_bytes(case.make(kits[case.unit]))
                (folder / f"{case.unit}.ipynb").write_bytes(content)

    def run(self, *arguments: str, timeout: float = 1800.0) -> subprocess.CompletedProcess[str]:
        """Run `autograder` on this course; stopped where it endangers the machine."""
        command = [sys.executable, "-m", "autograder", "--course", str(self.course), *arguments]
        environment = {**os.environ, "HOSTILE_SECRET": self.secret, "TF_CPP_MIN_LOG_LEVEL": "3"}
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.root,
            env=environment,
            preexec_fn=_bound,
        )
        guard = _Guard(process)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            guard.stop_everything("ran too long")
            out, err = process.communicate()
        self.survivors += guard.end(self.mark)
        return subprocess.CompletedProcess(
            command, process.returncode, *(text.decode(errors="replace") for text in (out, err))
        )


def _bound() -> None:
    """Limits of the command itself; the first to go where memory runs out."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 2**30, 4 * 2**30))
    Path("/proc/self/oom_score_adj").write_text("800")


class _Guard(threading.Thread):
    """Watches a command and all that it starts."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(process.pid)
        self.seen: dict[int, psutil.Process] = {}
        self.ended = threading.Event()
        self.reasons: list[str] = []
        self.start()

    def run(self) -> None:
        while not self.ended.wait(0.3):
            try:
                children = self.process.children(recursive=True)
            except psutil.Error:
                return
            self.seen.update((child.pid, child) for child in children)
            if psutil.virtual_memory().available < FREE or len(children) > MOST:
                self.stop_everything("took more than the machine can bear")

    def stop_everything(self, reason: str) -> None:
        self.reasons.append(f"stopped by the test: {reason}")
        for process in (*self.seen.values(), self.process):
            try:
                process.kill()
            except psutil.Error:
                continue

    def end(self, mark: str) -> list[str]:
        """What is still alive of it after the command, or was done against it; kills it."""
        self.ended.set()
        psutil.wait_procs(list(self.seen.values()), timeout=3)
        left = [process for process in self.seen.values() if process.is_running()]
        for process in psutil.process_iter(["cmdline"]):
            if any(mark in word for word in process.info["cmdline"] or ()):
                left.append(process)
        told = [f"process {process.pid} outlived grading" for process in set(left)]
        for process in left:
            process.kill()
        return self.reasons + told


@contextmanager
def hostile(root: Path) -> Iterator[Hostile]:
    """A course folder with bait around it and a listener on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Hostile(root, f"m{secrets.token_hex(8)}", server.getsockname()[1])
        threading.Thread(target=_listen, args=(server, made.reached), daemon=True).start()
        with socket.create_connection(("127.0.0.1", made.port)):
            pass  # the listener is there, as one connection proves
        _make_course(made)
        yield made
        server.shutdown(socket.SHUT_RDWR)


def _listen(server: socket.socket, reached: list[str]) -> None:
    while True:
        try:
            connection, address = server.accept()
        except OSError:
            return
        reached.append(str(address))
        connection.close()


def _make_course(made: Hostile) -> None:
    for name in ("canary", "outside", "course/autograder"):
        (made.root / name).mkdir(parents=True)
    for name in ("course", "notebooks", "solutions"):
        shutil.copytree(ROOT / name, made.course / name)
    shutil.copy(ROOT / "nbgrader_config.py", made.course)
    for folder in (made.course, made.course / "solutions", made.root / "outside"):
        (folder / "secret.txt").write_text(made.secret)
