"""C2SP tlog-cosignature: another party's statement that a checkpoint continues what it saw before.

Format: https://c2sp.org/tlog-cosignature, `cosignature/v1` with Ed25519. A cosignature stands in a
line of its own below the log's signature, and whoever doesn't know its key ignores it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from lifecycle.log.signed_notes import (
    Note,
    NoteError,
    Signature,
    key_id,
    read_key,
    signature_is_valid,
    written_key,
)
from lifecycle.rejections import msg

COSIGNATURE: Final = b"\x04"
"""The signature type octet of timestamped Ed25519 cosignatures (C2SP signed-note)."""
_TIMESTAMP: Final = struct.Struct(">Q")
_LATEST_TIMESTAMP: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class CosignerKey:
    """A cosigner's public key and name; written as `name+id+base64`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four octets of SHA-256 over name, newline, type and key."""
        return key_id(self.name, COSIGNATURE, self.public)

    def __str__(self) -> str:
        return written_key(self.name, COSIGNATURE, self.public)

    @classmethod
    def parse(cls, text: str) -> CosignerKey:
        """Read the written form. Raises `NoteError`."""
        named_key = read_key(text, COSIGNATURE)
        if named_key is None:
            raise NoteError(
                msg("{text} is not a cosigner's key of the form name+id+key"), text=text[:200]
            )
        return cls(*named_key)


class Cosignature(NamedTuple):
    """A valid cosignature: its line, and when it was made, in seconds since 1970."""

    line: Signature
    timestamp: int

    @property
    def made_at(self) -> str:
        """The moment in UTC; the seconds themselves where no calendar reaches them."""
        try:
            return datetime.fromtimestamp(self.timestamp, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return str(self.timestamp)


def cosigned_message(text: str, timestamp: int) -> bytes:
    """Return what a cosigner signs: two lines of its own, then the checkpoint's whole text."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def with_cosignature(
    note: Note,
    key: CosignerKey,
    timestamp: int,
    signature: bytes,
) -> Note:
    """Return the note with one more line."""
    # The timestamp is signed with the text, and travels in front of the signature.
    line = Signature(key.name, key.id, _TIMESTAMP.pack(timestamp) + signature)
    return Note(note.text, (*note.signatures, line))


def cosignature_of(note: Note, key: CosignerKey) -> Cosignature | None:
    """Return the key's cosignature on a note; None where there is none.

    Raises `NoteError` where one is not valid.
    """
    for line in note.signatures:
        # C2SP signed-note: lines of unknown keys are ignored, those of a known key must hold.
        if (line.name, line.key_id) != (key.name, key.id):
            continue
        timestamp = _timestamp(line)
        if timestamp is not None:
            message = cosigned_message(note.text, timestamp)
            signature = line.signature[_TIMESTAMP.size :]
            if signature_is_valid(key.public, signature, message):
                return Cosignature(line, timestamp)
        raise NoteError(
            msg("the cosignature of {name} is not valid: the checkpoint or it was changed"),
            name=key.name,
        )
    return None


def _timestamp(line: Signature) -> int | None:
    """Return a line's timestamp; None where it has none, or one that the format rejects."""
    if len(line.signature) < _TIMESTAMP.size:
        return None
    timestamp: int = _TIMESTAMP.unpack_from(line.signature)[0]
    return timestamp if timestamp <= _LATEST_TIMESTAMP else None
