"""Does the hub's configuration say what it should, in words that JupyterHub and nbgrader know?"""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub import app, auth, proxy, spawner
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange
from traitlets.config import Config, PyFileConfigLoader

HUB = Path(__file__).parents[1] / "hub"
KNOWN: dict[str, Any] = {
    "Authenticator": auth.Authenticator,
    "ConfigurableHTTPProxy": proxy.ConfigurableHTTPProxy,
    "JupyterHub": app.JupyterHub,
    "PAMAuthenticator": auth.PAMAuthenticator,
    "SharedPasswordAuthenticator": SharedPasswordAuthenticator,
    "SimpleLocalProcessSpawner": spawner.SimpleLocalProcessSpawner,
    "Spawner": spawner.Spawner,
}


def load(name: str) -> Config:
    """A file of hub/, as traitlets reads it."""
    return PyFileConfigLoader(name, path=str(HUB)).load_config()


@pytest.mark.parametrize("name", ["jupyterhub_config.py", "trial_config.py"])
def test_every_setting_exists(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does JupyterHub know every setting, by its name?"""
    monkeypatch.setenv("HUB_TRIAL", str(tmp_path))
    for section, settings in load(name).items():
        assert set(settings) <= set(KNOWN[section].class_trait_names(config=True)), section


def test_real_hub_protects_people() -> None:
    """Does the hub use the machine's accounts, on loopback, and none of what the trial allows?"""
    found = load("jupyterhub_config.py")
    assert found.JupyterHub.authenticator_class == "pam"
    assert found.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    assert "spawner_class" not in found.JupyterHub
    assert "allow_all" not in found.Authenticator


@pytest.mark.parametrize("name, student", [("ada", "ada"), ("grader", "*")])
def test_nbgrader_knows_who_it_is(
    name: str, student: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a student one student, and the grader all of them and at home in the course folder?"""
    environment = load("jupyterhub_config.py").Spawner.environment
    server = SimpleNamespace(user=SimpleNamespace(name=name))
    monkeypatch.setenv("NBGRADER_STUDENT", environment["NBGRADER_STUDENT"](server))
    monkeypatch.setenv("NBGRADER_EXCHANGE", environment["NBGRADER_EXCHANGE"])
    monkeypatch.setenv("HOME", str(tmp_path))
    found = load("nbgrader_config.py")
    folder = CourseDirectory(config=found)
    assert (folder.student_id, folder.course_id) == (student, "vae")
    assert Exchange(config=found).root == "/usr/local/share/nbgrader/exchange"
    at_home = folder.root == str(tmp_path / "vae-course")
    assert at_home == (name == "grader")
    assert (str(tmp_path) in folder.db_url) == at_home


def test_students_need_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Can what students' servers load be read where the folder of exercises cannot?"""
    for name in [name for name in sys.modules if name.startswith("autograder")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "autograder.exercises", None)  # as if it were not there
    monkeypatch.setenv("NBGRADER_STUDENT", "ada")
    monkeypatch.setenv("NBGRADER_EXCHANGE", "/exchange")
    assert load("nbgrader_config.py").CourseDirectory.student_id == "ada"
