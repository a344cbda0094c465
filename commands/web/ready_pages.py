"""Pages that are made again as the ledger grows, so that their readers need not wait for that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from threading import Lock
from typing import Final

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool

from commands.web.county_views import CountyViews
from lifecycle.ledger.store import Ledger

# The last that were asked for: of the roles, and of units with an account.
_MOST_PAGES: Final = 32
# Seconds between two looks at whether the ledger has grown, while nobody reads.
_LOOK_SECONDS: Final = 1.0
# Making pages takes at most one of so many seconds, however large the ledger is and however much is
# recorded: the readers of other pages wait meanwhile, and an import needs the processor.
_SHARE: Final = 20


class ReadyPages:
    """Makes pages again once the ledger has grown, or the day is another; safe for threads.

    As long as readers share a position the pages stay there. After that the ledger's end is looked
    at each second, and whoever reads next looks again: a page that is ready is shown only where
    nothing was recorded since.
    """

    def __init__(self, ledger: Ledger, counties: CountyViews) -> None:
        self._ledger = ledger
        self._counties = counties
        self._lock = Lock()
        self._pages: LRUCache[Hashable, Callable[[], None]] = LRUCache(_MOST_PAGES)
        self._made_for: Hashable = None
        self._rests_until = 0.0

    def keep(self, page: Hashable, make: Callable[[], None]) -> None:
        """Make a page from now on, unless more recent ones take its place."""
        with self._lock:
            self._pages[page] = make

    @asynccontextmanager
    async def kept_ready(self) -> AsyncIterator[None]:
        """Make pages in the background as long as the context lasts."""
        making = asyncio.create_task(self._make_for_ever())
        try:
            yield
        finally:
            making.cancel()
            with suppress(asyncio.CancelledError):
                await making

    async def _make_for_ever(self) -> None:
        while True:
            pause = self.pause()
            if pause > 0:
                await asyncio.sleep(pause)
            else:
                await run_in_threadpool(self.make)

    def pause(self) -> float:
        """How many seconds it is until pages are to be made; zero or less where it is now."""
        rest = self._rests_until - time.monotonic()
        return max(rest, self._counties.seconds_held())

    def make(self) -> None:
        """Make the pages for the ledger's end, unless they were made for it."""
        begun = time.monotonic()
        with self._lock:
            makers = list(self._pages.values())
        # Whoever asks for a page that cannot be made is told why, and the log says so.
        with suppress(Exception):
            if makers and self._has_changed():
                for make in makers:
                    with suppress(Exception):
                        # What words a page uses ends with it.
                        copy_context().run(make)
        if makers:
            self._counties.end_hold()
        ended = time.monotonic()
        self._rests_until = ended + max(_LOOK_SECONDS, _SHARE * (ended - begun))

    def _has_changed(self) -> bool:
        standing = (
            self._counties.position(),
            self._counties.changes_seen,
            self._ledger.clock().date(),
        )
        is_new = standing != self._made_for
        self._made_for = standing
        return is_new
