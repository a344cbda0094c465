"""What an open store reads back: events, the tree over them, and who is connected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.ledger.recorders.database_facts import DatabaseRank
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow
from lifecycle.ledger.recorders.stream_ranges import StreamRange, stream_ranges
from lifecycle.ledger.unreadable_values import naming_unreadable
from lifecycle.log.merkle_tree import Frontier

_ROWS_AT_A_TIME: Final = 200


class LedgerReader:
    """The reading half of a ledger: nothing here changes the store."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self.recorder = recorder

    def head(self) -> Head:
        """Return where the ledger ends now."""
        with self.recorder.cursor(write=False) as cursor:
            return read_head(cursor)

    def tree(self) -> Frontier:
        """Return the Merkle tree over the whole ledger, as its frontier."""
        return self.head().tree()

    def database_login(self) -> str | None:
        """Return the database role that is connected; None for SQLite, which knows no logins."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.login(cursor)

    def database_rank(self) -> DatabaseRank | None:
        """Return what the login is to a store on PostgreSQL; None for SQLite."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.rank(cursor)

    def may_sign(self) -> bool:
        """Return whether the login may keep checkpoints: on a server, its owner and manager."""
        with self.recorder.cursor(write=False) as cursor:
            login = self.recorder.login(cursor)
            return login is None or self.recorder.rank(cursor) in ("owner", "manager")

    def database_roles(self) -> dict[str, str]:
        """Return the database's roles of the store by kind; none for SQLite."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.roles(cursor)

    def leaves(self, first: int, last: int) -> list[bytes]:
        """Return the leaf hashes from position to position, computed from the stored events."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.leaves(cursor, first, last)

    def history(self, stream: Stream, upto: int | None = None) -> list[RecordedEvent]:
        """Return a stream's events in order, corrections included, up to a position."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.history(cursor, stream, upto)

    def stored_history(self, stream: Stream, upto: int | None = None) -> list[RecordedEvent]:
        """Return a stream's events as `history` does, those that cannot be read among them."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.stored_history(cursor, stream, upto)

    def is_held(self, stream: Stream) -> bool:
        """Return whether a stream has any event, those that were voided included.

        Raises `StoreError` where one is missing.
        """
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.is_begun(cursor, stream)

    @contextmanager
    def rows_of_kind(
        self, kind: StreamKind, upto: int = MAX_POSITION
    ) -> Iterator[Iterator[StoredRow]]:
        """Iterate over the stored rows of all streams of a kind, by stream and version."""
        with self.recorder.cursor(write=False) as cursor, naming_unreadable(self.recorder, upto):
            yield self.recorder.scan(cursor, upto, kind)

    def stream_ranges(
        self, kind: StreamKind, upto: int = MAX_POSITION, *, most_events: int
    ) -> list[StreamRange]:
        """Return the streams of a kind cut into ranges of about so many events."""
        with self.recorder.cursor(write=False) as cursor:
            return list(stream_ranges(self.recorder.stream_sizes(cursor, upto, kind), most_events))

    @contextmanager
    def rows_of_range(
        self, kind: StreamKind, streams: StreamRange, upto: int = MAX_POSITION
    ) -> Iterator[Iterator[StoredRow]]:
        """Iterate over the stored rows of a range of a kind's streams, by stream and version."""
        with self.recorder.cursor(write=False) as cursor, naming_unreadable(self.recorder, upto):
            yield self.recorder.scan_range(cursor, upto, kind, streams)

    @contextmanager
    def rows_of_streams(
        self, stream_ids: Sequence[str], upto: int = MAX_POSITION
    ) -> Iterator[Iterator[StoredRow]]:
        """Iterate over the stored rows of these streams, by stream and version."""
        with self.recorder.cursor(write=False) as cursor, naming_unreadable(self.recorder, upto):
            yield self.recorder.scan_streams(cursor, upto, stream_ids)

    @contextmanager
    def newest_first(self) -> Iterator[Iterator[RecordedEvent]]:
        """Iterate over all events from the last one back, those that cannot be read among them."""
        with self.recorder.cursor(write=False) as cursor:
            yield self._newest_first(cursor)

    def _newest_first(self, cursor: Cursor) -> Iterator[RecordedEvent]:
        last = read_head(cursor).position
        while last > 0:
            first = max(1, last - _ROWS_AT_A_TIME + 1)
            for row in reversed(self.recorder.few_rows(cursor, first, last)):
                yield recorded_or_unreadable(*row)
            last = first - 1

    def changed_streams(self, after: int) -> list[str]:
        """Return the ids of the streams with events after a position."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.changed_streams(cursor, after)

    def position_at(self, known_at: datetime) -> int:
        """Return the last position that counts as recorded at or before a moment."""
        # As they count, record times never fall (see `record_time_rules`): a binary search finds
        # it. As they are stamped, they fall after a wrong clock was corrected.
        with self.recorder.cursor(write=False) as cursor:
            record_times = self.recorder.record_times(cursor)
            low, high = 0, read_head(cursor).position
            while low < high:
                middle = (low + high + 1) // 2
                recorded = self.recorder.event_at(cursor, middle)
                if record_times.moment_of(recorded) <= known_at:
                    low = middle
                else:
                    high = middle - 1
        return low

    def record_times(self) -> RecordTimes:
        """Return the record times that count: every correction of them, whenever recorded."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.record_times(cursor)
