"""A store on SQLite as a file: its connections, transactions and failures."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

from eventsourcing.persistence import PersistenceError
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS
from lifecycle.ledger.recorders.ledger_schema import (
    EVENTS_TABLE,
    SCHEMA_VERSION,
    side_tables,
)
from lifecycle.ledger.recorders.name_index import NAMES_VERSION, fill_name_index
from lifecycle.ledger.recorders.sqlite_durability import (
    READ_ONLY,
    DurablePool,
    failure_template,
    require_durable,
)
from lifecycle.ledger.recorders.sqlite_source import sqlite_source
from lifecycle.ledger.recorders.sqlite_upgrade import upgrade_tables
from lifecycle.rejections import Conflict, StoreError, msg


class SqliteStore(SQLiteApplicationRecorder):
    """The library's recorder on a file, whose write transactions hold the file's lock."""

    sql: Callable[[str], str]

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        tree_hash: str = "",
        origin: str = "",
        for_copy: bool = False,
        lock_seconds: int = LOCK_SECONDS,
    ) -> None:
        self.path = path
        self._lock_seconds = lock_seconds
        self._side_tables = side_tables("sqlite", tree_hash, origin, for_copy=for_copy)
        self._is_current = False
        self._resources, datastore = self._opened(create=create)
        # Other threads may still read what was open before the file was opened again.
        self._resources_before = ExitStack()
        self._opening = Lock()
        super().__init__(datastore, EVENTS_TABLE)

    def _opened(self, *, create: bool) -> tuple[ExitStack, SQLiteDatastore]:
        """Open the file, or a copy of it; both last until the resources are closed."""
        with ExitStack() as resources:
            self.source = resources.enter_context(sqlite_source(self.path, create=create))
            uri = self.source.uri
            seconds = self._lock_seconds
            datastore = SQLiteDatastore(uri, lock_timeout=seconds, originator_id_type="text")
            datastore.pool.close()
            self._pool = datastore.pool = DurablePool(db_name=uri, lock_timeout=seconds)
            resources.callback(datastore.close)
            return resources.pop_all(), datastore

    def close(self) -> None:
        """Close the connections."""
        self._resources_before.close()
        self._resources.close()

    @property
    def may_lack_events(self) -> bool:
        """Whether the file lies alone, write-protected, though a log may have belonged to it."""
        return self.source.may_lack_events

    @property
    def is_behind(self) -> bool:
        """Whether the file has changed since it was copied, or opened without a lock."""
        return self.source.is_behind(self.path)

    @property
    def must_open_again(self) -> bool:
        """Whether it has, and was not copied."""
        return self.is_behind and not self.source.is_copy

    def forget_pages(self) -> None:
        """Read the file again from now on: nothing that connections keep in memory, no old copy.

        Raises `StoreError` where a file that is to be copied is written all the time.
        """
        with self._opening:
            if self.is_behind:
                before = self._resources
                self._resources, self.datastore = self._opened(create=False)
                self._resources_before.close()
                self._resources_before = before
        self._pool.forget_pages()

    @contextmanager
    def cursor(self, *, write: bool, is_snapshot: bool = False) -> Iterator[Cursor]:  # noqa: ARG002 -- in WAL mode every read transaction sees the state of its first read
        """Open a transaction and give its cursor; a write takes the lock at once."""
        with self.store_errors(), self.datastore.get_connection(commit=write) as connection:
            cursor = connection.cursor().sqlite_cursor
            cursor.row_factory = None  # plain tuples, the fastest rows to read
            self.source.require_unchanged(self.path)
            try:
                if write:
                    self.begin_write(cursor)
                else:
                    cursor.execute("BEGIN")
                yield cursor
                if write:
                    self.commit(cursor)
            finally:
                # A scan that was left half way, by an error say, would keep its snapshot on the
                # pooled connection for as long as anything refers to the cursor.
                cursor.close()
                connection.rollback()

    def begin_write(self, cursor: sqlite3.Cursor) -> None:
        """Begin a transaction that holds the lock, and bring an earlier store up to date."""
        self._require_writable()
        require_durable(cursor.connection)
        # IMMEDIATE: to read first and lock later fails once another process wrote in between.
        cursor.execute("BEGIN IMMEDIATE")
        self._upgrade(cursor)

    def commit(self, cursor: sqlite3.Cursor) -> None:
        """Commit to the file that was opened, and to no other in its place."""
        self.source.require_unchanged(self.path)  # a long import takes minutes
        cursor.connection.commit()

    def _require_writable(self) -> None:
        """Raise `StoreError` where only a copy, or an immutable file, is open."""
        if self.source.is_read_only:
            raise StoreError(READ_ONLY, path=self.path, why="attempt to write a readonly database")

    def _upgrade(self, cursor: Cursor) -> None:
        """Give a store of an earlier version today's tables, with its first write."""
        if self._is_current:
            return
        version = read_head(cursor).schema_version
        self._is_current = version == SCHEMA_VERSION
        if self._is_current:
            return
        # Not noted as done: this transaction may be rolled back.
        upgrade_tables(cursor, self._side_tables)
        if version < NAMES_VERSION:
            fill_name_index(cursor, self.sql)

    @contextmanager
    def store_errors(self) -> Iterator[None]:
        """Turn SQLite's errors into `Conflict` or a `StoreError` that says what to do."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise Conflict(msg("another process recorded first ({why})"), why=error) from error
        # A damaged schema may hold text that is no UTF-8.
        except (sqlite3.Error, PersistenceError, UnicodeDecodeError) as error:
            raise StoreError(
                failure_template(str(error), self.path),
                path=self.path,
                why=str(error),
                seconds=self._lock_seconds,
            ) from error
