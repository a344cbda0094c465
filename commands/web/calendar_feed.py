"""Deadlines at an address that calendar programs subscribe to.

Such a program cannot log in. With accounts each reader therefore gets an address of their own,
which nobody can guess; it ends with the account or its password.
"""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import Final, NamedTuple
from urllib.parse import quote

from cachetools import LRUCache
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from commands.notices.deadline_calendar import deadline_calendar
from commands.web.accounts import LOCAL_READER, Account, Accounts, Reader
from commands.web.login_sessions import LoginSessions
from commands.web.page_contents import PageContent, PageRequest
from commands.web.request_guards import CALENDAR_PATHS
from commands.words.messages import in_chinese
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.requested_axes import RequestedAxes

_OF_THIS_MACHINE: Final = "deadlines"
_MOST_CACHED: Final = 64
_CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"


class _FeedKey(NamedTuple):
    """Everything that a calendar depends on."""

    view: View
    unit: str | None


class CalendarFeed:
    """Answers calendar programs, and tells each reader the address to subscribe to."""

    def __init__(self, ledger: Ledger, sessions: LoginSessions | None) -> None:
        self._ledger = ledger
        self._accounts = None if sessions is None else sessions.accounts
        self._contents: LRUCache[_FeedKey, bytes] = LRUCache(_MOST_CACHED)
        self._lock = Lock()

    def routes(self) -> list[BaseRoute]:
        """The addresses of calendars."""
        return [Route(f"{CALENDAR_PATHS}{{key}}.ics", self.calendar)]

    def page(self, request: PageRequest) -> PageContent:
        """The page that tells a reader the addresses: of all deadlines, and of each unit's."""
        units = [request.reader.unit] if request.reader.unit else [None, *request.county.units()]
        key = self._key(request.reader)
        rows = []
        for unit in units:
            query = "" if unit is None else f"?unit={quote(unit)}"
            rows.append((unit, f"{CALENDAR_PATHS}{key}.ics{query}"))
        return {"feeds": rows}

    def _key(self, reader: Reader) -> str:
        if self._accounts is None:
            return _OF_THIS_MACHINE
        account = self._accounts.by_name[reader.name]
        return str(_serializer(self._accounts).dumps([account.name, _sign_of(account)]))

    def calendar(self, request: Request) -> Response:
        """The deadlines that the owner of the address may see."""
        reader = self._reader(request)
        unit = request.query_params.get("unit") or reader.unit
        # A unit could ask for another one by the address.
        if not reader.sees(unit):
            raise HTTPException(403)
        view = RequestedAxes().day_view(self._ledger)
        if unit is not None and unit not in units_at(self._ledger, view):
            raise HTTPException(404)
        # Calendar programs ask every few minutes; the view changes with each event.
        key = _FeedKey(view, unit)
        with self._lock:
            content = self._contents.get(key)
        if content is None:
            with in_chinese():
                content = deadline_calendar(self._ledger, view, unit)
            with self._lock:
                self._contents[key] = content
        return Response(content, media_type=_CALENDAR_TYPE)

    def _reader(self, request: Request) -> Reader:
        key = request.path_params["key"]
        if self._accounts is None:
            if key != _OF_THIS_MACHINE:
                raise HTTPException(404)
            return LOCAL_READER
        self._accounts.refresh()
        try:
            name, sign = _serializer(self._accounts).loads(key)
        # The same answer as for an account that is gone: it tells nobody what exists.
        except (BadSignature, ValueError, TypeError):
            raise HTTPException(404) from None
        account = self._accounts.by_name.get(name)
        if account is None or sign != _sign_of(account):
            raise HTTPException(404)
        return Reader(account.name, account.role, account.unit)


def _serializer(accounts: Accounts) -> URLSafeSerializer:
    return URLSafeSerializer(accounts.secret, salt="calendar")


def _sign_of(account: Account) -> str:
    """Return what changes with the password and tells nothing of it."""
    return hashlib.sha256(account.password.encode()).hexdigest()[:16]
