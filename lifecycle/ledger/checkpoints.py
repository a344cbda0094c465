"""A store's signed checkpoints: who signs them, signing and reading them, changing the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY
from lifecycle.events.codec import recorded_from
from lifecycle.events.county_events import SigningKeyChanged
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.proofs import is_consistent
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.rejections import Rejected, msg

_SELECT_LAST_CHECKPOINT: Final = "SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1"
_SELECT_LAST_SIZE: Final = "SELECT max(size) FROM ledger_checkpoints"
_SELECT_KEY_CHANGES: Final = (
    "SELECT {position}, originator_id, originator_version, topic, state FROM ledger_events"
    " WHERE originator_id = 'county' AND substr(topic, 1, 18) = 'SigningKeyChanged/'"
    " ORDER BY originator_version"
)
_SELECT_CHECKPOINTS: Final = "SELECT note FROM ledger_checkpoints ORDER BY size, signer"


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key that signs for the store: trees of the sizes from `since` up to before `until`.

    `endorsed` says whether the key before it signed the change.
    """

    key: VerifierKey
    since: int
    endorsed: bool
    until: int = MAX_POSITION


class CheckpointCoverage(NamedTuple):
    """How many events the last checkpoint covers, and when the last of them was recorded.

    `recorded_at` is None for a checkpoint of the empty tree.
    """

    size: int
    recorded_at: datetime | None


def checkpoint_coverage(ledger: Ledger) -> CheckpointCoverage | None:
    """Return what the last stored checkpoint covers; None where none was signed.

    Signatures are not checked here. Raises `StoreError` where its last event is missing.
    """
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute(_SELECT_LAST_SIZE)
        (size,) = cursor.fetchone()
        if size is None:
            return None
        if size == 0:
            return CheckpointCoverage(0, None)
        last_covered = ledger.recorder.event_at(cursor, size)
    return CheckpointCoverage(size, last_covered.stamp.recorded_at)


def create_signer(
    ledger: Ledger,
    path: Path,
    passphrase: str | None = None,
) -> SigningKey:
    """Create the store's first key and its file. Raises `Rejected` where the store has one."""
    head = ledger.head()
    if head.signer:
        raise Rejected.by(
            "signer_exists",
            msg("the store has its signing key {key}; change it with `lifecycle audit key`"),
            key=head.signer,
        )
    key = SigningKey.create(head.origin, path, passphrase)
    with ledger.recorder.cursor(write=True) as cursor:
        ledger.recorder.set_signer(cursor, str(key.verifier))
    return key


def endorsement_text(origin: str, new: VerifierKey) -> str:
    """Return the text that the old key signs when the key changes."""
    return f"{origin}\nfrom here on the signing key is\n{new}\n"


def signers(ledger: Ledger) -> list[Signer]:
    """Return the store's keys in their order. Raises `NoteError` for one that cannot be read."""
    with ledger.recorder.cursor(write=False) as cursor:
        return read_signers(ledger, cursor, read_head(cursor))


def read_signers(
    ledger: Ledger,
    cursor: Cursor,
    head: Head,
) -> list[Signer]:
    """Return the store's keys in their order, as one cursor sees them. Raises `NoteError`."""
    keys = first_signers(head)
    # A county's publications are long, so that only the few changes are read.
    statement = _SELECT_KEY_CHANGES.format(position=ledger.recorder.position_column)
    cursor.execute(statement)
    for recorded in [recorded_from(*row) for row in cursor.fetchall()]:
        event = recorded.event
        assert isinstance(event, SigningKeyChanged)
        key = VerifierKey.parse(event.verifier_key)
        text = endorsement_text(head.origin, key)
        endorsed = bool(keys) and _is_endorsed(text, event.endorsement, keys[-1].key)
        keys[-1:] = [replace(before, until=recorded.position) for before in keys[-1:]]
        keys.append(Signer(key, recorded.position, endorsed))
    return keys


def first_signers(head: Head) -> list[Signer]:
    """Return the key that signs until another is recorded; none where none was created."""
    if not head.signer:
        return []
    return [Signer(VerifierKey.parse(head.signer), since=0, endorsed=True)]


def open_checkpoint(note: Note, keys: Sequence[Signer]) -> tuple[Checkpoint, Signer]:
    """Return a note's checkpoint and who signed it.

    Raises `NoteError` where none of the keys signed it, or one that did not sign for the store at
    that size: a key that was lost or stolen, and replaced, signs no more.
    """
    key = note.verify(*[signer.key for signer in keys])
    checkpoint = Checkpoint.parse(note.text)
    for signer in keys:
        # A key may come back into use, so the same one may stand here twice.
        if signer.key == key and signer.since <= checkpoint.size < signer.until:
            return checkpoint, signer
    raise NoteError(
        msg(
            "a checkpoint of {size} events is signed by {key}, which did not sign for the store "
            "at that size"
        ),
        size=checkpoint.size,
        key=key,
    )


