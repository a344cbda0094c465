"""Evidence files kept by content beside the store: a file's SHA-256 is its name, so that it can be read and checked again."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import orjson

from lifecycle.ledger.recorders.ledger_recorder import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

LARGEST: Final = 50 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def read_evidence(file: Path) -> bytes:
    """A file's content. Raises `OSError` where it cannot be read, `Rejected` where it is no file or over 50 MiB."""
    found = file.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise Rejected.by(
            "evidence_unreadable", msg("{path} is not a file"), at="evidence", path=file
        )
    if found.st_size > LARGEST:
        raise Rejected.by("evidence_size", msg("{path} is over 50 MiB"), at="evidence", path=file)
    return file.read_bytes()


def evidence_digest(file: Path) -> str:
    """A file's SHA-256. Raises what `read_evidence` raises."""
    return hashlib.sha256(read_evidence(file)).hexdigest()


class EvidenceStore:
    """The folder that holds evidence: `ab/abcd…`, named by digest. It is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, sha256: str) -> Path:
        """Where the file of a digest stands."""
        return self.folder / sha256[:2] / sha256

    def keep(self, file: Path) -> str:
        """Keep a copy of a file, durably; gives its SHA-256. Raises what `read_evidence` raises."""
        content = read_evidence(file)
        sha256 = hashlib.sha256(content).hexdigest()
        if self.state(sha256) != "sound":
            self._write(self.place(sha256), content)
        return sha256

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            with beside.open("wb") as copy:
                copy.write(content)
                copy.flush()
                os.fsync(copy.fileno())
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)

    def state(self, sha256: str) -> Literal["sound", "altered", "absent"]:
        """Whether the file of a digest is here, and still what it was. Raises `OSError` where it cannot be read."""
        digest = hashlib.sha256()
        try:
            with self.place(sha256).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return "absent"
        return "sound" if digest.hexdigest() == sha256 else "altered"


@dataclass(slots=True)
class EvidenceCheck:
    """What became of the files that events name: how many are sound, which are not here, which are no longer what they were."""

    sound: int = 0
    absent: list[str] = field(default_factory=list)
    altered: list[Problem] = field(default_factory=list)


def verify_evidence(
    ledger: Ledger, shelf: EvidenceStore, upto: int = MAX_POSITION
) -> EvidenceCheck:
    """Read again every file that an event names. One that is not here may never have been: an import brings digests alone."""
    found, states = EvidenceCheck(), dict[str, str]()
    for position, stream, name, sha256 in _named(ledger, upto):
        if sha256 in states:
            continue
        states[sha256] = state = shelf.state(sha256)
        if state == "sound":
            found.sound += 1
        elif state == "absent":
            found.absent.append(sha256)
        else:
            template = msg(
                "the evidence {name} of position {position}, {stream}, is no longer what was recorded: {path}"
            )
            values = {
                "name": name,
                "position": position,
                "stream": stream,
                "path": shelf.place(sha256),
            }
            found.altered.append(Problem("evidence_altered", template, values))
    return found


def _named(ledger: Ledger, upto: int) -> Iterator[tuple[int, str, str, str]]:
    """Every file named by an event, or by a correction of one: position, stream, name, digest."""
    with ledger.recorder.cursor(write=False) as cursor:
        for position, stream, _version, _topic, stored in ledger.recorder.between(
            cursor, -MAX_POSITION, upto
        ):
            state: object = stored  # another hand may have stored text, which the tree tells of
            if isinstance(state, bytes) and b'"sha256"' in state:
                yield from ((position, stream, name, sha256) for name, sha256 in _files(state))


def _files(state: bytes) -> list[tuple[str, str]]:
    """The files that an event's bytes name; none of damaged bytes, which the tree tells of."""
    try:
        fields = orjson.loads(state)
        files = [
            *(fields.get("evidence") or []),
            *((fields.get("replacement") or {}).get("evidence") or []),
        ]
        return [
            (str(file["name"]), file["sha256"])
            for file in files
            if _DIGEST.fullmatch(file["sha256"])
        ]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return []
