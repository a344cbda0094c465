"""Logging in and staying logged in: sessions live in the server's memory, the browser holds a signed name of one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from itsdangerous import BadSignature, TimestampSigner

from commands.web.accounts import Account, Accounts, Reader

COOKIE: Final = "lifecycle"
HOURS: Final = 8
"""A working day."""
TRIES: Final = 5
WAIT: Final = 60
"""After so many wrong passwords from one address no further one is looked at for so many seconds."""


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Who logged in, by which password, from which address, until when."""

    account: Account
    address: str
    until: float


@dataclass(slots=True)
class LoginSessions:
    """The sessions of a running server; a restart ends them all."""

    accounts: Accounts
    clock: Callable[[], float] = time.monotonic
    _open: dict[str, LoginSession] = field(default_factory=dict)
    _wrong: dict[str, list[float]] = field(default_factory=dict)

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(self.accounts.secret, salt="session")

    def waits(self, address: str) -> bool:
        """Whether this address has to wait before it tries again."""
        since = self.clock() - WAIT
        recent = [moment for moment in self._wrong.get(address, ()) if moment > since]
        if recent:
            self._wrong[address] = recent
        else:
            self._wrong.pop(address, None)
        return len(recent) >= TRIES

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """The cookie of a new session; None where name or password is wrong."""
        self.accounts.refresh()
        account = self.accounts.reader(name, password)
        if account is None:
            self._wrong.setdefault(address, []).append(self.clock())
            return None
        self._forget_old()
        token = secrets.token_urlsafe(32)
        self._open[token] = LoginSession(account, address, self.clock() + HOURS * 3600)
        return self._signer.sign(token).decode()

    def log_out(self, cookie: str | None) -> None:
        """End the session: the cookie, copied or not, opens nothing any more."""
        token = self._token(cookie)
        if token is not None:
            self._open.pop(token, None)

    def reader(self, cookie: str | None, address: str) -> Reader | None:
        """Whose cookie it is; None for a wrong, an ended, a carried-off one, or where the account has changed since."""
        token = self._token(cookie)
        session = None if token is None else self._open.get(token)
        if session is None or session.until < self.clock() or session.address != address:
            return None
        account = session.account
        self.accounts.refresh()
        return (
            Reader(account.name, account.role, account.unit)
            if self.accounts.known.get(account.name) == account
            else None
        )

    def _token(self, cookie: str | None) -> str | None:
        try:
            return self._signer.unsign(cookie or "", max_age=HOURS * 3600).decode()
        except BadSignature:
            return None

    def _forget_old(self) -> None:
        now = self.clock()
        for token in [token for token, session in self._open.items() if session.until < now]:
            del self._open[token]
