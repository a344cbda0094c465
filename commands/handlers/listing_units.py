"""List proposed units on the red and black boards (三.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork


class UnitListing(NamedTuple):
    """A unit to be listed on a board, `red` or `black`, and why."""

    unit: str
    board: str
    reason: str


def list_units(
    ledger: Ledger,
    month: str,
    listings: Iterable[UnitListing],
    author: Author,
) -> list[LedgerEntry]:
    """Record that units are listed on a month's boards, all or nothing. Raises `Rejected`."""
    # Records are read before the write begins, so that a malformed one holds no lock.
    drafts = []
    for listing in listings:
        record = {"event": "UnitListed", "month": month, **listing._asdict()}
        drafts.append(read_record(record))

    def decide(work: UnitOfWork) -> list[LedgerEntry]:
        return [work.record(draft) for draft in drafts]

    return ledger.execute(decide, author)
