"""Login sessions: the server's memory holds them, the browser holds a signed token."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from itsdangerous import BadSignature, Signer

from commands.web.accounts import Account, Accounts, Reader
from commands.web.login_limits import LoginLimits

COOKIE: Final = "lifecycle"
# A session lasts a working day.
HOURS: Final = 8
SECONDS: Final = HOURS * 3600


@dataclass(frozen=True, slots=True)
class LoginSession:
    """The account as it was at login, the client's address, and when the session ends."""

    account: Account
    address: str
    ends_at: float


@dataclass(slots=True)
class LoginSessions:
    """The sessions of a running server; a restart ends all of them."""

    accounts: Accounts
    clock: Callable[[], float] = time.monotonic
    _sessions: dict[str, LoginSession] = field(default_factory=dict)
    _limits: LoginLimits = field(init=False)

    def __post_init__(self) -> None:
        self._limits = LoginLimits(self.clock)

    @property
    def _signer(self) -> Signer:
        # Without a timestamp: `ends_at` ends a session, regardless of the machine's clock.
        return Signer(self.accounts.secret, salt="session")

    def log_in(
        self,
        name: str,
        password: str,
        address: str,
    ) -> str | None:
        """Begin a session and return its cookie; None if name or password is wrong.

        Raises `MustWait` before anything is hashed, and `AccountFileError`.
        """
        self.accounts.refresh()
        moment = self._limits.count_try(name, address)
        account = self.accounts.verified_account(name, password)
        if account is None:
            return None
        self._limits.forget_try(name, address, moment)
        self._forget_ended()
        token = secrets.token_urlsafe(32)
        self._sessions[token] = LoginSession(account, address, self.clock() + SECONDS)
        return self._signer.sign(token).decode()

    def log_out(self, cookie: str | None) -> None:
        """End the session, so that no copy of its cookie opens anything."""
        token = self._token(cookie)
        if token is not None:
            self._sessions.pop(token, None)

    def reader(self, cookie: str | None, address: str) -> Reader | None:
        """The reader of a session.

        None for a wrong or ended cookie, one used from another address, or one whose account
        has changed since login. Raises `AccountFileError`.
        """
        token = self._token(cookie)
        session = None if token is None else self._sessions.get(token)
        if session is None or session.ends_at < self.clock() or session.address != address:
            return None
        account = session.account
        self.accounts.refresh()
        if self.accounts.by_name.get(account.name) != account:
            return None
        return Reader(account.name, account.role, account.unit)

    def _token(self, cookie: str | None) -> str | None:
        try:
            return self._signer.unsign(cookie or "").decode()
        except BadSignature:
            return None

    def _forget_ended(self) -> None:
        now = self.clock()
        ended = [token for token, session in self._sessions.items() if session.ends_at < now]
        for token in ended:
            del self._sessions[token]
