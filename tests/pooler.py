"""A real pgbouncer in transaction mode before the tests' PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from tests.postgres import SUPERUSER, Server, as_server

PORT: Final = 6432
_SETTINGS: Final = """
[databases]
* = host={server}

[pgbouncer]
pool_mode = transaction
default_pool_size = 5
server_round_robin = 1
unix_socket_dir = {folder}
listen_port = {port}
auth_type = trust
auth_file = {folder}/users.txt
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


def pooler_program() -> str | None:
    """Return the path of pgbouncer; None where it is not installed."""
    # Debian puts it where only an administrator's shell looks.
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


class Pooler:
    """pgbouncer in a temporary folder of its own: each transaction may get another connection."""

    def __init__(self, server: Server, program: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pgb", dir="/tmp"))
        values = {"server": server.folder, "folder": self.folder, "port": PORT}
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(_SETTINGS.format(**values))
        (self.folder / "users.txt").write_text(f'"{SUPERUSER}" ""\n')
        self.folder.chmod(0o777)
        self._process = subprocess.Popen(
            [program, "-q", str(settings)], stderr=subprocess.DEVNULL, **as_server()
        )

    def url(self, database: str) -> str:
        """The URL of a database behind it."""
        host = quote(str(self.folder), safe="")
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={host}&port={PORT}"

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + 30
        where = f"host={self.folder} port={PORT} user={SUPERUSER} dbname=postgres"
        while True:
            try:
                psycopg.connect(where).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self._process.terminate()
        self._process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)
