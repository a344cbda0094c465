"""Certify a unit's score: sign the tree, or take the last checkpoint that was kept (spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from commands.handlers.signing import last_kept_checkpoint
from lifecycle.ledger import checkpoints
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import LedgerError
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
        unsigned = error
        note, _signer = last_kept_checkpoint(ledger, error)
    size = Checkpoint.parse(note.text).size
    view = axes.year_view(ledger, end=size)
    certificate = unit_certificate(ledger, view, unit, note)
    return CertificateBasis(certificate, ledger.head().position - size, unsigned)
