"""A store's signed checkpoints: who signs them, signing and reading them, changing the key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY
from lifecycle.events.county_events import SigningKeyChanged
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.rejections import Rejected, msg

# Signing the same tree twice is no error: the note that is stored stays.
_INSERT_CHECKPOINT: Final = "INSERT INTO ledger_checkpoints VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_SELECT_CHECKPOINTS: Final = "SELECT note FROM ledger_checkpoints ORDER BY size, signer"


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key that signs for the store, and since which position.

    `endorsed` says whether the key before it signed the change.
    """

    key: VerifierKey
    since: int
    endorsed: bool


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
        statement = ledger.recorder.sql("UPDATE ledger_head SET signer = ?")
        cursor.execute(statement, (str(key.verifier),))
    return key


def endorsement_text(origin: str, new: VerifierKey) -> str:
    """Return the text that the old key signs when the key changes."""
    return f"{origin}\nfrom here on the signing key is\n{new}\n"


def signers(ledger: Ledger) -> list[Signer]:
    """Return the store's keys in their order. Raises `NoteError` for one that cannot be read."""
    head = ledger.head()
    keys: list[Signer] = []
    if head.signer:
        keys.append(Signer(VerifierKey.parse(head.signer), since=0, endorsed=True))
    for recorded in ledger.history(COUNTY):
        if not isinstance(recorded.event, SigningKeyChanged):
            continue
        key = VerifierKey.parse(recorded.event.verifier_key)
        text = endorsement_text(head.origin, key)
        endorsed = bool(keys) and _is_endorsed(text, recorded.event.endorsement, keys[-1].key)
        keys.append(Signer(key, recorded.position, endorsed))
    return keys


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

    Raises `Rejected` unless it is the store's key.
    """
    keys = signers(ledger)
    present = keys[-1].key if keys else None
    if present != key.verifier:
        raise Rejected.by(
            "not_the_signer",
            msg("the key {key} does not sign for this store; {present} does"),
            key=key.verifier,
            present=present,
        )
    with ledger.recorder.cursor(write=True) as cursor:
        head = read_head(cursor)
        note = key.sign(checkpoint_of(head).text)
        cursor.execute(
            ledger.recorder.sql(_INSERT_CHECKPOINT),
            (head.position, str(key.verifier), str(note)),
        )
    return note


def stored_checkpoints(ledger: Ledger) -> list[Note]:
    """Return the notes that the store holds, smallest tree first. Raises `NoteError`."""
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute(_SELECT_CHECKPOINTS)
        return [Note.parse(row[0]) for row in cursor.fetchall()]
