"""Which file of an SQLite store is opened, and how: a write-protected copy is read as it lies.

SQLite writes beside a store in WAL mode even to read it. Where it cannot, as on read-only media,
the file is opened as immutable, and where a log of late writes lies beside it, file and log are
copied and the copy is read: without its log the file lacks the last events.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from lifecycle.rejections import StoreError, msg

_CHANGED: Final = msg(
    "the store {path} changed while it was read, and it cannot be locked here: run the command "
    "again, or read a copy made by `lifecycle backup`"
)
_REPLACED: Final = msg(
    "the file of the store {path} was replaced or removed while it was open: run the command "
    "again, or start `lifecycle serve` again"
)
_LEFT: Final = msg(
    "{left} is left of a store that was at {path} and may hold its last events, so no other store "
    "is made there: end what has that store open, and move this file to where the store is now, "
    "under its name with -wal"
)
_MODE_BYTES: Final = slice(18, 20)
"""In a file's header: its write and read version, both 2 in WAL mode."""
_WAL_MODE: Final = b"\x02\x02"
_COPY_ATTEMPTS: Final = 3
_SECONDS_BETWEEN: Final = 0.2

FileState = tuple[int, int]
"""Size and time of the last change."""
_NO_FILE: Final[FileState] = (-1, 0)
FileIdentity = tuple[int, int]
"""Device and number of a file, which stay while it is written; (-1, -1) where there is none."""


@dataclass(slots=True)
class SqliteSource:
    """The URI by which a store is opened, and what shows that its path names another file now."""

    uri: str
    is_read_only: bool = False
    is_copy: bool = False
    """Whether what is opened is a temporary copy: nothing written later reaches it."""
    may_lack_events: bool = False
    """Whether the file lies alone though its last events may have stood in a log beside it."""
    states: tuple[FileState, ...] = ()
    """Of a read-only file: its state and its log's when it was opened or copied."""
    _identity: FileIdentity | None = field(default=None, init=False)

    def require_unchanged(self, path: Path) -> None:
        """Raise `StoreError` where the path names another file than at the first call, or none.

        An open connection would go on reading the file that was there before, and what it appends
        would be lost with it. An immutable file may not have changed either.
        """
        if self.is_behind(path):
            if self.is_copy:
                return  # which is as it was
            raise StoreError(_CHANGED, path=path)
        identity = _identity(path)
        if self._identity is None:
            self._identity = identity
        if identity != self._identity:
            raise StoreError(_REPLACED, path=path)

    def is_behind(self, path: Path) -> bool:
        """Return whether a read-only file, or the one that was copied, is there and has changed."""
        if not self.is_read_only:
            return False
        states = _states(path)
        return states != self.states and states[0] != _NO_FILE


def log_beside(path: Path) -> Path:
    """Return the path of the log of late writes that SQLite keeps beside a store."""
    return path.with_name(f"{path.name}-wal")


def require_nothing_left(path: Path) -> None:
    """Raise `StoreError` where there is no store, but a log of late writes of one.

    SQLite would write them into whatever store is put there.
    """
    log = log_beside(path)
    if _state(log)[0] > 0 and not path.exists():
        raise StoreError(_LEFT, left=log, path=path)


def is_empty_database(path: Path) -> bool:
    """Return whether an SQLite file has no tables: the first step of making a store."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.Error:  # another kind of file; opening it says what is wrong
        return False
    return tables == 0


@contextmanager
def sqlite_source(path: Path, *, create: bool = False) -> Iterator[SqliteSource]:
    """Give the source to open for a store, and remove a temporary copy at the end.

    Raises `StoreError` where the store is changed while it is copied, or the log of one that is
    gone lies where one is to be made.
    """
    uri = f"file:{quote(str(path))}"
    if create:
        require_nothing_left(path)
        yield SqliteSource(f"{uri}?mode=rwc")
    elif _may_write_beside(path):
        yield SqliteSource(f"{uri}?mode=rw")  # a misspelt path must not make an empty store
    elif _state(log_beside(path))[0] <= 0:
        # Taken before the file is opened: what changes later is noticed.
        states = _states(path)
        yield SqliteSource(
            f"{uri}?mode=ro&immutable=1",
            is_read_only=True,
            may_lack_events=not log_beside(path).exists() and _is_in_wal_mode(path),
            states=states,
        )
    else:
        with TemporaryDirectory(prefix="lifecycle-", ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / path.name
            states = _copy_with_log(path, copy)
            yield SqliteSource(
                f"file:{quote(str(copy))}?mode=rw",
                is_read_only=True,
                is_copy=True,
                states=states,
            )


def _may_write_beside(path: Path) -> bool:
    if not os.access(path, os.R_OK):
        return True  # opening it as usual says what is wrong
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def _is_in_wal_mode(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_MODE_BYTES.stop)[_MODE_BYTES] == _WAL_MODE


def _copy_with_log(path: Path, copy: Path) -> tuple[FileState, ...]:
    """Copy a file with its log, and return the states in which they were copied."""
    for _attempt in range(_COPY_ATTEMPTS):
        before = _states(path)
        shutil.copyfile(path, copy)
        shutil.copyfile(log_beside(path), log_beside(copy))
        if _states(path) == before:
            return before
        time.sleep(_SECONDS_BETWEEN)
    raise StoreError(_CHANGED, path=path)


def _states(path: Path) -> tuple[FileState, ...]:
    return _state(path), _state(log_beside(path))


def _state(path: Path) -> FileState:
    try:
        status = path.stat()
    except FileNotFoundError:
        return _NO_FILE
    return status.st_size, status.st_mtime_ns


def _identity(path: Path) -> FileIdentity:
    try:
        status = path.stat()
    except OSError:
        return -1, -1
    return status.st_dev, status.st_ino
