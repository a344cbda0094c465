"""Ledgers for tests, filled from records as by an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from lifecycle.deciding.drafts import read_record
from lifecycle.events import RecordedEvent
from lifecycle.events.codec import fields_of, stamp_fields, state_of, topic
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger

CLERK = Author("clerk-01", importing=True)
BATCH = 1_000
LATER = datetime(2030, 1, 1, tzinfo=SHANGHAI)


def new_ledger(folder: Path, name: str = "ledger", clock_time: datetime = LATER) -> Ledger:
    """An empty ledger on SQLite whose clock stands still."""
    return Ledger.open(f"sqlite:///{folder / name}.db", create=True, clock=lambda: clock_time)


def fill(
    ledger: Ledger, records: Iterable[Mapping[str, Any]], *, keep: bool = True
) -> list[LedgerEntry]:
    """Record all or nothing, keeping the record times that the records bring."""
    entries: list[LedgerEntry] = []
    with ledger.unit_of_work(CLERK, keep_recorded_at=keep) as work:
        for record in records:
            entries.append(work.record(read_record(record)))
            if work.pending_count >= BATCH:
                work.flush()
    return entries


def stored_form(recorded: RecordedEvent) -> StoredEvent:
    """An event as the library's recorders take it."""
    state = state_of(fields_of(recorded.event), stamp_fields(recorded.stamp))
    return StoredEvent(recorded.stream.id, recorded.version, topic(type(recorded.event)), state)
