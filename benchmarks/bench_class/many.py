"""A thousand submissions: are rate, memory and time a submission the same from first to last?"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from bench_class.classes import make_course
from bench_class.rates import SCRIPTS
from report import Row

PAUSE = 1.0  # seconds between looks


def many(unit: str, students: int, jobs: int) -> Iterator[Row]:
    """Grade a large class in one run and tell of each tenth of it."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course", unit, students)
        command = [SCRIPTS / "autograder", "grade", unit, "--jobs", str(jobs)]
        process = subprocess.Popen(
            [*command, "--results", "results.jsonl"],
            cwd=course,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        seen = _watch(process, course / "autograder" / "ledger" / unit)
        lines = (course / "results.jsonl").read_text().splitlines()
        own = {r["student"]: r["seconds"] for r in map(json.loads, lines)}
    mean = sum(own.values()) / len(own)
    yield Row(unit[:2], f"{len(own)} submissions, {jobs} jobs", f"{seen[-1][0]:.0f} s in all")
    yield Row(unit[:2], "time a submission, mean", f"{mean:.2f} s")
    step = max(students // 10, 1)
    for first in range(0, students, step):
        part = [look for look in seen if first <= look[1] < first + step]
        if len(part) > 1:
            rate = (part[-1][1] - part[0][1]) / (part[-1][0] - part[0][0])
            memory = max(look[2] for look in part)
            what = f"submissions {first + 1} to {first + step}"
            yield Row(unit[:2], what, f"{60 * rate:.0f} a minute", "", f"{memory / 1e6:.0f} MB")


def _watch(process: subprocess.Popen, ledger: Path) -> list[tuple[float, int, int]]:
    """Seconds since the start, results recorded, and bytes of the grader and all its processes."""
    started, seen = time.monotonic(), []
    while process.poll() is None:
        done = sum(1 for _ in ledger.glob("*.json")) if ledger.is_dir() else 0
        seen.append((time.monotonic() - started, done, _memory(process.pid)))
        time.sleep(PAUSE)
    if process.returncode:
        raise RuntimeError(f"the grader ended with status {process.returncode}")
    return seen


def _memory(pid: int) -> int:
    """Proportional memory of a process and all that it started."""
    total = 0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total
