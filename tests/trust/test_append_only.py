"""The databases reject changes to the past by any tool; PostgreSQL roles hold minimal rights."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.recorders.ledger_schema import APPEND_ONLY_TABLES, REJECTION
from lifecycle.ledger.store import Ledger
from tests.given import REPORTED, reported
from tests.ledgers import fill
from tests.postgres import binaries, running_server

CHANGES = [
    *(
        f"UPDATE {table} SET {column} = {column}"
        for table, column in zip(
            APPEND_ONLY_TABLES,
            ("state", "digest", "hash", "position", "position", "position", "note"),
            strict=True,
        )
    ),
    *(f"DELETE FROM {table}" for table in (*APPEND_ONLY_TABLES, "ledger_head")),
    "UPDATE ledger_head SET position = position - 1",
    "UPDATE ledger_head SET origin = 'another'",
    "UPDATE ledger_head SET tree_hash = 'sm3'",
    "UPDATE ledger_head SET signer = 'another'",
]
REPLACE_EVENT = (
    "REPLACE INTO ledger_events (rowid, originator_id, originator_version, topic, state) VALUES"
)
REPLACEMENTS = [
    f"{REPLACE_EVENT} (4, 'project/P', 1, 'x', x'00')",
    f"{REPLACE_EVENT} (99, 'project/P', 1, 'x', x'00')",
    f"{REPLACE_EVENT} (4, 'project/new', 1, 'x', x'00')",
    "INSERT OR REPLACE INTO ledger_keys SELECT key, 'd', position, leaf FROM ledger_keys",
    "INSERT OR REPLACE INTO ledger_nodes SELECT level, number, x'00' FROM ledger_nodes",
    "REPLACE INTO ledger_head SELECT 1, 1, 0, '', x'', 'sha256', 'another', ''",
]
ON_CONFLICT = (
    "INSERT INTO ledger_keys SELECT * FROM ledger_keys"
    " ON CONFLICT (key, position) DO UPDATE SET digest = 'x'"
)


def filled(url: str) -> None:
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, [*REPORTED, *(reported(f"Q{number}") for number in range(20))], keep=False)
        with TemporaryDirectory() as folder:
            sign_checkpoint(ledger, create_signer(ledger, Path(folder) / "key.pem"))
        with ledger.recorder.cursor(write=True) as cursor:
            cursor.execute("INSERT INTO ledger_evidence VALUES ('digest', 1)")
            ledger.recorder.open_to_recording(cursor, "演示", "2024-01-01T00:00:00+08:00")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store that must not change."""
    path = tmp_path_factory.mktemp("kept") / "l.db"
    filled(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The name of a PostgreSQL store's database that must not change."""
    name = f"t{uuid.uuid4().hex}"
    filled(running_server().create(name))
    yield name
    running_server().drop(name)


@pytest.mark.parametrize("change", [*CHANGES, *REPLACEMENTS])
def test_sqlite_rejects_changes(file: Path, change: str) -> None:
    with (
        closing(sqlite3.connect(file)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=REJECTION),
    ):
        connection.execute(change)


def test_the_sqlite3_shell_is_rejected(file: Path) -> None:
    # Where the tool is not installed, apsw's shell of the same commands serves.
    tool = [shutil.which("sqlite3")] if shutil.which("sqlite3") else [sys.executable, "-m", "apsw"]
    for change in ("DELETE FROM ledger_events", "UPDATE ledger_events SET state = x'00'"):
        process = subprocess.run(
            [*map(str, tool), str(file), change], capture_output=True, text=True, check=False
        )
        assert process.returncode != 0
        assert REJECTION in process.stderr


@pytest.mark.parametrize(
    "change",
    [
        *CHANGES,
        *(f"TRUNCATE {table}" for table in (*APPEND_ONLY_TABLES, "ledger_head")),
        ON_CONFLICT,
    ],
)
def test_postgresql_rejects_changes_even_by_the_owner(database: str, change: str) -> None:
    with (
        psycopg.connect(running_server().dsn(database)) as connection,
        pytest.raises(psycopg.errors.RaiseException, match=REJECTION),
    ):
        connection.execute(change.encode())


def test_psql_is_rejected(database: str) -> None:
    server = running_server()
    arguments = [
        binaries() / "psql",
        server.dsn(database),
        "-v",
        "ON_ERROR_STOP=1",
    ]
    for change in (
        "TRUNCATE ledger_events",
        "DELETE FROM ledger_events",
        "UPDATE ledger_events SET state = ''",
    ):
        process = subprocess.run(
            [*map(str, arguments), "-c", change], capture_output=True, text=True, check=False
        )
        assert process.returncode != 0
        assert REJECTION in process.stderr
