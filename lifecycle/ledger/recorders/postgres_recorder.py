"""The library's PostgreSQL recorder, made gapless: positions follow the head, not a sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from eventsourcing.persistence import PersistenceError, RecordConflictError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from lifecycle.events import StreamKind
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import ADD_NODE, MOVE_HEAD, advance_head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS, LedgerRecorder
from lifecycle.ledger.recorders.ledger_schema import (
    AUDITOR,
    CLERK,
    CREATE_TRIGGER,
    EVENTS_TABLE,
    side_tables,
)
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.rejections import Conflict, StoreError, msg

_TARGET: Final = (
    f"{EVENTS_TABLE} (notification_id, originator_id, originator_version, topic, state)"
)
_COPY: Final = f"COPY {_TARGET} FROM STDIN"
_INSERT: Final = f"INSERT INTO {_TARGET} VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 -- constants
_SELECT_LAST: Final = f"SELECT MAX(notification_id) FROM {EVENTS_TABLE}"  # noqa: S608 -- a constant
_SELECT_KEYS: Final = "SELECT key, digest, position FROM ledger_keys WHERE key = ANY(%s)"
_SELECT_ROLES: Final = (
    "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
    " AND has_table_privilege(oid, %s, 'SELECT') ORDER BY rolname DESC"
)
_SELECT_IS_OWNER: Final = (
    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'ledger_keys'::regclass"
)
_FEW_ROWS: Final = 20
"""More rows are copied: COPY spares the server a statement for each row."""
_FETCH_ROWS: Final = 5_000
_CONNECT_SECONDS: Final = 5


def connection_settings(url: str) -> dict[str, Any]:
    """Read a SQLAlchemy URL into psycopg's settings.

    The host may be a socket's folder in `?host=`; further options such as `sslmode` follow it.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return options | {
        "dbname": unquote(parts.path.lstrip("/")),
        "host": options.get("host") or parts.hostname or "",
        "port": options.get("port") or parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


