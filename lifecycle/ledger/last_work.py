"""The last unit of work of a process: the next one goes on from what it knows."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle.ledger.unit_of_work import UnitOfWork


class LastWork:
    """Keeps one unit of work whose events are stored, for the next to take over its states.

    Otherwise each commit would read again the histories of the streams that it is about.
    """

    def __init__(self) -> None:
        # A queue, so that of two threads only one takes it.
        self._last: deque[UnitOfWork] = deque(maxlen=1)

    def hand_over(self, work: UnitOfWork) -> None:
        """Let a unit of work know what the last one knew, if nothing was recorded since.

        The last one is given away: what fails from here on may leave states behind that were moved
        by events which were never stored.
        """
        with suppress(IndexError):  # there is none, or another thread took it
            last = self._last.pop()
            # The tree's frontier is part of the head: the same head means the same history.
            if last.end == work.head and not last.pending_count:
                work.go_on_from(last)

    def keep(self, work: UnitOfWork) -> None:
        """Keep a unit of work whose events, if it has any, are stored."""
        self._last.append(work)
