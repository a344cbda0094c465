"""The reads of events and tree that both databases share: each gives only its own SQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Final

from lifecycle.deciding.corrections import require_readable
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import COUNTY, RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_from, recorded_or_unreadable, stamp_of_state
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE
from lifecycle.ledger.recorders.sheet_rows import sheet_number_in
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow, in_parts, leaves_of
from lifecycle.ledger.recorders.stream_ranges import StreamRange, StreamSize
from lifecycle.log.merkle_tree import hash_named
from lifecycle.rejections import StoreError, msg

_MOST_ROWS: Final = 1_000
_SELECT_NODES: Final = (
    "SELECT hash FROM ledger_nodes WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number"
)
_SHEETS_AT_A_TIME: Final = 100
# Any version counts: a stream whose first event is missing is not new but damaged.
_SELECT_BEGUN: Final = f"SELECT DISTINCT originator_id FROM {EVENTS_TABLE}"  # noqa: S608 -- constants
_SELECT_SIZE: Final = (
    f"SELECT COUNT(*), MAX(originator_version) FROM {EVENTS_TABLE} WHERE originator_id = ?"  # noqa: S608 -- constants
)


class EventReads(ABC):
    """Reads events and tree through a cursor, in the SQL of either database."""

    position_column: ClassVar[str]
    """The events table's column of positions."""
    kind_condition: ClassVar[str]
    """The SQL condition for streams of one kind, with places for `kind_parameters`."""

    @abstractmethod
    def sql(self, statement: str) -> str:
        """Return a statement written with `?` in the database's own parameter style."""

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

    def _select(self, condition: str) -> str:
        columns = f"{self.position_column}, originator_id, originator_version, topic, state"
        return self.sql(f"SELECT {columns} FROM {EVENTS_TABLE} WHERE {condition}")  # noqa: S608 -- constants

    def _select_range(self) -> str:
        position = self.position_column
        return self._select(f"{position} BETWEEN ? AND ? ORDER BY {position}")

    def _select_stream(self) -> str:
        # The sum keeps PostgreSQL from the index of positions: without statistics, in a long
        # import, it walked through all of them for each stream.
        return self._select(
            f"originator_id = ? AND {self.position_column} + 0 <= ? ORDER BY originator_version"
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

    def is_begun(self, cursor: Cursor, stream: Stream) -> bool:
        """Return whether a stream has an event. Raises `StoreError` where one is missing."""
        cursor.execute(self.sql(_SELECT_SIZE), (stream.id,))
        count, last_version = cursor.fetchone()
        if count and count != last_version:
            self.stored_history(cursor, stream)
        return bool(count)

    def begun_streams(self, cursor: Cursor, stream_ids: Sequence[str]) -> set[str]:
        """Return which of the streams have an event."""
        begun: set[str] = set()
        for part in in_parts(stream_ids):
            places = ", ".join("?" * len(part))
            statement = f"{_SELECT_BEGUN} WHERE originator_id IN ({places})"
            cursor.execute(self.sql(statement), part)
            begun.update(stream_id for (stream_id,) in cursor.fetchall())
        return begun

    def last_position(self, cursor: Cursor) -> int:
        """Return the last position at which an event stands, whatever the head says."""
        cursor.execute(f"SELECT MAX({self.position_column}) FROM {EVENTS_TABLE}")  # noqa: S608 -- constants
        return int(cursor.fetchone()[0] or 0)

    def last_sheet_number(
        self,
        cursor: Cursor,
        event: str,
        year: int,
        upto: int,
    ) -> str | None:
        """Return the number of the last sheet of a kind that was issued in a year.

        Only events up to a position count.
        """
        statement = self._select(
            f"topic LIKE ? AND {self.position_column} < ?"
            f" ORDER BY {self.position_column} DESC LIMIT {_SHEETS_AT_A_TIME}"
        )
        before = upto + 1
        while True:
            cursor.execute(statement, (f"{event}/%", before))
            rows = cursor.fetchall()
            # Sheets are issued in the order of days, so nearly always the first is of the year.
            for row in rows:
                number = sheet_number_in(year, row)
                if number is not None:
                    return number
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

    def stream_sizes(
        self,
        cursor: Cursor,
        upto: int,
        kind: StreamKind,
    ) -> Iterator[StreamSize]:
        """Iterate over the streams of a kind with their numbers of events, in `scan`'s order."""
        statement = self.sql(
            f"SELECT originator_id, COUNT(*) FROM {EVENTS_TABLE}"  # noqa: S608 -- constants
            f" WHERE {self.kind_condition} AND {self.position_column} <= ?"
            " GROUP BY originator_id ORDER BY originator_id"
        )
        cursor.execute(statement, (*self.kind_parameters(kind), upto))
        yield from cursor.fetchall()

    def scan_range(
        self,
        cursor: Cursor,
        upto: int,
        kind: StreamKind,
        streams: StreamRange,
    ) -> Iterator[StoredRow]:
        """Iterate over the rows of a range of a kind's streams up to a position, as `scan` does."""
        statement = self._select(
            f"{self.kind_condition} AND originator_id BETWEEN ? AND ?"
            f" AND {self.position_column} <= ? ORDER BY originator_id, originator_version"
        )
        parameters = (*self.kind_parameters(kind), streams.first, streams.last, upto)
        return self.stream_rows(cursor, statement, parameters)

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
        # The empty text keeps SQLite from the index of streams, which it would walk through whole.
        statement = (
            f"SELECT DISTINCT originator_id || '' FROM {EVENTS_TABLE}"  # noqa: S608 -- constants
            f" WHERE {self.position_column} > ?"
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
