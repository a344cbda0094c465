"""A store of version 0.1.0 on PostgreSQL: read by everybody, recorded in after its owner upgraded.

`v0_1_0/postgresql.sql` is what `pg_dump` wrote of a store of that version, in which a clerk had
left a trigger, functions, an operator and a table.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from commands.cli.main import run
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected, StoreError
from tests.given import reported
from tests.postgres import Server

DUMP = Path(__file__).parent / "v0_1_0" / "postgresql.sql"
EVENTS = 7
OLD_ROLES = ("lifecycle_clerk", "lifecycle_auditor")


@dataclass(frozen=True)
class OldStore:
    """The store's database, and its owner's and a clerk's login."""

    server: Server
    database: str
    owner: str
    clerk: str

    def url(self, login: str) -> str:
        """The store's URL for a login."""
        return self.server.url_of(login, self.database)


@pytest.fixture
def old_store(server: Server) -> Iterator[OldStore]:
    mark = uuid.uuid4().hex[:8]
    store = OldStore(server, f"t{uuid.uuid4().hex}", f"owner_{mark}", f"clerk_{mark}")
    server.create(store.database)
    dump = DUMP.read_text(encoding="utf-8")
    dump = dump.replace("lifecycle_test_owner", store.owner)
    dump = dump.replace("lifecycle_test_clerk", store.clerk)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for role in OLD_ROLES:
            exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,))
            if exists.fetchone() is None:
                connection.execute(f"CREATE ROLE {role}".encode())
        for statement in (
            f"CREATE ROLE {store.owner} LOGIN CREATEROLE IN ROLE lifecycle_clerk",
            f"CREATE ROLE {store.clerk} LOGIN IN ROLE lifecycle_clerk",
            f"ALTER DATABASE {store.database} OWNER TO {store.owner}",
        ):
            connection.execute(statement.encode())
    with psycopg.connect(server.dsn(store.database), autocommit=True) as connection:
        connection.execute(dump.encode())
    yield store
    server.drop(store.database)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for login in (store.owner, store.clerk):
            connection.execute(f"DROP OWNED BY {login}".encode())
            connection.execute(f"DROP ROLE {login}".encode())


def test_everybody_reads_it_and_is_told_why_nothing_can_be_recorded(old_store: OldStore) -> None:
    for login in (old_store.owner, old_store.clerk):
        with Ledger.open(old_store.url(login)) as ledger:
            assert ledger.head().position == EVENTS
            assert verify(ledger).differences == []
            ledger.clock_is_right = True
            with pytest.raises(StoreError, match=f"its owner, {old_store.owner}, runs"):
                ledger.record(read_record(reported("R")), Author(login))
            assert [limit.rule for limit in ledger.recorder.limits()] == ["not_upgraded"]


def test_only_the_owner_upgrades(old_store: OldStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", old_store.url(old_store.clerk), "init", "--upgrade"]) == 1
    assert f"only the owner of the store, {old_store.owner}" in capsys.readouterr().err


def test_an_upgrade_keeps_every_byte_and_drops_what_clerks_left(
    old_store: OldStore, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(old_store.url(old_store.owner)) as ledger:
        root = ledger.tree().root()
    assert run(["--db", old_store.url(old_store.owner), "init", "--upgrade"]) == 0
    printed = capsys.readouterr().out
    assert f"its {EVENTS} events unchanged" in printed
    with psycopg.connect(old_store.server.dsn(old_store.database)) as connection:
        left = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT oprname FROM pg_operator WHERE oprnamespace = 'public'::regnamespace"
            " UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
        ).fetchall()
        assert left == []
    with Ledger.open(old_store.url(old_store.owner)) as ledger:
        assert ledger.tree().root() == root
        assert verify(ledger).differences == []
        clerk_role = ledger.database_roles()["clerk"]
        ledger.clock_is_right = True
        ledger.record(read_record(reported("R")), Author(old_store.owner))
    with psycopg.connect(old_store.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f'GRANT "{clerk_role}" TO {old_store.clerk}'.encode())
    with Ledger.open(old_store.url(old_store.clerk)) as ledger:
        ledger.clock_is_right = True
        ledger.record(read_record(reported("S")), Author(old_store.clerk))
        with pytest.raises(Rejected, match="is logged in to"):
            ledger.record(read_record(reported("T")), Author(old_store.owner))
        assert verify(ledger).differences == []
    for command in (["projections", "rebuild"], ["init", "--upgrade"], ["projections", "check"]):
        assert run(["--db", old_store.url(old_store.owner), *command]) == 0