class PostgresRecorder(PostgresApplicationRecorder, LedgerRecorder):
    """The library's PostgreSQL recorder.

    Its table lock lets one writer in at a time, readers always.
    """

    position_column = "notification_id"
    # A range as on SQLite would not do: a database's collation may not order as bytes do.
    kind_condition = "starts_with(originator_id, ?)"

    def __init__(
        self,
        url: str,
        *,
        tree_hash: str = "",
        origin: str = "",
    ) -> None:
        settings = connection_settings(url)
        self.place = f"{settings['host']}/{settings['dbname']}"
        self._try_to_connect(settings)
        server = {
            name: settings.pop(name) for name in ("dbname", "host", "port", "user", "password")
        }
        datastore = PostgresDatastore(
            **server,
            lock_timeout=LOCK_SECONDS,
            max_overflow=4,
            originator_id_type="text",
        )
        # What else the URL asks for, such as an encrypted connection.
        datastore.pool.conninfo = make_conninfo(**settings)
        super().__init__(datastore, events_table_name=EVENTS_TABLE)
        statements = side_tables("postgresql", tree_hash, origin)
        self.sql_create_statements.extend(SQL(text).format() for text in statements)
        self._triggers = [text for text in statements if text.startswith(CREATE_TRIGGER)]
        # The library locks the events table, which needs more than the INSERT that clerks have.
        # Every append updates the head, so a lock on it serves as well.
        self.lock_table_statements[-1] = SQL("LOCK TABLE ledger_head IN EXCLUSIVE MODE")

    def _try_to_connect(self, settings: dict[str, Any]) -> None:
        """Connect once without the pool, which would retry for a long time and then not say why."""
        with self._store_errors():
            psycopg.connect(
                **{
                    "connect_timeout": _CONNECT_SECONDS,
                    **settings,
                    "password": settings["password"] or None,
                }
            ).close()

    def create_table(self) -> None:
        """Create the events table as the library does, and the side tables."""
        with self._store_errors():
            super().create_table()

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        """Turn the server's errors into `Conflict` or a `StoreError` that says what to do."""
        try:
            yield
        except (psycopg.Error, PersistenceError) as error:
            raise self._store_error(error) from error

    def _store_error(self, error: Exception) -> Conflict | StoreError:
        cause: BaseException = error
        if isinstance(error, PersistenceError) and error.__cause__ is not None:
            cause = error.__cause__  # the library wraps the driver's errors
        first_line = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        if isinstance(error, RecordConflictError) or isinstance(cause, psycopg.IntegrityError):
            return Conflict(msg("another process recorded first ({why})"), why=first_line)
        if isinstance(cause, psycopg.errors.UndefinedTable):
            return StoreError(
                msg("the database {place} contains no ledger: run `lifecycle init` first"),
                place=self.place,
            )
        if isinstance(cause, psycopg.errors.LockNotAvailable):
            return StoreError(
                msg(
                    "another process has locked the store {path} for more than {seconds} "
                    "seconds: try again"
                ),
                path=self.place,
                seconds=LOCK_SECONDS,
            )
        return StoreError(
            msg("the database {place} cannot be used: {why}"), place=self.place, why=first_line
        )

    @contextmanager
    def cursor(self, *, write: bool) -> Iterator[Cursor]:
        """Open a transaction and give its cursor; a write takes the table lock at once."""
        with (
            self._store_errors(),
            self.datastore.get_connection() as connection,
            connection.transaction(force_rollback=not write),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            if write:
                self._lock_table(cursor)  # type: ignore[arg-type]
            yield cursor

    def hold_snapshot(self, cursor: Cursor) -> None:
        """Make the transaction REPEATABLE READ, so that all its statements see one state."""
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def is_owner(self, cursor: Cursor) -> bool:
        """Return whether the login has the rights of the tables' owner."""
        cursor.execute(_SELECT_IS_OWNER)
        return bool(cursor.fetchone()[0])

    @contextmanager
    def suspend_guards(self, cursor: Cursor) -> Iterator[None]:
        """Disable the triggers on `ledger_keys`, and enable and restore the guards at the end."""
        cursor.execute("ALTER TABLE ledger_keys DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE ledger_keys ENABLE TRIGGER USER")
        for statement in self._triggers:
            cursor.execute(statement)

    def sql(self, statement: str) -> str:
        """Return the statement with psycopg's parameter style, `%s`."""
        return statement.replace("?", "%s")

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> NoReturn:  # noqa: ARG002 -- the library's signature
        """Reject the library's way in. Raises `StoreError`."""
        self.reject_direct_insert()

    def append(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Append a batch's events, move the head, and store what stands beside the events."""
        self.append_rows(cursor, batch.rows, batch.leaves, batch.recorded_at)
        self._store_beside(cursor, batch)

    def append_rows(
        self,
        cursor: Cursor,
        rows: Sequence[StoredRow],
        leaves: Sequence[bytes],
        recorded_at: str,
    ) -> None:
        """Append at the positions that follow the head, move the head, and notify listeners."""
        head = read_head(cursor)
        cursor.execute(_SELECT_LAST)
        last_stored = cursor.fetchone()[0] or 0
        move = advance_head(head, last_stored, rows, leaves, recorded_at)
        # Positions are given, not taken from the sequence, which leaves a gap at every conflict.
        if len(rows) <= _FEW_ROWS:
            cursor.executemany(_INSERT, rows)
        else:
            with cursor.copy(_COPY) as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        cursor.execute(self.sql(MOVE_HEAD), move.parameters)
        if move.completed_nodes:
            cursor.executemany(self.sql(ADD_NODE), move.completed_nodes)
        self._notify_channel(cursor)  # type: ignore[arg-type]

    def known_keys(self, cursor: Cursor, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Return those of the idempotency keys that were recorded: content digest and position."""
        cursor.execute(_SELECT_KEYS, (keys,))
        return {key: (digest, position) for key, digest, position in cursor.fetchall()}

    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """Return the prefix of the kind's stream ids."""
        return (kind,)

    def stream_rows(
        self,
        cursor: Cursor,
        statement: str,
        parameters: Sequence[object],
    ) -> Iterator[StoredRow]:
        """Iterate over a query's rows through a server-side cursor."""
        # A plain cursor would load a long ledger into memory before it gives the first row.
        cursor.execute(f"DECLARE scan NO SCROLL CURSOR FOR {statement}", parameters)
        fetch = f"FETCH {_FETCH_ROWS} FROM scan"
        while rows := cursor.execute(fetch).fetchall():
            yield from rows
        cursor.execute("CLOSE scan")

    def now(self) -> datetime:
        """Return the server's present moment: clerks' machines may differ."""
        with self.cursor(write=False) as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
        return moment.astimezone(SHANGHAI)

    def login(self, cursor: Cursor) -> str | None:
        """Return the role that logged in, whatever role it has taken on since."""
        cursor.execute("SELECT session_user")
        role: str = cursor.fetchone()[0]
        return role

    def roles(self, cursor: Cursor) -> list[str]:
        """Return the clerks' and the auditors' role, where they exist and may read the events."""
        cursor.execute(_SELECT_ROLES, ([CLERK, AUDITOR], EVENTS_TABLE))
        return [row[0] for row in cursor.fetchall()]

    def close(self) -> None:
        """Close the connection pool."""
        self.datastore.close()
