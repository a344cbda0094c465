"""Backups: one file with a whole SQLite store and its evidence, whatever database it came from."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from lifecycle import __version__
from lifecycle.atomic_file import build_atomically
from lifecycle.ledger.backup_archive import (
    FORMAT,
    BackupManifest,
    file_digest,
    read_manifest,
    write_archive,
)
from lifecycle.ledger.evidence_inventory import EvidenceInventory, take_inventory
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.recorders.sqlite_source import sqlite_source
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.store_copies import StoreCopy
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Problem, Rejected, StoreError, msg

BACKED_UP: Final = "backup"
_PAGES: Final = 1_000
"""Pages of the database copied at a time: a progress bar moves in between."""


class BackupSource(NamedTuple):
    """A store to be backed up: its ledger, its file where it is SQLite, and its evidence."""

    ledger: Ledger
    database: Path | None
    evidence: EvidenceStore


class WrittenBackup(NamedTuple):
    """A backup that was written and read back, and the evidence that it lacks."""

    manifest: BackupManifest
    lacking: list[Problem]


def write_backup(
    source: BackupSource,
    file: Path,
    advance: Callable[[int], None],
) -> WrittenBackup:
    """Write a backup while clerks go on recording, and verify it.

    The file is complete or not there. Raises `Rejected` where there is a file already, `StoreError`
    where the store differs from its own checkpoints: a backup of it would take the place of a good
    one.
    """
    _require_free_place(file)
    with tempfile.TemporaryDirectory(prefix="lifecycle-backup-") as folder:
        database = Path(folder) / "ledger.db"
        if source.database is not None:
            _copy_database(source.ledger, source.database, database, advance)
        else:
            copy = StoreCopy(source.ledger, str(database))
            with copy.target:
                copy.run(BACKED_UP, advance=advance)
            merge_log(database)
        # After the events: a file is kept before the event that names it.
        inventory = take_inventory(source.ledger, source.evidence)
        manifest = _manifest(source, database, inventory)

        def build(temporary: Path) -> None:
            write_archive(temporary, database, inventory.sound, manifest)

        build_atomically(file, build)
    # From the file itself: what cannot be read back is no backup.
    return WrittenBackup(read_manifest(file), inventory.lacking)


def _require_free_place(file: Path) -> None:
    """Raise `Rejected` or `OSError` before anything is read that could not be written."""
    if file.exists():
        # It may be an earlier backup, or the store itself.
        raise Rejected.by(
            "file_exists",
            msg("{path} already exists; nothing was changed: name a new file, or a folder"),
            path=file,
        )
    folder = file.absolute().parent
    folder.stat()
    if not os.access(folder, os.W_OK):
        raise StoreError(msg("the folder {path} cannot be written"), path=folder)


def _copy_database(
    ledger: Ledger,
    path: Path,
    target: Path,
    advance: Callable[[int], None],
) -> None:
    """Copy an SQLite database online: what is committed meanwhile is not in it."""
    events = ledger.head().position
    copied_events = 0

    def report(_status: int, remaining: int, total: int) -> None:
        nonlocal copied_events
        events_by_now = events * (total - remaining) // max(total, 1)
        advance(events_by_now - copied_events)
        copied_events = events_by_now

    try:
        with (
            sqlite_source(path) as store,
            closing(sqlite3.connect(store.uri, uri=True, isolation_level=None)) as original,
            closing(sqlite3.connect(target)) as copied,
        ):
            # One state from the first page to the last. Without the transaction SQLite would begin
            # again after each event that another process records, and under load never end.
            original.execute("BEGIN")
            original.execute("SELECT count(*) FROM sqlite_master").fetchone()
            original.backup(copied, pages=_PAGES, progress=report, sleep=0)
    except sqlite3.Error as error:
        raise StoreError(
            msg("the store {path} cannot be copied to {folder}: {why}"),
            path=path,
            folder=target.parent,
            why=error,
        ) from error
    merge_log(target)


def merge_log(database: Path) -> None:
    """Leave one file, without a write-ahead log beside it."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreError(
            msg("the store {path} cannot be used: {why}"), path=database, why=str(error)
        ) from error


def _manifest(
    source: BackupSource,
    database: Path,
    inventory: EvidenceInventory,
) -> BackupManifest:
    """Verify the copied database and say what it holds."""
    with Ledger.open(str(database)) as ledger:
        result = verify(ledger)
        origin = ledger.head().origin
    merge_log(database)
    if result.differences:
        problem = result.differences[0].problem
        raise StoreError(problem.template, **problem.values)
    return BackupManifest(
        format=FORMAT,
        lifecycle=__version__,
        made_at=source.ledger.clock().isoformat(timespec="seconds"),
        origin=origin,
        events=result.size,
        root=result.root.hex(),
        database_sha256=file_digest(database),
        evidence_files=len(inventory.sound),
        evidence_lacking=len(inventory.lacking),
    )
