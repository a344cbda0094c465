"""The ledger: the one door through which events are recorded and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self, TypeVar

from lifecycle.late_module import LateModule
from lifecycle.ledger import machine_clock
from lifecycle.ledger.last_work import LastWork
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.ledger_reader import LedgerReader
from lifecycle.ledger.machine_clock import RecordedUntil
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import open_recorder
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS, LedgerRecorder
from lifecycle.log.merkle_tree import HashName
from lifecycle.rejections import Conflict, Problem, Rejected, msg

if TYPE_CHECKING:
    from lifecycle.deciding.drafts import Draft
    from lifecycle.ledger import unit_of_work
    from lifecycle.ledger.unit_of_work import UnitOfWork
else:
    # Whoever only reads decides on nothing.
    unit_of_work = LateModule("lifecycle.ledger.unit_of_work")

T = TypeVar("T")


def _reject(_problem: Problem) -> bool:
    """Trust no unlikely clock: nobody is there to ask."""
    return False


_OPTIMISTIC_ATTEMPTS: Final = 1
"""After this many lost races the next attempt holds the write lock, so that it cannot lose.

Whoever lost one is behind others, and fifty clerks that all try again lose most of their races.
"""
_ATTEMPTS: Final = 20
_LOCKED_AFTER_LOSS: Final = 3
"""So many commands after a lost race hold the lock from their first attempt.

Where many record, all but a few of the attempts without it are in vain.
"""
_CHECK_HOLDS: Final = timedelta(minutes=1)
"""For so long a clock that was right counts as right, unless it goes back: asking costs a look."""


class _UncheckedClockError(Exception):
    """Ends an attempt before anything is decided: the clock is to be asked about first."""


class Ledger(LedgerReader):
    """An open store, and a context manager.

    `clock` is the store's own unless another one is passed in: the machine's, or the database
    server's. Recording checks its own clock; whoever passes one in answers for that clock.
    """

    def __init__(
        self, recorder: LedgerRecorder, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(recorder)
        self.clock = clock or recorder.now
        self.clock_is_right = clock is not None
        """Whether recording trusts the clock, however unlikely its time is."""
        self.confirm_clock: Callable[[Problem], bool] = _reject
        """Answers whether an unlikely clock is right, once asked; asked before a lock is taken."""
        self._checked_at: datetime | None = None
        """When the clock was last held against the ledger, and was right."""
        self._locked_commands = 0
        """How many of the next commands hold the lock from their first attempt."""
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

    # The clock ----------------------------------------------------------------------------------

    def require_right_clock(self) -> None:
        """Raise `Rejected` by the rule `clock` if its time is too unlikely to record by (spec 4).

        Whoever takes long to record asks first, and is not asked again.
        """
        if self.clock_is_right:
            return
        with self.recorder.work(write=False) as (cursor, head, store_now):
            last_witnessed = self.recorder.last_witnessed(cursor, head.position)
        now = self._moment_at(store_now)
        until = RecordedUntil(last_witnessed, head.position == 0)
        problem = machine_clock.clock_problem(now, until)
        if problem is None:
            self._checked_at = now
            return
        if not self.confirm_clock(problem):
            raise Rejected([problem])
        self.clock_is_right = True

    def _is_checked(self, now: datetime) -> bool:
        """Return whether the clock was right, and has gone on since but for a moment."""
        if self.clock_is_right:
            return True
        checked_at = self._checked_at
        return checked_at is not None and timedelta() <= now - checked_at <= _CHECK_HOLDS

    def _moment_at(self, store_now: datetime) -> datetime:
        """Return the clock's moment, which is the store's own unless another clock counts."""
        return store_now if self.clock == self.recorder.now else self.clock()

    def moment(self, cursor: Cursor) -> datetime:
        """Return the clock's moment within a transaction.

        Whoever asked by another connection while holding the lock would keep all others waiting.
        """
        return self._moment_at(self.recorder.now_within(cursor))

    def clock_warning(self) -> Problem | None:
        """Return the warning for a last record time that lies after the clock."""
        return machine_clock.behind_problem(self.clock(), self.head().last_moment)

    # Writing ------------------------------------------------------------------------------------

    def record(self, draft: Draft, author: Author) -> LedgerEntry:
        """Decide on one record and append it. Raises `Rejected`, and then nothing was stored."""

        def record_draft(work: UnitOfWork) -> LedgerEntry:
            return work.record(draft)

        return self.execute(record_draft, author)

    def preview(self, command: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let a command decide on the present state and append nothing: a dry run."""
        with self._begun(author, write=False) as work:
            return command(work)

    def execute(self, command: Callable[[UnitOfWork], T], author: Author) -> T:
        """Let a command decide, then append its events in one transaction.

        Where another process recorded meanwhile, the command runs again on fresh state; so it must
        have no effects but those on its unit of work. Raises `Rejected`, or `Conflict` at last.
        """
        if self._checked_at is None:
            self.require_right_clock()
        optimistic_attempts = 0 if self._locked_commands else _OPTIMISTIC_ATTEMPTS
        self._locked_commands = max(0, self._locked_commands - 1)
        for attempt in range(_ATTEMPTS):
            try:
                return self._attempt(command, author, write=attempt >= optimistic_attempts)
            except Conflict:
                self._locked_commands = _LOCKED_AFTER_LOSS
            except _UncheckedClockError:
                self.require_right_clock()
                # Nothing was decided, so no race was lost: the next attempt is as the first.
                optimistic_attempts += 1
        raise Conflict(
            msg("other processes recorded first, {times} times in a row: try again"),
            times=_ATTEMPTS,
        )

    def _attempt(self, command: Callable[[UnitOfWork], T], author: Author, *, write: bool) -> T:
        """Decide and append; `write` holds the lock meanwhile.

        Raises `Conflict` where the head moved before the append.
        """
        with self._begun(author, write=write) as work:
            if not self._is_checked(work.now):
                # Somebody may be asked: no transaction waits for the answer.
                raise _UncheckedClockError
            self._last_work.hand_over(work)
            outcome = command(work)
            if write:
                work.finish()
            else:
                work.commit()
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
        with self._begun(author, write=True, keep_recorded_at=keep_recorded_at) as work:
            self._last_work.hand_over(work)
            yield work
            work.finish()
        self._last_work.keep(work)

    @contextmanager
    def _begun(
        self, author: Author, *, write: bool, keep_recorded_at: bool = False
    ) -> Iterator[UnitOfWork]:
        with self.recorder.work(write=write) as (cursor, head, now):
            yield unit_of_work.UnitOfWork(
                self.recorder,
                cursor,
                author,
                self._moment_at(now),
                head=head,
                keep_recorded_at=keep_recorded_at,
            )
