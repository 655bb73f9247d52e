"""A hub for one class: its students, its graders and an exchange folder. See docs/hub.md.

The accounts are the machine's own, and each server runs as the user whose it is.
"""

import os
import sys
from pathlib import Path

GRADERS = {"grader"}  # each has the course folder at ~/vae-course
STUDENTS = {"vae-students"}  # groups of accounts
EXCHANGE = "/usr/local/share/nbgrader/exchange"
HERE = Path(__file__).resolve().parent
SCRIPTS = Path(sys.executable).parent

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # put a web server with TLS in front of it
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = STUDENTS
c.Authenticator.allowed_users = GRADERS
proxy = HERE.parent / "node_modules" / ".bin" / "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [str(proxy)]

c.Spawner.cmd = [str(SCRIPTS / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    "PATH": os.pathsep.join([str(SCRIPTS), os.environ["PATH"]]),
    "JUPYTER_CONFIG_PATH": str(HERE),  # where nbgrader_config.py lies
    "NBGRADER_EXCHANGE": EXCHANGE,
    "NBGRADER_STUDENT": lambda server: "*" if server.user.name in GRADERS else server.user.name,
}
