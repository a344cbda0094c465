"""The library's SQLite recorder, made durable and gapless."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn, cast

from eventsourcing.persistence import StoredEvent

from lifecycle.events import StreamKind
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.closures import require_open
from lifecycle.ledger.recorders.contact_rows import ContactRow
from lifecycle.ledger.recorders.database_facts import DatabaseFacts
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import (
    ADD_NODE,
    MOVE_HEAD,
    Head,
    HeadMove,
    advance_head,
    read_head,
)
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.ledger_schema import (
    EVENTS_TABLE,
    REPAIRED_TABLES,
)
from lifecycle.ledger.recorders.sqlite_contacts import (
    empty_log,
    moved_contacts,
    replace_sqlite_contacts,
    with_contact,
    without_contacts,
)
from lifecycle.ledger.recorders.sqlite_durability import (
    require_durable,
)
from lifecycle.ledger.recorders.sqlite_source import is_empty_database
from lifecycle.ledger.recorders.sqlite_store import SqliteStore
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.recorders.stream_ranges import StreamSize

_INSERT_EVENT: Final = (
    f"INSERT INTO {EVENTS_TABLE} (rowid, originator_id, originator_version, topic, state)"  # noqa: S608 -- a constant
    " VALUES (?, ?, ?, ?, ?)"
)
_SELECT_KEYS: Final = (
    "SELECT k.key, k.digest, k.position FROM json_each(?) AS asked"
    " CROSS JOIN ledger_keys AS k ON k.key = asked.value"
)
# From the first event of each stream to that of the next: two looks into the primary key for each
# stream, where counting its events would look at all of them.
_SELECT_LAST_VERSIONS: Final = f"""
    WITH RECURSIVE streams(id) AS (
        SELECT MIN(originator_id) FROM {EVENTS_TABLE}
        WHERE originator_id >= ? AND originator_id < ?
        UNION ALL
        SELECT (
            SELECT MIN(originator_id) FROM {EVENTS_TABLE}
            WHERE originator_id > streams.id AND originator_id < ?
        )
        FROM streams WHERE streams.id IS NOT NULL
    )
    SELECT id, (SELECT MAX(originator_version) FROM {EVENTS_TABLE} WHERE originator_id = id)
    FROM streams WHERE id IS NOT NULL
