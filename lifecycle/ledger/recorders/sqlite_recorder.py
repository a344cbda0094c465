"""The library's SQLite recorder, made durable and gapless."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from eventsourcing.persistence import PersistenceError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
)

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
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE, side_tables
from lifecycle.rejections import Conflict, StoreError, msg

_CACHE_KIB: Final = 32_768
"""Pages kept in memory: keys fall anywhere in their index, and a long import would write the same pages over and over."""
_REASONS: Final = {
    "readonly": msg(
        "the store {path} cannot be written: check the permissions of the file and its folder ({why})"
    ),
    "unable to open": msg(
        "the store {path} cannot be opened: check the permissions of the file and its folder ({why})"
    ),
    "full": msg("the disk of {path} is full: nothing was recorded ({why})"),
    "locked": msg(
        "another process has held the store {path} for over {seconds} seconds: try again"
    ),
    "no such table": msg(
        "{path} is an SQLite file but not a ledger: run `lifecycle init` on another path ({why})"
    ),
    "": msg("the store {path} cannot be used: {why}"),
}


def _reason(text: str) -> str:
    return next(template for word, template in _REASONS.items() if word in text)


class _DurablePool(SQLiteConnectionPool):
    """Connections that write ahead and wait for the disk: WAL with synchronous=FULL, asserted on each."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        raw = connection.cursor().sqlite_cursor
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        synchronous = raw.execute("PRAGMA synchronous").fetchone()[0]
        journal = raw.execute("PRAGMA journal_mode").fetchone()[0]
        if (synchronous, journal) != (2, "wal"):
            raise StoreError(
                msg(
                    "the store would not be durable: journal mode {journal}, synchronous {synchronous}; needed are wal and 2 (FULL)"
                ),
                journal=journal,
                synchronous=synchronous,
            )
        return connection


class SqliteRecorder(SQLiteApplicationRecorder, LedgerRecorder):
    """The library's SQLite recorder with explicit positions and one writer at a time."""

    position_column = "rowid"
    kind_condition = "originator_id >= ? AND originator_id < ?"  # a range of the primary key

    def __init__(
        self, path: Path, *, create: bool = False, tree_hash: str = "", origin: str = ""
    ) -> None:
        self.path = path
        self._side_tables = side_tables("sqlite", tree_hash, origin)
        uri = f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}"
        datastore = SQLiteDatastore(uri, lock_timeout=LOCK_SECONDS, originator_id_type="text")
        datastore.pool.close()
        datastore.pool = _DurablePool(db_name=uri, lock_timeout=LOCK_SECONDS)
        super().__init__(datastore, EVENTS_TABLE)
        self.insert_events_statement = f"INSERT INTO {EVENTS_TABLE} (rowid, originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?, ?)"  # noqa: S608

    def construct_create_table_statements(self) -> list[str]:
        """The events table as the library makes it, and the side tables."""
        return [*super().construct_create_table_statements(), *self._side_tables]

    def create_table(self) -> None:
        """Make the tables of an empty store."""
        with self._plainly():
            super().create_table()

    @contextmanager
    def cursor(self, *, write: bool) -> Iterator[Cursor]:
        """One transaction; a write takes the lock at once, so that no read before it can go stale."""
        with self._plainly(), self.datastore.get_connection(commit=write) as connection:
            cursor = connection.cursor().sqlite_cursor
            cursor.row_factory = None
            cursor.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield cursor
                if write:
                    connection.commit()
            finally:
                connection.rollback()

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Say in one sentence what SQLite or the disk refused."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise Conflict(msg("another process recorded first ({why})"), why=error) from error
        except (sqlite3.Error, PersistenceError) as error:
            raise StoreError(
                _reason(str(error)), path=self.path, why=error, seconds=LOCK_SECONDS
            ) from error

    def sql(self, statement: str) -> str:
        """SQLite's parameter style is `?` already."""
        return statement

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """The library's way in: append in a transaction of its own."""
        with self.datastore.transaction(commit=True) as library_cursor:
            cursor = library_cursor.sqlite_cursor
            cursor.row_factory = None
            cursor.execute(
                "UPDATE ledger_head SET one = one"
            )  # takes the write lock before the head is read
            rows, leaves = behind(read_head(cursor), stored_events)
            self.append(cursor, rows, leaves, "")
            return [row[0] for row in rows]

    def append(
        self, cursor: Cursor, rows: Sequence[StoredRow], leaves: Sequence[bytes], recorded_at: str
    ) -> None:
        """Append at the positions that follow the head, and move the head."""
        head = read_head(cursor)
        cursor.execute(self.select_max_notification_id_statement)
        moved, nodes = advance_head(head, cursor.fetchone()[0] or 0, rows, leaves, recorded_at)
        cursor.executemany(self.insert_events_statement, rows)
        cursor.execute(MOVE_HEAD, moved)
        cursor.executemany(ADD_NODE, nodes)

    def known_keys(self, cursor: Cursor, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Of these idempotency keys the ones recorded, each with its content digest and position."""
        cursor.execute(
            "SELECT k.key, k.digest, k.position FROM json_each(?) AS asked CROSS JOIN ledger_keys AS k ON k.key = asked.value",
            (json.dumps(keys),),
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}

    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """From the kind's first possible identity to the one behind its last."""
        return (kind, f"{kind}0") if kind != "county" else ("county", "county/")

    def stream_rows(
        self, cursor: Cursor, statement: str, parameters: Sequence[object]
    ) -> Iterator[StoredRow]:
        """SQLite's cursor fetches as it goes."""
        rows: Iterator[StoredRow] = cursor.execute(statement, parameters)
        return rows

    def close(self) -> None:
        """Close the pool."""
        self.datastore.close()