def vouched_signers(keys: Sequence[Signer], trusted: Collection[str]) -> list[Signer]:
    """Return those of a store's keys that trusted keys vouch for.

    These are the trusted keys themselves, and each that the key before it endorsed.
    """
    vouched: list[Signer] = []
    is_vouched = False
    for signer in keys:
        is_vouched = str(signer.key) in trusted or (is_vouched and signer.endorsed)
        if is_vouched:
            vouched.append(signer)
    return vouched


def _is_endorsed(
    text: str,
    signature_line: str | None,
    before: VerifierKey,
) -> bool:
    if not signature_line:
        return False
    try:
        Note.parse(f"{text}\n{signature_line}\n").verify(before)
    except NoteError:
        return False
    return True


def change_signer(
    ledger: Ledger,
    author: Author,
    new: SigningKey,
    reason: str,
    old: SigningKey | None,
) -> LedgerEntry:
    """Record that another key signs from now on.

    Without the old key the change is not endorsed: this record alone vouches for the new key.
    """
    endorsement: str | None = None
    if old is not None:
        note = old.sign(endorsement_text(new.verifier.name, new.verifier))
        endorsement = str(note.signatures[0]).strip()
    event = SigningKeyChanged(
        occurred_on=ledger.clock().date(),
        verifier_key=str(new.verifier),
        reason=reason,
        endorsement=endorsement,
    )
    return ledger.record(Draft(COUNTY, event), author)


def checkpoint_of(head: Head) -> Checkpoint:
    """Return the unsigned checkpoint of a ledger that ends at this head."""
    return Checkpoint(head.origin, head.position, head.tree().root(), head.tree_hash)


def sign_checkpoint(ledger: Ledger, key: SigningKey) -> Note:
    """Sign the tree as it is now and store the note.

    Raises `Rejected` unless it is the store's key, and where the stored tree does not continue the
    last checkpoint: then nothing is signed.
    """
    with ledger.recorder.cursor(write=True) as cursor:
        head = read_head(cursor)
        require_signer(read_signers(ledger, cursor, head), key)
        tree = StoredTree(ledger.recorder, cursor, head)
        require_continued_tree(tree, head, last_checkpoint(ledger, cursor))
        note = key.sign(checkpoint_of(head).text)
        ledger.recorder.keep_checkpoint(cursor, head.position, str(key.verifier), str(note))
    return note


def require_signer(keys: Sequence[Signer], key: SigningKey) -> None:
    """Raise `Rejected` unless the key is the one that signs for the store now."""
    present = keys[-1].key if keys else None
    if present != key.verifier:
        raise Rejected.by(
            "not_the_signer",
            msg("the key {key} does not sign for this store; {present} does"),
            key=key.verifier,
            present=present,
        )


def last_checkpoint(ledger: Ledger, cursor: Cursor) -> Checkpoint | None:
    """Return the largest checkpoint that the store keeps. Raises `NoteError`."""
    cursor.execute(ledger.recorder.sql(_SELECT_LAST_CHECKPOINT))
    row = cursor.fetchone()
    return None if row is None else checkpoint_in(row[0])


def checkpoint_in(note: str) -> Checkpoint:
    """Return the checkpoint of a note that the store keeps. Raises `NoteError`."""
    return Checkpoint.parse(Note.parse(note).text)


def require_continued_tree(tree: StoredTree, head: Head, last: Checkpoint | None) -> None:
    """Raise `Rejected` where the stored tree does not continue the last checkpoint that was kept.

    Otherwise the key would vouch for a history that somebody rewrote (RFC 6962, 2.1.2).
    """
    if last is None:
        return
    if last.size <= head.position:
        path = tree.consistency_proof(last.size, head.position)
        root = head.tree().root()
        if is_consistent(last.size, last.root, head.position, root, path, tree.hash_):
            return
    raise Rejected.by(
        "not_continued",
        msg(
            "the stored tree does not continue the checkpoint of {size} events that was signed "
            "last, so nothing was signed: run `lifecycle audit verify`"
        ),
        size=last.size,
    )


def stored_checkpoints(ledger: Ledger) -> list[Note]:
    """Return the notes that the store holds, smallest tree first. Raises `NoteError`."""
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute(_SELECT_CHECKPOINTS)
        return [Note.parse(row[0]) for row in cursor.fetchall()]
