"""The program of a warm parent: import everything once, then fork a kernel for each request.

It runs alone, usually inside a sandbox in which the rest of this package is not there, so it
imports only the standard library, ipykernel and what it is told to import. Requests come as JSON
lines on standard input, answers go as JSON lines to standard output:

    {"start": CONNECTION, "folder": PATH}   ->  {"pid": N}      a kernel forked from this process
    {"poll": N}                             ->  {"code": null}  or its exit code
    {"signal": [N, SIGNUM]}                 ->  {}

The program ends when its standard input does.
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import sys
from typing import Any

NEW_NS, NEW_IPC, NEW_USER, NEW_PID = 0x20000, 0x08000000, 0x10000000, 0x20000000
READ_ONLY, NO_SUID, NO_DEV, NO_EXEC, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096
NO_NEW_PRIVILEGES, DUMPABLE, PARENT_DEATH_SIGNAL = 38, 4, 1
KEYCTL, JOIN_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}, 1
SCRATCH = ("/tmp", "/home/student", "/dev/shm")

libc = ctypes.CDLL(None, use_errno=True)


def main(settings: dict[str, Any]) -> None:
    """Serve requests; `settings` are the JSON object on the command line."""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    replies = os.fdopen(os.dup(1), "w")
    requests = os.fdopen(os.dup(0), "r")
    _silence()
    gc.disable()  # a fifth of the time of the imports
    for name in settings["preload"]:
        importlib.import_module(name)
    gc.freeze()  # no kernel looks for garbage in what all share, nor writes to it
    gc.enable()
    libc.prctl(DUMPABLE, 0)
    children: dict[int, int | None] = {}
    print(json.dumps({"ready": True}), file=replies, flush=True)
    for line in requests:
        answer = _serve(json.loads(line), settings, children, (requests, replies))
        print(json.dumps(answer), file=replies, flush=True)


def _serve(
    request: dict[str, Any],
    settings: dict[str, Any],
    children: dict[int, int | None],
    pipes: tuple[Any, Any],
) -> dict[str, Any]:
    if "start" in request:
        pid = os.fork()
        if pid == 0:
            _become_kernel(request, settings, pipes)
        children[pid] = None
        return {"pid": pid}
    if "poll" in request:
        return {"code": _poll(request["poll"], children)}
    pid, number = request["signal"]
    if _poll(pid, children) is None:
        _send(pid, number, settings)
    return {}


def _send(pid: int, number: int, settings: dict[str, Any]) -> None:
    """Signal a kernel, which in isolation is the one child of the keeper of its namespace.

    Killing it ends every process of its namespace; the keeper, waiting for it, ends by itself.
    """
    target = pid
    if settings["isolate"]:
        try:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                target = int(file.read().split()[0])
        except (OSError, IndexError):
            target = pid  # too early: there is only the keeper yet
    elif number == signal.SIGKILL:
        target = -pid  # the group: the kernel and what it has started
    for process in (target, pid):
        try:
            return os.kill(process, number)
        except ProcessLookupError:
            continue  # too early: it leads no group yet


def _poll(pid: int, children: dict[int, int | None]) -> int | None:
    """Exit code of a child, None while it lives."""
    if children.get(pid, -1) is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            children[pid] = os.waitstatus_to_exitcode(status)
    return children.get(pid, -1)


def _become_kernel(request: dict[str, Any], settings: dict[str, Any], pipes: Any) -> None:
    """In the forked child: isolate, limit, run the kernel; never returns."""
    try:
        for pipe in pipes:
            os.close(pipe.fileno())
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if settings["isolate"]:
            _isolate(settings, request["start"]["folder"])
        os.chdir(request["folder"])
        _run_kernel(request["start"])
    finally:
        os._exit(1)


def _isolate(settings: dict[str, Any], sockets: str) -> None:
    """Enter own user, mount, process and ipc namespaces; fresh scratch folders; no privileges."""
    user, group = os.getuid(), os.getgid()
    if os.uname().machine in KEYCTL:
        libc.syscall(KEYCTL[os.uname().machine], JOIN_SESSION_KEYRING, None)
    _check(libc.unshare(NEW_USER | NEW_NS | NEW_PID | NEW_IPC), "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    pid = os.fork()  # the first process of the new namespace; when it ends, everything in it ends
    if pid:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    for folder in SCRATCH:
        _empty(folder, settings)
    _show_only(sockets)
    _mount("none", "/proc", REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEV | NO_EXEC)
    _limit(settings)
    libc.prctl(DUMPABLE, 1)
    _drop_privileges()


def _empty(folder: str, settings: dict[str, Any]) -> None:
    """Mount a fresh scratch folder; a Python environment that lies in it stays where it is."""
    inside = [path for path in settings["keep"] if path.startswith(folder + "/")]
    kept = {path: os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in inside}
    _mount("tmpfs", folder, NO_SUID | NO_DEV, f"size={settings['disk_bytes']},mode=0700")
    for path, descriptor in kept.items():
        os.makedirs(path)
        _mount(f"/proc/self/fd/{descriptor}", path, BIND)
        os.close(descriptor)


def _show_only(sockets: str) -> None:
    """Hide the sockets of every other kernel: nothing but this folder is left beside it."""
    around = os.path.dirname(sockets)
    own = os.open(sockets, os.O_RDONLY | os.O_DIRECTORY)
    _mount("tmpfs", around, NO_SUID | NO_DEV, "size=64k")
    os.mkdir(sockets)
    _mount(f"/proc/self/fd/{own}", sockets, BIND)
    _mount("none", around, REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEV)
    os.close(own)


def _mount(source: str, target: str, flags: int, options: str = "") -> None:
    kind = b"tmpfs" if source == "tmpfs" else None
    done = libc.mount(source.encode(), target.encode(), kind, flags, options.encode())
    _check(done, f"mount {target}")


def _limit(settings: dict[str, Any]) -> None:
    for name, value in settings["rlimits"].items():
        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def _drop_privileges() -> None:
    """No new privileges, and no capabilities left in this user namespace."""
    _check(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no_new_privs")
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; beyond the last one it fails
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(libc.capset(header, nothing), "capset")


def _run_kernel(connection: dict[str, Any]) -> None:
    """Start ipykernel in this process, on sockets that the client already knows of."""
    from ipykernel.kernelapp import IPKernelApp

    path = f"{connection.pop('folder')}/connection.json"
    with open(path, "w") as file:
        json.dump(connection, file)
    sys.argv = ["ipykernel_launcher"]
    sys.path.insert(0, "")  # where JupyterLab's kernels find what lies beside the notebook
    app = IPKernelApp.instance()
    app.initialize(["-f", path, "--HistoryManager.enabled=False"])
    os.unlink(path)
    app.start()
    os._exit(0)


def _silence() -> None:
    """Standard streams of this process and its children lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
