"""The recorder interface of the ledger, and the reads that both databases share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import ClassVar, Final, Literal, NoReturn

from lifecycle.deciding.corrections import require_readable
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import COUNTY, RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_from, recorded_or_unreadable, stamp_of_state
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.events.sheet_events import Sheet
from lifecycle.ledger import machine_clock
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.closures import INSERT_CLOSURE, last_closure
from lifecycle.ledger.recorders.database_facts import DatabaseFacts
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE, SCHEMA_VERSION
from lifecycle.ledger.recorders.login_range import LoginRange
from lifecycle.ledger.recorders.stored_rows import (
    MAX_POSITION,
    StoredRow,
    leaves_of,
)
from lifecycle.log.merkle_tree import hash_named
from lifecycle.rejections import Problem, StoreError, msg

LOCK_SECONDS: Final = 30
_MOST_ROWS: Final = 1_000
_SELECT_NODES: Final = (
    "SELECT hash FROM ledger_nodes WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number"
)

_DELETE_CLAIM: Final = "DELETE FROM ledger_claims WHERE kind = ? AND value = ? AND stream = ?"
_INSERT_CLAIM: Final = "INSERT INTO ledger_claims VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_INSERT_NUMBER: Final = (
    "INSERT INTO ledger_numbers VALUES (?, ?, ?)"
    " ON CONFLICT (sign, year) DO UPDATE SET counter = EXCLUDED.counter"
)
# Signing the same tree twice is no error: the note that is stored stays.
_INSERT_CHECKPOINT: Final = "INSERT INTO ledger_checkpoints VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_INSERT_KEY: Final = "INSERT INTO ledger_keys VALUES (?, ?, ?, ?)"
_INSERT_EVIDENCE: Final = (
    "INSERT INTO ledger_evidence SELECT ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM ledger_evidence WHERE sha256 = ?)"
)
_SELECT_EVIDENCE: Final = "SELECT sha256, position FROM ledger_evidence"
_SELECT_UPGRADE: Final = "SELECT position FROM ledger_upgrades WHERE schema_version = ?"


DatabaseRank = Literal["owner", "manager", "clerk", "auditor"]
"""What a login is to a store on PostgreSQL."""


def _tell_nobody(_sessions: Sequence[BlockingSession]) -> None:
    """Tell nobody whose session is waited for."""


_SHEETS_AT_A_TIME: Final = 100


class LedgerRecorder(ABC):
    """What the ledger asks of either database, beside the library's own recorder interface."""

    report_wait: Callable[[Sequence[BlockingSession]], None] = staticmethod(_tell_nobody)
    """Told whose session a write waits for, once it has waited for some seconds."""

    position_column: ClassVar[str]
    """The events table's column of positions."""
    kind_condition: ClassVar[str]
    """The SQL condition for streams of one kind, with places for `kind_parameters`."""

    @property
    def may_lack_events(self) -> bool:
        """Whether what is read may be a copy without the last events: a file without its log."""
        return False

    @abstractmethod
    def create_table(self) -> None:
        """Create the tables of an empty store."""

    @abstractmethod
    def cursor(self, *, write: bool, is_snapshot: bool = False) -> AbstractContextManager[Cursor]:
        """Open a transaction and give its cursor.

        A write holds the ledger's one write lock and commits; a read rolls back. All statements of
        a snapshot see one state of the store; only a read is one.
        """

    @abstractmethod
    def is_owner(self, cursor: Cursor) -> bool:
        """Return whether the login may change the tables' guards, as the store's owner may."""

    @abstractmethod
    def suspend_guards(self, cursor: Cursor) -> AbstractContextManager[None]:
        """Let the block change rows that are never changed otherwise, within a write transaction.

        The guards stand again when it ends, also those that another program had dropped.
        """

    @abstractmethod
    def sql(self, statement: str) -> str:
        """Return a statement written with `?` in the database's own parameter style."""

    @abstractmethod
    def append(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Append a batch within a write transaction, and move the head.

        Raises `Conflict` unless its rows follow the head.
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

    def keep_checkpoint(
        self,
        cursor: Cursor,
        size: int,
        signer: str,
        note: str,
    ) -> None:
        """Store a signed note within a write transaction. One that is stored stays."""
        cursor.execute(self.sql(_INSERT_CHECKPOINT), (size, signer, note))

    def set_signer(self, cursor: Cursor, signer: str) -> None:
        """Store the first signer's public key within a write transaction."""
        cursor.execute(self.sql("UPDATE ledger_head SET signer = ?"), (signer,))

    def repeated_keys(self, cursor: Cursor) -> set[str]:
        """Return the idempotency keys that more than one event bears."""
        cursor.execute("SELECT key FROM ledger_keys GROUP BY key HAVING count(*) > 1")
        return {key for (key,) in cursor.fetchall()}

    @abstractmethod
    def known_keys(self, cursor: Cursor, keys: list[str]) -> list[tuple[str, str, int]]:
        """Return the rows of these idempotency keys: key, content digest and position.

        A key has several where the events that had it before are void.
        """

    @abstractmethod
    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """Return the parameters of `kind_condition`."""

    @abstractmethod
    def stream_rows(
        self,
        cursor: Cursor,
        statement: str,
        parameters: Sequence[object],
    ) -> Iterator[StoredRow]:
        """Iterate over a query's rows without loading them all, the state as bytes."""

    @abstractmethod
    def login(self, cursor: Cursor) -> str | None:
        """Return the database login, None where the database knows none."""

    @abstractmethod
    def rank(self, cursor: Cursor) -> DatabaseRank | None:
        """Return what the login is to the store.

        None on SQLite, where the file's permissions say who may write, and for a login that has
        none of the store's roles.
        """

    @abstractmethod
    def roles(self, cursor: Cursor) -> dict[str, str]:
        """Return the database's roles of the store by kind: manager, clerk, auditor."""

    @abstractmethod
    def upgrade(self, query_tables: Sequence[str]) -> bool:
        """Bring the store's tables and rights up to this version; rows stay.

        `query_tables` are those that an earlier version built beside the store. Returns whether
        there was something to do. Raises `Rejected` unless the login owns the store.
        """

    def login_ranges(self, cursor: Cursor) -> list[LoginRange]:  # noqa: ARG002 -- for the server
        """Return which login's sessions appended which positions; none on SQLite."""
        return []

    @abstractmethod
    def database_facts(self) -> DatabaseFacts:
        """Return what database the store is in."""

    def limits(self) -> list[Problem]:
        """Return what the store's database does not check or keep out, none on SQLite."""
        return []

    def blocking_sessions(self) -> list[BlockingSession]:
        """Return the server's sessions that keep others from appending now; none on SQLite."""
        return []

    def end_blocking_sessions(self) -> list[BlockingSession]:
        """End the sessions that keep others from appending, and return them."""
        return []

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""

    def append_copied(self, cursor: Cursor, batch: AppendBatch) -> None:
        """Append a batch that another store holds, as it is: the owner's own way."""
        self.append_rows(cursor, batch.rows, batch.leaves, batch.recorded_at)
        self._store_beside(cursor, batch)

    def close_to_recording(self, cursor: Cursor, reason: str, decided_at: str) -> None:
        """Let the store take no more events, within a write transaction."""
        self._decide_closure(cursor, reason, decided_at, closed=True)

    def open_to_recording(self, cursor: Cursor, reason: str, decided_at: str) -> None:
        """Let a closed store take events again, within a write transaction."""
        self._decide_closure(cursor, reason, decided_at, closed=False)

    def _decide_closure(
        self, cursor: Cursor, reason: str, decided_at: str, *, closed: bool
    ) -> None:
        last = last_closure(cursor)
        number = 1 if last is None else last.number + 1
        position = read_head(cursor).position
        row = (number, int(closed), position, decided_at, reason)
        cursor.execute(self.sql(INSERT_CLOSURE), row)

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

    # Reading what stands beside the events ------------------------------------------------------

    def kept_evidence(self, cursor: Cursor) -> dict[str, int]:
        """Return the digest of each evidence file that was kept, and the event's position."""
        if read_head(cursor).schema_version < SCHEMA_VERSION:
            return {}
        cursor.execute(_SELECT_EVIDENCE)
        rows: list[tuple[str, int]] = cursor.fetchall()
        return dict(rows)

    def upgraded_at(self, cursor: Cursor) -> int:
        """Return the last position that was recorded before the store had today's tables."""
        head = read_head(cursor)
        if head.schema_version < SCHEMA_VERSION:
            return head.position
        cursor.execute(self.sql(_SELECT_UPGRADE), (SCHEMA_VERSION,))
        row = cursor.fetchone()
        return head.position if row is None else int(row[0])

    def now(self) -> datetime:
        """Return the present moment by the clock that counts: the machine's, or the server's."""
        return machine_clock.within_calendar(machine_clock.machine_time())

    # Reading events -----------------------------------------------------------------------------

    def _select(self, condition: str) -> str:
        columns = f"{self.position_column}, originator_id, originator_version, topic, state"
        return self.sql(f"SELECT {columns} FROM {EVENTS_TABLE} WHERE {condition}")  # noqa: S608 -- constants

    def _select_range(self) -> str:
        position = self.position_column
        return self._select(f"{position} BETWEEN ? AND ? ORDER BY {position}")

    def _select_stream(self) -> str:
        return self._select(
            f"originator_id = ? AND {self.position_column} <= ? ORDER BY originator_version"
        )

    def history(
        self,
        cursor: Cursor,
        stream: Stream,
        upto: int | None = None,
    ) -> list[RecordedEvent]:
        """Return a stream's events in order, corrections included, up to a position.

        Raises `StoreError` where one cannot be read and is not void.
        """
        history = self.stored_history(cursor, stream, upto)
        require_readable(history)
        return history

    def stored_history(
        self,
        cursor: Cursor,
        stream: Stream,
        upto: int | None = None,
    ) -> list[RecordedEvent]:
        """Return a stream's events in order, those that cannot be read among them.

        Raises `StoreError` where one is missing.
        """
        last = MAX_POSITION if upto is None else upto
        cursor.execute(self._select_stream(), (stream.id, last))
        history = [recorded_or_unreadable(*row) for row in cursor.fetchall()]
        # Deciding on a history with a hole would allow what was done already.
        for version, recorded in enumerate(history, start=1):
            if recorded.version != version:
                raise StoreError(
                    msg("event {version} of {stream} is missing: the store is damaged"),
                    version=version,
                    stream=stream.id,
                )
        return history

    def last_position(self, cursor: Cursor) -> int:
        """Return the last position at which an event stands, whatever the head says."""
        cursor.execute(f"SELECT MAX({self.position_column}) FROM {EVENTS_TABLE}")  # noqa: S608 -- constants
        return int(cursor.fetchone()[0] or 0)

    def last_sheet_number(
        self,
        cursor: Cursor,
        event: str,
        year: int,
    ) -> str | None:
        """Return the number of the last sheet of a kind that was issued in a year."""
        statement = self._select(
            f"topic LIKE ? AND {self.position_column} < ?"
            f" ORDER BY {self.position_column} DESC LIMIT {_SHEETS_AT_A_TIME}"
        )
        before = MAX_POSITION
        while True:
            cursor.execute(statement, (f"{event}/%", before))
            rows = cursor.fetchall()
            # Sheets are issued in the order of days, so nearly always the first is of the year.
            for row in rows:
                recorded = recorded_or_unreadable(*row)
                # What cannot be read took no number.
                if isinstance(recorded.event, Sheet) and recorded.event.on.year == year:
                    return recorded.event.number
            if len(rows) < _SHEETS_AT_A_TIME:
                return None
            before = rows[-1][0]

    def row_at(self, cursor: Cursor, position: int) -> StoredRow | None:
        """Return the stored row at a position, None where no event stands there."""
        cursor.execute(self._select(f"{self.position_column} = ?"), (position,))
        row: StoredRow | None = cursor.fetchone()
        return row

    def event_at(self, cursor: Cursor, position: int) -> RecordedEvent:
        """Return the event at a position, whose stamp counts also where its fields are unreadable.

        Raises `StoreError` where none stands there.
        """
        row = self.row_at(cursor, position)
        if row is None:
            raise StoreError(
                msg("the event at position {position} is missing: the store is damaged"),
                position=position,
            )
        return recorded_or_unreadable(*row)

    def record_times(self, cursor: Cursor) -> RecordTimes:
        """Return the record times that count: every correction of them, whenever recorded."""
        statement = self._select("originator_id = ? AND topic LIKE ? ORDER BY originator_version")
        cursor.execute(statement, (COUNTY.id, f"{RecordTimeCorrected.__name__}/%"))
        return RecordTimes.of(recorded_from(*row) for row in cursor.fetchall())

    def last_witnessed(self, cursor: Cursor, last: int) -> datetime | None:
        """Return the last record time up to a position that no import brought, if there is one."""
        position = self.position_column
        statement = self._select(f"{position} BETWEEN ? AND ? ORDER BY {position} DESC")
        # An imported history may be long and all at the end: it is read in growing steps.
        size = 1
        while last > 0:
            cursor.execute(statement, (last - size + 1, last))
            for row_position, stream_id, version, _topic, state in cursor.fetchall():
                stamp = stamp_of_state(row_position, stream_id, version, state)
                if stamp.migrated_at is None:
                    return stamp.recorded_at
            last -= size
            size = min(2 * size, _MOST_ROWS)
        return None

    def between(
        self,
        cursor: Cursor,
        first: int,
        last: int,
    ) -> Iterator[StoredRow]:
        """Iterate over the stored rows from position to position, both included, in order."""
        return self.stream_rows(cursor, self._select_range(), (first, last))

    def scan(
        self,
        cursor: Cursor,
        upto: int,
        kind: StreamKind,
    ) -> Iterator[StoredRow]:
        """Iterate over the rows of all streams of a kind up to a position, stream by stream."""
        statement = self._select(
            f"{self.kind_condition} AND {self.position_column} <= ?"
            " ORDER BY originator_id, originator_version"
        )
        return self.stream_rows(cursor, statement, (*self.kind_parameters(kind), upto))

    def scan_streams(
        self,
        cursor: Cursor,
        upto: int,
        stream_ids: Sequence[str],
    ) -> Iterator[StoredRow]:
        """Iterate over the rows up to a position of these streams, by stream and version."""
        statement = self._select_stream()
        for stream_id in stream_ids:
            yield from self.stream_rows(cursor, statement, (stream_id, upto))

    def changed_streams(self, cursor: Cursor, after: int) -> list[str]:
        """Return the ids of the streams with events after a position."""
        statement = (
            f"SELECT DISTINCT originator_id FROM {EVENTS_TABLE} WHERE {self.position_column} > ?"  # noqa: S608 -- constants
        )
        cursor.execute(self.sql(statement), (after,))
        return [row[0] for row in cursor.fetchall()]

    def few_rows(
        self,
        cursor: Cursor,
        first: int,
        last: int,
    ) -> list[StoredRow]:
        """Return the stored rows of a few events at once, in one exchange with the database."""
        cursor.execute(self._select_range(), (first, last))
        rows: list[StoredRow] = cursor.fetchall()
        return rows

    # Reading the tree ---------------------------------------------------------------------------

    def leaves(
        self,
        cursor: Cursor,
        first: int,
        last: int,
    ) -> list[bytes]:
        """Return the leaf hashes of a few events, computed from what is stored now."""
        hash_ = hash_named(read_head(cursor).tree_hash)
        return leaves_of(self.few_rows(cursor, first, last), hash_)

    def nodes(
        self,
        cursor: Cursor,
        level: int,
        first: int,
        last: int,
    ) -> list[bytes]:
        """Return the hashes of a level's stored nodes, from number to number."""
        cursor.execute(self.sql(_SELECT_NODES), (level, first, last))
        return [bytes(row[0]) for row in cursor.fetchall()]

    # The library's way in -----------------------------------------------------------------------

    def reject_direct_insert(self) -> NoReturn:
        """Answer the library's `insert_events`, which would append without moving the head.

        Raises `StoreError`: events are recorded through `Ledger` alone.
        """
        raise StoreError(msg("events are recorded through the ledger, not through its recorder"))
