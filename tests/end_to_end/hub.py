"""The trial hub of hub/ on loopback, and people who use it through its addresses alone."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests
import websocket

from tests.end_to_end.browser import START, STEP, environment, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
PROXY = ROOT / "node_modules" / ".bin" / "configurable-http-proxy"
PASSWORD = "try the hub"
COMMAND = 180  # seconds that anything typed into a terminal may take


def proxy_runs() -> bool:
    """Whether the proxy is installed, and Node.js is new enough for it."""
    try:
        done = subprocess.run([PROXY, "--version"], capture_output=True, timeout=STEP, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def trial_hub(folder: Path) -> Iterator[str]:
    """Run the hub of hub/trial_config.py; yields the address. `folder` holds homes and exchange."""
    hub, inner, api = (f"http://127.0.0.1:{free_port()}" for _ in range(3))
    command = [sys.executable, "-m", "jupyterhub", "-f", str(ROOT / "hub" / "trial_config.py")]
    command += [f"--JupyterHub.bind_url={hub}", f"--JupyterHub.hub_bind_url={inner}"]
    command += [f"--ConfigurableHTTPProxy.api_url={api}"]
    own = environment(folder) | {"HUB_TRIAL": str(folder)}
    with (folder / "hub.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=own, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until(lambda: server.poll() is not None or answers(f"{hub}/hub/health"))
            assert server.poll() is None, (folder / "hub.log").read_text()
            yield hub
        finally:
            end(server)


def answers(address: str) -> bool:
    """Whether a server says yes at an address."""
    try:
        return requests.get(address, timeout=STEP).ok
    except requests.ConnectionError:
        return False


def end(server: subprocess.Popen[bytes]) -> None:
    """Have the hub end its servers and its proxy, and end by their ids whatever is left."""
    started = psutil.Process(server.pid).children(recursive=True)
    server.terminate()
    try:
        server.wait(STEP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for process in psutil.wait_procs(started, timeout=STEP)[1]:
        process.kill()


class Person:
    """Somebody with a server of their own, who logs in with a password, as on the hub's page."""

    def __init__(self, hub: str, name: str) -> None:
        self.hub, self.name = hub, name
        self.token = self._log_in()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"token {self.token}"
        wait_until(lambda: self._ask("GET", f"/hub/api/users/{name}").json()["server"])

    def _log_in(self) -> str:
        """A token with the rights of who typed the password, whose server the hub starts then."""
        with requests.Session() as browser:
            page = browser.get(f"{self.hub}/hub/login", timeout=STEP)
            hidden = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
            assert hidden is not None
            form = {"username": self.name, "password": PASSWORD, "_xsrf": hidden[1]}
            entered = browser.post(f"{self.hub}/hub/login", data=form, timeout=START)
            assert entered.ok, f"{self.name} cannot log in: {entered.status_code}"
            tokens = f"{self.hub}/hub/api/users/{self.name}/tokens"
            header = {"X-XSRFToken": browser.cookies.get("_xsrf", path="/hub/")}
            return str(browser.post(tokens, headers=header, timeout=STEP).json()["token"])

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        reply = self.session.request(method, f"{self.hub}{path}", timeout=COMMAND, **options)
        assert reply.ok, f"{method} {path}: {reply.status_code} {reply.text[:500]}"
        return reply

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """What the person's own server says, from JSON."""
        return self._ask(method, f"/user/{self.name}/{path}", **options).json()

    def assignment(self, action: str, unit: str, course: str = "vae") -> list[dict[str, Any]]:
        """Press a button of JupyterLab's Assignment List: fetch, submit, fetch_feedback."""
        asked = {"course_id": course, "assignment_id": unit}
        reply = self.ask("POST", f"assignments/{action}", json=asked)
        assert reply["success"], reply["value"]
        return list(reply["value"])

    def read(self, path: str) -> Any:
        """A file's content; of a notebook, its JSON."""
        return self.ask("GET", f"api/contents/{path}")["content"]

    def save(self, path: str, notebook: Any) -> None:
        """Save a notebook, as JupyterLab does."""
        model = {"type": "notebook", "format": "json", "content": notebook}
        self.ask("PUT", f"api/contents/{path}", json=model)

    def type(self, command: str) -> str:
        """Type a command into a terminal; what it printed. AssertionError where it fails."""
        name = self.ask("POST", "api/terminals")["name"]
        address = f"{self.hub}/user/{self.name}/terminals/websocket/{name}"
        socket = websocket.create_connection(
            address.replace("http", "ws", 1),
            header={"Authorization": f"token {self.token}"},
            timeout=COMMAND,
        )
        try:
            socket.send(json.dumps(["stdin", f"{command}; echo ended:$?:\r"]))
            printed, end = "", time.monotonic() + COMMAND
            while not (ended := re.search(r"ended:(\d+):", printed)):
                assert time.monotonic() < end, printed
                kind, text = json.loads(socket.recv())[:2]
                printed += str(text) if kind == "stdout" else ""
            assert ended[1] == "0", printed
            return printed
        finally:
            socket.close()
            self.session.delete(f"{self.hub}/user/{self.name}/api/terminals/{name}", timeout=STEP)
