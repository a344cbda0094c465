"""What stands before every page: who reads, what the browser may do with the answer, and a log that names nobody."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commands.web.accounts import AT_THIS_MACHINE, Reader
from commands.web.login_sessions import COOKIE, LoginSessions

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing inline, nothing from elsewhere."""
_HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LOCAL: Final = ("localhost", "127.0.0.1", "[::1]", "::1")
Broken = Callable[[HTTPConnection], Response]
"""The page that is shown where the program itself is wrong."""
_OPEN: Final = ("/login", "/static/", "/fonts/")
_READING: Final = ("GET", "HEAD")
_LONGEST: Final = 4
"""Digits of a form's length: a login is far below 10,000 bytes."""


def address_of(scope: Scope) -> str:
    """Where the request came from."""
    client = scope.get("client")
    return client[0] if client else ""


class Guard:
    """The one middleware. Without sessions whoever sits at the machine reads, and only by the machine's own names."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: LoginSessions | None,
        log: Callable[[str], None],
        broken: Broken,
        names: tuple[str, ...] | None,
    ) -> None:
        self._app = app
        self._broken = broken
        self._sessions = sessions
        self._log = log
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, send to the login, or let through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500
        kept = scope["path"].startswith(("/static/", "/fonts/"))

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "max-age=3600" if kept else "no-store")
            await send(message)

        reader = self._reader(scope)
        scope.setdefault("state", {})["reader"] = reader
        refused = self._refused(scope, reader)
        try:
            await (refused or self._app)(scope, receive, answer)
        except Exception as error:
            if os.environ.get("LIFECYCLE_DEBUG"):
                raise
            self._log(
                f"an error of the program itself: {type(error).__name__}; LIFECYCLE_DEBUG=1 shows where"
            )
            await self._broken(HTTPConnection(scope))(scope, receive, answer)
        finally:
            self._say(scope, reader, status, time.perf_counter() - begun)

    def _reader(self, scope: Scope) -> Reader | None:
        if self._sessions is None:
            return AT_THIS_MACHINE
        return self._sessions.reader(HTTPConnection(scope).cookies.get(COOKIE), address_of(scope))

    def _refused(self, scope: Scope, reader: Reader | None) -> Response | None:
        headers = Headers(scope=scope)
        if (
            self._names is not None
            and headers.get("host", "").rsplit(":", 1)[0].lower() not in self._names
        ):
            return Response("this address is not served", 421)
        if scope["method"] not in _READING:
            if not _of_this_site(headers):
                return Response("a form of another site", 403)
            length = headers.get("content-length", "")
            if not (length.isascii() and length.isdigit() and len(length) <= _LONGEST):
                return Response("a form is short and says how long it is", 413)
        if reader is None and not scope["path"].startswith(_OPEN):
            back = scope["path"] + (
                f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            )
            return RedirectResponse(f"/login?to={quote(back, safe='')}", 303)
        return None

    def _say(self, scope: Scope, reader: Reader | None, status: int, seconds: float) -> None:
        """The page's kind, never its name, query, account or address."""
        route: Any = scope.get("route")
        path = getattr(route, "path", "—")
        self._log(
            f"{scope['method']} {path} {status} {seconds * 1000:.0f}ms {reader.role if reader else '—'}"
        )


def _of_this_site(headers: Headers) -> bool:
    """Whether a form was sent from a page of ours: browsers say where a form stood."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")
