"""Who may read the pages on another address than this machine's own: names, roles, password hashes, in one file."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, StoreError, msg

ROLES: Final = ("leader", "auditor", "unit")
LEAST: Final = 10
"""Characters of a password."""
_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash(secrets.token_hex())
"""Verified where there is no such account, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class Account:
    """A reader: the role, for the role `unit` the unit, and the password's argon2 hash."""

    name: str
    role: str
    unit: str | None
    password: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what the role opens. A unit reads its own in full and of the others the totals alone."""

    name: str
    role: str
    unit: str | None = None

    def sees(self, *units: str) -> bool:
        """Whether one of these units' own affairs are open to the reader."""
        return self.role != "unit" or self.unit in units

    @property
    def sees_persons(self) -> bool:
        """Whether names and telephone numbers are shown: to auditors, and to a unit in its own affairs."""
        return self.role != "leader"


AT_THIS_MACHINE: Final = Reader("", "auditor")
"""Without accounts: whoever sits at the machine that holds the store."""


class Accounts:
    """The file of accounts. Raises `StoreError` where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.secret = secrets.token_hex(32)
        self.known: dict[str, Account] = {}
        self._seen = 0
        self.refresh()

    def refresh(self) -> None:
        """Read the file again where it has changed; an account removed is out at once. Raises `StoreError`."""
        changed = self.path.stat().st_mtime_ns if self.path.exists() else 0
        if changed != self._seen:
            self._read()
            self._seen = changed

    def _read(self) -> None:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            self.secret = str(found["secret"])
            self.known = {each["name"]: Account(**each) for each in found["accounts"]}
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                msg("{path} is not a file of accounts ({why})"),
                path=self.path,
                why=type(error).__name__,
            ) from error

    def _write(self) -> None:
        content = {
            "secret": self.secret,
            "accounts": [asdict(account) for account in self.known.values()],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        build_atomically(
            self.path,
            lambda beside: _private(beside, json.dumps(content, ensure_ascii=False, indent=1)),
        )

    def add(self, name: str, role: str, unit: str | None, password: str) -> None:
        """Add an account, or give one another role or password; its sessions end. Raises `Rejected`."""
        if (role == "unit") != (unit is not None):
            raise Rejected.by(
                "account_unit",
                msg("an account of the role unit names its --unit, another names none"),
            )
        if len(password) < LEAST:
            raise Rejected.by(
                "password_short", msg("a password has at least {least} characters"), least=LEAST
            )
        self.known[name] = Account(name, role, unit, _HASHER.hash(password))
        self._write()

    def remove(self, name: str) -> None:
        """Remove an account. Raises `Rejected`."""
        if name not in self.known:
            raise Rejected.by(
                "unknown_account",
                msg("there is no account {name}; there are {allowed}"),
                name=name,
                allowed=list(self.known),
            )
        del self.known[name]
        self._write()

    def reader(self, name: str, password: str) -> Account | None:
        """The account, where name and password are right; wrong ones of either kind take as long."""
        account = self.known.get(name)
        try:
            _HASHER.verify(account.password if account else _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return None
        return account


def _private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
