"""The databases refuse to change the past, whatever tool asks; on PostgreSQL clerks and auditors have only what they need."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from lifecycle.checkpoints import make_signer, sign
from lifecycle.recorders.schema import AUDITOR, CLERK, KEPT, REFUSAL
from lifecycle.records import read
from lifecycle.refusals import StoreError
from lifecycle.store import Ledger
from lifecycle.verification import verify
from tests.given import REPORTED, reported
from tests.ledgers import CLERK as WHO, fill
from tests.postgres import Server

CHANGES = [
    *(f"UPDATE {table} SET {column} = {column}" for table, column in zip(KEPT, ("state", "digest", "hash", "note"), strict=True)),
    *(f"DELETE FROM {table}" for table in KEPT),
]


def filled(url: str) -> None:
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, [*REPORTED, *(reported(f"Q{number}") for number in range(20))], keep=False)
        with TemporaryDirectory() as folder:
            sign(ledger, make_signer(ledger, Path(folder) / "key.pem"))


@pytest.mark.parametrize("change", CHANGES)
def test_sqlite_refuses(tmp_path: Path, change: str) -> None:
    filled(f"sqlite:///{tmp_path / 'l.db'}")
    with sqlite3.connect(tmp_path / "l.db") as connection, pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
        connection.execute(change)
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "REPLACE INTO ledger_events (rowid, originator_id, originator_version, topic, state) VALUES (4, 'project/P', 1, 'x', x'00')",
        "REPLACE INTO ledger_events (rowid, originator_id, originator_version, topic, state) VALUES (99, 'project/P', 1, 'x', x'00')",
        "REPLACE INTO ledger_events (rowid, originator_id, originator_version, topic, state) VALUES (4, 'project/new', 1, 'x', x'00')",
        "INSERT OR REPLACE INTO ledger_keys SELECT key, 'd', position, leaf FROM ledger_keys",
        "INSERT OR REPLACE INTO ledger_nodes SELECT level, number, x'00' FROM ledger_nodes",
    ],
)
def test_sqlite_refuses_replacement_too(tmp_path: Path, change: str) -> None:
    filled(f"sqlite:///{tmp_path / 'l.db'}")
    with sqlite3.connect(tmp_path / "l.db") as connection, pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
        connection.execute(change)
    connection.close()


def test_the_tool_sqlite3_is_refused(tmp_path: Path) -> None:
    tool = shutil.which("sqlite3")
    if tool is None:
        pytest.skip("no sqlite3 here")
    filled(f"sqlite:///{tmp_path / 'l.db'}")
    done = subprocess.run([tool, tmp_path / "l.db", "DELETE FROM ledger_events"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert REFUSAL in done.stderr


@pytest.mark.parametrize("change", [*CHANGES, *(f"TRUNCATE {table}" for table in KEPT), "INSERT INTO ledger_keys SELECT * FROM ledger_keys ON CONFLICT (key) DO UPDATE SET digest = 'x'"])
def test_postgresql_refuses_even_the_owner(postgres_url: str, server: Server, change: str) -> None:
    filled(postgres_url)
    name = postgres_url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(server.dsn(name)) as connection, pytest.raises(psycopg.errors.RaiseException, match=REFUSAL):
        connection.execute(change.encode())


def test_the_tool_psql_is_refused(postgres_url: str, server: Server) -> None:
    tool = shutil.which("psql")
    if tool is None:
        pytest.skip("no psql here")
    filled(postgres_url)
    name = postgres_url.rpartition("/")[2].partition("?")[0]
    arguments = [tool, "-h", str(server.folder), "-U", "postgres", "-d", name, "-v", "ON_ERROR_STOP=1", "-c", "TRUNCATE ledger_events"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert REFUSAL in done.stderr


@pytest.fixture
def people(postgres_url: str, server: Server) -> Iterator[dict[str, str]]:
    """A clerk and an auditor who may log in."""
    filled(postgres_url)
    names = {role: f"{role}_{uuid.uuid4().hex[:8]}" for role in (CLERK, AUDITOR)}
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for role, name in names.items():
            connection.execute(f"CREATE ROLE {name} LOGIN IN ROLE {role}".encode())
    yield {role: postgres_url.replace("postgres@", f"{name}@", 1) for role, name in names.items()}
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for name in names.values():
            connection.execute(f"DROP ROLE {name}".encode())


def test_a_clerk_records_and_cannot_change(people: dict[str, str]) -> None:
    with Ledger.open(people[CLERK]) as ledger:
        entry = ledger.record(read(reported("R")), WHO)
        assert entry.position == ledger.head().position
        for change in ("UPDATE ledger_events SET state = ''", "DELETE FROM ledger_events", "TRUNCATE ledger_keys", "DROP TRIGGER ledger_events_append_only ON ledger_events"):
            with pytest.raises(StoreError, match=r"permission denied|must be owner"), ledger.recorder.cursor(write=False) as cursor:
                cursor.execute(change)
        assert verify(ledger).differences == []


def test_an_auditor_reads_and_verifies_and_writes_nothing(people: dict[str, str]) -> None:
    with Ledger.open(people[AUDITOR]) as ledger:
        assert verify(ledger).differences == []
        with pytest.raises(StoreError, match="permission denied"):
            ledger.record(read(reported("R")), WHO)


def test_two_clerks_take_turns(people: dict[str, str]) -> None:
    with Ledger.open(people[CLERK]) as one, Ledger.open(people[CLERK]) as other:
        for number in range(5):
            one.record(read(reported(f"A{number}")), WHO)
            other.record(read(reported(f"B{number}")), WHO)
        assert verify(one).size == 24 + 10
