"""The members of a region as a server keeps them: verified again as ledgers change (spec 8)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple, Self

from commands.handlers.member_ledgers import ReportWait, report_nothing
from commands.handlers.member_looks import LookMoment, MemberState, age_problem
from commands.handlers.region_file import RegionMember
from commands.handlers.watched_ledger import WatchedLedger, verify_together
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.part_engine import EngineChoice, this_process

HOLD: Final = 5.0
"""Seconds between two looks at whether ledgers have changed."""
_RETRY: Final = 60.0
"""Seconds between two attempts to open what could not be opened: a server's address may hang."""
_VERIFY: Final = 600.0
"""Seconds between two verifications of everything: not every edit shows from outside."""
_SHARE: Final = 20
"""Verifying everything takes at most one of so many seconds, however large a region is."""
_PATIENCE: Final = 2.0
"""Seconds for which a page waits for a look, before it shows what the last one gave."""


class MembersNow(NamedTuple):
    """The members as of the last look at them.

    `generation` grows with each look that verified something; `verified_at` says when all were
    last verified, `aged` which of them are too old by now.
    """

    states: tuple[MemberState, ...]
    generation: int
    verified_at: datetime
    aged: frozenset[str]


def _finished() -> Future[None]:
    """Return a look that is over."""
    look: Future[None] = Future()
    look.set_result(None)
    return look


class WatchedMembers:
    """Members' ledgers that stay open, and a context manager; safe for threads.

    `clock` says when it is now. `choose_engine` returns what first verifies so many events; later
    they are verified in this process, which has threads by then. `report_done` is called with 1 for
    each that was first verified, `report_wait` is told which ledger is waited for.
    """

    def __init__(
        self,
        members: Sequence[RegionMember],
        clock: Callable[[], datetime],
        *,
        hold: float = HOLD,
        choose_engine: EngineChoice = this_process,
        report_done: Progress = ignore_progress,
        report_wait: ReportWait = report_nothing,
    ) -> None:
        self._clock = clock
        self._hold = hold
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, "members")
        self._look = self._verification = _finished()
        self._verified_at = clock()
        self._ledgers = [WatchedLedger(member, report_wait) for member in members]
        # Now, as processes are forked only where no other thread is yet.
        verify_together(self._ledgers, choose_engine)
        for ledger in self._ledgers:
            # Asking for it verifies it, where no engine did.
            assert ledger.state.member is ledger.member
            report_done(1)
        self._generation = 0
        self._next_look = self._next_retry = self._next_verification = 0.0
        self._plan_verification(_VERIFY)
        self._now = self._as_of_now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown()
        for ledger in self._ledgers:
            ledger.close()

    def now(self) -> MembersNow:
        """Return the members, looked at again if the last look is some seconds old.

        A look that takes longer goes on while the last one's outcome is returned. Raises what the
        look raised.
        """
        with self._lock:
            look = self._look
            if look.done() and time.monotonic() >= self._next_look:
                verify = time.monotonic() >= self._next_verification
                look = self._look = self._worker.submit(self._look_again, verify=verify)
        if not look.done():
            with suppress(TimeoutError):
                look.result(_PATIENCE)
        return self._now

    def verify(self) -> None:
        """Verify every member now; readers who ask at the same time share one verification."""
        with self._lock:
            if self._verification.done():
                self._verification = self._worker.submit(self._look_again, verify=True)
                self._look = self._verification
            verification = self._verification
        verification.result()

    def _look_again(self, *, verify: bool) -> None:
        begun, begun_at = time.monotonic(), self._clock()
        retry = begun >= self._next_retry
        changed = [each.refresh(verify=verify, retry=retry) for each in self._ledgers]
        if any(changed):
            self._generation += 1
        if retry:
            self._next_retry = time.monotonic() + _RETRY
        if verify:
            self._verified_at = begun_at
            self._plan_verification(_SHARE * (time.monotonic() - begun))
        self._now = self._as_of_now()
        self._next_look = time.monotonic() + self._hold

    def _plan_verification(self, least_seconds: float) -> None:
        self._next_verification = time.monotonic() + max(_VERIFY, least_seconds)

    def _as_of_now(self) -> MembersNow:
        states = tuple(each.state for each in self._ledgers)
        moment = LookMoment(self._clock())
        aged = set()
        for state in states:
            if state.tree is not None and age_problem(state.member, state.tree, moment):
                aged.add(state.member.unit)
        return MembersNow(states, self._generation, self._verified_at, frozenset(aged))
