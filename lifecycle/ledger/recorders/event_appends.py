"""Appending to the ledger: transactions, batches, and the clock that stamps them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Final, NoReturn

from lifecycle.ledger import machine_clock
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.event_reads import EventReads
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.recorders.work_start import WorkStart
from lifecycle.rejections import StoreError, msg

_DELETE_CLAIM: Final = "DELETE FROM ledger_claims WHERE kind = ? AND value = ? AND stream = ?"
_INSERT_CLAIM: Final = "INSERT INTO ledger_claims VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_INSERT_NUMBER: Final = (
    "INSERT INTO ledger_numbers VALUES (?, ?, ?)"
    " ON CONFLICT (sign, year) DO UPDATE SET counter = EXCLUDED.counter"
)
_INSERT_KEY: Final = "INSERT INTO ledger_keys VALUES (?, ?, ?, ?)"
_INSERT_EVIDENCE: Final = (
    "INSERT INTO ledger_evidence SELECT ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM ledger_evidence WHERE sha256 = ?)"
)


class EventAppends(EventReads):
    """Writes events through a transaction, and what the store keeps beside them."""

    @abstractmethod
    def cursor(self, *, write: bool, is_snapshot: bool = False) -> AbstractContextManager[Cursor]:
        """Open a transaction and give its cursor.

        A write holds the ledger's one write lock and commits; a read rolls back. All statements of
        a snapshot see one state of the store; only a read is one.
        """

    @contextmanager
    def work(self, *, write: bool) -> Iterator[WorkStart]:
        """Open a transaction as `cursor` does, and read what a unit of work begins with."""
        with self.cursor(write=write) as cursor:
            yield WorkStart(cursor, read_head(cursor), self.now())

    @abstractmethod
    def append(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Append a batch within a write transaction, and return the head behind it.

        `head` is the one that it was decided on. Raises `Conflict` unless the ledger still ends
        there.
        """

    def append_last(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """Append as `append` does; nothing follows, so the commit may go with it."""
        return self.append(cursor, batch, head)

    @abstractmethod
    def append_decided(self, cursor: Cursor, batch: AppendBatch, head: Head) -> Head:
        """End the cursor's reading, append a batch in a transaction of its own, and commit it.

        Raises `Conflict` as `append` does, and may where another process is just appending.
        """

    @abstractmethod
    def append_rows(
        self,
        cursor: Cursor,
        rows: Sequence[StoredRow],
        leaves: Sequence[bytes],
        recorded_at: str,
    ) -> None:
        """Append rows and their leaf hashes as they are, and move the head: the owner's own way.

        Nothing is stored beside the events. Raises `Conflict` unless the rows follow the head.
        """

    def append_copied(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Append a batch that another store holds, as it is: the owner's own way."""
        self.append_rows(cursor, batch.rows, batch.leaves, batch.recorded_at)
        self._store_beside(cursor, batch)

    def _store_beside(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Store a batch's keys, claims and numbers, whose rows the login may change."""
        changes = batch.changes
        # Removals first: a stream may have lost a claim here and taken it again.
        for statement, rows in (
            (_INSERT_KEY, batch.keys),
            (_DELETE_CLAIM, changes.lost),
            (_INSERT_CLAIM, changes.taken),
            (_INSERT_NUMBER, changes.numbers),
        ):
            if rows:
                cursor.executemany(self.sql(statement), rows)
        for kept in batch.evidence:
            # The guard rejects a row that is there already, so that it is not even tried.
            cursor.execute(self.sql(_INSERT_EVIDENCE), (*kept, kept.sha256))

    def now(self) -> datetime:
        """Return the present moment by the clock that counts: the machine's, or the server's."""
        return machine_clock.within_calendar(machine_clock.machine_time())

    def now_within(self, _cursor: Cursor) -> datetime:
        """Return the same moment within a transaction, which needs no second connection."""
        return self.now()

    # The library's way in -----------------------------------------------------------------------

    def reject_direct_insert(self) -> NoReturn:
        """Answer the library's `insert_events`, which would append without moving the head.

        Raises `StoreError`: events are recorded through `Ledger` alone.
        """
        raise StoreError(msg("events are recorded through the ledger, not through its recorder"))
