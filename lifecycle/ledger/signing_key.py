"""The key that signs checkpoints: created by `init`, kept outside the store in its owner's file."""

from __future__ import annotations

import sys
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

from lifecycle.atomic_file import write_atomically
from lifecycle.log.cosignatures import CosignerKey, cosigned_message, with_cosignature
from lifecycle.log.signed_notes import Note, NoteError, Signature, VerifierKey
from lifecycle.private_files import create_private_file, others_may_read
from lifecycle.regular_file import read_regular
from lifecycle.rejections import Rejected, StoreError, msg

if sys.platform == "win32":
    _OPEN_TO_OTHERS: Final = msg(
        "the signing key {path} can be read by others: run "
        'icacls "{path}" /inheritance:r /grant:r "%USERNAME%:F" in a command prompt, '
        "and consider changing it"
    )
else:
    _OPEN_TO_OTHERS: Final = msg(
        "the signing key {path} can be read by others: chmod 600 it, and consider changing it"
    )


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
        """Create a key and its file, for its owner alone. Raises `Rejected` where it exists."""
        private = Ed25519PrivateKey.generate()
        encryption: KeySerializationEncryption = NoEncryption()
        if passphrase:
            encryption = BestAvailableEncryption(passphrase.encode())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            create_private_file(path, pem)
        except FileExistsError:
            raise Rejected.by(
                "key_exists", msg("{path} already exists; nothing was changed"), path=path
            ) from None
        key = cls(name, private)
        write_public_key(path, key.verifier)
        return key

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

    def cosign(self, note: Note, timestamp: int) -> Note:
        """Return the note with our cosignature as of a moment (C2SP tlog-cosignature)."""
        signature = self._private.sign(cosigned_message(note.text, timestamp))
        return with_cosignature(note, self.cosigner, timestamp, signature)

    @property
    def cosigner(self) -> CosignerKey:
        """The public key of cosignatures."""
        return CosignerKey(self.verifier.name, self.verifier.public)


def _read_private(path: Path) -> bytes:
    """Return the file's content if no one but its owner can read it."""
    try:
        pem = read_regular(path)
        is_open_to_others = others_may_read(path)
    except OSError as error:
        raise StoreError(
            msg("the signing key {path} cannot be read: {why}"), path=path, why=error.strerror
        ) from None
    if is_open_to_others:
        raise StoreError(_OPEN_TO_OTHERS, path=path)
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


# The public key beside it -------------------------------------------------------------------------


def public_key_path(path: Path) -> Path:
    """Return the file beside a signing key that holds its public key."""
    return path.with_suffix(".pub")


def write_public_key(path: Path, verifier: VerifierKey) -> None:
    """Write the public key beside the signing key, unless it stands there.

    The one who verifies needs no passphrase to read it. Raises `OSError`.
    """
    public_path = public_key_path(path)
    content = f"{verifier}\n".encode()
    if not public_path.is_file() or public_path.read_bytes() != content:
        write_atomically(public_path, content)


def noted_public_key(name: str, path: Path) -> VerifierKey | None:
    """Return the public key beside a signing key; None where there is none of this name."""
    try:
        key = VerifierKey.parse(public_key_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, NoteError):
        return None
    return key if key.name == name else None


def unlocked_public_key(name: str, path: Path) -> VerifierKey | None:
    """Return the public key of a signing key that is here and needs no passphrase; else None."""
    try:
        return SigningKey.load(name, path).verifier
    except StoreError:
        return None


def is_encrypted(path: Path) -> bool:
    """Return whether the key's file needs a passphrase.

    `load` reports a file that cannot be read.
    """
    try:
        return b"ENCRYPTED" in path.read_bytes()[:64]
    except OSError:
        return False
