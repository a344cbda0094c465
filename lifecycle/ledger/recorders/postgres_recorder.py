"""The library's PostgreSQL recorder, made gapless, and appending through the store's function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NoReturn, cast

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.rows import tuple_row

from lifecycle.events import StreamKind
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.machine_clock import within_calendar
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.contact_rows import ContactRow, insert_contacts
from lifecycle.ledger.recorders.database_facts import DatabaseRank
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import (
    ADD_NODE,
    MOVE_HEAD,
    SELECT_HEAD,
    Head,
    advance_head,
    head_behind,
    head_of,
    read_head,
)
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.ledger_schema import (
    CONTACTS_VERSION,
    CREATE_TRIGGER,
    EVENTS_TABLE,
    REPAIRED_TABLES,
    side_tables,
)
from lifecycle.ledger.recorders.login_range import LoginRange, joined_ranges
from lifecycle.ledger.recorders.postgres_append import APPEND, append_parameters
from lifecycle.ledger.recorders.postgres_messages import begin_locked, composed, results_of
from lifecycle.ledger.recorders.postgres_proofs import call_proof_rows, call_signing_facts
from lifecycle.ledger.recorders.postgres_setup import SCHEMA
from lifecycle.ledger.recorders.postgres_store import PostgresStore
from lifecycle.ledger.recorders.proof_rows import NodeGroup, ProofRows
from lifecycle.ledger.recorders.signing_facts import SigningFacts
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.recorders.work_start import WorkStart
from lifecycle.rejections import Conflict, msg

_TARGET: Final = (
    f"{EVENTS_TABLE} (notification_id, originator_id, originator_version, topic, state)"
)
_COPY: Final = f"COPY {_TARGET} FROM STDIN"
_COPY_KEYS: Final = "COPY ledger_keys (key, digest, position, leaf) FROM STDIN"
_SELECT_LAST: Final = f"SELECT MAX(notification_id) FROM {EVENTS_TABLE}"  # noqa: S608 -- a constant
_SELECT_KEYS: Final = "SELECT key, digest, position FROM ledger_keys WHERE key = ANY(%s)"
_KEEP_COPIED: Final = "INSERT INTO ledger_logins (first, last, login) VALUES (%s, %s, '')"
_MAY_READ_CONTACTS: Final = "SELECT has_table_privilege('investor_contacts', 'SELECT')"
_FETCH_ROWS: Final = 5_000


class PostgresRecorder(PostgresStore, LedgerRecorder):
    """The library's PostgreSQL recorder.

    Its table lock lets one writer in at a time, readers always.
    """

    position_column = "notification_id"
    # A range as on SQLite would not do: a database's collation may not order as bytes do.
    kind_condition = "starts_with(originator_id, ?)"

    def login_ranges(self, cursor: Cursor) -> list[LoginRange]:
        """Return which login's sessions appended which positions, in order."""
        if self.schema != SCHEMA:
            return []
        cursor.execute("SELECT first, last, login FROM ledger_logins ORDER BY first")
        return joined_ranges(LoginRange(*row) for row in cursor.fetchall())

    @contextmanager
    def suspend_guards(self, cursor: Cursor) -> Iterator[None]:
        """Disable the triggers on what is repaired, and restore every guard at the end."""
        for table in REPAIRED_TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in REPAIRED_TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for statement in side_tables("postgresql", "", ""):
            if statement.startswith(CREATE_TRIGGER):
                cursor.execute(statement)

    def sql(self, statement: str) -> str:
        """Return the statement with psycopg's parameter style, `%s`."""
        return statement.replace("?", "%s")

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> NoReturn:  # noqa: ARG002 -- the library's signature
        """Reject the library's way in. Raises `StoreError`."""
        self.reject_direct_insert()

    @contextmanager
    def work(self, *, write: bool) -> Iterator[WorkStart]:
        """Open a transaction as `cursor` does; what a unit of work begins with comes along."""
        reads = f"{self._select_now()}; {SELECT_HEAD}"
        with self.transaction(write=write, reads=reads) as cursor:
            *_, moments, head_rows = results_of(cursor)
            head = head_of(cursor, next(iter(head_rows), None))
            yield WorkStart(cursor, head, _in_shanghai(moments[0][0]))

    def append(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Append a batch through the store's function, the only way in for clerks and managers."""
        end = head_behind(batch, head)
        cursor.execute(APPEND, _parameters(batch, head))
        return end

    def append_last(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Append and commit in one message: nobody waits for ours to cross the network twice."""
        end = head_behind(batch, head)
        server_cursor = cast("psycopg.Cursor[Any]", cursor)
        append = composed(server_cursor, APPEND, _parameters(batch, head))
        server_cursor.execute(f"{append}; COMMIT".encode())
        return end

    def append_decided(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Lock, append and commit in one message.

        Raises `Conflict` at once where another holds the lock: its append comes first.
        """
        self.require_upgraded()
        end = head_behind(batch, head)
        server_cursor = cast("psycopg.Cursor[Any]", cursor)
        append = composed(server_cursor, APPEND, _parameters(batch, head))
        try:
            message = f"ROLLBACK; {begin_locked(self.schema)}; {append}; COMMIT"
            server_cursor.execute(message.encode())
        except psycopg.errors.LockNotAvailable:
            raise Conflict(msg("another process recorded first")) from None
        return end

    def append_rows(
        self,
        cursor: Cursor,
        rows: Sequence[StoredRow],
        leaves: Sequence[bytes],
        recorded_at: str,
    ) -> None:
        """Append rows as they are: only the owner of the tables may."""
        head = read_head(cursor)
        cursor.execute(_SELECT_LAST)
        last_stored = cursor.fetchone()[0] or 0
        move = advance_head(head, last_stored, rows, leaves, recorded_at)
        # Positions are given, not taken from the sequence, which leaves a gap at every conflict.
        with cursor.copy(_COPY) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
        cursor.execute(self.sql(MOVE_HEAD), move.parameters)
        if move.completed_nodes:
            cursor.executemany(self.sql(ADD_NODE), move.completed_nodes)
        # No login vouches for who recorded these.
        if rows:
            cursor.execute(_KEEP_COPIED, (rows[0][0], rows[-1][0]))
        self._notify_channel(cursor)  # type: ignore[arg-type]

    def append_copied(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Append a batch that another store holds, as it is; its keys in bulk."""
        self.append_rows(cursor, batch.rows, batch.leaves, batch.recorded_at)
        # One statement for each key took as long as the events.
        with cursor.copy(_COPY_KEYS) as copy:  # type: ignore[attr-defined]
            for key in batch.keys:
                copy.write_row(key)
        self._store_beside(cursor, replace(batch, keys=[]))

    def keep_checkpoint(
        self,
        cursor: Cursor,
        size: int,
        signer: str,
        note: str,
    ) -> None:
        """Store a signed note; only owner and manager may. One that is stored stays."""
        statement = "SELECT lifecycle.ledger_keep_checkpoint(%s, %s, %s)"
        cursor.execute(statement, (size, signer, note))

    def set_signer(self, cursor: Cursor, signer: str) -> None:
        """Store the first signer's public key; only owner and manager may."""
        cursor.execute("SELECT lifecycle.ledger_set_signer(%s)", (signer,))

    def proof_rows(self, cursor: Cursor, groups: Sequence[NodeGroup]) -> ProofRows:
        """Return groups of siblings; a store of 0.1.0 lacks the functions for it."""
        if self.schema != SCHEMA:
            return super().proof_rows(cursor, groups)
        return call_proof_rows(cursor, groups)

    def signing_facts(self, cursor: Cursor) -> SigningFacts:
        """Return what a signature is judged by; a store of 0.1.0 lacks the function for it."""
        if self.schema != SCHEMA:
            return super().signing_facts(cursor)
        return call_signing_facts(cursor)

    def may_read_contacts(self, cursor: Cursor) -> bool:
        """Return whether the login may read the table; where there is none yet, there is no row."""
        if read_head(cursor).schema_version < CONTACTS_VERSION:
            return True
        cursor.execute(_MAY_READ_CONTACTS)
        return bool(cursor.fetchone()[0])

    def set_contact(self, cursor: Cursor, row: ContactRow) -> None:
        """Store a contact in place of the same person's; the server says by whom and when."""
        statement = "SELECT lifecycle.ledger_set_contact(%s, %s, %s, %s, %s)"
        cursor.execute(statement, row[:5])

    def erase_contacts(self, cursor: Cursor, project: str, person: str | None) -> None:
        """Erase a person's row of a project, or for None all."""
        cursor.execute("SELECT lifecycle.ledger_erase_contacts(%s, %s)", (project, person))

    def move_contacts(self, cursor: Cursor, old: str, new: str) -> None:
        """Put a project's contacts under another code."""
        cursor.execute("SELECT lifecycle.ledger_move_contacts(%s, %s)", (old, new))

    def replace_contacts(self, cursor: Cursor, rows: list[ContactRow]) -> None:
        """Put these rows in place of all contacts: only the owner of the table may."""
        cursor.execute("DELETE FROM investor_contacts")
        insert_contacts(cursor, self.sql, rows)

    def known_keys(self, cursor: Cursor, keys: list[str]) -> list[tuple[str, str, int]]:
        """Return the rows of these idempotency keys: key, content digest and position."""
        cursor.execute(_SELECT_KEYS, (keys,))
        return list(cursor.fetchall())

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
        fetch = f"FETCH {_FETCH_ROWS} FROM scan".encode()
        driver = cast("psycopg.Cursor[StoredRow]", cursor)
        # As text, bytes travel as twice as many hexadecimal digits.
        while rows := driver.execute(fetch, binary=True).fetchall():
            yield from rows
        cursor.execute("CLOSE scan")

    def now(self) -> datetime:
        """Return the server's present moment: clerks' machines may differ."""
        with self._store_errors(), self.datastore.get_connection() as connection:
            return self.now_within(connection.cursor(row_factory=tuple_row))

    def now_within(self, cursor: Cursor) -> datetime:
        """Return the same moment within a transaction, which needs no second connection."""
        cursor.execute(self._select_now())
        return _in_shanghai(cursor.fetchone()[0])

    def _select_now(self) -> str:
        # A store of 0.1.0 lacks the function, and is only read.
        function = "lifecycle.ledger_now()" if self.schema == SCHEMA else "clock_timestamp()"
        return f"SELECT {function}"

    def login(self, cursor: Cursor) -> str | None:
        """Return the role that logged in, whatever role it has taken on since."""
        cursor.execute("SELECT session_user")
        role: str = cursor.fetchone()[0]
        return role

    def rank(self, cursor: Cursor) -> DatabaseRank | None:
        """Return what the login is to the store; in a store of 0.1.0, owner or clerk."""
        if self.schema != SCHEMA:
            return "owner" if self.is_owner(cursor) else "clerk"
        cursor.execute("SELECT lifecycle.ledger_rank()")
        rank: DatabaseRank | None = cursor.fetchone()[0]
        return rank

    def roles(self, cursor: Cursor) -> dict[str, str]:
        """Return the store's roles by kind; none where its owner could create none."""
        if self.schema != SCHEMA:
            return {}
        cursor.execute("SELECT kind, role FROM ledger_roles")
        return dict(cursor.fetchall())

    def close(self) -> None:
        """Close the connection pool."""
        self.datastore.close()


def _parameters(batch: AppendBatch, head: Head) -> list[object]:
    return append_parameters(batch, head if head.tree_hash == "sm3" else None)


def _in_shanghai(moment: datetime) -> datetime:
    return within_calendar(moment.astimezone(SHANGHAI))
