"""Public keys as a user writes them behind an option."""

from __future__ import annotations

from lifecycle.log.cosignatures import CosignerKey
from lifecycle.log.signed_notes import NoteError, VerifierKey
from lifecycle.rejections import StoreError


def written_verifier(text: str) -> VerifierKey:
    """Read a ledger's public key. Raises `StoreError`: a key that is none shows nothing."""
    try:
        return VerifierKey.parse(text)
    except NoteError as error:
        raise StoreError(error.template, **error.values) from None


def written_cosigner(text: str) -> CosignerKey:
    """Read a cosigner's public key. Raises `StoreError`."""
    try:
        return CosignerKey.parse(text)
    except NoteError as error:
        raise StoreError(error.template, **error.values) from None
