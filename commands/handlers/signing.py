"""Sign checkpoints of the ledger, and change the key that signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lifecycle.ledger import checkpoints
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.signing_key import SigningKey, public_key_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.ledger.verification import verify
from lifecycle.log import witness_file
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rejections import LedgerError, Rejected, msg


def create_first_key(ledger: Ledger, path: Path, passphrase: str | None = None) -> SigningKey:
    """Create the store's first signing key in a file. Raises `Rejected` if the store has a key."""
    return checkpoints.create_signer(ledger, path, passphrase)


def change_key(
    ledger: Ledger,
    author: Author,
    path: Path,
    *,
    reason: str,
    previous: SigningKey | None,
    passphrase: str | None = None,
) -> LedgerEntry:
    """Create a key in a file and record that it signs from here on.

    The previous key endorses the new one; None means that it is lost. If the change is rejected, no
    file is left.
    """
    require_key_reason(reason)
    key = SigningKey.create(ledger.head().origin, path, passphrase)
    try:
        return checkpoints.change_signer(ledger, author, key, reason, previous)
    # A key file without its event would stand in the way of the next change.
    except LedgerError:
        path.unlink()
        public_key_path(path).unlink(missing_ok=True)
        raise


def require_key_reason(reason: str) -> None:
    """Raise `Rejected` if no reason for a change of key is given."""
    if not reason:
        raise Rejected.by(
            "missing", msg("give the reason for changing the key with --reason"), at="reason"
        )


def sign_checkpoint(ledger: Ledger, key: SigningKey) -> Note:
    """Sign the tree as it is now, and keep the note in the store."""
    return checkpoints.sign_checkpoint(ledger, key)


def sign_for_witness(ledger: Ledger, load_key: Callable[[], SigningKey], path: Path) -> Note:
    """Sign the tree as it is now, and append the note with its new leaves to a witness file.

    `load_key` is called once the store has agreed with the file: loading may ask for a passphrase.
    Raises `Rejected` if the store contradicts the file: otherwise a store that was rolled back
    would be witnessed as sound.
    """
    if path.exists():
        # An auditor may have made the file before the first checkpoint is written to it.
        verdict = verify(ledger, [path], accept_empty_witness=True)
        if verdict.differences:
            raise Rejected([difference.problem for difference in verdict.differences])
    note = checkpoints.sign_checkpoint(ledger, load_key())
    lines = witness_file.read_witness_file(path)
    # The file takes only the leaves since its last line, so that it grows with the ledger and no
    # faster.
    size_before = lines[-1].checkpoint.size if lines else 0
    size = Checkpoint.parse(note.text).size
    signer = checkpoints.signers(ledger)[-1].key
    witness_file.append_witness_line(path, signer, note, ledger.leaves(size_before + 1, size))
    return note
