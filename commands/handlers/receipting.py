"""Give receipts of what was recorded, signed where this process holds the key and may sign."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from commands.words.messages import say
from lifecycle.ledger.receipt_signing import sign_receipts, unsigned_receipts
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.log.receipts import Receipts
from lifecycle.rejections import LedgerError, Rejected, StoreError, msg

CLERK_SESSION: Final = msg("a clerk's login on a server does not sign")
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
    unsigned = unsigned_receipts(ledger, entries, say(KEY_NOT_AT_HAND))
    try:
        require_signing_login(ledger)
        return NewReceipts(sign_receipts(ledger, unsigned, load_key()), None)
    except LedgerError as failure:
        reason = say(_reason(failure))
        receipts = Receipts(unsigned.origin, unsigned.tree_hash, unsigned.events, unsigned=reason)
        return NewReceipts(receipts, failure)


def require_signing_login(ledger: Ledger) -> None:
    """Raise `Rejected` for a login that only records: the key is the owner's and the manager's."""
    if not ledger.may_sign():
        raise Rejected.by("clerk_session", CLERK_SESSION)


def _reason(failure: LedgerError) -> str:
    """Return the reason that a receipt file may show: it names no folder of this computer."""
    if isinstance(failure, StoreError) or not isinstance(failure, Rejected):
        return KEY_NOT_AT_HAND
    rule = failure.problems[0].rule
    if rule == "clerk_session":
        return CLERK_SESSION
    return KEY_NOT_AT_HAND if rule == "not_the_signer" else TREE_DIFFERS
