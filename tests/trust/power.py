"""A disk that loses power: an SQLite VFS that simulates what a crash leaves on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import apsw
import eventsourcing.sqlite
import pytest
from sqlalchemy import create_engine

from lifecycle.ledger.recorders import sqlite_durability
from projections.readmodels import table_engine as engine

SECTOR: Final = 512


class PowerLostError(Exception):
    """The power failed: the disk accepts no more changes."""


@dataclass
class Image:
    """A file's synced content, and the writes and truncations since, in order."""

    durable: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    synced: bool = True

    def left(self, chance: Random) -> bytes:
        """Return what a crash may leave: pending changes whole, torn between sectors, or lost."""
        content = bytearray(self.durable)
        fate = chance.choice(("none", "all", "some", "torn"))
        for at, data in self.pending:
            if fate == "none" or (fate in ("some", "torn") and chance.random() < 0.5):
                continue
            if data is None:
                del content[at:]
                continue
            surviving = (
                data[: SECTOR * chance.randint(0, len(data) // SECTOR)] if fate == "torn" else data
            )
            content.extend(bytes(max(0, at + len(surviving) - len(content))))
            content[at : at + len(surviving)] = surviving
        return bytes(content)


class Disk(apsw.VFS):
    """All files of a run, by path; power fails at change `fails_at`. A `lying` disk never syncs."""

    def __init__(self, fails_at: int | None = None, *, lying: bool = False) -> None:
        self.images: dict[str, Image] = {}
        self.changes = 0
        self.fails_at = fails_at
        self.lying = lying
        self.name = f"power{id(self)}"
        super().__init__(self.name, base="")

    def xOpen(self, name: Any, flags: Any) -> Any:  # noqa: N802 -- SQLite's name
        """Open a file of this disk."""
        return _File(self, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802 -- as above
        """Delete a file, which counts as a change."""
        self.change()
        super().xDelete(name, syncdir)
        self.images.pop(name, None)

    def change(self) -> None:
        """Count; from the fatal change on, everything fails."""
        self.changes += 1
        if self.fails_at is not None and self.changes >= self.fails_at:
            raise PowerLostError

    def left_in(self, folder: Path, chance: Random) -> None:
        """Write what the crash left into a folder."""
        for name, image in self.images.items():
            if image.synced or chance.random() < 0.5:
                (folder / Path(name).name).write_bytes(image.left(chance))


class _File(apsw.VFSFile):
    """Passes every call on, and remembers the changes."""

    def __init__(
        self,
        disk: Disk,
        name: Any,
        flags: Any,
    ) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        existing = path.stat().st_size > 0
        self._image = disk.images.setdefault(
            str(path), Image(bytearray(path.read_bytes()), synced=existing)
        )

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- as above
        """Keep the change as pending until the next sync."""
        self._disk.change()
        super().xWrite(data, offset)
        self._image.pending.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 -- as above
        """Keep the change as pending until the next sync."""
        self._disk.change()
        super().xTruncate(newsize)
        self._image.pending.append((newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 -- as above
        """Make the pending changes durable, unless the disk lies."""
        self._disk.change()
        super().xSync(flags)
        if not self._disk.lying:
            for at, data in self._image.pending:
                if data is None:
                    del self._image.durable[at:]
                else:
                    self._image.durable.extend(
                        bytes(max(0, at + len(data) - len(self._image.durable)))
                    )
                    self._image.durable[at : at + len(data)] = data
            self._image.pending.clear()
            self._image.synced = True


# What the ledger and its query tables use of the standard library's sqlite3, over this disk -------


class Cursor:
    """A cursor of tuples."""

    rowcount = lastrowid = -1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.row_factory: Any = None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        self._rows, self.description = [], None
        if not self.connection.begins_or_ends(statement):
            with _sqlite3_errors():
                self._rows = list(self._traced().execute(statement, tuple(parameters)))
        return self

    def executemany(self, statement: str, parameters: Iterable[Sequence[object]]) -> Cursor:
        with _sqlite3_errors():
            self._traced().executemany(statement, [tuple(each) for each in parameters])
        return self

    def _traced(self) -> apsw.Cursor:
        cursor = self.connection.shared.cursor()
        cursor.exec_trace = self._seen
        return cursor

    def _seen(
        self,
        cursor: apsw.Cursor,
        _statement: str,
        _parameters: Any,
    ) -> bool:
        self.description = [(name, *[None] * 6) for name, *_ in cursor.get_description()] or None
        return True

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []


class Connection:
    """A handle on the one real connection, which all handles share.

    The VFS has no shared memory, so the index of the write-ahead log belongs to one connection. A
    read transaction begun inside another's transaction is part of that one.
    """

    row_factory: Any = None
    isolation_level: str | None = None

    def __init__(self, shared: apsw.Connection) -> None:
        self.shared = shared
        self._begun: str | None = None

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        return self.cursor().execute(statement, parameters)

    def create_function(self, *_: Any, **__: Any) -> None:
        """Do nothing: no statement of ours calls a function."""

    def begins_or_ends(self, statement: str) -> bool:
        """Whether the statement began or ended a transaction and needs no further work."""
        if statement.startswith("PRAGMA synchronous=") and self.shared.in_transaction:
            return True  # a further handle on the one connection, for which it is set
        if statement.startswith("BEGIN"):
            self._begun = "within" if self.shared.in_transaction else "alone"
            assert statement == "BEGIN" or self._begun == "alone", (
                "a write within another's transaction"
            )
        if statement not in ("COMMIT", "ROLLBACK") and not statement.startswith("BEGIN"):
            return False
        if self._begun == "alone":
            with _sqlite3_errors():
                self.shared.execute(statement)
        if not statement.startswith("BEGIN"):
            self._begun = None
        return True

    def commit(self) -> None:
        self.begins_or_ends("COMMIT")

    def rollback(self) -> None:
        if self.shared.in_transaction:
            self.begins_or_ends("ROLLBACK")
        self._begun = None

    def close(self) -> None:
        self.rollback()


@contextmanager
def _sqlite3_errors() -> Iterator[None]:
    """Raise apsw's errors as those of the standard library."""
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except (apsw.Error, PowerLostError) as error:
        raise sqlite3.OperationalError(str(error) or "disk I/O error") from error


class Module:
    """`sqlite3`, with `connect` opening files on this disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._open: dict[Path, apsw.Connection] = {}

    def connect(self, database: str, **_: Any) -> Connection:
        path = Path(database.removeprefix("file:").partition("?")[0])
        if path not in self._open:
            self._open[path] = apsw.Connection(
                str(path),
                vfs=self._disk.name,
                flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE,
            )
            self._open[path].execute("PRAGMA locking_mode=EXCLUSIVE")
        return Connection(self._open[path])

    def close(self) -> None:
        """Close the files; errors after a power loss are ignored."""
        for connection in self._open.values():
            with suppress(apsw.Error, PowerLostError):
                connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


@contextmanager
def running_on(disk: Disk) -> Iterator[None]:
    """Put the library's recorder and the query tables on this disk."""
    module = Module(disk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eventsourcing.sqlite, "sqlite3", module)
        patch.setattr(sqlite_durability, "sqlite3", module)
        patch.setattr(engine, "create_engine", partial(create_engine, module=module))
        yield
    module.close()
