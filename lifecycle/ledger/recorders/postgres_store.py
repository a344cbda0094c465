"""A store on PostgreSQL as a whole: its connections, schema, transactions and sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final, cast

import psycopg
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from lifecycle import __version__
from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.database_facts import DatabaseFacts
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE
from lifecycle.ledger.recorders.postgres_connections import ServerConnections
from lifecycle.ledger.recorders.postgres_definitions import has_present_definitions
from lifecycle.ledger.recorders.postgres_errors import ledger_error, locked_error
from lifecycle.ledger.recorders.postgres_messages import begin, begin_locked
from lifecycle.ledger.recorders.postgres_roles import still_open
from lifecycle.ledger.recorders.postgres_server import require_usable_server, server_facts
from lifecycle.ledger.recorders.postgres_setup import SCHEMA, install
from lifecycle.ledger.recorders.postgres_upgrade import move_store
from lifecycle.ledger.recorders.postgres_url import connection_settings
from lifecycle.ledger.recorders.postgres_waiting import blocking_sessions, end_sessions
from lifecycle.rejections import Problem, Rejected, StoreError, msg

_SELECT_OWNER: Final = (
    "SELECT pg_has_role(relowner, 'USAGE'), pg_get_userbyid(relowner)"
    " FROM pg_class WHERE oid = 'ledger_keys'::regclass"
)
# A store of 0.1.0 lies where its maker's search path began, which is `public` by default.
_SELECT_SCHEMA: Final = """
    SELECT space.nspname FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
    WHERE class.relname = 'ledger_head'
        AND (space.nspname = 'lifecycle' OR pg_catalog.pg_table_is_visible(class.oid))
    ORDER BY space.nspname <> 'lifecycle' LIMIT 1
