"""What was sent to whom: a small database beside the settings, so that nothing is sent twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from lifecycle.rejections import StoreError, msg

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS sent (
    ledger TEXT NOT NULL, address TEXT NOT NULL, notice TEXT NOT NULL, sent_at TEXT NOT NULL,
    PRIMARY KEY (ledger, address, notice)
) WITHOUT ROWID
"""


class SentNotices:
    """The notices of a ledger that each address has taken. An address is kept as its SHA-256."""

    def __init__(self, database: sqlite3.Connection, ledger: str) -> None:
        self._database = database
        self._ledger = ledger

    def unsent(self, address: str, keys: Iterable[str]) -> list[str]:
        """Return those of the notices that an address has not taken yet, in their order."""
        rows = self._database.execute(
            "SELECT notice FROM sent WHERE ledger = ? AND address = ?",
            (self._ledger, _digest(address)),
        )
        sent = {notice for (notice,) in rows}
        return [key for key in keys if key not in sent]

    def note(self, address: str, keys: Sequence[str], moment: datetime) -> None:
        """Note that an address has taken these notices; on the disk when this returns."""
        digest, sent_at = _digest(address), moment.isoformat()
        rows = [(self._ledger, digest, key, sent_at) for key in keys]
        with self._database:
            self._database.executemany("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, ?)", rows)


@contextmanager
def open_sent_notices(path: Path, ledger: str) -> Iterator[SentNotices]:
    """Open the file for one run at a time; a missing one is begun.

    Raises `StoreError` where another run has it, or where it is no such file.
    """
    with closing(sqlite3.connect(path, timeout=0)) as database:
        try:
            # Held until the connection ends, however it ends: two timers never send side by side.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute(_TABLE)
            database.commit()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                template = msg("another run of `lifecycle notify` is at work on {path}")
                raise StoreError(template, path=path) from None
            raise StoreError(msg("{path} cannot be used: {why}"), path=path, why=error) from None
        except sqlite3.DatabaseError as error:
            raise StoreError(msg("{path} cannot be used: {why}"), path=path, why=error) from None
        yield SentNotices(database, ledger)


def _digest(address: str) -> str:
    # Addresses hold tokens, and this file is not closed to others.
    return hashlib.sha256(address.encode()).hexdigest()
