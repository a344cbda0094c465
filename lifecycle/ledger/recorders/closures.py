"""Whether a store takes events: one that was copied or restored takes none (spec 4, Copies)."""

from __future__ import annotations

from typing import Final, NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import SIDE_TABLES_VERSION
from lifecycle.rejections import StoreError, msg

_SELECT_LAST: Final = (
    "SELECT number, closed, position, decided_at, reason FROM ledger_closures"
    " ORDER BY number DESC LIMIT 1"
)
INSERT_CLOSURE: Final = "INSERT INTO ledger_closures VALUES (?, ?, ?, ?, ?)"
IN_PROGRESS: Final = "copying"
"""The reason of a copy's first closure; a copy that was interrupted is known by it."""
COPIED: Final = "copied"
RESTORED: Final = "restored"
_CLOSED: Final = msg("the store takes no events since {decided_at}: {reason}")
_SENTENCES: Final = {
    IN_PROGRESS: msg(
        "the store takes no events: it is a copy that is not complete; run the same "
        "`lifecycle copy` again"
    ),
    COPIED: msg(
        "the store takes no events since {decided_at}: it was copied to {detail}; record there"
    ),
    RESTORED: msg(
        "the store takes no events since {decided_at}: it was restored from the backup of "
        "{detail}; run `lifecycle restore --continue` to compare it with a witness file or a "
        "receipt"
    ),
}
"""By the word with which a stored reason begins; its detail follows after a colon."""


class Closure(NamedTuple):
    """A decision that the store takes no events, or takes them again, and why.

    `position` is where the ledger ended then; `decided_at` is an ISO moment.
    """

    number: int
    closed: bool
    position: int
    decided_at: str
    reason: str

    @property
    def kind(self) -> str:
        """The word with which the reason begins: `copying`, `copied` or `restored`."""
        return self.reason.partition(": ")[0]

    @property
    def detail(self) -> str:
        """What follows that word: the copy's place, or the moment of the backup."""
        return self.reason.partition(": ")[2]


def last_closure(cursor: Cursor) -> Closure | None:
    """Return the decision that holds; None where none was ever made."""
    # Stores of before 0.2.0 have no such table, and none of them was closed.
    if read_head(cursor).schema_version < SIDE_TABLES_VERSION:
        return None
    cursor.execute(_SELECT_LAST)
    row = cursor.fetchone()
    if row is None:
        return None
    number, closed, position, decided_at, reason = row
    return Closure(number, bool(closed), position, decided_at, reason)


def present_closure(cursor: Cursor) -> Closure | None:
    """Return why the store takes no events; None where it takes them."""
    closure = last_closure(cursor)
    return closure if closure is not None and closure.closed else None


def require_open(cursor: Cursor) -> None:
    """Raise `StoreError`, with the reason, where the store takes no events."""
    closure = present_closure(cursor)
    if closure is not None:
        raise closed_error(closure.decided_at, closure.reason)


def closed_error(decided_at: str, reason: str) -> StoreError:
    """Return the error that says since when, and why, a store takes no events."""
    kind, _colon, detail = reason.partition(": ")
    template = _SENTENCES.get(kind, _CLOSED)
    return StoreError(template, decided_at=decided_at, reason=reason, detail=detail)
