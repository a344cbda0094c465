"""Write a rulebook to a file, never over another."""

from __future__ import annotations

from pathlib import Path

from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import parse


def save_rulebook(path: Path, text: str) -> None:
    """Check a rulebook and write it.

    Raises `Rejected` with every finding, or where the file exists.
    """
    reject_existing(path)
    parse(text)
    write_atomically(path, text.encode())


def reject_existing(path: Path) -> None:
    """Raise `Rejected` where a file exists: what an office filled in is never written over."""
    if path.exists():
        raise Rejected.by(
            "file_exists", msg("{path} already exists; nothing was changed"), path=path
        )
