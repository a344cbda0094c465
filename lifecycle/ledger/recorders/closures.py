"""Whether a store takes events: one that was copied or restored takes none (spec 4, Copies)."""

from __future__ import annotations

from typing import Final, NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import SCHEMA_VERSION
from lifecycle.rejections import StoreError, msg

_SELECT_LAST: Final = (
    "SELECT number, closed, position, decided_at, reason FROM ledger_closures"
    " ORDER BY number DESC LIMIT 1"
)
INSERT_CLOSURE: Final = "INSERT INTO ledger_closures VALUES (?, ?, ?, ?, ?)"
CLOSED: Final = msg("the store takes no events since {decided_at}: {reason}")


class Closure(NamedTuple):
    """A decision that the store takes no events, or takes them again, and why.

    `position` is where the ledger ended then; `decided_at` is an ISO moment.
    """

    number: int
    closed: bool
    position: int
    decided_at: str
    reason: str


def last_closure(cursor: Cursor) -> Closure | None:
    """Return the decision that holds; None where none was ever made."""
    # Stores of before 0.2.0 have no such table, and none of them was closed.
    if read_head(cursor).schema_version < SCHEMA_VERSION:
        return None
    cursor.execute(_SELECT_LAST)
    row = cursor.fetchone()
    if row is None:
        return None
    number, closed, position, decided_at, reason = row
    return Closure(number, bool(closed), position, decided_at, reason)


def require_open(cursor: Cursor) -> None:
    """Raise `StoreError`, with the reason, where the store takes no events."""
    closure = last_closure(cursor)
    if closure is not None and closure.closed:
        raise StoreError(CLOSED, decided_at=closure.decided_at, reason=closure.reason)
