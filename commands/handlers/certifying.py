"""Certify a unit's score: sign the tree, or take the last checkpoint that was kept (spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lifecycle.ledger import checkpoints
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rejections import LedgerError, Rejected, msg
from projections.audit.certificates import Certificate, unit_certificate
from projections.views.requested_axes import RequestedAxes


class CertificateBasis(NamedTuple):
    """A certificate, how many recorded events it leaves out, and why nothing was signed for it."""

    certificate: Certificate
    left_out: int
    unsigned: LedgerError | None


def certify_unit(
    ledger: Ledger,
    axes: RequestedAxes,
    unit: str,
    load_key: Callable[[], SigningKey],
) -> CertificateBasis:
    """Certify a unit's score on a checkpoint signed now; without the key, on the last one kept.

    Then what was recorded after that checkpoint is left out. Raises `Rejected` where there is none,
    and where the stored tree is not the one that it signs.
    """
    unsigned: LedgerError | None = None
    try:
        note = checkpoints.sign_checkpoint(ledger, load_key())
    except LedgerError as error:
        # A rewritten history gets no certificate, on no checkpoint.
        if isinstance(error, Rejected) and error.problems[0].rule == "not_continued":
            raise
        unsigned = error
        note = _last_kept_checkpoint(ledger, error)
    size = Checkpoint.parse(note.text).size
    view = axes.year_view(ledger, end=size)
    certificate = unit_certificate(ledger, view, unit, note)
    return CertificateBasis(certificate, ledger.head().position - size, unsigned)


def _last_kept_checkpoint(ledger: Ledger, unsigned: LedgerError) -> Note:
    keys = checkpoints.signers(ledger)
    notes = checkpoints.stored_checkpoints(ledger)
    checkpoint: Checkpoint | None = None
    if notes:
        checkpoint, _signer = checkpoints.open_checkpoint(notes[-1], keys)
    if checkpoint is None or not checkpoint.size:
        raise Rejected.by(
            "no_checkpoint",
            msg(
                "nothing was signed ({why}), and no checkpoint was kept that a certificate could "
                "rest on: ask who holds the key to run `lifecycle audit checkpoint`"
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
    return notes[-1]
