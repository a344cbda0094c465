"""C2SP signed notes and tlog-checkpoints: their text, and Ed25519 signatures on it.

Formats: https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint, as Go's `sumdb/note`
writes and reads them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lifecycle.rejections import LedgerError, msg

ED25519: Final = b"\x01"
"""The signature type octet of C2SP signed-note."""
_LARGEST_NOTE: Final = 1 << 20
# Bounds of Go's `sumdb/note`: what is longer there is rejected, so we neither write nor read it.
_MOST_SIGNATURES: Final = 100
_KEY_ID_SIZE: Final = 4
_PUBLIC_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64
# The surrogates in these patterns cannot be encoded as UTF-8, which is what a note is made of.
_NAME: Final = re.compile(r"[^\s+\ud800-\udfff]+")
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_SIGNATURE_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_TREE_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")  # no leading zeros; fits 63 bits
_TREE_HASH: Final = "tree-hash "
_FEWEST_CHECKPOINT_LINES: Final = 4  # origin, size, root, and what follows the last newline


class NoteError(LedgerError):
    """A note, checkpoint or key that is not well formed, or a signature that is not valid."""


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one, and so is what is not ASCII
        raise NoteError(msg("{text} is not base64"), text=text[:80]) from None


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs under; written as `name+id+base64`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four octets of SHA-256 over name, newline, algorithm and key."""
        return key_id(self.name, ED25519, self.public)

    def __str__(self) -> str:
        return written_key(self.name, ED25519, self.public)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read the written form. Raises `NoteError`."""
        named_key = read_key(text, ED25519)
        if named_key is None:
            raise NoteError(
                msg("{text} is not an Ed25519 verifier key of the form name+id+key"),
                text=text[:200],
            )
        return cls(*named_key)


def key_id(name: str, algorithm: bytes, public: bytes) -> bytes:
    """Return the id of a key: four octets, by which a signature line names it."""
    identity = name.encode() + b"\n" + algorithm + public
    return hashlib.sha256(identity).digest()[:_KEY_ID_SIZE]


def written_key(name: str, algorithm: bytes, public: bytes) -> str:
    """Return a public key as people copy it: `name+id+base64`."""
    encoded = base64.b64encode(algorithm + public).decode()
    return f"{name}+{key_id(name, algorithm, public).hex()}+{encoded}"


def read_key(text: str, algorithm: bytes) -> tuple[str, bytes] | None:
    """Return the name and the public key of a written Ed25519 key.

    None where it is not well formed, or of another algorithm. Raises `NoteError` where it is not
    base64.
    """
    name, _, id_and_key = text.strip().partition("+")
    written_id, _, encoded = id_and_key.partition("+")
    data = _decode_base64(encoded)
    public = data[1:]
    is_well_formed = (
        _NAME.fullmatch(name)
        and data[:1] == algorithm
        and len(public) == _PUBLIC_KEY_SIZE
        and key_id(name, algorithm, public).hex() == written_id
    )
    return (name, public) if is_well_formed else None


@dataclass(frozen=True, slots=True)
class Signature:
    """A line below a note: the signer's name, the key's id, the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        encoded = base64.b64encode(self.key_id + self.signature).decode()
        return f"— {self.name} {encoded}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a line without its newline. Raises `NoteError`."""
        match = _SIGNATURE_LINE.fullmatch(line)
        if match is None:
            raise _not_a_signature(line)
        name, encoded = match.groups()
        data = _decode_base64(encoded)
        if len(data) <= _KEY_ID_SIZE:
            raise _not_a_signature(line)
        return cls(name, data[:_KEY_ID_SIZE], data[_KEY_ID_SIZE:])


def _not_a_signature(line: str) -> NoteError:
    return NoteError(msg("{line} is not a signature line"), line=line[:80])


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = "".join(map(str, self.signatures))
        return f"{self.text}\n{lines}"

    @classmethod
    def parse(cls, written: str) -> Note:
        """Read a note without checking its signatures; `verify` does. Raises `NoteError`."""
        if len(written) > _LARGEST_NOTE or not written.endswith("\n"):
            raise NoteError(msg("a signed note must end with a newline and be at most 1 MiB"))
        if _FORBIDDEN.search(written):
            raise NoteError(msg("a signed note contains no control characters"))
        text, blank_line, below = written.rpartition("\n\n")
        lines = below.splitlines()
        if not blank_line or not text or not 1 <= len(lines) <= _MOST_SIGNATURES:
            raise NoteError(
                msg("a signed note consists of a text, an empty line and 1 to 100 signatures")
            )
        signatures = tuple(Signature.parse(line) for line in lines)
        return cls(f"{text}\n", signatures)

    def verify(self, *keys: VerifierKey) -> VerifierKey:
        """Check the signatures by these keys and return the key of the first of them.

        Raises `NoteError` where a signature by one of the keys is invalid, or none of them signed.
        """
        signer: VerifierKey | None = None
        for signature in self.signatures:
            key = _key_of(signature, keys)
            if key is None:
                continue  # C2SP signed-note: signatures from unknown keys are ignored
            if not signature_is_valid(key.public, signature.signature, self.text.encode()):
                raise NoteError(
                    msg(
                        "the signature of {name} is not valid: "
                        "the text or the signature was changed"
                    ),
                    name=key.name,
                )
            signer = signer or key
        if signer is None:
            raise NoteError(
                msg("no known key signed the note: known are {known}, signed has {signers}"),
                known=[str(key) for key in keys],
                signers=[
                    f"{signature.name}+{signature.key_id.hex()}" for signature in self.signatures
                ],
            )
        return signer


def _key_of(signature: Signature, keys: Iterable[VerifierKey]) -> VerifierKey | None:
    """Return the key that a signature claims to be made with. Name and id have to match both."""
    for key in keys:
        if (key.name, key.id) == (signature.name, signature.key_id):
            return key
    return None


def signature_is_valid(
    public: bytes,
    signature: bytes,
    message: bytes,
) -> bool:
    """Return whether the holder of the public key signed the message with Ed25519 (RFC 8032)."""
    if len(signature) != _SIGNATURE_SIZE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and the root of a log's tree. A tree with SM3 says so in an extension line."""

    origin: str
    size: int
    root: bytes
    tree_hash: str = "sha256"

    @property
    def text(self) -> str:
        """The note's text: origin, size and root, a line each."""
        root = base64.b64encode(self.root).decode()
        text = f"{self.origin}\n{self.size}\n{root}\n"
        if self.tree_hash != "sha256":
            text += f"{_TREE_HASH}{self.tree_hash}\n"
        return text

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note's text; other logs' extension lines are ignored. Raises `NoteError`."""
        *lines, end = text.split("\n")
        if (
            len(lines) + 1 < _FEWEST_CHECKPOINT_LINES
            or end
            or "" in lines
            or not _TREE_SIZE.fullmatch(lines[1])
        ):
            raise NoteError(msg("a checkpoint consists of three lines: origin, size, root"))
        origin, size, root, *extensions = lines
        return cls(origin, int(size), _decode_base64(root), _tree_hash(extensions))


def _tree_hash(extensions: Iterable[str]) -> str:
    for line in extensions:
        if line.startswith(_TREE_HASH):
            return line.removeprefix(_TREE_HASH)
    return "sha256"
