"""Names the event of a value that a command met late, where its event is no longer known."""

from __future__ import annotations

from commands.cli.shared.store_access import store_url
from lifecycle.events.codec import UnreadableValueError
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unreadable_values import named_error
from lifecycle.rejections import LedgerError, StoreError


def with_place(error: StoreError) -> LedgerError:
    """Return the error that names the event, where one is about a stored value; else itself."""
    if not isinstance(error, UnreadableValueError):
        return error
    with Ledger.open(store_url()) as ledger:
        return named_error(ledger.recorder, error)
