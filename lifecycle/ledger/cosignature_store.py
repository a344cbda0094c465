"""Cosignatures of a store's checkpoints, kept beside them.

Each is kept as a further note on the same tree, under the cosigner's key, with the ledger's own
signature above it. So every reader of checkpoints, of earlier versions too, can read it.
"""

from __future__ import annotations

from typing import Final

from lifecycle.ledger.checkpoints import stored_checkpoints
from lifecycle.ledger.store import Ledger
from lifecycle.log.cosignatures import Cosignature, CosignerKey, cosignature_of
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError
from lifecycle.rejections import Problem, Rejected, msg

_SELECT_SIGNERS: Final = "SELECT DISTINCT signer FROM ledger_checkpoints ORDER BY signer"


def cosigner_keys(ledger: Ledger) -> list[CosignerKey]:
    """Return the keys whose cosignatures the store holds."""
    keys: list[CosignerKey] = []
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute(_SELECT_SIGNERS)
        written_keys = [row[0] for row in cursor.fetchall()]
    for written in written_keys:
        try:
            keys.append(CosignerKey.parse(written))
        except NoteError:
            continue  # one of the ledger's own keys
    return keys


def add_cosignature(ledger: Ledger, note: Note, key: CosignerKey) -> Cosignature:
    """Keep a cosignature with the checkpoint that it is on.

    Raises `NoteError` where it is not valid, and `Rejected` where the key did not cosign, the store
    keeps no such checkpoint, or the login may not keep any.
    """
    cosignature = cosignature_of(note, key)
    if cosignature is None:
        raise Rejected.by(
            "not_cosigned", msg("the key {key} did not cosign this checkpoint"), key=key
        )
    if not ledger.may_sign():
        raise Rejected.by(
            "keeps_no_checkpoints",
            msg("only the owner and the managers of the store keep checkpoints and cosignatures"),
        )
    own_note = _stored_note(ledger, note.text)
    cosigned = Note(own_note.text, (own_note.signatures[0], cosignature.line))
    size = Checkpoint.parse(own_note.text).size
    with ledger.recorder.cursor(write=True) as cursor:
        # The first cosignature of a key on a tree stays.
        ledger.recorder.keep_checkpoint(cursor, size, str(key), str(cosigned))
    return cosignature


def _stored_note(ledger: Ledger, text: str) -> Note:
    """Return the store's own note of a text. Raises `Rejected` where it keeps none."""
    cosigned = Checkpoint.parse(text)
    same_size = None
    for note in stored_checkpoints(ledger):
        if note.text == text:
            return note
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.size == cosigned.size:
            same_size = checkpoint
    values: dict[str, object] = {"origin": cosigned.origin, "size": cosigned.size}
    if same_size is None:
        template = msg("the store keeps no checkpoint of {origin} at {size} events")
    else:
        template = msg(
            "the cosigner saw another history: its checkpoint of {origin} at {size} events has "
            "another root than the one that the store keeps"
        )
    raise Rejected([Problem("cosigned_checkpoint", template, values)])
