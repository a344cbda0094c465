"""The library's PostgreSQL recorder, made gapless: positions follow the head, not a sequence that conflicts burn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from eventsourcing.persistence import PersistenceError, RecordConflictError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from lifecycle.events import StreamKind
from lifecycle.ledger.recorders.ledger_recorder import (
    ADD_NODE,
    LOCK_SECONDS,
    MOVE_HEAD,
    Cursor,
    LedgerRecorder,
    StoredRow,
    advance_head,
    behind,
    read_head,
)
from lifecycle.ledger.recorders.ledger_schema import AUDITOR, CLERK, EVENTS_TABLE, side_tables
from lifecycle.rejections import Conflict, StoreError, msg

_TARGET: Final = (
    f"{EVENTS_TABLE} (notification_id, originator_id, originator_version, topic, state)"
)
_COPY: Final = f"COPY {_TARGET} FROM STDIN"
_INSERT: Final = f"INSERT INTO {_TARGET} VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 -- constants
_FEW: Final = 20
_FETCH: Final = 5_000


def connection_settings(url: str) -> dict[str, Any]:
    """Read a SQLAlchemy URL; the host may be a socket's folder in `?host=`, further options such as `sslmode` follow it."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return query | {
        "dbname": unquote(parts.path.lstrip("/")),
        "host": query.get("host") or parts.hostname or "",
        "port": query.get("port") or parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


class PostgresRecorder(PostgresApplicationRecorder, LedgerRecorder):
    """The library's PostgreSQL recorder; its table lock lets one writer in at a time, readers always."""

    position_column = "notification_id"
    kind_condition = (
        "starts_with(originator_id, ?)"  # a database's collation may not order as bytes do
    )

    def __init__(self, url: str, *, tree_hash: str = "", origin: str = "") -> None:
        settings = connection_settings(url)
        self.place = f"{settings['host']}/{settings['dbname']}"
        with self._plainly():
            # One try without the pool, which would go on trying for a long time and then not say why.
            psycopg.connect(
                **{"connect_timeout": 5, **settings, "password": settings["password"] or None}
            ).close()
        where = {
            name: settings.pop(name) for name in ("dbname", "host", "port", "user", "password")
        }
        datastore = PostgresDatastore(
            **where, lock_timeout=LOCK_SECONDS, max_overflow=4, originator_id_type="text"
        )
        datastore.pool.conninfo = make_conninfo(
            **settings
        )  # what else the URL asks for, such as an encrypted connection
        super().__init__(datastore, events_table_name=EVENTS_TABLE)
        self.sql_create_statements.extend(
            SQL(text).format() for text in side_tables("postgresql", tree_hash, origin)
        )
        # Every append moves the head: who may append may lock it, while nobody is given more than INSERT on the events.
        self.lock_table_statements[-1] = SQL("LOCK TABLE ledger_head IN EXCLUSIVE MODE")

    def create_table(self) -> None:
        """Make the events table as the library makes it, and the side tables."""
        with self._plainly():
            super().create_table()

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Say in one sentence what the server refused."""
        try:
            yield
        except (psycopg.Error, PersistenceError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Conflict | StoreError:
        cause = (
            error.__cause__
            if isinstance(error, PersistenceError) and error.__cause__ is not None
            else error
        )  # the library wraps the driver's
        why = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        if isinstance(error, RecordConflictError) or isinstance(cause, psycopg.IntegrityError):
            return Conflict(msg("another process recorded first ({why})"), why=why)
        if isinstance(cause, psycopg.errors.UndefinedTable):
            return StoreError(
                msg("the database {place} holds no ledger: run `lifecycle init` first"),
                place=self.place,
            )
        if isinstance(cause, psycopg.errors.LockNotAvailable):
            template = msg(
                "another process has held the store {path} for over {seconds} seconds: try again"
            )
            return StoreError(template, path=self.place, seconds=LOCK_SECONDS)
        return StoreError(
            msg("the database {place} cannot be used: {why}"), place=self.place, why=why
        )

    @contextmanager
    def cursor(self, *, write: bool) -> Iterator[Cursor]:
        """One transaction; a write takes the library's table lock at once."""
        with (
            self._plainly(),
            self.datastore.get_connection() as connection,
            connection.transaction(force_rollback=not write),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            if write:
                self._lock_table(cursor)  # type: ignore[arg-type]
            yield cursor

    def sql(self, statement: str) -> str:
        """Psycopg's parameter style is `%s`."""
        return statement.replace("?", "%s")

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """The library's way in: append in a transaction of its own."""
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            self._lock_table(cursor)  # type: ignore[arg-type]
            rows, leaves = behind(read_head(cursor), stored_events)
            self.append(cursor, rows, leaves, "")
            return [row[0] for row in rows]

    def append(
        self, cursor: Cursor, rows: Sequence[StoredRow], leaves: Sequence[bytes], recorded_at: str
    ) -> None:
        """Append at the positions that follow the head, move the head, and notify whoever listens."""
        head = read_head(cursor)
        cursor.execute(f"SELECT MAX(notification_id) FROM {EVENTS_TABLE}")  # noqa: S608 -- a constant's name
        moved, nodes = advance_head(head, cursor.fetchone()[0] or 0, rows, leaves, recorded_at)
        if len(rows) <= _FEW:
            cursor.executemany(_INSERT, rows)
        else:
            with cursor.copy(_COPY) as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        cursor.execute(self.sql(MOVE_HEAD), moved)
        if nodes:
            cursor.executemany(self.sql(ADD_NODE), nodes)
        self._notify_channel(cursor)  # type: ignore[arg-type]

    def known_keys(self, cursor: Cursor, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Of these idempotency keys the ones recorded, each with its content digest and position."""
        cursor.execute("SELECT key, digest, position FROM ledger_keys WHERE key = ANY(%s)", (keys,))
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}

    def login(self, cursor: Cursor) -> str | None:
        """The role that logged in, whatever role it has taken on since."""
        cursor.execute("SELECT session_user")
        role: str = cursor.fetchone()[0]
        return role

    def roles(self, cursor: Cursor) -> list[str]:
        """Those of the two that are there and may read the events."""
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND has_table_privilege(oid, %s, 'SELECT') ORDER BY rolname DESC",
            ([CLERK, AUDITOR], EVENTS_TABLE),
        )
        return [row[0] for row in cursor.fetchall()]

    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """The kind's prefix."""
        return (kind,)

    def stream_rows(
        self, cursor: Cursor, statement: str, parameters: Sequence[object]
    ) -> Iterator[StoredRow]:
        """Rows through a cursor on the server's side, so that a long ledger does not come all at once."""
        cursor.execute(f"DECLARE scan NO SCROLL CURSOR FOR {statement}", parameters)
        fetch = f"FETCH {_FETCH} FROM scan"
        while rows := cursor.execute(fetch).fetchall():
            yield from rows
        cursor.execute("CLOSE scan")

    def close(self) -> None:
        """Close the pool."""
        self.datastore.close()
