"""Backups: one file with a whole SQLite store and its evidence, whatever database it came from.

An archive (zip) of `ledger.db`, `evidence/DIGEST` and `backup.json`, which names the store, its
size and root, and the SHA-256 of the database. The signing key is not in it: whoever has a backup
could sign as the county.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from lifecycle import __version__
from lifecycle.atomic_file import build_atomically
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.store_copies import StoreCopy
from lifecycle.ledger.verification import verify
from lifecycle.rejections import StoreError, msg

FORMAT: Final = "lifecycle-backup/1"
BACKED_UP: Final = "backup"
_DATABASE: Final = "ledger.db"
_MANIFEST: Final = "backup.json"
_EVIDENCE: Final = "evidence/"
_MAX_MANIFEST: Final = 100_000
_CHUNK: Final = 1 << 20
_PAGES: Final = 1_000
"""Pages of the database copied at a time, so that clerks may record in between."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds. `made_at` is an ISO moment; digests and root are hexadecimal."""

    format: str
    lifecycle: str
    made_at: str
    origin: str
    events: int
    root: str
    database_sha256: str
    evidence_files: int


class BackupSource:
    """A store to be backed up: its ledger, its file where it is SQLite, and its evidence."""

    def __init__(self, ledger: Ledger, database: Path | None, evidence: EvidenceStore) -> None:
        self.ledger = ledger
        self.database = database
        self.evidence = evidence


def write_backup(
    source: BackupSource,
    file: Path,
    advance: Callable[[int], None],
) -> BackupManifest:
    """Write a backup while clerks go on recording, and verify it.

    The file is complete or not there. Raises `StoreError` where the store differs from its own
    checkpoints: a backup of it would take the place of a good one.
    """
    with tempfile.TemporaryDirectory(prefix="lifecycle-backup-") as folder:
        database = Path(folder) / _DATABASE
        if source.database is not None:
            _copy_database(source.database, database)
        else:
            copy = StoreCopy(source.ledger, str(database))
            with copy.target:
                copy.run(BACKED_UP, advance=advance)
            _merge_wal(database)
        manifest = _manifest(source, database)

        def build(temporary: Path) -> None:
            _write_archive(temporary, database, source.evidence, manifest)

        build_atomically(file, build)
    # From the file itself: what cannot be read back is no backup.
    return read_manifest(file)


def _copy_database(path: Path, target: Path) -> None:
    """Copy an SQLite database online: what is committed meanwhile is in it or not, as a whole."""
    try:
        with (
            closing(sqlite3.connect(path)) as original,
            closing(sqlite3.connect(target)) as copied,
        ):
            original.backup(copied, pages=_PAGES)
    except sqlite3.Error as error:
        raise StoreError(
            msg("the store {path} cannot be backed up: {why}"), path=path, why=error
        ) from error
    _merge_wal(target)


def _merge_wal(database: Path) -> None:
    """Leave one file, without a write-ahead log beside it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _manifest(source: BackupSource, database: Path) -> BackupManifest:
    """Verify the copied database and say what it holds."""
    with Ledger.open(str(database)) as ledger:
        result = verify(ledger)
        origin = ledger.head().origin
    _merge_wal(database)
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
        database_sha256=_file_digest(database),
        evidence_files=sum(1 for _file in source.evidence.sound_files()),
    )


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return _member_digest(file)


def _member_digest(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := member.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _write_archive(
    path: Path,
    database: Path,
    evidence: EvidenceStore,
    manifest: BackupManifest,
) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        archive.write(database, _DATABASE)
        for file in evidence.sound_files():
            # Scans and pictures are compressed already.
            archive.write(file, _EVIDENCE + file.name, zipfile.ZIP_STORED)


# Reading back -------------------------------------------------------------------------------------


def read_manifest(file: Path) -> BackupManifest:
    """Check every member of a backup and return what it says of itself. Raises `StoreError`."""
    with _opened(file) as archive:
        manifest = _checked_manifest(file, archive)
        with archive.open(_DATABASE) as member:
            digest = _member_digest(member)
        if digest != manifest.database_sha256:
            raise StoreError(
                msg("{path}: the database in the backup is not what it was when it was written"),
                path=file,
            )
        _check_evidence(file, archive, manifest)
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise StoreError(msg("{path} is no backup: {why}"), path=file, why=error) from error


def _checked_manifest(file: Path, archive: zipfile.ZipFile) -> BackupManifest:
    with archive.open(_MANIFEST) as member:
        text = member.read(_MAX_MANIFEST)
    try:
        manifest = BackupManifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise StoreError(msg("{path} is no backup: {why}"), path=file, why=error) from error
    if manifest.format != FORMAT:
        template = msg("{path} has the format {found}; this version reads {known}")
        raise StoreError(template, path=file, found=manifest.format, known=FORMAT)
    return manifest


def _check_evidence(file: Path, archive: zipfile.ZipFile, manifest: BackupManifest) -> None:
    names = _evidence_members(archive)
    for name in names:
        with archive.open(name) as member:
            digest = _member_digest(member)
        if digest != name.removeprefix(_EVIDENCE):
            raise StoreError(
                msg("{path}: the evidence {name} in the backup was altered"), path=file, name=name
            )
    if len(names) != manifest.evidence_files:
        raise StoreError(
            msg("{path}: the backup has {found} evidence files, it should have {expected}"),
            path=file,
            found=len(names),
            expected=manifest.evidence_files,
        )


def _evidence_members(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith(_EVIDENCE)]


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """Unpack a backup's database into a temporary folder. Raises `StoreError`."""
    with (
        tempfile.TemporaryDirectory(prefix="lifecycle-restore-") as folder,
        _opened(file) as archive,
    ):
        database = Path(folder) / _DATABASE
        with archive.open(_DATABASE) as member, database.open("wb") as target:
            shutil.copyfileobj(member, target, _CHUNK)
        yield database


def restore_evidence(file: Path, evidence: EvidenceStore) -> int:
    """Put a backup's evidence files into a folder. Returns how many there are."""
    with _opened(file) as archive:
        names = _evidence_members(archive)
        for name in names:
            evidence.put(name.removeprefix(_EVIDENCE), archive.read(name))
    return len(names)
