"""The ledger: the one door through which events are recorded and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Self, TypeVar

from lifecycle.deciding.drafts import Draft
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.ledger import machine_clock
from lifecycle.ledger.last_work import LastWork
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.machine_clock import RecordedUntil
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import open_recorder
from lifecycle.ledger.recorders.database_facts import DatabaseRank
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS, LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow
from lifecycle.ledger.recorders.stream_ranges import StreamRange, stream_ranges
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.ledger.unreadable_values import naming_unreadable
from lifecycle.log.merkle_tree import Frontier, HashName
from lifecycle.rejections import Conflict, Problem, Rejected, msg

T = TypeVar("T")


def _reject(_problem: Problem) -> bool:
    """Trust no unlikely clock: nobody is there to ask."""
    return False


_OPTIMISTIC_ATTEMPTS: Final = 5
"""After this many lost races the next attempt holds the write lock, so that it cannot lose."""
_ATTEMPTS: Final = 20
_ROWS_AT_A_TIME: Final = 200


class Ledger:
    """An open store, and a context manager.

    `clock` is the store's own unless another one is passed in: the machine's, or the database
    server's. Recording checks its own clock; whoever passes one in answers for that clock.
    """

    def __init__(
        self, recorder: LedgerRecorder, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.recorder = recorder
        self.clock = clock or recorder.now
        self.clock_is_right = clock is not None
        """Whether recording trusts the clock, however unlikely its time is."""
        self.confirm_clock: Callable[[Problem], bool] = _reject
        """Answers whether an unlikely clock is right, once asked; asked before a lock is taken."""
        self.url: str | None = None
        """Where another process of this machine opens the same store, if it can."""
        self._last_work = LastWork()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        tree_hash: HashName = "sha256",
        clock: Callable[[], datetime] | None = None,
        lock_seconds: int = LOCK_SECONDS,
    ) -> Ledger:
        """Open the store at a SQLAlchemy URL; `create` makes its tables.

        A file that another process has locked is waited for up to `lock_seconds`. Raises
        `StoreError`.
        """
        recorder = open_recorder(url, create=create, tree_hash=tree_hash, lock_seconds=lock_seconds)
        ledger = cls(recorder, clock)
        ledger.url = url
        try:
            ledger.head()  # a store that cannot be read fails here, not at its first use
        except BaseException:
            ledger.close()
            raise
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store's connections."""
        self.recorder.close()

    # Reading ------------------------------------------------------------------------------------

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

    def require_right_clock(self) -> None:
        """Raise `Rejected` by the rule `clock` if its time is too unlikely to record by (spec 4).

        Whoever takes long to record asks first, and is not asked again.
        """
        if self.clock_is_right:
            return
        now = self.clock()
        with self.recorder.cursor(write=False) as cursor:
            position = read_head(cursor).position
            last_witnessed = self.recorder.last_witnessed(cursor, position)
        problem = machine_clock.clock_problem(now, RecordedUntil(last_witnessed, position == 0))
        if problem is None:
            return
        if not self.confirm_clock(problem):
            raise Rejected([problem])
        self.clock_is_right = True

    def clock_warning(self) -> Problem | None:
        """Return the warning for a last record time that lies after the clock."""
        recorded_at = self.head().recorded_at
        last = datetime.fromisoformat(recorded_at) if recorded_at else None
        return machine_clock.behind_problem(self.clock(), last)

    # Writing ------------------------------------------------------------------------------------

    def record(self, draft: Draft, author: Author) -> LedgerEntry:
        """Decide on one record and append it. Raises `Rejected`, and then nothing was stored."""

        def record_draft(work: UnitOfWork) -> LedgerEntry:
            return work.record(draft)

        return self.execute(record_draft, author)

    def preview(self, command: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let a command decide on the present state and append nothing: a dry run."""
        with self.recorder.cursor(write=False) as cursor:
            return command(UnitOfWork(self.recorder, cursor, author, self.clock()))

    def execute(self, command: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let a command decide, then append its events in one transaction.

        Where another process recorded meanwhile, the command runs again on fresh state; so it must
        have no effects but those on its unit of work. Raises `Rejected`, or `Conflict` at last.
        """
        self.require_right_clock()
        for attempt in range(_ATTEMPTS):
            try:
                if attempt < _OPTIMISTIC_ATTEMPTS:
                    return self._execute_optimistically(command, author)
                with self.unit_of_work(author) as work:
                    return command(work)
            except Conflict:
                continue
        raise Conflict(
            msg("other processes recorded first, {times} times in a row: try again"),
            times=_ATTEMPTS,
        )

    def _execute_optimistically(self, command: Callable[[UnitOfWork], T], author: Author) -> T:
        """Decide without a lock. Raises `Conflict` where the head moved before the append."""
        now = self.clock()  # under the cursor, a server's clock would take a second connection
        with self.recorder.cursor(write=False) as cursor:
            work = UnitOfWork(self.recorder, cursor, author, now)
            self._last_work.hand_over(work)
            outcome = command(work)
        if work.pending_count:
            with self.recorder.cursor(write=True) as cursor:
                work.commit(cursor)
        self._last_work.keep(work)
        return outcome

    @contextmanager
    def unit_of_work(
        self, author: Author, *, keep_recorded_at: bool = False
    ) -> Iterator[UnitOfWork]:
        """Open a unit of work that holds the write lock.

        What it records is appended together at the end, or, if the block raises, not at all.
        """
        if not keep_recorded_at:  # a migration brings its own times
            self.require_right_clock()
        with self.recorder.cursor(write=True) as cursor:
            work = UnitOfWork(
                self.recorder, cursor, author, self.clock(), keep_recorded_at=keep_recorded_at
            )
            self._last_work.hand_over(work)
            yield work
            work.flush()
        self._last_work.keep(work)
