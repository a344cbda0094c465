"""The key that signs checkpoints: made at `init`, kept outside the store in a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lifecycle.log.signed_notes import Note, Signature, VerifierKey
from lifecycle.rejections import Rejected, StoreError, msg

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SigningKey:
    """A private key and the name it signs under, which is the store's origin."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw())

    @classmethod
    def make(cls, name: str, path: Path, passphrase: str | None = None) -> SigningKey:
        """Make a key and its file, mode 0600. Raises `Rejected` where there is one."""
        private = Ed25519PrivateKey.generate()
        encryption: KeySerializationEncryption = (
            BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        )
        written = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Rejected.by(
                "key_exists", msg("{path} exists already; nothing was changed"), path=path
            ) from None
        with os.fdopen(descriptor, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        return cls(name, private)

    @classmethod
    def load(cls, name: str, path: Path, passphrase: str | None = None) -> SigningKey:
        """Read the key. Raises `StoreError` where it is missing, open to others, locked, or no Ed25519 key."""
        try:
            mode, written = path.stat().st_mode, path.read_bytes()
        except OSError as error:
            raise StoreError(
                msg("the signing key {path} cannot be read: {why}"), path=path, why=error.strerror
            ) from None
        if os.name == "posix" and mode & _OTHERS:
            raise StoreError(
                msg(
                    "the signing key {path} is open to others: chmod 600 it, and think of changing it"
                ),
                path=path,
            )
        try:
            private = load_pem_private_key(written, passphrase.encode() if passphrase else None)
        except TypeError:
            raise StoreError(
                msg("the signing key {path} needs a passphrase, or was given one it does not need"),
                path=path,
            ) from None
        except ValueError:
            raise StoreError(
                msg(
                    "the signing key {path} cannot be opened: a wrong passphrase, or a damaged file"
                ),
                path=path,
            ) from None
        if not isinstance(private, Ed25519PrivateKey):
            raise StoreError(msg("the signing key {path} is not an Ed25519 key"), path=path)
        return cls(name, private)

    def sign(self, text: str) -> Note:
        """The text with our signature below it (C2SP signed-note)."""
        return Note(
            text,
            (Signature(self.verifier.name, self.verifier.id, self._private.sign(text.encode())),),
        )


def is_encrypted(path: Path) -> bool:
    """Whether the key's file asks for a passphrase; a file that cannot be read is for `load` to complain of."""
    try:
        return b"ENCRYPTED" in path.read_bytes()[:64]
    except OSError:
        return False
