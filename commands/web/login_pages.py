"""Logging readers in and out."""

from __future__ import annotations

import asyncio
from typing import Final

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from commands.web.login_limits import HASHES_AT_ONCE, MustWait, WaitingRoom
from commands.web.login_sessions import COOKIE, SECONDS, LoginSessions
from commands.web.request_guards import client_address
from commands.words import page_words

_LONGEST_NAME: Final = 200
_LONGEST_PASSWORD: Final = 1000
_LOGIN_FIELDS: Final = 4
_FORM_SECONDS: Final = 10


class LoginPages:
    """The login form and its answers."""

    def __init__(self, sessions: LoginSessions, templates: Environment) -> None:
        self._sessions = sessions
        self._template = templates.get_template("login.html")
        self._waiting_room = WaitingRoom()
        self._hash_places = asyncio.Semaphore(HASHES_AT_ONCE)

    def login_form(self, request: Request) -> Response:
        """Show the login form."""
        return self._form(request)

    def _form(self, request: Request, error: str = "", status: int = 200) -> Response:
        address = _address_within(request.query_params.get("to"))
        return HTMLResponse(self._template.render(to=address, error=error), status)

    async def log_in(self, request: Request) -> Response:
        """Begin a session if name and password are right."""
        try:
            async with asyncio.timeout(_FORM_SECONDS):
                name, password = await _typed_login(request)
        except TimeoutError:
            return self._form(request, page_words.FORM_TOO_SLOW, 408)
        address = client_address(request.scope)
        try:
            with self._waiting_room.place():
                async with self._hash_places:
                    # Hashing takes a good while, and other requests must not wait for it.
                    cookie = await run_in_threadpool(self._sessions.log_in, name, password, address)
        except MustWait:
            return self._form(request, page_words.MUST_WAIT, 429)
        if cookie is None:
            return self._form(request, page_words.WRONG_PASSWORD, 401)
        response = RedirectResponse(_address_within(request.query_params.get("to")), 303)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def log_out(self, request: Request) -> Response:
        """End the session."""
        self._sessions.log_out(request.cookies.get(COOKIE))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response


async def _typed_login(request: Request) -> tuple[str, str]:
    """Name and password from the form, cut to a length that nobody types."""
    async with request.form(max_files=0, max_fields=_LOGIN_FIELDS) as form:
        name = str(form.get("name", ""))[:_LONGEST_NAME]
        password = str(form.get("password", ""))[:_LONGEST_PASSWORD]
    return name, password


def _address_within(address: str | None) -> str:
    """The address if it lies within this site, else the first page."""
    if not address or not address.isprintable() or not address.startswith("/"):
        return "/"
    # Browsers take both for the address of another host.
    if address.startswith(("//", "/\\")):
        return "/"
    return address
