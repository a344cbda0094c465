"""HTTP connections that must send their request in time."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

# Seconds for a request's line and headers; a browser on a slow line needs one or two.
REQUEST_SECONDS: Final = 10.0


class TimedConnection(H11Protocol):
    """Closes a connection whose request does not arrive in time.

    uvicorn itself waits for ever: a few hundred half-sent requests would take every file
    descriptor of the process. Idle connections between requests are left to its keep-alive timeout.
    """

    request_seconds = REQUEST_SECONDS
    _request_timer: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override] # as in uvicorn's own protocol
        self, transport: asyncio.Transport
    ) -> None:
        """Give the first request its time."""
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Read on; a request that is complete needs no timer, one that has begun keeps it."""
        # On Windows data still comes that was under way when a wrong request was answered, and
        # uvicorn would answer it again on a connection that it has closed.
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._is_answering():
            self._stop_timer()
        elif self._request_timer is None:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        return cycle is not None and not cycle.response_complete

    def _start_timer(self) -> None:
        self._request_timer = self.loop.call_later(self.request_seconds, self._give_up)

    def _stop_timer(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def _give_up(self) -> None:
        self._request_timer = None
        self.transport.abort()
