"""A disk that loses power: an SQLite VFS that knows what was synced, and what a crash at any write leaves behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import apsw
import eventsourcing.sqlite
import pytest

SECTOR: Final = 512


class PowerLostError(Exception):
    """From here on the disk takes nothing."""


@dataclass
class Image:
    """A file as it lies on the disk for sure, and the changes since the last sync, in order: writes, and cuts to a size."""

    durable: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    synced: bool = True

    def left(self, chance: Random) -> bytes:
        """What a crash may leave: any of the pending changes, each whole, torn between sectors, or not at all."""
        content = bytearray(self.durable)
        fate = chance.choice(("none", "all", "some", "torn"))
        for at, data in self.pending:
            if fate == "none" or (fate in ("some", "torn") and chance.random() < 0.5):
                continue
            if data is None:
                del content[at:]
                continue
            kept = data[: SECTOR * chance.randint(0, len(data) // SECTOR)] if fate == "torn" else data
            content.extend(bytes(max(0, at + len(kept) - len(content))))
            content[at : at + len(kept)] = kept
        return bytes(content)


class Disk(apsw.VFS):
    """All files of a run, by path; power is lost at the `fails_at`-th change. A `lying` disk only says that it synced."""

    def __init__(self, fails_at: int | None = None, *, lying: bool = False) -> None:
        self.images: dict[str, Image] = {}
        self.changes = 0
        self.fails_at = fails_at
        self.lying = lying
        self.name = f"power{id(self)}"
        super().__init__(self.name, base="")

    def xOpen(self, name: Any, flags: Any) -> Any:  # noqa: N802 -- SQLite's name
        """Open a file of ours."""
        return _File(self, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802 -- as above
        """A log that is deleted is a change too."""
        self.change()
        super().xDelete(name, syncdir)
        self.images.pop(name, None)

    def change(self) -> None:
        """Count; from the fatal change on, everything fails."""
        self.changes += 1
        if self.fails_at is not None and self.changes >= self.fails_at:
            raise PowerLostError

    def left_in(self, folder: Path, chance: Random) -> None:
        """Write what the crash left."""
        for name, image in self.images.items():
            if image.synced or chance.random() < 0.5:
                (folder / Path(name).name).write_bytes(image.left(chance))


class _File(apsw.VFSFile):
    """Passes everything on, and remembers."""

    def __init__(self, disk: Disk, name: Any, flags: Any) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        existing = path.stat().st_size > 0
        self._image = disk.images.setdefault(str(path), Image(bytearray(path.read_bytes()), synced=existing))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- as above
        """A change that is not safe yet."""
        self._disk.change()
        super().xWrite(data, offset)
        self._image.pending.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 -- as above
        """A change that is not safe yet."""
        self._disk.change()
        super().xTruncate(newsize)
        self._image.pending.append((newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 -- as above
        """Now it is safe, unless the disk lies."""
        self._disk.change()
        super().xSync(flags)
        if not self._disk.lying:
            for at, data in self._image.pending:
                if data is None:
                    del self._image.durable[at:]
                else:
                    self._image.durable.extend(bytes(max(0, at + len(data) - len(self._image.durable))))
                    self._image.durable[at : at + len(data)] = data
            self._image.pending.clear()
            self._image.synced = True


# The standard library's sqlite3, as far as the store uses it, over a disk of ours ------------------------------------------


class Cursor:
    """A cursor of tuples."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._cursor = connection.cursor()
        self.row_factory: Any = None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        with _told():
            self._cursor.execute(statement, tuple(parameters))
        return self

    def executemany(self, statement: str, parameters: Iterable[Sequence[object]]) -> Cursor:
        with _told():
            self._cursor.executemany(statement, [tuple(each) for each in parameters])
        return self

    def fetchall(self) -> list[Any]:
        with _told():
            return list(self._cursor)

    def fetchone(self) -> Any:
        with _told():
            return next(self._cursor, None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def close(self) -> None:
        self._cursor.close()


class Connection:
    """A connection in autocommit mode. Our VFS has no shared memory, so the log's index is this process's own."""

    row_factory: Any = None

    def __init__(self, database: str, disk: Disk) -> None:
        self._connection = apsw.Connection(database, vfs=disk.name, flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI)
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if self._connection.in_transaction:
            with _told():
                self._connection.execute(how)

    def close(self) -> None:
        with _told():
            self._connection.close()


@contextmanager
def _told() -> Iterator[None]:
    """In the standard library's words."""
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except (apsw.Error, PowerLostError) as error:
        raise sqlite3.OperationalError(str(error) or "disk I/O error") from error


class Module:
    """`sqlite3` with another `connect`."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def connect(self, database: str, **_: Any) -> Connection:
        return Connection(database, self._disk)

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


@contextmanager
def running_on(disk: Disk) -> Iterator[None]:
    """The library's recorder on this disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eventsourcing.sqlite, "sqlite3", Module(disk))
        yield
