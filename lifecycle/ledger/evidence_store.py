"""Evidence files, stored under their SHA-256, so that they can be checked again."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from lifecycle.atomic_file import write_atomically
from lifecycle.private_files import create_closed_folder
from lifecycle.regular_file import NotRegularError, open_regular
from lifecycle.rejections import Rejected, msg

MAX_SIZE: Final = 50 * 1024 * 1024
_CHUNK: Final = 1024 * 1024

EvidenceState = Literal["sound", "altered", "absent"]


def read_evidence(file: Path) -> bytes:
    """Return a file's content.

    Raises `OSError` where it cannot be read, `Rejected` where it is no file or larger than 50 MiB.
    """
    try:
        with open_regular(file) as opened:
            # One byte more than allowed, whatever size the file had a moment ago.
            content = opened.read(MAX_SIZE + 1)
    except NotRegularError:
        raise Rejected.by(
            "evidence_unreadable", msg("{path} is not a file"), at="evidence", path=file
        ) from None
    if len(content) > MAX_SIZE:
        raise Rejected.by(
            "evidence_size", msg("{path} is larger than 50 MiB"), at="evidence", path=file
        )
    return content


def evidence_digest(file: Path) -> str:
    """Return a file's SHA-256 in hex. Raises what `read_evidence` raises."""
    return hashlib.sha256(read_evidence(file)).hexdigest()


class EvidenceStore:
    """The folder of evidence files: `ab/abcd…`, named by digest. Created with the first file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Return the path of the file with this digest."""
        return self.folder / sha256[:2] / sha256

    def add(self, file: Path) -> str:
        """Store a copy of a file durably.

        Returns its SHA-256; raises what `read_evidence` raises.
        """
        content = read_evidence(file)
        sha256 = hashlib.sha256(content).hexdigest()
        self.put(sha256, content)
        return sha256

    def put(self, sha256: str, content: bytes) -> None:
        """Store content under its digest durably, unless it is there."""
        if self.state_of(sha256) == "sound":
            return
        path = self.path_of(sha256)
        self._create_folder()
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, content)

    def _create_folder(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Contracts and tax papers: an office that shares the folder opens it to others itself.
        with suppress(FileExistsError):
            create_closed_folder(self.folder)

    def state_of(self, sha256: str) -> EvidenceState:
        """Return whether the file is present and unchanged; a link or a pipe counts as altered.

        Raises `OSError` where it cannot be read.
        """
        digest = hashlib.sha256()
        try:
            with open_regular(self.path_of(sha256), follow_links=False) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return "absent"
        except (NotRegularError, IsADirectoryError, NotADirectoryError):
            return "altered"
        return "sound" if digest.hexdigest() == sha256 else "altered"
