"""Making ledgers for tests from records, the way an import makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lifecycle.events.codec import read
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import Author, LedgerEntry

CLERK = Author("clerk-01", importing=True)
BATCH = 1_000
LATER = datetime(2030, 1, 1, tzinfo=SHANGHAI)


def new_ledger(folder: Path, name: str = "ledger", now: datetime = LATER) -> Ledger:
    """An empty ledger on SQLite whose clock stands still."""
    return Ledger.open(f"sqlite:///{folder / name}.db", create=True, clock=lambda: now)


def fill(
    ledger: Ledger, records: Iterable[Mapping[str, Any]], *, keep: bool = True
) -> list[LedgerEntry]:
    """Record all or nothing, keeping the record times that the records bring."""
    entries: list[LedgerEntry] = []
    with ledger.unit_of_work(CLERK, keep_recorded_at=keep) as work:
        for record in records:
            entries.append(work.record(read(record)))
            if work.waiting >= BATCH:
                work.flush()
    return entries
