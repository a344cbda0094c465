"""Give receipts of what was recorded, signed where this process holds the key and may sign."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from commands.words.messages import say
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.receipt_signing import CLERK_SESSION, signed_receipts, unsigned_receipts
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.receipts import Receipts
from lifecycle.rejections import LedgerError, Rejected, msg

KEY_NOT_AT_HAND: Final = msg("the signing key is not at hand, or a passphrase locks it")
TREE_DIFFERS: Final = msg("the stored tree does not continue the checkpoint that was signed last")


class NewReceipts(NamedTuple):
    """The receipts of what was recorded, and why they could not be signed, if so."""

    receipts: Receipts
    failure: LedgerError | None


def give_receipts(
    ledger: Ledger,
    entries: Iterable[LedgerEntry],
    load_key: Callable[[], SigningKey],
) -> NewReceipts:
    """Return the receipts of what was just recorded, under one signature if it can be made.

    What was recorded stays recorded whether or not its receipt is signed, so nothing is raised.
    """
    recorded = list(entries)
    try:
        return NewReceipts(signed_receipts(ledger, recorded, load_key), None)
    except LedgerError as failure:
        reason = say(_reason(failure))
        return NewReceipts(unsigned_receipts(ledger, recorded, reason), failure)


def _reason(failure: LedgerError) -> str:
    """Return the reason that a receipt file may show: it names no folder of this computer."""
    if not isinstance(failure, Rejected):
        return KEY_NOT_AT_HAND
    rule = failure.problems[0].rule
    if rule == "clerk_session":
        return CLERK_SESSION
    return KEY_NOT_AT_HAND if rule == "not_the_signer" else TREE_DIFFERS
