"""What stands before every page: who reads, which requests are accepted, what is logged.

From the outside in: `RequestLog`, `SecurityHeaders`, `SizeGuard`, starlette's
`AuthenticationMiddleware` with one of the two backends below, `FormGuard`, `LoginGuard`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    UnauthenticatedUser,
)
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commands.web.accounts import LOCAL_READER, AccountFileError, Reader
from commands.web.login_sessions import COOKIE, LoginSessions
from commands.web.security_headers import CACHED_PATHS, SecurityHeaders
from commands.web.server_log import NO_ROUTE, ErrorEntry, LogEntry, RequestEntry

CALENDAR_PATHS: Final = "/calendar/"
METRICS_PATH: Final = "/metrics"
_LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "[::1]", "::1")
# Checkpoint and tiles are for everybody (C2SP tlog-tiles): they hold hashes and no entries.
# A calendar program cannot log in; its address holds a key.
_PUBLIC_PATHS: Final = (*CACHED_PATHS, "/checkpoint", "/tile/", CALENDAR_PATHS)
# A monitoring system cannot fill in a form: the page itself asks for its token.
_OPEN_PATHS: Final = ("/login", METRICS_PATH, *_PUBLIC_PATHS)
_READING_METHODS: Final = ("GET", "HEAD")
# A name of 200 Chinese characters, percent-encoded, takes 1,800 bytes.
_LONGEST_ADDRESS: Final = 8 << 10
_MOST_HEADER_OCTETS: Final = 32 << 10
# Digits of a form's length: a login is far below 10,000 bytes.
_LONGEST_LENGTH: Final = 4


def client_address(scope: Mapping[str, Any]) -> str:
    """The address that a request came from."""
    client = scope.get("client")
    return client[0] if client else ""


# Who reads


class LocalReaders(AuthenticationBackend):
    """Without accounts, anyone at the machine can read.

    Only by the machine's own names: a foreign page whose name resolves to this machine
    (DNS rebinding) must not read through its visitor's browser.
    """

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Reader]:
        """Accept the request of a local name. Raises `AuthenticationError` for any other."""
        name = conn.headers.get("host", "").rsplit(":", 1)[0]
        if name.lower() not in _LOCAL_NAMES:
            raise AuthenticationError
        return AuthCredentials(), LOCAL_READER


class AccountAuthenticationError(AuthenticationError):
    """Nobody's session can be checked, since the file of accounts cannot be read."""


class SessionReaders(AuthenticationBackend):
    """With accounts, the reader is the one of the login session."""

    def __init__(self, sessions: LoginSessions) -> None:
        self._sessions = sessions

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Reader] | None:
        """Find the session's reader; None sends the browser to the login page.

        Raises `AccountAuthenticationError`.
        """
        if conn.scope["path"].startswith(_PUBLIC_PATHS):
            return None  # styles and fonts are for everybody, also on the page of an error
        try:
            reader = self._session_reader(conn)
        except AccountFileError as error:
            raise AccountAuthenticationError(str(error)) from error
        if reader is None:
            return None
        return AuthCredentials(), reader

    def _session_reader(self, conn: HTTPConnection) -> Reader | None:
        return self._sessions.reader(conn.cookies.get(COOKIE), client_address(conn.scope))


def misdirected(_connection: HTTPConnection, _error: Exception) -> Response:
    """The answer to a request by a name that is not this machine's (RFC 9110, 15.5.20)."""
    return Response("this address is not served", 421)


def reader_of(scope: Mapping[str, Any]) -> Reader | None:
    """The reader whom the authentication found."""
    user = scope.get("user")
    return user if isinstance(user, Reader) else None


# Which requests are accepted


class SizeGuard:
    """Rejects an address or headers that no browser of a reader sends.

    The server reads a whole request line before the application sees it, in bounded memory; what
    follows (a log line, a redirect that repeats the address) need not carry it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Answer a request that is too large, or pass it on."""
        app: ASGIApp = self._app
        if scope["type"] == "http":
            # A decoded path is at most as long as the one that was sent.
            address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
            # A colon, a blank and a line end are sent with each.
            header_sizes = (len(name) + len(value) + 4 for name, value in scope["headers"])
            if address > _LONGEST_ADDRESS:
                app = Response("the address is too long", 414)
            elif sum(header_sizes) > _MOST_HEADER_OCTETS:
                app = Response("the headers are too large", 431)
        await app(scope, receive, send)


class FormGuard:
    """Rejects forms of other sites, and forms longer than a login."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Answer a rejected form, or pass the request on."""
        app: ASGIApp = self._app
        if scope["type"] == "http" and scope["method"] not in _READING_METHODS:
            headers = Headers(scope=scope)
            if not _is_of_this_site(headers):
                app = Response("a form of another site", 403)
            elif not _has_short_length(headers):
                app = Response("a form is short and says how long it is", 413)
        await app(scope, receive, send)


def _is_of_this_site(headers: Headers) -> bool:
    """Whether a form was sent from a page of ours; browsers name the site in `Origin`."""
    origin = headers.get("origin")
    if origin is None:
        return True
    _scheme, _separator, site = origin.partition("://")
    return site == headers.get("host")


def _has_short_length(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isascii() and length.isdigit() and len(length) <= _LONGEST_LENGTH


class LoginGuard:
    """Sends a browser without a session to the login page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Redirect, or pass the request on."""
        app: ASGIApp = self._app
        if isinstance(scope.get("user"), UnauthenticatedUser):
            is_open = scope["path"].startswith(_OPEN_PATHS)
            if not is_open:
                app = RedirectResponse(f"/login?to={quote(_address(scope), safe='')}", 303)
        await app(scope, receive, send)


def _address(scope: Scope) -> str:
    """Path and query, to which the login returns."""
    if not scope["query_string"]:
        return str(scope["path"])
    return f"{scope['path']}?{scope['query_string'].decode('latin-1')}"


# What is logged


class RequestLog:
    """Logs every request without naming anybody, and answers errors of the program with a page.

    Starlette's own handler of errors would raise them again, and the server would log the
    traceback, in which names may stand.
    """

    def __init__(
        self,
        app: ASGIApp,
        log: Callable[[LogEntry], None],
        error_page: Callable[[HTTPConnection], Response],
    ) -> None:
        self._app = app
        self._log = log
        # The page of an error has the same headers as any other.
        self._error_page = error_page

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Pass the request on, and log its outcome."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun_at = time.perf_counter()
        status = 500

        async def send_and_note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note_status)
        except Exception as error:
            if os.environ.get("LIFECYCLE_DEBUG"):
                raise
            name = type(error).__name__
            message = f"an error of the program itself: {name}; LIFECYCLE_DEBUG=1 shows where"
            self._log(ErrorEntry(name, message))
            page = SecurityHeaders(self._error_page(HTTPConnection(scope)))
            await page(scope, receive, send_and_note_status)
        finally:
            self._log_request(scope, status, time.perf_counter() - begun_at)

    def _log_request(
        self,
        scope: Scope,
        status: int,
        seconds: float,
    ) -> None:
        """Log the kind of page, never its name, query, account or address."""
        entry = RequestEntry(
            method=scope["method"],
            route=getattr(scope.get("route"), "path", NO_ROUTE),
            status=status,
            milliseconds=round(seconds * 1000),
            role=_role(scope),
        )
        self._log(entry)


def _role(scope: Scope) -> str:
    reader = reader_of(scope)
    return NO_ROUTE if reader is None else reader.role
