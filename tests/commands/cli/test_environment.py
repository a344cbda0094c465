"""`status --check` and `init` look at the environment and say what to do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg
import pytest

from commands.cli.shared.environment_check import SUBJECTS
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from lifecycle.ledger.recorders.postgres_server import OLDEST, require_usable
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.commands.conftest import Cli
from tests.given import REPORTED
from tests.ledgers import fill
from tests.platforms import not_on_windows
from tests.pooler import Pooler, pooler_program
from tests.postgres import Server
from tests.trust.roles import ranked_store

Checks = dict[str, dict[str, str]]
NOON: Final = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and notes, of this test's stores alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))


@pytest.fixture
def kept(store_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A store with a key and some events, on either database."""
    cli = Cli(store_url, capsys)
    assert cli("init").code == 0
    with Ledger.open(store_url) as ledger:
        fill(ledger, REPORTED, keep=False)
    return cli


def checks_of(cli: Cli, *, code: int = 0) -> Checks:
    answer = cli("status", "--check", "--format", "json")
    assert answer.code == code, answer.out + answer.err
    return {row["check"]: row for row in json.loads(answer.out)}


def failed(checks: Checks) -> set[str]:
    return {name for name, row in checks.items() if row["state"] == "fail"}


def test_a_store_that_is_looked_after_is_in_order(kept: Cli, tmp_path: Path) -> None:
    assert kept("backup", tmp_path / "b.zip").code == 0
    checks = checks_of(kept)
    assert set(checks) == set(SUBJECTS)
    assert failed(checks) == set()
    assert checks["backup"]["state"] == "ok"
    assert checks["database"]["finding"].startswith(("SQLite 3.", "PostgreSQL 1"))
    shown = kept("status", "--check")
    assert shown.code == 0
    assert len([line for line in shown.out.splitlines() if "→" not in line]) == len(SUBJECTS)


def test_what_needs_no_store_is_checked_where_there_is_none(bare: Cli) -> None:
    checks = checks_of(bare, code=1)
    assert failed(checks) == {"store"}
    assert set(checks) == {"store", "permissions", "disk", "extras"}


@not_on_windows("POSIX permissions")
def test_files_that_others_can_change_or_a_key_that_they_can_read_fail(
    kept: Cli, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").chmod(0o644)
    assert "chmod 600" in checks_of(kept, code=1)["key"]["finding"]
    (tmp_path / "key.pem").chmod(0o600)
    store = tmp_path / "store.db"
    if store.exists():
        store.chmod(0o666)
        assert "chmod o-w" in checks_of(kept, code=1)["permissions"]["advice"]


def test_a_key_that_is_elsewhere_is_to_be_noted(
    kept: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "elsewhere.pem"))
    assert checks_of(kept)["key"]["state"] == "warn"


def test_a_store_that_lost_events_since_its_backup_is_not_in_order(
    bare: Cli, tmp_path: Path
) -> None:
    """As after `ledger.db` was copied without its log."""
    assert bare("init").code == 0
    earlier = (tmp_path / "l.db").read_bytes()
    with Ledger.open(bare.url) as ledger:
        fill(ledger, REPORTED, keep=False)
    assert bare("backup", tmp_path / "b.zip").code == 0
    (tmp_path / "l.db").write_bytes(earlier)
    checks = checks_of(bare, code=1)
    assert failed(checks) == {"backup"}
    assert "without its -wal" in checks["backup"]["advice"]


def test_a_store_without_a_recent_backup_is_to_be_noted(
    kept: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks_of(kept)["backup"]["state"] == "warn"
    assert kept("backup", tmp_path / "b.zip").code == 0
    assert checks_of(kept)["backup"]["state"] == "ok"
    with Ledger.open(kept.url) as ledger:
        later = ledger.clock().replace(year=ledger.clock().year + 1)
        fill(ledger, [REPORTED[0] | {"unit": "后来镇"}], keep=False)
    if kept.url.startswith("sqlite"):
        monkeypatch.setattr(machine_clock, "machine_time", lambda: later)
        assert checks_of(kept, code=1)["backup"]["state"] == "warn"


def test_a_clock_that_is_wrong_is_not_in_order(bare: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bare("init").code == 0
    monkeypatch.setattr(machine_clock, "machine_time", lambda: NOON.replace(year=1999))
    assert failed(checks_of(bare, code=1)) == {"clock"}


def test_next_years_days_off_are_asked_for_in_december(
    bare: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bare("init").code == 0
    monkeypatch.setattr(machine_clock, "machine_time", lambda: NOON)
    assert checks_of(bare)["calendar"]["state"] == "ok"
    monkeypatch.setattr(machine_clock, "machine_time", lambda: NOON.replace(month=12))
    asked = checks_of(bare)["calendar"]
    assert (asked["state"], "2027" in asked["finding"]) == ("warn", True)


def test_a_store_that_was_copied_says_so(kept: Cli, tmp_path: Path) -> None:
    assert kept("copy", "--to", tmp_path / "copy.db").code == 0
    checks = checks_of(kept, code=1)
    assert failed(checks) == {"recording"}
    assert "copy.db" in checks["recording"]["finding"]


def test_an_auditors_login_is_not_asked_for_what_it_may_not(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with ranked_store(server) as store:
        checks = checks_of(Cli(store.url("auditor"), capsys))
    assert (checks["recording"]["state"], checks["key"]["state"]) == ("ok", "ok")


def test_a_pool_of_connections_is_seen(
    kept: Cli, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    program = pooler_program()
    if program is None or not kept.url.startswith("postgresql"):
        pytest.skip("no pgbouncer, or no server")
    assert "pool" not in checks_of(kept)["database"]["finding"]
    pooler = Pooler(server, program)
    try:
        pooler.wait()
        database = kept.url.partition("@/")[2].partition("?")[0]
        checks = checks_of(Cli(pooler.url(database), capsys))
    finally:
        pooler.stop()
    assert "pool of connections" in checks["database"]["finding"]


# Servers that cannot hold a store -----------------------------------------------------------------


@pytest.fixture(params=["SQL_ASCII", "LATIN1", "EUC_CN"])
def encoded_url(request: pytest.FixtureRequest, server: Server) -> Iterator[str]:
    """The URL of a database in another encoding."""
    name = f"t{uuid.uuid4().hex}"
    statement = (
        f"CREATE DATABASE {name} ENCODING '{request.param}' LC_COLLATE 'C' LC_CTYPE 'C'"
        " TEMPLATE template0"
    )
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
    yield server.url(name)
    server.drop(name)


def test_no_store_is_made_in_a_database_that_cannot_hold_chinese(
    encoded_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(encoded_url, capsys)
    for command in (("init",), ("status",), ("score", "--year", "2024")):
        answer = cli(*command)
        assert (answer.code, "UTF8 is needed" in answer.err) == (3, True)
    with psycopg.connect(_dsn_of(encoded_url)) as connection:
        made = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'lifecycle'")
        assert made.fetchone() == (0,)


def _dsn_of(url: str) -> str:
    """A URL without the driver, as psycopg takes it."""
    return url.replace("postgresql+psycopg", "postgresql")


def test_a_server_that_is_too_old_is_rejected() -> None:
    require_usable(OLDEST * 10_000, "UTF8", "host/db")
    # 9.2 is what servers derived from it long ago still say.
    for number, version in ((130_014, "13.14"), (90_204, "9.2.4")):
        with pytest.raises(StoreError, match=f"PostgreSQL {version}; 14 or later"):
            require_usable(number, "UTF8", "host/db")
