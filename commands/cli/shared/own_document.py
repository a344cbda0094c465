"""Files that bear a document's code: a command may write them anew."""

from __future__ import annotations

from pathlib import Path

from commands.cli.shared.existing_file import reject_existing
from commands.reports.document_reading import has_code, read_document
from lifecycle.rejections import Rejected, StoreError


def reject_foreign_file(path: Path) -> None:
    """Raise `Rejected` for a file that this program did not write: it is the office's own."""
    if path.exists() and not _is_own_document(path):
        reject_existing(path)


def _is_own_document(path: Path) -> bool:
    """Whether a file bears a document's code."""
    try:
        texts = read_document(path).code_texts
    except (Rejected, StoreError):
        return False
    return any(has_code(text) for text in texts)
