"""What only a JupyterHub and nbgrader's exchange need: docs/hub.md."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange.default import Exchange

from autograder.course import Course
from autograder.doctor.finding import Finding, mend, note, ok

HERE = Path(__file__).resolve().parents[2]
PROXY = "configurable-http-proxy"
FOR_ALL = 0o777  # what nbgrader wants of the exchange
ANSWERS = (".git", "autograder/exercises", "course", "solutions", "tests")


def proxy(course: Course) -> Iterator[Finding]:
    """Is JupyterHub's proxy there, and Node.js new enough for it?"""
    own = HERE / "node_modules" / ".bin" / PROXY
    found = str(own) if own.exists() else shutil.which(PROXY)
    if found is None:
        yield note(f"no {PROXY}, which a hub needs", "make node_modules")
        return
    try:
        done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        done = None
    if done is None or done.returncode != 0:
        yield note(f"{PROXY} does not run, which a hub needs", "install Node.js 20 or newer")
    else:
        yield ok(f"{PROXY} {done.stdout.strip()}")


def exchange(course: Course) -> Iterator[Finding]:
    """Is there an exchange folder in which everybody may write?"""
    root = _root(course)
    if not root.is_dir():
        do = f"sudo install -d -m {FOR_ALL:o} {root}, or name one in c.Exchange.root"
        yield note(f"no exchange folder {root}, which a hub needs", do)
    elif root.stat().st_mode & FOR_ALL != FOR_ALL:
        mode = root.stat().st_mode & FOR_ALL
        yield mend(f"exchange {root} has mode {mode:o}", f"sudo chmod {FOR_ALL:o} {root}")
    else:
        yield ok(f"exchange {root}")


def own_folder(course: Course) -> Iterator[Finding]:
    """Is the course's folder in the exchange, once there is one, the grader's own?"""
    folder = _root(course) / course.nbgrader.course_id
    if folder.is_dir() and not os.access(folder, os.W_OK):
        do = f"release and collect as {folder.owner()}, or sudo chown -R $USER {folder}"
        yield mend(f"{folder} belongs to {folder.owner()}", do)


def closed(course: Course) -> Iterator[Finding]:
    """Where there is an exchange, and so are students: can they read answers?"""
    if not _root(course).is_dir():
        return
    places = {root / name for root in (HERE, course.root) for name in ANSWERS}
    read = sorted(str(place) for place in places if _open_to_all(place))
    if read:
        yield mend("every account can read answers", f"chmod -R o= {' '.join(read)}")
    else:
        yield ok("answers, closed to other accounts")


def _root(course: Course) -> Path:
    """The exchange: what a hub says, else what the course says, else nbgrader's own."""
    return Path(os.environ.get("NBGRADER_EXCHANGE") or Exchange(config=course.config).root)


def _open_to_all(path: Path) -> bool:
    """Whether an account that is neither owner nor in the group can list a folder."""
    if not path.is_dir() or path.stat().st_mode & 0o005 != 0o005:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