"""
NOT_UPGRADED: Final = msg(
    "the store in the database {place} was made by lifecycle 0.1 and can only be read: its owner, "
    "{owner}, runs `lifecycle init --upgrade`"
)
OUTDATED: Final = msg(
    "the functions of the store in the database {place} are not those of this lifecycle, "
    "{version}: what is new is rejected, and mended checks are missing; its owner, {owner}, runs "
    "`lifecycle init --upgrade`"
)
NOT_OWNER: Final = msg("only the owner of the store, {owner}, upgrades it")
NO_SM3: Final = msg(
    "PostgreSQL cannot compute SM3, so its append function could not check the tree: a store on "
    "PostgreSQL uses sha256"
)
SM3_LIMIT: Final = msg(
    "this store uses SM3, which PostgreSQL cannot compute: its append function took leaf hashes "
    "and tree from the client unchecked, and only `lifecycle audit verify` compares them"
)
OPEN_DATABASE: Final = msg(
    "note: every login of the server can still enter this database; an administrator runs: "
    "{command}"
)
_CONNECT_SECONDS: Final = 5
NOTICE_SECONDS: Final = 5
"""Who waits longer for the lock is told whose session holds it."""


class PostgresStore(PostgresApplicationRecorder):
    """The library's recorder, connected to a store, whose transactions hold the ledger's lock."""

    report_wait: Callable[[Sequence[BlockingSession]], None]
    """Told whose session a write waits for, once it has waited for some seconds."""

    def __init__(
        self,
        url: str,
        *,
        tree_hash: str = "",
        origin: str = "",
        for_copy: bool = False,
    ) -> None:
        settings = connection_settings(url)
        self.place = f"{settings['host']}/{settings['dbname']}"
        self._user = settings["user"]
        self._tree_hash = tree_hash
        self._for_copy = for_copy
        self._origin = origin
        self._options = {"connect_timeout": _CONNECT_SECONDS, **settings}
        self._options["password"] = settings["password"] or None
        connections = ServerConnections(self._options)
        try:
            with self._store_errors(), connections.connection() as connection:
                self.schema = self._find_schema(connection)
        except BaseException:
            connections.close()
            raise
        server = {name: settings[name] for name in ("dbname", "host", "port", "user", "password")}
        datastore = PostgresDatastore(
            **server,
            originator_id_type="text",
            schema=self.schema or SCHEMA,
        )
        datastore.pool = cast("Any", connections)
        super().__init__(datastore, events_table_name=EVENTS_TABLE)

    def _find_schema(self, connection: psycopg.Connection[Any]) -> str:
        """Return the schema of the store's tables, empty where there is no store."""
        require_usable_server(connection.info, self.place)
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(_SELECT_SCHEMA).fetchone()
        return "" if row is None else str(row[0])

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        """Turn the server's errors into `Conflict`, `Rejected` or a `StoreError`."""
        try:
            yield
        except (psycopg.Error, PersistenceError) as error:
            raise ledger_error(error, self.place, self._user, LOCK_SECONDS) from error

    # Setting up ---------------------------------------------------------------------------------

    def create_table(self) -> None:
        """Create the store, or bring the tables and functions of its own schema up to date.

        Raises `StoreError` for a store of 0.1.0, which `init --upgrade` moves, and `Rejected` for
        SM3.
        """
        self.require_upgraded()
        if self.schema:
            # The functions of a newer version are left as they are.
            with self.cursor(write=False) as cursor:
                read_head(cursor)
        if self._tree_hash == "sm3" and not self.schema:
            raise Rejected.by("sm3", NO_SM3)
        events_table = [
            statement
            for statement in self.sql_create_statements
            if statement.as_string().startswith(("CREATE TABLE", "CREATE UNIQUE INDEX"))
        ]
        with self._store_errors(), psycopg.connect(**self._options) as connection:
            install(
                connection,
                events_table,
                self._tree_hash,
                self._origin,
                for_copy=self._for_copy,
            )
        self.schema = SCHEMA

    def upgrade(self, query_tables: Sequence[str]) -> bool:
        """Bring the store's tables, functions and rights up to this version; rows stay.

        `query_tables` are the names of those that 0.1.0 built beside the store. Returns whether the
        store was one of 0.1.0. Raises `Rejected` unless the login owns the store.
        """
        with self.cursor(write=False) as cursor:
            cursor.execute(_SELECT_OWNER)
            is_owner, owner = cursor.fetchone()
        if not is_owner:
            raise Rejected.by("not_owner", NOT_OWNER, owner=owner)
        was_old = self.schema != SCHEMA
        with self._store_errors(), psycopg.connect(**self._options) as connection:
            if was_old:
                move_store(connection, self.schema, query_tables)
            install(connection, [], self._tree_hash, self._origin)
        self.schema = SCHEMA
        return was_old

    def require_upgraded(self) -> None:
        """Raise `StoreError` for a store of 0.1.0, which is only read."""
        if self.schema not in ("", SCHEMA):
            raise self._not_upgraded()

    def _not_upgraded(self) -> StoreError:
        with self.cursor(write=False) as cursor:
            cursor.execute(_SELECT_OWNER)
            owner = cursor.fetchone()[1]
        return StoreError(NOT_UPGRADED, place=self.place, owner=owner)

    # Transactions -------------------------------------------------------------------------------

    def cursor(self, *, write: bool, is_snapshot: bool = False) -> AbstractContextManager[Cursor]:
        """Open a transaction and give its cursor; a write takes the lock at once."""
        return self.transaction(write=write, is_snapshot=is_snapshot)

    @contextmanager
    def transaction(
        self, *, write: bool, is_snapshot: bool = False, reads: str = ""
    ) -> Iterator[psycopg.Cursor[Any]]:
        """Open a transaction; what is read first goes with the message that opens it."""
        if write:
            self.require_upgraded()
        with (
            self._store_errors(),
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            try:
                # A write's snapshot would be older than its lock.
                if write:
                    self._begin_locked(cursor, reads)
                else:
                    cursor.execute(
                        f"{begin(self.schema, is_snapshot=is_snapshot)}; {reads}".encode()
                    )
                yield cursor
                # What was appended last brought its own commit.
                if connection.info.transaction_status != TransactionStatus.IDLE:
                    cursor.execute(b"COMMIT" if write else b"ROLLBACK")
            except BaseException:
                with suppress(psycopg.Error):  # the connection itself may be lost
                    cursor.execute(b"ROLLBACK")
                raise

    def _begin_locked(self, cursor: psycopg.Cursor[Any], reads: str) -> None:
        """Begin a transaction that holds the lock; report whose session it is waited for."""
        first = min(NOTICE_SECONDS, LOCK_SECONDS)
        for seconds in (first, max(LOCK_SECONDS - first, first)):
            try:
                cursor.execute(f"{begin_locked(self.schema, f'{seconds}s')}; {reads}".encode())
            except psycopg.errors.LockNotAvailable:
                cursor.execute(b"ROLLBACK")
                # On this connection: many who wait would ask for more than a server allows.
                sessions = blocking_sessions(cursor)
                self.report_wait(sessions)
            else:
                return
        raise locked_error(self.place, sessions, LOCK_SECONDS)

    def limits(self) -> list[Problem]:
        """Return what the database does not check or keep out."""
        with self.cursor(write=False) as cursor:
            cursor.execute(_SELECT_OWNER)
            owner = cursor.fetchone()[1]
            values: dict[str, object] = {"place": self.place, "owner": owner}
            if self.schema != SCHEMA:
                return [Problem("not_upgraded", NOT_UPGRADED, values)]
            problems: list[Problem] = []
            if not has_present_definitions(cursor):
                problems.append(Problem("outdated", OUTDATED, values | {"version": __version__}))
            if read_head(cursor).tree_hash != "sha256":
                problems.append(Problem("sm3", SM3_LIMIT))
            for command in still_open(cursor):
                problems.append(Problem("open_database", OPEN_DATABASE, {"command": command}))
            return problems

    def stored_size(self, cursor: Cursor) -> int:
        """Return the size of the whole database on the server."""
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])

    def database_facts(self) -> DatabaseFacts:
        """Return the server's version and encoding, and whether a pool stands before it."""
        with self.cursor(write=False) as cursor:
            return server_facts(cast("psycopg.Cursor[Any]", cursor))

    def blocking_sessions(self) -> list[BlockingSession]:
        """Return the sessions that keep others from appending now."""
        with self.cursor(write=False) as cursor:
            return blocking_sessions(cursor)

    def end_blocking_sessions(self) -> list[BlockingSession]:
        """End the sessions that keep others from appending, and return them.

        Raises `StoreError` where the login may not end another's session.
        """
        with self.cursor(write=False) as cursor:
            sessions = blocking_sessions(cursor)
            end_sessions(cursor, sessions)
        return sessions

    def is_owner(self, cursor: Cursor) -> bool:
        """Return whether the login has the rights of the tables' owner."""
        cursor.execute(_SELECT_OWNER)
        return bool(cursor.fetchone()[0])
