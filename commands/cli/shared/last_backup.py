"""The note of a store's last backup: beside an SQLite store, else in the user's data folder."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from commands.cli.shared.data_folder import data_folder
from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.backup_archive import BackupManifest
from lifecycle.ledger.recorders import sqlite_path


class LastBackup(NamedTuple):
    """When a store was last backed up, to which file, and how many events it had then."""

    made_at: str
    path: str
    events: int


def note_backup(
    url: str,
    file: Path,
    manifest: BackupManifest,
) -> None:
    """Note a backup; where no note can be written the backup stands all the same."""
    note = LastBackup(manifest.made_at, str(file.absolute()), manifest.events)
    text = json.dumps(note._asdict(), ensure_ascii=False)
    path = _note_path(url, manifest.origin)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())


def last_backup(url: str, origin: str) -> LastBackup | None:
    """Return the note of the last backup; None where there is none, or it cannot be read."""
    try:
        return LastBackup(**json.loads(_note_path(url, origin).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _note_path(url: str, origin: str) -> Path:
    path = sqlite_path(url)
    if path is not None:
        return path.with_name(f"{path.stem}.last-backup.json")
    return data_folder() / "backups" / f"{origin.replace('/', '-')}.json"
