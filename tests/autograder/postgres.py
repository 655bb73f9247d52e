"""A PostgreSQL server of the tests' own, reached by a socket in its own folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

USER = "postgres"  # the server refuses to run as root


def programs() -> Path | None:
    """Where PostgreSQL's programs are; Debian keeps them off the path."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else debian[-1].parent if debian else None


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields the address of one of its databases."""
    there = programs()
    assert there is not None
    other: dict[str, Any] = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, data = Path(name), Path(name) / "data"
        if other:
            shutil.chown(folder, **other)

        def run(program: str, *arguments: str | Path) -> None:
            command = [there / program, *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **other)

        run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql+psycopg:///postgres?host={folder}&user={USER}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def new_database(address: str, name: str) -> str:
    """The address of a new database on the server of another one."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return make_url(address).set(database=name).render_as_string()
