"""Files that are there already."""

from __future__ import annotations

from pathlib import Path

from lifecycle.rejections import Rejected, msg


def reject_existing(path: Path) -> None:
    """Raise `Rejected` where a file exists: what an office filled in is never written over."""
    if path.exists():
        raise Rejected.by(
            "file_exists", msg("{path} already exists; nothing was changed"), path=path
        )
