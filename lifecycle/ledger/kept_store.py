"""A store that a process opens for one part of a piece of work, and keeps for the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lifecycle.late_module import LateModule
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger

if TYPE_CHECKING:
    import multiprocessing
    from multiprocessing import util
else:
    # Most commands open one ledger, and no process beside their own.
    multiprocessing = LateModule("multiprocessing")
    util = LateModule("multiprocessing.util")


class KeptStore:
    """Opens stores; one stays open until another is asked for.

    A server starts a process for each connection, which took a third of its time in a rebuild, and
    of a file each connection reads the pages of its indexes again. What lies beside a file must be
    closed: a pool's process does so as it ends, and in the command's own a file stays open for one
    part alone.
    """

    def __init__(self) -> None:
        self._ledger: Ledger | None = None

    @contextmanager
    def opened(self, url: str) -> Iterator[Ledger]:
        """Lend the store at a URL. Raises `StoreError` where it cannot be opened."""
        is_in_pool = multiprocessing.parent_process() is not None
        if sqlite_path(url) is not None and not is_in_pool:
            with Ledger.open(url) as ledger:
                yield ledger
            return
        if self._ledger is None or self._ledger.url != url:
            self.close()
            self._ledger = Ledger.open(url)
            if is_in_pool:
                util.Finalize(None, self.close, exitpriority=0)
        yield self._ledger

    def close(self) -> None:
        """Close the store that is kept, if there is one."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
