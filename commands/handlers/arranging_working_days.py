"""Record the State Council's arrangement of a year's working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger


def arrange_working_days(
    ledger: Ledger,
    year: int,
    off: Iterable[date],
    worked: Iterable[date],
    author: Author,
    *,
    occurred_on: date | str,
    source_ref: str,
) -> LedgerEntry:
    """Record the arrangement; sheets that are issued from then on count by it.

    `occurred_on`, the day of the notice, may be text as typed. Raises `Rejected`.
    """
    record: dict[str, object] = {
        "event": "WorkingDaysArranged",
        "occurred_on": str(occurred_on),
        "source_ref": source_ref,
        "year": year,
        "off": [day.isoformat() for day in off],
        "worked": [day.isoformat() for day in worked],
    }
    return ledger.record(read_record(record), author)
