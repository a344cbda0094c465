"""Checkpoints of a store: who signs them, signing one, the ones kept, and changing the key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY
from lifecycle.events.county_events import SigningKeyChanged
from lifecycle.ledger.recorders.ledger_recorder import read_head
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import Author, LedgerEntry
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, Signature, VerifierKey
from lifecycle.rejections import Rejected, msg


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key that signs for the store: from which position, and whether the key before it signed for it."""

    key: VerifierKey
    since: int
    endorsed: bool


def create_signer(ledger: Ledger, path: Path, passphrase: str | None = None) -> SigningKey:
    """Make the store's first key and its file. Raises `Rejected` where the store has one."""
    head = ledger.head()
    if head.signer:
        raise Rejected.by(
            "signer_exists",
            msg("the store has its signing key {key}; change it by `lifecycle audit key`"),
            key=head.signer,
        )
    key = SigningKey.make(head.origin, path, passphrase)
    with ledger.recorder.cursor(write=True) as cursor:
        cursor.execute(
            ledger.recorder.sql("UPDATE ledger_head SET signer = ?"), (str(key.verifier),)
        )
    return key


def endorsement_text(origin: str, new: VerifierKey) -> str:
    """What the key before signs when the key is changed."""
    return f"{origin}\nfrom here on the signing key is\n{new}\n"


def signers(ledger: Ledger) -> list[Signer]:
    """The store's keys in their order, as init and the events say. Raises `NoteError` for one that cannot be read."""
    head = ledger.head()
    found = [Signer(VerifierKey.parse(head.signer), 0, endorsed=True)] if head.signer else []
    for item in ledger.history(COUNTY):
        if isinstance(item.event, SigningKeyChanged):
            new = VerifierKey.parse(item.event.verifier_key)
            endorsed = bool(found) and _endorses(
                item.event.endorsement, endorsement_text(head.origin, new), found[-1].key
            )
            found.append(Signer(new, item.position, endorsed))
    return found


def _endorses(line: str | None, text: str, before: VerifierKey) -> bool:
    if not line:
        return False
    try:
        Note.parse(f"{text}\n{line}\n").verified_by(before)
    except NoteError:
        return False
    return True


def change_signer(
    ledger: Ledger, who: Author, new: SigningKey, reason: str, old: SigningKey | None
) -> LedgerEntry:
    """Record that another key signs from here on; without the old key nobody but this record says so."""
    endorsement: Signature | None = (
        old.sign(endorsement_text(new.verifier.name, new.verifier)).signatures[0] if old else None
    )
    event = SigningKeyChanged(
        occurred_on=ledger.clock().date(),
        verifier_key=str(new.verifier),
        reason=reason,
        endorsement=None if endorsement is None else str(endorsement).strip(),
    )
    return ledger.record(Draft(COUNTY, event), who)


def sign_checkpoint(ledger: Ledger, key: SigningKey) -> Note:
    """Sign the tree as it is now, and keep the note. Raises `Rejected` where the key is not the store's present one."""
    present = signers(ledger)
    if not present or present[-1].key != key.verifier:
        raise Rejected.by(
            "not_the_signer",
            msg("the key {key} is not the one that signs for this store, {present}"),
            key=key.verifier,
            present=present[-1].key if present else None,
        )
    with ledger.recorder.cursor(write=True) as cursor:
        head = read_head(cursor)
        note = key.sign(
            Checkpoint(head.origin, head.position, head.tree().root(), head.tree_hash).text
        )
        cursor.execute(
            ledger.recorder.sql(
                "INSERT INTO ledger_checkpoints VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            ),
            (head.position, str(key.verifier), str(note)),
        )
    return note


def stored_checkpoints(ledger: Ledger) -> list[Note]:
    """The notes that the store keeps, smallest tree first. Raises `NoteError`."""
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute("SELECT note FROM ledger_checkpoints ORDER BY size, signer")
        return [Note.parse(row[0]) for row in cursor.fetchall()]
