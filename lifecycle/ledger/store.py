"""The ledger: the one door through which events are recorded and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Self, TypeVar

from lifecycle.deciding.drafts import Draft
from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.recorders import open_recorder
from lifecycle.ledger.recorders.ledger_recorder import (
    MAX_POSITION,
    Head,
    LedgerRecorder,
    StoredRow,
    read_head,
)
from lifecycle.ledger.unit_of_work import Author, LedgerEntry, UnitOfWork
from lifecycle.log.merkle_tree import Frontier, HashName
from lifecycle.rejections import Conflict, msg

T = TypeVar("T")
_OPTIMISTIC: Final = 5
_ATTEMPTS: Final = 20


def system_clock() -> datetime:
    """The present moment, Asia/Shanghai."""
    return datetime.now(SHANGHAI)


class Ledger:
    """An open store, and a context manager. `clock` is passed in: nothing inside asks the machine for the time."""

    def __init__(
        self, recorder: LedgerRecorder, clock: Callable[[], datetime] = system_clock
    ) -> None:
        self.recorder = recorder
        self.clock = clock

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        tree_hash: HashName = "sha256",
        clock: Callable[[], datetime] = system_clock,
    ) -> Ledger:
        """Open the store at a SQLAlchemy URL, making it where `create` says so. Raises `StoreError`."""
        ledger = cls(open_recorder(url, create=create, tree_hash=tree_hash), clock)
        ledger.head()
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store's connections."""
        self.recorder.close()

    # Reading ----------------------------------------------------------------------------------------------------------

    def head(self) -> Head:
        """Where the ledger ends now."""
        with self.recorder.cursor(write=False) as cursor:
            return read_head(cursor)

    def tree(self) -> Frontier:
        """The Merkle tree over the whole ledger, as its frontier."""
        return self.head().tree()

    def database_login(self) -> str | None:
        """The database's role that is connected; None for a file, which knows nobody."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.login(cursor)

    def database_roles(self) -> list[str]:
        """The database's roles for clerks and auditors; none for a file."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.roles(cursor)

    def leaves(self, first: int, last: int) -> list[bytes]:
        """The leaf hashes of the events from position to position, made from what is stored."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.leaves(cursor, first, last)

    def history(self, stream: Stream, upto: int | None = None) -> list[RecordedEvent]:
        """Every event of a stream, corrections too, in order, up to a position."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.history(cursor, stream, upto)

    @contextmanager
    def rows_of_kind(
        self, kind: StreamKind, upto: int = MAX_POSITION
    ) -> Iterator[Iterator[StoredRow]]:
        """Stored rows of all streams of a kind, by stream and version, up to a position: what folds read."""
        with self.recorder.cursor(write=False) as cursor:
            yield self.recorder.scan(cursor, upto, kind)

    @contextmanager
    def rows_of_streams(
        self, streams: Sequence[str], upto: int = MAX_POSITION
    ) -> Iterator[Iterator[StoredRow]]:
        """Stored rows of the streams named by their ids."""
        with self.recorder.cursor(write=False) as cursor:
            yield self.recorder.scan_streams(cursor, upto, streams)

    def changed_streams(self, after: int) -> list[str]:
        """The ids of the streams with events behind a position."""
        with self.recorder.cursor(write=False) as cursor:
            return self.recorder.streams_behind(cursor, after)

    def position_at(self, known_at: datetime) -> int:
        """The last position recorded at or before a moment; record times never fall, so it is found by halving."""
        with self.recorder.cursor(write=False) as cursor:
            low, high = 0, read_head(cursor).position
            while low < high:
                middle = (low + high + 1) // 2
                if self.recorder.at(cursor, middle).stamp.recorded_at <= known_at:
                    low = middle
                else:
                    high = middle - 1
        return low

    # Writing ----------------------------------------------------------------------------------------------------------

    def record(self, draft: Draft, author: Author) -> LedgerEntry:
        """Decide on one record and append it. Raises `Refused`, and then nothing was stored."""
        return self.execute(lambda work: work.record(draft), author)

    def preview(self, act: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let `act` decide on the present view, and append nothing: what would be recorded."""
        with self.recorder.cursor(write=False) as cursor:
            return act(UnitOfWork(self.recorder, cursor, author, self.clock()))

    def execute(self, act: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let `act` decide, then append; a lost race is decided again on fresh state, at last holding the write lock."""
        for attempt in range(_ATTEMPTS):
            try:
                if attempt >= _OPTIMISTIC:
                    with self.unit_of_work(author) as work:
                        return act(work)
                with self.recorder.cursor(write=False) as cursor:
                    work = UnitOfWork(self.recorder, cursor, author, self.clock())
                    outcome = act(work)
                if work.waiting:
                    with self.recorder.cursor(write=True) as cursor:
                        work.commit(cursor)
            except Conflict:
                continue
            return outcome
        raise Conflict(
            msg("other processes recorded first {times} times: try again"), times=_ATTEMPTS
        )

    @contextmanager
    def unit_of_work(
        self, author: Author, *, keep_recorded_at: bool = False
    ) -> Iterator[UnitOfWork]:
        """A session that holds the write lock: what it records is appended together, or, if it raises, not at all."""
        with self.recorder.cursor(write=True) as cursor:
            work = UnitOfWork(
                self.recorder, cursor, author, self.clock(), keep_recorded_at=keep_recorded_at
            )
            yield work
            work.flush()
