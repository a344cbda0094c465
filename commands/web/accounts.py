"""Who may read the pages from another machine: names, roles and password hashes, in one file."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.authentication import BaseUser

from lifecycle.atomic_file import build_atomically
from lifecycle.private_files import create_private_file
from lifecycle.rejections import Rejected, StoreError, msg


class AccountFileError(StoreError):
    """The file of accounts is gone or cannot be read."""


ROLES: Final = ("leader", "auditor", "unit")
LEAST_PASSWORD_LENGTH: Final = 10
_HASHER: Final = PasswordHasher()
# Verified where there is no such account, so that both answers take equally long.
_HASH_OF_NOBODY: Final = _HASHER.hash(secrets.token_hex())


@dataclass(frozen=True, slots=True)
class Account:
    """A reader's name, role and argon2 hash; `unit` is set for the role unit alone."""

    name: str
    role: str
    unit: str | None
    password: str


@dataclass(frozen=True)
class Reader(BaseUser):
    """Who reads a page, and what the role shows.

    A unit reads its own affairs in full, and of the other units the totals alone.
    """

    name: str
    role: str
    unit: str | None = None

    @property
    def is_authenticated(self) -> bool:
        """True: without a login there is no `Reader`."""
        return True

    @property
    def display_name(self) -> str:
        """The account's name; empty at the machine itself."""
        return self.name

    def sees(self, *units: str | None) -> bool:
        """Whether the affairs of one of these units are shown in full."""
        return self.role != "unit" or self.unit in units

    @property
    def sees_persons(self) -> bool:
        """Whether to show names and telephone numbers: to auditors, and to units for themselves."""
        return self.role != "leader"


# Without accounts: the person at the machine that holds the store.
LOCAL_READER: Final = Reader("", "auditor")


class Accounts:
    """The file of accounts. Raises `AccountFileError` if it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.secret = secrets.token_hex(32)
        self.by_name: dict[str, Account] = {}
        self._read_version = 0
        self.refresh()

    def refresh(self) -> None:
        """Read the file again if it has changed, so that a removed account ends at once.

        Raises `AccountFileError`, also for a file that was there and is gone.
        """
        try:
            version = self.path.stat().st_mtime_ns
        except FileNotFoundError as error:
            # No account was added yet, so that there is no file.
            if not self._read_version:
                return
            raise self._unavailable(error) from error
        except OSError as error:
            raise self._unavailable(error) from error
        if version != self._read_version:
            self._read()
            self._read_version = version

    def _read(self) -> None:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            self.secret = str(content["secret"])
            accounts = [Account(**row) for row in content["accounts"]]
        except OSError as error:
            raise self._unavailable(error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise AccountFileError(
                msg("{path} is not an account file ({why})"),
                path=self.path,
                why=type(error).__name__,
            ) from error
        self.by_name = {account.name: account for account in accounts}

    def _unavailable(self, error: OSError) -> AccountFileError:
        return AccountFileError(
            msg("cannot read the account file {path}: {why}"),
            path=self.path,
            why=error.strerror,
        )

    def _write(self) -> None:
        content = {
            "secret": self.secret,
            "accounts": [asdict(account) for account in self.by_name.values()],
        }
        # Readable, since an administrator may have to look who has an account.
        text = json.dumps(content, ensure_ascii=False, indent=1)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        build_atomically(self.path, lambda temporary: create_private_file(temporary, text.encode()))

    def add(
        self,
        name: str,
        role: str,
        unit: str | None,
        password: str,
    ) -> None:
        """Add an account, or change its role or password, which ends its sessions.

        Raises `Rejected`.
        """
        is_of_unit = role == "unit"
        if is_of_unit != (unit is not None):
            raise Rejected.by(
                "account_unit",
                msg("an account with the role unit needs --unit; other roles must not give it"),
            )
        if len(password) < LEAST_PASSWORD_LENGTH:
            raise Rejected.by(
                "password_short",
                msg("a password must have at least {least} characters"),
                least=LEAST_PASSWORD_LENGTH,
            )
        self.by_name[name] = Account(name, role, unit, _HASHER.hash(password))
        self._write()

    def remove(self, name: str) -> None:
        """Remove an account. Raises `Rejected`."""
        if name not in self.by_name:
            raise Rejected.by(
                "unknown_account",
                msg("there is no account {name}; existing accounts: {allowed}"),
                name=name,
                allowed=list(self.by_name),
            )
        del self.by_name[name]
        self._write()

    def verified_account(self, name: str, password: str) -> Account | None:
        """The account if name and password are right.

        An unknown name takes as long as a wrong password.
        """
        account = self.by_name.get(name)
        password_hash = _HASH_OF_NOBODY if account is None else account.password
        try:
            _HASHER.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return None
        return account
