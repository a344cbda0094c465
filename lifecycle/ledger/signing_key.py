"""The key that signs checkpoints: created by `init`, kept outside the store in its owner's file."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

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

_GROUP_AND_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class SigningKey:
    """A private Ed25519 key and the name it signs under, which is the store's origin."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw())

    @classmethod
    def create(
        cls,
        name: str,
        path: Path,
        passphrase: str | None = None,
    ) -> SigningKey:
        """Create a key and its file, mode 0600. Raises `Rejected` where the file exists."""
        private = Ed25519PrivateKey.generate()
        encryption: KeySerializationEncryption = NoEncryption()
        if passphrase:
            encryption = BestAvailableEncryption(passphrase.encode())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive and with its final mode from the start: nobody else can open it in between,
            # and no earlier key is ever overwritten.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Rejected.by(
                "key_exists", msg("{path} already exists; nothing was changed"), path=path
            ) from None
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        return cls(name, private)

    @classmethod
    def load(
        cls,
        name: str,
        path: Path,
        passphrase: str | None = None,
    ) -> SigningKey:
        """Read the key.

        Raises `StoreError` where the file is missing, readable by others, encrypted under another
        passphrase, or no Ed25519 key.
        """
        private = _private_key(path, _read_private(path), passphrase)
        if not isinstance(private, Ed25519PrivateKey):
            raise StoreError(msg("the signing key {path} is not an Ed25519 key"), path=path)
        return cls(name, private)

    def sign(self, text: str) -> Note:
        """Return the text as a note with our signature below it (C2SP signed-note)."""
        signature = Signature(
            self.verifier.name,
            self.verifier.id,
            self._private.sign(text.encode()),
        )
        return Note(text, (signature,))


def _read_private(path: Path) -> bytes:
    """Return the file's content if no one but its owner can read it."""
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise StoreError(
            msg("the signing key {path} cannot be read: {why}"), path=path, why=error.strerror
        ) from None
    # Windows reports modes that say nothing about who may read a file.
    if os.name == "posix" and mode & _GROUP_AND_OTHERS:
        raise StoreError(
            msg(
                "the signing key {path} can be read by others: chmod 600 it, "
                "and consider changing it"
            ),
            path=path,
        )
    return pem


def _private_key(
    path: Path,
    pem: bytes,
    passphrase: str | None,
) -> object:
    password = passphrase.encode() if passphrase else None
    try:
        return load_pem_private_key(pem, password)
    except TypeError:  # a passphrase is missing, or there is nothing to decrypt
        raise StoreError(
            msg(
                "the signing key {path} needs a passphrase, or a passphrase was given for an "
                "unprotected key"
            ),
            path=path,
        ) from None
    except ValueError:
        raise StoreError(
            msg("the signing key {path} cannot be opened: wrong passphrase or damaged file"),
            path=path,
        ) from None


def is_encrypted(path: Path) -> bool:
    """Return whether the key's file needs a passphrase.

    `load` reports a file that cannot be read.
    """
    try:
        return b"ENCRYPTED" in path.read_bytes()[:64]
    except OSError:
        return False
