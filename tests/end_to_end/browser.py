"""JupyterLab on loopback and a headless Chromium that reaches nothing else."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",  # which Chromium refuses to set up for root
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
START, STEP = 90, 30  # seconds to wait at most for a server, and for anything on a page
SETTINGS: dict[str, dict[str, Any]] = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are there, too
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@contextmanager
def jupyterlab(
    folder: Path, home: Path, python: str = sys.executable, **settings: Mapping[str, Any]
) -> Iterator[str]:
    """Serve `folder`; yields the address. What JupyterLab keeps for a user goes into `home`."""
    for name, values in {**SETTINGS, **settings}.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port = free_port()
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={folder}", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=environment(home), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: server.poll() is not None or get(f"{address}/api"))
            assert server.poll() is None, (home / "server.log").read_text()
            yield address
        finally:
            server.terminate()  # which makes it end its kernels
            try:
                server.wait(STEP)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def environment(home: Path) -> dict[str, str]:
    """This process's environment without its tests, and with folders of its own for Jupyter."""
    folders = {"config": "CONFIG_DIR", "data": "DATA_DIR", "runtime": "RUNTIME_DIR"}
    own = {f"JUPYTER_{name}": str(home / folder) for folder, name in folders.items()}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    own |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "IPYTHONDIR": str(home)}
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | own


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(address: str) -> Any:
    """What a server says at an address, from JSON; None where it does not answer."""
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return json.load(reply)
    except OSError:
        return None


def wait_until(holds: Callable[[], Any], seconds: float = START) -> None:
    """Return once something holds; AssertionError where it does not within so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, **options: Any) -> Page:
    """A page whose steps wait for at most `STEP` seconds."""
    page = browser.new_page(viewport={"width": 1200, "height": 900}, **options)
    page.set_default_timeout(STEP * 1000)
    return page


class Notebook:
    """A notebook that is open in JupyterLab, used as a student does."""

    def __init__(self, page: Page, address: str, path: str) -> None:
        self.page = page
        page.goto(f"{address}/lab/tree/{path}?reset", timeout=START * 1000)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=START * 1000)
        wait_until(lambda: any(k["connections"] for k in get(f"{address}/api/kernels")))
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

    def cell(self, which: str | int) -> Locator:
        """The code cell that has this text, or that follows this many code cells."""
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        if isinstance(which, int):
            return cells.nth(which)
        return cells.filter(has=self.page.locator(".jp-InputArea-editor", has_text=which))

    def write(self, which: str | int, source: str, seconds: float = START) -> None:
        """Put `source` into a cell, and run it."""
        self.cell(which).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        with self._running(self.cell(which), seconds):
            self.page.keyboard.press("Shift+Enter")

    def run(self, which: str | int, seconds: float = START) -> Locator:
        """Run a cell; its output."""
        self.cell(which).locator(".cm-content").click()
        with self._running(self.cell(which), seconds):
            self.page.keyboard.press("Shift+Enter")
        return self.cell(which).locator(".jp-Cell-outputArea")

    def run_all(self, seconds: float = START) -> None:
        """Run every cell, by the menu."""
        with self._running(self.page.locator(".jp-Notebook .jp-CodeCell").last, seconds):
            self.page.get_by_role("menuitem", name="Run", exact=True).click()
            self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    @contextmanager
    def _running(self, cell: Locator, seconds: float) -> Iterator[None]:
        """Wait for the end of a run that is started within: the cell has another number then."""
        prompt = cell.locator(".jp-InputPrompt").element_handle()
        before = prompt.inner_text()
        yield
        wait_until(lambda: prompt.inner_text() not in (before, "[*]:"), seconds)