"""  # noqa: S608 -- constants
_SELECT_TRIGGERS: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (?, ?, ?)"
)

_SELECT_SIZE: Final = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"


class SqliteRecorder(SqliteStore, LedgerRecorder):
    """The library's SQLite recorder with explicit positions and one writer at a time."""

    position_column = "rowid"
    kind_condition = "originator_id >= ? AND originator_id < ?"  # a range of the primary key

    def construct_create_table_statements(self) -> list[str]:
        """Return the library's statements for the events table, and ours for the side tables."""
        return [*super().construct_create_table_statements(), *self._side_tables]

    def create_table(self) -> None:
        """Create the tables of an empty store."""
        if self.path.exists() and not is_empty_database(self.path):
            # A store of a newer version is left as it is.
            with self.cursor(write=False) as cursor:
                read_head(cursor)
        with self.store_errors():
            with self.datastore.get_connection(commit=False) as connection:
                require_durable(connection.cursor().sqlite_cursor.connection)
            super().create_table()

    def is_owner(self, cursor: Cursor) -> bool:  # noqa: ARG002 -- the interface's signature
        """Return True: whoever may write the file may change all of it."""
        return True

    @contextmanager
    def suspend_guards(self, cursor: Cursor) -> Iterator[None]:
        """Drop the triggers on what is repaired, and create every guard again at the end."""
        cursor.execute(_SELECT_TRIGGERS, REPAIRED_TABLES)
        for (name,) in cursor.fetchall():
            quoted = name.replace('"', '""')
            cursor.execute(f'DROP TRIGGER "{quoted}"')
        yield
        for statement in self._side_tables:
            if statement.startswith("CREATE TRIGGER"):
                cursor.execute(statement)

    def sql(self, statement: str) -> str:
        """Return the statement as it is: SQLite's parameter style is `?`."""
        return statement

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> NoReturn:  # noqa: ARG002 -- the library's signature
        """Reject the library's way in. Raises `StoreError`."""
        self.reject_direct_insert()

    def append(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:  # noqa: ARG002 -- the file is locked, and its head is read
        """Append a batch's events, move the head, and store what stands beside the events."""
        require_open(cursor)
        stored_head = read_head(cursor)
        move = self._append_behind(cursor, stored_head, batch.rows, batch.leaves, batch.recorded_at)
        self._store_beside(cursor, batch)
        return stored_head.moved(move)

    def append_decided(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Append in a transaction of the same connection that waits for the lock."""
        file_cursor = cast("sqlite3.Cursor", cursor)
        file_cursor.execute("ROLLBACK")
        self.begin_write(file_cursor)
        end = self.append(file_cursor, batch, head)
        self.commit(file_cursor)
        return end

    def append_rows(
        self,
        cursor: Cursor,
        rows: Sequence[StoredRow],
        leaves: Sequence[bytes],
        recorded_at: str,
    ) -> None:
        """Append at the positions that follow the head, and move the head."""
        self._append_behind(cursor, read_head(cursor), rows, leaves, recorded_at)

    def _append_behind(
        self,
        cursor: Cursor,
        head: Head,
        rows: Sequence[StoredRow],
        leaves: Sequence[bytes],
        recorded_at: str,
    ) -> HeadMove:
        cursor.execute(self.select_max_notification_id_statement)
        last_stored = cursor.fetchone()[0] or 0
        move = advance_head(head, last_stored, rows, leaves, recorded_at)
        # The rowid is given, not assigned: SQLite would use a deleted top id again.
        cursor.executemany(_INSERT_EVENT, rows)
        cursor.execute(MOVE_HEAD, move.parameters)
        cursor.executemany(ADD_NODE, move.completed_nodes)
        return move

    def known_keys(self, cursor: Cursor, keys: list[str]) -> list[tuple[str, str, int]]:
        """Return the rows of these idempotency keys: key, content digest and position."""
        # CROSS JOIN fixes the order: SQLite would scan all keys and look each up in the JSON.
        cursor.execute(_SELECT_KEYS, (json.dumps(keys),))
        return list(cursor.fetchall())

    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """Return the first possible stream id of the kind, and the end that it excludes."""
        if kind == "county":
            return ("county", "county/")  # the only stream of its kind, without a name
        return (kind, f"{kind}0")  # ids begin with `kind/`, and "0" follows "/" in ASCII

    def stream_sizes(
        self,
        cursor: Cursor,
        upto: int,
        kind: StreamKind,
    ) -> Iterator[StreamSize]:
        """Iterate over the streams of a kind with their numbers of events, in `scan`'s order."""
        cursor.execute(self.select_max_notification_id_statement)
        last_stored = cursor.fetchone()[0] or 0
        if upto < last_stored:
            yield from super().stream_sizes(cursor, upto, kind)
            return
        # Up to the end a stream has as many events as its last version says.
        first, end = self.kind_parameters(kind)
        cursor.execute(_SELECT_LAST_VERSIONS, (first, end, end))
        yield from cursor.fetchall()

    def stream_rows(
        self,
        cursor: Cursor,
        statement: str,
        parameters: Sequence[object],
    ) -> Iterator[StoredRow]:
        """Iterate over a query's rows; SQLite's cursor fetches as it goes."""
        rows: Iterator[StoredRow] = cursor.execute(statement, parameters)
        return rows

    def may_read_contacts(self, cursor: Cursor) -> bool:  # noqa: ARG002 -- the interface's signature
        """Return True: whoever reads the file reads all of it."""
        return True

    def set_contact(self, cursor: Cursor, row: ContactRow) -> None:
        """Store a contact in place of the same person's. Raises `StoreError` in a closed store."""
        require_open(cursor)
        self.replace_contacts(cursor, with_contact(cursor, row))

    def erase_contacts(self, cursor: Cursor, project: str, person: str | None) -> None:
        """Erase a person's row of a project, or for None all."""
        self.replace_contacts(cursor, without_contacts(cursor, project, person))

    def move_contacts(self, cursor: Cursor, old: str, new: str) -> None:
        """Put a project's contacts under another code."""
        self.replace_contacts(cursor, moved_contacts(cursor, old, new))

    def replace_contacts(self, cursor: Cursor, rows: list[ContactRow]) -> None:
        """Put these rows in place of all contacts."""
        replace_sqlite_contacts(cursor, rows)

    def clear_former_contacts(self) -> bool:
        """Empty the log; False where another process still reads from it."""
        with self.store_errors(), self.datastore.get_connection(commit=False) as connection:
            return empty_log(connection.cursor().sqlite_cursor.connection)

    def login(self, cursor: Cursor) -> None:  # noqa: ARG002 -- the interface's signature
        """Return None: SQLite knows no logins."""
        return

    def rank(self, cursor: Cursor) -> None:  # noqa: ARG002 -- the interface's signature
        """Return None: the file's permissions say who may write."""
        return

    def roles(self, cursor: Cursor) -> dict[str, str]:  # noqa: ARG002 -- the interface's signature
        """Return no roles: SQLite has none."""
        return {}

    def upgrade(self, query_tables: Sequence[str]) -> bool:  # noqa: ARG002 -- the interface's signature
        """Do nothing: a file is upgraded by its first write."""
        return False

    def stored_size(self, cursor: Cursor) -> int:
        """Return the size of the file once its write-ahead log is in it."""
        cursor.execute(_SELECT_SIZE)
        return int(cursor.fetchone()[0])

    def database_facts(self) -> DatabaseFacts:
        """Return the version of the SQLite library, and the file's encoding."""
        with self.cursor(write=False) as cursor:
            cursor.execute("PRAGMA encoding")
            encoding = str(cursor.fetchone()[0])
        return DatabaseFacts("SQLite", sqlite3.sqlite_version, encoding, is_pooled=False)
