"""The hub of jupyterhub_config.py on one machine, for a test or a first look: `make hub`.

Nobody is protected from anybody: one password for all, no accounts, every server with the rights
of whoever starts the hub. Never let others reach it. HUB_TRIAL names the folder that holds
everybody's home and the exchange.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
load_subconfig(str(HERE / "jupyterhub_config.py"))  # type: ignore[name-defined]  # noqa: F821
c = get_config()  # type: ignore[name-defined]  # noqa: F821

folder = Path(os.environ["HUB_TRIAL"]).resolve()
exchange = folder / "exchange"
exchange.mkdir(parents=True, exist_ok=True)
exchange.chmod(0o777)  # nbgrader wants it so: everybody releases, submits and collects here
course = folder / "grader" / "vae-course"
course.parent.mkdir(exist_ok=True)
if not course.exists():
    course.symlink_to(HERE.parent)

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = "try the hub"
c.Authenticator.allowed_users = {"ada", "bob", "grader"}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{folder}/{{username}}"
c.Spawner.environment["NBGRADER_EXCHANGE"] = str(exchange)
c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
c.JupyterHub.db_url = f"sqlite:///{folder}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
