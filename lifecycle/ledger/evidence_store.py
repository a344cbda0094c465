"""Evidence files, stored under their SHA-256, so that they can be checked again."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import orjson

from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.private_files import create_closed_folder
from lifecycle.rejections import Problem, Rejected, msg

MAX_SIZE: Final = 50 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

EvidenceState = Literal["sound", "altered", "absent"]


def read_evidence(file: Path) -> bytes:
    """Return a file's content.

    Raises `OSError` where it cannot be read, `Rejected` where it is no file or larger than 50 MiB.
    """
    status = file.stat()
    # A pipe or a device could deliver bytes without end. A folder fails below with its own message.
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise Rejected.by(
            "evidence_unreadable", msg("{path} is not a file"), at="evidence", path=file
        )
    if status.st_size > MAX_SIZE:
        raise Rejected.by(
            "evidence_size", msg("{path} is larger than 50 MiB"), at="evidence", path=file
        )
    return file.read_bytes()


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
        if self.state_of(sha256) != "sound":
            path = self.path_of(sha256)
            self._create_folder()
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, content)
        return sha256

    def _create_folder(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Contracts and tax papers: an office that shares the folder opens it to others itself.
        with suppress(FileExistsError):
            create_closed_folder(self.folder)

    def state_of(self, sha256: str) -> EvidenceState:
        """Return whether the file is present and unchanged.

        Raises `OSError` where it cannot be read.
        """
        digest = hashlib.sha256()
        try:
            with self.path_of(sha256).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return "absent"
        return "sound" if digest.hexdigest() == sha256 else "altered"


@dataclass(slots=True)
class EvidenceCheck:
    """The result of reading all evidence again: how many files are sound, which are not."""

    sound: int = 0
    absent: list[str] = field(default_factory=list)
    altered: list[Problem] = field(default_factory=list)


class EvidenceReference(NamedTuple):
    """A file that an event names."""

    position: int
    stream: str
    name: str
    sha256: str


def verify_evidence(
    ledger: Ledger,
    evidence: EvidenceStore,
    upto: int = MAX_POSITION,
) -> EvidenceCheck:
    """Read every file that an event names and compare it with its digest.

    An absent file may never have been here: an import brings digests alone.
    """
    check = EvidenceCheck()
    checked: set[str] = set()
    for reference in _references(ledger, upto):
        if reference.sha256 in checked:
            continue
        checked.add(reference.sha256)
        state = evidence.state_of(reference.sha256)
        if state == "sound":
            check.sound += 1
        elif state == "absent":
            check.absent.append(reference.sha256)
        else:
            check.altered.append(_altered(reference, evidence))
    return check


def _altered(reference: EvidenceReference, evidence: EvidenceStore) -> Problem:
    template = msg(
        "the evidence {name} at position {position} ({stream}) differs from what was "
        "recorded: {path}"
    )
    values = {
        "name": reference.name,
        "position": reference.position,
        "stream": reference.stream,
        "path": evidence.path_of(reference.sha256),
    }
    return Problem("evidence_altered", template, values)


def _references(ledger: Ledger, upto: int) -> Iterator[EvidenceReference]:
    """Yield every file named by an event, or by a correction of one."""
    with ledger.recorder.cursor(write=False) as cursor:
        rows = ledger.recorder.between(cursor, -MAX_POSITION, upto)
        for position, stream, _version, _topic, stored in rows:
            # SQLite lets other programs store text where bytes belong; the audit pass reports that.
            state: object = stored
            # Searching the bytes first spares decoding the many events without evidence.
            if isinstance(state, bytes) and b'"sha256"' in state:
                for name, sha256 in _named_files(state):
                    yield EvidenceReference(position, stream, name, sha256)


def _named_files(state: bytes) -> list[tuple[str, str]]:
    """Return name and digest of each file in an event's bytes.

    None of damaged bytes: the audit pass reports those.
    """
    try:
        fields: dict[str, Any] = orjson.loads(state)
        replacement = fields.get("replacement") or {}
        files = [*(fields.get("evidence") or []), *(replacement.get("evidence") or [])]
        return [
            (str(file["name"]), file["sha256"])
            for file in files
            if _DIGEST.fullmatch(file["sha256"])
        ]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return []
