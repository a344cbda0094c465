"""Evidence files: what is stored of one is its name and its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from commands.messages import why
from lifecycle.refusals import Refused, msg

LARGEST: Final = 50 * 1024 * 1024


def digested(path: str) -> dict[str, str]:
    """A file's name and SHA-256. Raises `Refused` where it cannot be read or is too large."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise Refused.by("evidence_size", msg("{path} is over 50 MiB"), at="evidence", path=path)
        content = file.read_bytes()
    except OSError as error:
        raise Refused.by("evidence_unreadable", msg("{path} cannot be read: {why}"), at="evidence", path=path, why=why(error)) from error
    return {"name": file.name, "sha256": hashlib.sha256(content).hexdigest()}
