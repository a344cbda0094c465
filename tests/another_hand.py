"""Another hand at the database: its owner, who takes the guards away first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import psycopg

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.postgres_recorder import connection_settings


def execute(url: str, *statements: str | tuple[str, Sequence[object]]) -> None:
    """Run statements, with `?` for their parameters, where no trigger refuses any more."""
    path = sqlite_path(url)
    pairs = [(one, ()) if isinstance(one, str) else one for one in statements]
    if path is not None:
        with closing(sqlite3.connect(path)) as file, file:
            for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                file.execute(f"DROP TRIGGER {name}")
            for statement, parameters in pairs:
                file.execute(statement, tuple(parameters))
        return
    settings = {name: value for name, value in connection_settings(url).items() if value}
    with psycopg.connect(**settings) as server:
        server.execute("SET session_replication_role = replica")
        for statement, parameters in pairs:
            server.execute(statement.replace("?", "%s").encode(), parameters or None)
