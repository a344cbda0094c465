"""Sign checkpoints of the ledger, and change the key that signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lifecycle.ledger import checkpoints
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.signing_key import SigningKey, public_key_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.ledger.verification import verify
from lifecycle.log import witness_file
from lifecycle.log.signed_notes import Checkpoint, Note, VerifierKey
from lifecycle.rejections import LedgerError, Rejected, msg


def create_first_key(
    ledger: Ledger,
    path: Path,
    passphrase: str | None = None,
) -> SigningKey:
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


class WitnessedCheckpoint(NamedTuple):
    """A checkpoint for a witness file, and what it lacks where it was not signed now.

    `left_out` counts the events recorded after it; `unsigned` says why nothing was signed.
    """

    note: Note
    left_out: int
    unsigned: LedgerError | None


def sign_for_witness(
    ledger: Ledger,
    load_key: Callable[[], SigningKey],
    path: Path,
) -> WitnessedCheckpoint:
    """Sign the tree as it is now, and append the note with its new leaves to a witness file.

    `load_key` is called once the store has agreed with the file: loading may ask for a passphrase.
    Who cannot sign witnesses the last checkpoint that was kept. Raises `Rejected` if the store
    contradicts the file: otherwise a store that was rolled back would be witnessed as sound.
    """
    if path.exists():
        # An auditor may have made the file before the first checkpoint is written to it.
        verdict = verify(ledger, [path], accept_empty_witness=True)
        if verdict.differences:
            raise Rejected([difference.problem for difference in verdict.differences])
    unsigned: LedgerError | None = None
    try:
        note = checkpoints.sign_checkpoint(ledger, load_key())
        signer = checkpoints.signers(ledger)[-1].key
    except LedgerError as error:
        unsigned = error
        note, signer = last_kept_checkpoint(ledger, error)
    size = Checkpoint.parse(note.text).size
    lines = witness_file.read_witness_file(path)
    # The file takes only the leaves since its last line, so that it grows with the ledger and no
    # faster.
    size_before = lines[-1].checkpoint.size if lines else 0
    # A kept checkpoint may be one that the file has, or an older one.
    if unsigned is None or size > size_before:
        leaves = ledger.leaves(size_before + 1, size)
        witness_file.append_witness_line(path, signer, note, leaves)
    return WitnessedCheckpoint(note, ledger.head().position - size, unsigned)


def last_kept_checkpoint(ledger: Ledger, unsigned: LedgerError) -> tuple[Note, VerifierKey]:
    """Return the last checkpoint that the store keeps, and the key that signed it.

    `unsigned` says why none could be signed now. Raises `Rejected` where none was kept, and where
    the stored tree is not the one that was signed.
    """
    # A rewritten history gets no other checkpoint either.
    if isinstance(unsigned, Rejected) and unsigned.problems[0].rule == "not_continued":
        raise unsigned
    notes = checkpoints.stored_checkpoints(ledger)
    checkpoint: Checkpoint | None = None
    if notes:
        checkpoint, signer = checkpoints.open_checkpoint(notes[-1], checkpoints.signers(ledger))
    if checkpoint is None or not checkpoint.size:
        raise Rejected.by(
            "no_checkpoint",
            msg(
                "nothing was signed ({why}), and no checkpoint was kept that could take its place: "
                "ask who holds the key to run `lifecycle audit checkpoint`"
            ),
            why=unsigned,
        )
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(checkpoint.size)
    if root != checkpoint.root:
        raise Rejected.by(
            "not_continued",
            msg(
                "the stored tree is not the one that the last checkpoint, of {size} events, signs: "
                "run `lifecycle audit verify`"
            ),
            size=checkpoint.size,
        )
    return notes[-1], signer.key
