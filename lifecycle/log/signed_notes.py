"""C2SP signed notes and tlog-checkpoints: their text, what is accepted of it, and Ed25519 signatures on it.

Formats: https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint, as Go's `sumdb/note` writes and reads them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from lifecycle.rejections import LedgerError, msg

ED25519: Final = b"\x01"
_LARGEST: Final = 1 << 20
_MOST_SIGNATURES: Final = 100
_KEY_ID: Final = 4
_PUBLIC: Final = 32
_SIGNATURE: Final = 64
_NAME: Final = re.compile(r"[^\s+\ud800-\udfff]+")
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(LedgerError):
    """A note, checkpoint or key that is not well formed, or a signature that does not hold."""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one, and so is what is not ASCII
        raise NoteError(msg("{text} is not base64"), text=text[:80]) from None


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs under; written `name+id+base64`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four octets of SHA-256 over name, newline, algorithm and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_KEY_ID]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read the written form. Raises `NoteError`."""
        name, _, rest = text.strip().partition("+")
        claimed, _, key = rest.partition("+")
        data = _decoded(key)
        found = cls(name, data[1:])
        if (
            not _NAME.fullmatch(name)
            or data[:1] != ED25519
            or len(data) != 1 + _PUBLIC
            or found.id.hex() != claimed
        ):
            raise NoteError(
                msg("{text} is not an Ed25519 verifier key, name+id+key"), text=text[:200]
            )
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """A line below a note: who claims to have signed, the key's id, the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last character a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def parse(cls, written: str) -> Note:
        """Read a note; nothing of it is believed yet. Raises `NoteError`."""
        if len(written) > _LARGEST or not written.endswith("\n"):
            raise NoteError(msg("a signed note ends with a newline and has at most 1 MiB"))
        if _FORBIDDEN.search(written):
            raise NoteError(msg("a signed note holds no control characters"))
        text, blank, below = written.rpartition("\n\n")
        lines = below.splitlines()
        if not blank or not text or not 1 <= len(lines) <= _MOST_SIGNATURES:
            raise NoteError(msg("a signed note is a text, an empty line, and 1 to 100 signatures"))
        return cls(f"{text}\n", tuple(_signature(line) for line in lines))

    def verified_by(self, *keys: VerifierKey) -> VerifierKey:
        """The first of the keys that signed. Raises `NoteError` where one's signature is wrong, or none signed."""
        found = None
        for signed in self.signatures:
            key = next(
                (key for key in keys if (key.name, key.id) == (signed.name, signed.key_id)), None
            )
            if key is None:
                continue  # an unknown signer says nothing, C2SP signed-note: "ignored"
            if not signature_is_valid(key.public, signed.signature, self.text.encode()):
                raise NoteError(
                    msg(
                        "the signature of {name} does not hold: the text or the signature was changed"
                    ),
                    name=key.name,
                )
            found = found or key
        if found is None:
            raise NoteError(
                msg("none of the known keys signed: known are {known}, signed has {signers}"),
                known=[str(key) for key in keys],
                signers=[f"{signed.name}+{signed.key_id.hex()}" for signed in self.signatures],
            )
        return found


def _signature(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    if match is None:
        raise NoteError(msg("{line} is not a signature line"), line=line[:80])
    data = _decoded(match[2])
    if len(data) <= _KEY_ID:
        raise NoteError(msg("{line} is not a signature line"), line=line[:80])
    return Signature(match[1], data[:_KEY_ID], data[_KEY_ID:])


def signature_is_valid(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is the key's, on the message."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 -- whoever records pays for no signatures
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 -- as above

    if len(signature) != _SIGNATURE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log's tree was, and its root. A tree with SM3 says so in an extension line."""

    origin: str
    size: int
    root: bytes
    tree_hash: str = "sha256"

    @property
    def text(self) -> str:
        """The note's text: origin, size, root, each on a line."""
        extension = "" if self.tree_hash == "sha256" else f"tree-hash {self.tree_hash}\n"
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{extension}"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note's text; extension lines of others are left aside. Raises `NoteError`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not _SIZE.fullmatch(lines[1]) or "" in lines[:-1]:  # noqa: PLR2004 -- three lines and the end
            raise NoteError(msg("a checkpoint is three lines: origin, size, root"))
        hashes = [
            line.removeprefix("tree-hash ") for line in lines[3:-1] if line.startswith("tree-hash ")
        ]
        return cls(lines[0], int(lines[1]), _decoded(lines[2]), hashes[0] if hashes else "sha256")
