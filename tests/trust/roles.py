"""Logins of every rank on a store, for the tests of what PostgreSQL's roles hold."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections import readmodels
from tests.given import REPORTED, reported
from tests.postgres import Server

RANKS = ("manager", "clerk", "auditor")


@dataclass(frozen=True)
class RankedStore:
    """A store with an owner who is no superuser, and a login of each rank."""

    server: Server
    database: str
    logins: dict[str, str]

    def url(self, rank: str) -> str:
        """The store's URL for a rank's login."""
        return self.server.url_of(self.logins[rank], self.database)

    def connect(self, rank: str) -> psycopg.Connection[tuple[object, ...]]:
        """A raw session of a rank's login, as psql opens it."""
        return psycopg.connect(
            host=str(self.server.folder),
            user=self.logins[rank],
            dbname=self.database,
            autocommit=True,
        )


@contextmanager
def ranked_store(server: Server) -> Iterator[RankedStore]:
    """A new store, filled, with query tables and a checkpoint; dropped at the end."""
    mark = uuid.uuid4().hex[:8]
    database = f"t{uuid.uuid4().hex}"
    owner = f"owner_{mark}"
    server.create(database)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE".encode())
        connection.execute(f"ALTER DATABASE {database} OWNER TO {owner}".encode())
    logins = {"owner": owner}
    store = RankedStore(server, database, logins)
    with Ledger.open(store.url("owner"), create=True) as ledger:
        ledger.clock_is_right = True
        with ledger.unit_of_work(Author(owner)) as work:
            for record in (*REPORTED, *(reported(f"Q{number}") for number in range(20))):
                work.record(read_record(record))
        with TemporaryDirectory() as folder:
            sign_checkpoint(ledger, create_signer(ledger, Path(folder) / "key.pem"))
        readmodels.rebuild(ledger, store.url("owner"))
        roles = ledger.database_roles()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for rank in RANKS:
            logins[rank] = f"{rank}_{mark}"
            statement = f'CREATE ROLE {logins[rank]} LOGIN IN ROLE "{roles[rank]}"'
            connection.execute(statement.encode())
    yield store
    server.drop(database)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for login in logins.values():
            connection.execute(f"DROP OWNED BY {login}".encode())
            connection.execute(f"DROP ROLE {login}".encode())
