"""The databases reject changes to the past by any tool; PostgreSQL roles hold minimal rights."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from commands.cli.main import run
from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.derived_repair import repair_derived
from lifecycle.ledger.recorders.ledger_schema import APPEND_ONLY_TABLES, AUDITOR, CLERK, REJECTION
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected, StoreError
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.scoring.evaluation import View
from tests.conftest import running_server
from tests.given import REPORTED, TOWN, reported
from tests.ledgers import CLERK as WHO, fill
from tests.postgres import Server, binaries
from tests.table_scores import history_scores, table_scores

CHANGES = [
    *(
        f"UPDATE {table} SET {column} = {column}"
        for table, column in zip(
            APPEND_ONLY_TABLES,
            ("state", "digest", "hash", "position", "position", "note"),
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
    "INSERT INTO ledger_keys SELECT * FROM ledger_keys ON CONFLICT (key) DO UPDATE SET digest = 'x'"
)


def filled(url: str) -> None:
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, [*REPORTED, *(reported(f"Q{number}") for number in range(20))], keep=False)
        with TemporaryDirectory() as folder:
            sign_checkpoint(ledger, create_signer(ledger, Path(folder) / "key.pem"))
        with ledger.recorder.cursor(write=True) as cursor:
            cursor.execute("INSERT INTO ledger_evidence VALUES ('digest', 1)")


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
        "-h",
        server.folder,
        "-U",
        "postgres",
        "-d",
        database,
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


# Roles on PostgreSQL ------------------------------------------------------------------------------


@pytest.fixture
def role_urls(postgres_url: str, server: Server) -> Iterator[dict[str, str]]:
    """Two clerks and an auditor who may log in."""
    filled(postgres_url)
    mark = uuid.uuid4().hex[:8]
    roles = {"wangli": CLERK, "lisi": CLERK, "shenji": AUDITOR}
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for name, role in roles.items():
            connection.execute(f"CREATE ROLE {name}_{mark} LOGIN IN ROLE {role}".encode())
    yield {name: postgres_url.replace("postgres@", f"{name}_{mark}@", 1) for name in roles}
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for name in roles:
            connection.execute(f"DROP ROLE {name}_{mark}".encode())


def test_only_the_owner_repairs_what_stands_beside_the_events(role_urls: dict[str, str]) -> None:
    for name in ("wangli", "shenji"):
        with Ledger.open(role_urls[name]) as ledger, pytest.raises((Rejected, StoreError)):
            repair_derived(ledger)


def test_a_clerk_records_and_cannot_change(role_urls: dict[str, str]) -> None:
    with Ledger.open(role_urls["wangli"]) as ledger:
        entry = ledger.record(read_record(reported("R")), WHO)
        assert entry.position == ledger.head().position
        for change in (
            "UPDATE ledger_events SET state = ''",
            "DELETE FROM ledger_events",
            "TRUNCATE ledger_keys",
            "UPDATE ledger_nodes SET hash = ''",
            "DROP TRIGGER ledger_events_append_only ON ledger_events",
            "ALTER TABLE ledger_events DISABLE TRIGGER ALL",
            "DELETE FROM ledger_head",
        ):
            with (
                pytest.raises(StoreError, match=r"permission denied|must be owner"),
                ledger.recorder.cursor(write=False) as cursor,
            ):
                cursor.execute(change)
        assert verify(ledger).differences == []


def test_an_auditor_reads_and_verifies_and_writes_nothing(role_urls: dict[str, str]) -> None:
    with Ledger.open(role_urls["shenji"]) as ledger:
        assert verify(ledger).differences == []
        with pytest.raises(StoreError, match="permission denied"):
            ledger.record(read_record(reported("R")), WHO)
        for table in (*APPEND_ONLY_TABLES, "ledger_head", "ledger_claims"):
            with (
                pytest.raises(StoreError, match="permission denied"),
                ledger.recorder.cursor(write=False) as cursor,
            ):
                cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}")


def test_two_clerks_take_turns_at_the_ledger_and_the_query_tables(
    role_urls: dict[str, str],
) -> None:
    with (
        Ledger.open(role_urls["wangli"]) as ledger,
        Ledger.open(role_urls["lisi"]) as other_process,
    ):
        for number in range(2):
            ledger.record(read_record(reported(f"A{number}")), WHO)
            readmodels.catch_up(ledger, role_urls["wangli"])
            other_process.record(read_record(reported(f"B{number}")), WHO)
            readmodels.catch_up(other_process, role_urls["lisi"])
        readmodels.rebuild(ledger, role_urls["wangli"])
        readmodels.rebuild(other_process, role_urls["lisi"])
        view = View(2024, date(2024, 12, 31), verify(ledger).size, shipped("kaihua-2024"))
        readmodels.catch_up(ledger, role_urls["wangli"])
        assert table_scores(role_urls["wangli"], 2024) == history_scores(ledger, view)
    with Ledger.open(role_urls["shenji"]) as ledger, ledger.recorder.cursor(write=False) as cursor:
        cursor.execute("SELECT count(*) FROM projects")
        assert cursor.fetchone() == (len(REPORTED) - 3 + 24,)


def test_the_login_role_is_the_recorder(
    role_urls: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "record",
        "ActivityHeld",
        "--unit",
        TOWN,
        "--occurred-on",
        "2024-03-01",
        "--activity",
        "赴杭",
        "--led-by-head",
        "true",
        "--on-behalf-of",
        "老张",
    ]
    assert run(["--db", role_urls["shenji"], *arguments]) == 3
    assert "permission denied" in capsys.readouterr().err
    assert run(["--db", role_urls["wangli"], *arguments]) == 0
    with Ledger.open(role_urls["lisi"]) as ledger:
        stamp = ledger.history(Stream("unit", TOWN))[-1].stamp
    assert stamp.recorded_by == role_urls["wangli"].partition("//")[2].partition("@")[0]
    assert stamp.on_behalf_of == "老张"


def test_init_prints_the_roles_it_created(
    postgres_url: str,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))
    assert run(["--db", postgres_url, "init"]) == 0
    assert f"GRANT {CLERK} TO" in capsys.readouterr().out
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        owner = f"o{uuid.uuid4().hex[:8]}"
        connection.execute(f"CREATE ROLE {owner} LOGIN".encode())
        connection.execute(f"CREATE DATABASE {owner} OWNER {owner}".encode())
        monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "other.pem"))
        try:
            # The roles are there, made above; an owner grants rights on what it owns.
            assert (
                run(["--db", server.url(owner).replace("postgres@", f"{owner}@", 1), "init"]) == 0
            )
            assert f"GRANT {CLERK} TO" in capsys.readouterr().out
        finally:
            server.drop(owner)
            connection.execute(f"DROP ROLE {owner}".encode())
