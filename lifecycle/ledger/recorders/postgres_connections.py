"""A store's connections to its server, lent one at a time, without a thread beside them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from eventsourcing.persistence import Connection, ConnectionPool
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

_CLOSED: Final = "its connections are closed"
_MOST_KEPT: Final = 5
_MOST_BESIDES: Final = 15
"""So many more are opened for readers who come at once: each holds one while its page is made."""
_SECONDS_TO_WAIT: Final = 30.0
_MOST_SECONDS: Final = 3_600.0
"""How long a connection is lent again: what stands before a server may drop one that is older."""


class ServerConnection(Connection[Any]):
    """A connection that the pool lends."""

    def __init__(self, driver: psycopg.Connection[DictRow]) -> None:
        super().__init__()
        self.driver = driver
        self._opened = time.monotonic()

    @property
    def closed(self) -> bool:
        """Whether it was closed, by us or by the server."""
        return super().closed or self.driver.closed

    @property
    def may_be_lent(self) -> bool:
        """Whether it is young enough, idle, and not ended by the server as far as can be seen."""
        is_idle = self.driver.info.transaction_status == TransactionStatus.IDLE
        is_young = time.monotonic() < self._opened + _MOST_SECONDS
        return is_idle and is_young and not self._is_ended()

    def _is_ended(self) -> bool:
        """Look without waiting whether the server has hung up since it was last asked."""
        try:
            # It may have said why, which is read first.
            self.driver.pgconn.consume_input()
            self.driver.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return False

    def commit(self) -> None:
        """Commit what is open."""
        self.driver.commit()

    def rollback(self) -> None:
        """Roll back what is open."""
        self.driver.rollback()

    def cursor(self) -> psycopg.Cursor[DictRow]:
        """Open a cursor."""
        return self.driver.cursor()

    def _close(self) -> None:
        super()._close()
        self.driver.close()


class ServerConnections(ConnectionPool[ServerConnection]):
    """Lends connections to one server, with the methods that the library's recorder asks for.

    psycopg's own pool runs four threads, and no process is forked beside threads: a store on
    PostgreSQL would be read, verified and imported into on one core alone.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(
            pool_size=_MOST_KEPT,
            max_overflow=_MOST_BESIDES,
            pool_timeout=_SECONDS_TO_WAIT,
        )
        self._options = options

    def open(self, _wait: bool, _timeout: float) -> None:  # noqa: FBT001 -- the library's signature
        """Do nothing: the first who asks opens a connection."""

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        """Lend a connection, which commits each statement unless a transaction is begun.

        Raises the driver's error where none can be opened, or all were closed.
        """
        if self.closed:
            raise psycopg.InterfaceError(_CLOSED)
        lent = self.get_connection()
        # Overnight the server may have been restarted: nobody's first look in the morning fails.
        for _kept in range(_MOST_KEPT):
            if lent.may_be_lent:
                break
            self._take_back(lent)
            lent = self.get_connection()
        try:
            yield lent.driver
        finally:
            self._take_back(lent)

    def _take_back(self, lent: ServerConnection) -> None:
        if not lent.may_be_lent:
            lent.close()
        if not self.closed:
            self.put_connection(lent)

    def _create_connection(self) -> ServerConnection:
        driver = psycopg.connect(
            **self._options,
            autocommit=True,
            row_factory=dict_row,
            # A pool in front of the server may give each transaction another connection, which does
            # not know what an earlier one prepared.
            prepare_threshold=None,
        )
        # A long import decides between two statements; nothing may end it meanwhile.
        driver.execute("SET idle_in_transaction_session_timeout = 0")
        return ServerConnection(driver)
