"""Write a rulebook to a file, never over another."""

from __future__ import annotations

from pathlib import Path

from commands.cli.shared.existing_file import reject_existing
from lifecycle.atomic_file import write_atomically
from lifecycle.rulebook import parse


def save_rulebook(path: Path, text: str) -> None:
    """Check a rulebook and write it.

    Raises `Rejected` with every finding, or where the file exists.
    """
    reject_existing(path)
    parse(text)
    write_atomically(path, text.encode())
