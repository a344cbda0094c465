"""Changes to a store without `lifecycle`: by the database's owner, who removes the guards first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.postgres_url import connection_settings

Statement = tuple[str, Sequence[object]]


def change_outside(url: str, *statements: str | Statement) -> None:
    """Run statements, with `?` for their parameters, without any trigger."""
    with_parameters: list[Statement] = []
    for statement in statements:
        if isinstance(statement, str):
            with_parameters.append((statement, ()))
        else:
            with_parameters.append(statement)
    path = sqlite_path(url)
    if path is None:
        _change_server(url, with_parameters)
    else:
        _change_file(path, with_parameters)


def overwrite_bytes(path: Path, old: str, new: str) -> None:
    """Write to an SQLite file as an editor of bytes does, past SQLite: its size stays."""
    contents = path.read_bytes()
    changed = contents.replace(old.encode(), new.encode())
    assert contents != changed
    assert len(contents) == len(changed)
    with path.open("r+b") as file:
        file.write(changed)


def empty_log(path: Path) -> None:
    """Bring every page of an SQLite store from its log of late writes into the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _change_file(path: Path, statements: Sequence[Statement]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement, parameters in statements:
            connection.execute(statement, tuple(parameters))


def _change_server(url: str, statements: Sequence[Statement]) -> None:
    settings = {name: value for name, value in connection_settings(url).items() if value}
    with psycopg.connect(**settings) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger fires
        connection.execute("SET search_path = lifecycle, public")
        for statement, parameters in statements:
            connection.execute(statement.replace("?", "%s").encode(), parameters or None)
