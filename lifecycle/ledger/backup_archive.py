"""The file that a backup is, and reading it back.

An archive (zip) of `ledger.db`, `evidence/DIGEST` and `backup.json`, which names the store, its
size and root, and the SHA-256 of the database. The signing key is not in it: whoever has a backup
could sign as the county.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg
from lifecycle.zip_headers import opened_archive

FORMAT: Final = "lifecycle-backup/1"
_DATABASE: Final = "ledger.db"
_MANIFEST: Final = "backup.json"
_EVIDENCE: Final = "evidence/"
_MAX_MANIFEST: Final = 100_000
_CHUNK: Final = 1 << 20
# What the library raises for an archive that was damaged, cut off or encrypted.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_NO_BACKUP: Final = msg("{path} is no backup, or is damaged: {why}")


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds. `made_at` is an ISO moment; digests and root are hexadecimal.

    `evidence_lacking` counts the files that were altered, gone or unreadable when it was made.
    """

    format: str
    lifecycle: str
    made_at: str
    origin: str
    events: int
    root: str
    database_sha256: str
    evidence_files: int
    evidence_lacking: int

    @classmethod
    def parse(cls, text: bytes) -> BackupManifest:
        """Read a manifest. Raises `ValueError`."""
        fields: Any = json.loads(text)
        if not isinstance(fields, dict) or {*fields} != {*cls.__slots__}:
            message = "backup.json lacks fields, or has unknown ones"
            raise ValueError(message)
        for name, value in fields.items():
            expected = int if cls.__annotations__[name] == "int" else str
            if type(value) is not expected:
                message = f"backup.json: {name}"
                raise ValueError(message)
        return cls(**fields)


def file_digest(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with open_regular(path) as file:
        return _member_digest(file)


def _member_digest(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := member.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def write_archive(
    path: Path,
    database: Path,
    evidence: Sequence[Path],
    manifest: BackupManifest,
) -> None:
    """Write a backup of a database and of evidence files named by their digests."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        archive.write(database, _DATABASE)
        for file in evidence:
            # Scans and pictures are compressed already.
            archive.write(file, _EVIDENCE + file.name, zipfile.ZIP_STORED)


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
        with opened_archive(file) as archive:
            yield archive
    except _UNREADABLE as error:
        raise StoreError(_NO_BACKUP, path=file, why=error) from error


def _checked_manifest(file: Path, archive: zipfile.ZipFile) -> BackupManifest:
    with archive.open(_MANIFEST) as member:
        text = member.read(_MAX_MANIFEST)
    try:
        manifest = BackupManifest.parse(text)
    except ValueError as error:
        raise StoreError(_NO_BACKUP, path=file, why=error) from error
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


def unpack_database(file: Path, folder: Path) -> Path:
    """Unpack a backup's database into a folder and return its path. Raises `StoreError`."""
    database = folder / _DATABASE
    with (
        _opened(file) as archive,
        archive.open(_DATABASE) as member,
        database.open("wb") as target,
    ):
        shutil.copyfileobj(member, target, _CHUNK)
    return database


def restore_evidence(file: Path, evidence: EvidenceStore) -> None:
    """Put a backup's evidence files into a folder; those that are there already stay."""
    with _opened(file) as archive:
        for name in _evidence_members(archive):
            evidence.put(name.removeprefix(_EVIDENCE), archive.read(name))
