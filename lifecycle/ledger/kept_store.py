"""A store that a process opens for one part of a piece of work, and keeps for the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger


class KeptStore:
    """Opens stores; one on a server stays open until another is asked for.

    A server starts a process for each connection, which took a third of its time in a rebuild. A
    file opens at once, and what lies beside it must be closed, which a process that ends in a pool
    does not do.
    """

    def __init__(self) -> None:
        self._ledger: Ledger | None = None

    @contextmanager
    def opened(self, url: str) -> Iterator[Ledger]:
        """Lend the store at a URL. Raises `StoreError` where it cannot be opened."""
        if sqlite_path(url) is not None:
            with Ledger.open(url) as ledger:
                yield ledger
            return
        if self._ledger is None or self._ledger.url != url:
            self.close()
            self._ledger = Ledger.open(url)
        yield self._ledger

    def close(self) -> None:
        """Close the store that is kept, if there is one."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
