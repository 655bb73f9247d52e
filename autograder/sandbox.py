"""bubblewrap around a warm parent: what its kernels can see of this machine, and what they cannot.

Inside there is the operating system's /usr, the Python environment and vaelib, all read-only, an
empty home, and one folder for sockets. There is no network, no other process, no course text, no
solution, no gradebook, no other student, and nothing of the caller's environment.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import vaelib
from autograder.errors import AutograderError

HOME = "/home/student"
SOCKETS = "/run/kernel"
LIBRARY = "/opt/course"


class NoSandbox(AutograderError):
    """The sandbox cannot be had on this machine; the message says what to install or allow."""


def command(folder: Path, program: Path, sandboxed: bool) -> tuple[list[str], dict[str, str]]:
    """Command line and environment that run a program, in the sandbox or (if asked for) without.

    folder: the one writable folder, seen inside as `SOCKETS`.
    """
    python = [sys.executable, "-P", str(program)]
    if not sandboxed:
        paths = os.pathsep.join([str(_vaelib().parent), os.environ.get("PYTHONPATH", "")])
        return python, {**os.environ, "PYTHONPATH": paths}
    return [*_bwrap(folder, program), sys.executable, "-P", "/opt/program.py"], {}


def _bwrap(folder: Path, program: Path) -> list[str]:
    found = shutil.which("bwrap")
    if found is None:
        raise NoSandbox(
            "bubblewrap is not installed; run: apt-get install bubblewrap "
            "(or grade without a sandbox: --no-sandbox)"
        )
    arguments = [found, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for path in ("/usr", "/bin", "/lib", "/lib64", "/sbin"):
        arguments += _same(path)
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/ssl/certs"):
        arguments += _same(file)
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", HOME]
    # Kernel settings are root's to write, with no privilege at all where the grader runs as root.
    arguments += ["--ro-bind", "/proc/sys", "/proc/sys"]
    for prefix in sorted({sys.prefix, sys.base_prefix}):
        if not prefix.startswith("/usr"):
            arguments += ["--ro-bind", prefix, prefix]
    arguments += ["--ro-bind", str(_vaelib()), f"{LIBRARY}/vaelib"]
    arguments += ["--ro-bind", str(program), "/opt/program.py"]
    arguments += ["--bind", str(folder), SOCKETS, "--chdir", HOME]
    # What one kernel could write anywhere else, the next kernel would find.
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in _environment().items():
        arguments += ["--setenv", name, value]
    return arguments


def _same(path: str) -> list[str]:
    """Show a path read-only where it is; a link as a link; nothing where there is none."""
    if os.path.islink(path):
        return ["--symlink", os.readlink(path), path]
    return ["--ro-bind", path, path] if os.path.exists(path) else []


def _environment() -> dict[str, str]:
    return {
        "HOME": HOME,
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": LIBRARY,
        "LANG": "C.UTF-8",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MPLCONFIGDIR": "/tmp/matplotlib",
    }


def _vaelib() -> Path:
    return Path(vaelib.__file__).resolve().parent


def require() -> None:
    """Raise NoSandbox, with the mend, unless a sandboxed process can be started here."""
    probe = [*_bwrap(Path("/tmp"), Path(__file__)), "/usr/bin/env", "true"]
    done = subprocess.run(probe, capture_output=True, text=True, env={}, check=False)
    if done.returncode != 0:
        raise NoSandbox(
            f"bubblewrap does not work here ({done.stderr.strip()[-200:]}); allow unprivileged "
            "user namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile "
            "for bwrap), or grade without a sandbox: --no-sandbox"
        )
