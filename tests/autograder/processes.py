"""Graders of the toy unit as processes of their own: a Dask cluster on the loopback."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[2]
PRELOAD = ("ipykernel.kernelapp", "numpy")  # of warm parents: soon there
KILLER = "killer"  # a student whose submission ends whoever grades it
TOY = "tests.autograder.toy_process"
DASK = (sys.executable, "-m", "dask")


def environment(records: Path, **more: str) -> dict[str, str]:
    """The environment in which a process can import `TOY`."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "TOY_RECORDS": str(records), **more}


class DaskProcesses:
    """A scheduler, and as many workers as are asked for. Use as a context manager."""

    def __init__(self, folder: Path, records: Path, allowed_failures: int = 3) -> None:
        self.records = shutil.copytree(records, folder / "records")
        self._folder, self._file = folder, folder / "scheduler.json"
        setting = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self._environment = environment(self.records, **setting)
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "DaskProcesses":
        self._scheduler = self._start("scheduler", "--port", "0")
        while not self._file.exists():
            assert self._scheduler.poll() is None, self.log()
            time.sleep(0.05)
        self.address: str = json.loads(self._file.read_text())["address"]
        return self

    def __exit__(self, *exception: Any) -> None:
        for process in reversed(self._started):  # workers first
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def worker(self, preload: str = TOY, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread."""
        own = ("--preload", preload, "--nthreads", "1", "--local-directory", str(self._folder))
        return self._start("worker", *own, *(options or ["--no-nanny"]))

    def kill_scheduler(self) -> None:
        """End the scheduler at once."""
        self._scheduler.kill()

    def log(self) -> str:
        """What all processes have said."""
        return (self._folder / "log").read_text(errors="replace")

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        common = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(self._file))
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*DASK, kind, *common, *options],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process
