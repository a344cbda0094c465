"""Take back what the clerk recorded last, by voids on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from commands.handlers.recording import record_events
from lifecycle.events import COUNTY, FactCorrected, RecordedEvent
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


def last_own_entry(ledger: Ledger, author: Author) -> list[RecordedEvent]:
    """Return the effective events of the author's last entry of today, the last one first.

    A form that recorded several events together is one entry. An event that was void on the same
    day is passed over with its void, so that undoing again takes back the entry before. Raises
    `Rejected` for a moved project.
    """
    today = ledger.clock().astimezone(SHANGHAI).date()
    with ledger.newest_first() as items:
        # Read before another cursor looks at the streams.
        own_events = list(_own_events_of(items, author, today.isoformat()))
    entry: list[RecordedEvent] = []
    for item in own_events:
        if _is_void(ledger, item) or _voids_one_of(item, own_events):
            continue
        # What is recorded together has one stamp, to the microsecond.
        if entry and item.stamp != entry[0].stamp:
            break
        entry.append(item)
    if entry:
        _require_no_move(entry[0], own_events)
    return entry


def take_back(
    ledger: Ledger,
    entry: Sequence[RecordedEvent],
    author: Author,
    *,
    reason: str,
    approved_by: str,
) -> list[LedgerEntry]:
    """Void the events of an entry, the last one first, all of them or none. Raises `Rejected`."""
    records = []
    for target in entry:
        record: dict[str, Any] = {
            "event": FactCorrected.__name__,
            "occurred_on": ledger.clock().date().isoformat(),
            "corrects": target.version,
            "replacement": None,
            "reason": reason,
            "approved_by": approved_by,
        }
        if target.stream != COUNTY:
            record[target.stream.kind] = target.stream.name
        records.append(record)
    return record_events(ledger, records, author)


def imports_since(ledger: Ledger, entry: Sequence[RecordedEvent], author: Author) -> int:
    """Count what the author imported today after an entry, or today at all where there is none.

    Undoing passes it over, so the entry is not what the author recorded last.
    """
    today = ledger.clock().astimezone(SHANGHAI).date().isoformat()
    count = 0
    with ledger.newest_first() as items:
        for item in items:
            is_older = item.stamp.recorded_at.astimezone(SHANGHAI).date().isoformat() < today
            is_entry = bool(entry) and (item.stream, item.version) == (
                entry[0].stream,
                entry[0].version,
            )
            if is_older or is_entry:
                break
            count += item.stamp.imported_by == author.login
    return count


def _require_no_move(last: RecordedEvent, own_events: Sequence[RecordedEvent]) -> None:
    """Raise `Rejected` if the last entry moved a project: its contacts moved beside the ledger."""
    for item in own_events:
        event = item.event
        is_of_move = isinstance(event, FactCorrected) and event.moved_to is not None
        if is_of_move and item.stamp == last.stamp:
            raise Rejected.by(
                "undo_move",
                msg(
                    "your last entry moved project {old} to {new}; move it back with: "
                    "lifecycle project move {new} {old}"
                ),
                old=item.stream.name,
                new=last.stream.name,
            )


def _own_events_of(
    items: Iterator[RecordedEvent], author: Author, day: str
) -> Iterator[RecordedEvent]:
    """Yield the author's own records of a day; what was imported is corrected in its file."""
    for item in items:
        stamp = item.stamp
        if stamp.recorded_at.astimezone(SHANGHAI).date().isoformat() < day:
            return
        if stamp.recorded_by == author.login and stamp.imported_by is None:
            yield item


def _is_void(ledger: Ledger, item: RecordedEvent) -> bool:
    voids = []
    for entry in ledger.stored_history(item.stream):
        if isinstance(entry.event, FactCorrected) and entry.event.replacement is None:
            voids.append((entry.version, entry.event.corrects))
    return _is_voided(item.version, voids)


def _is_voided(version: int, voids: list[tuple[int, int]]) -> bool:
    """Whether a void of the version counts: one that is itself void has no effect."""
    for void_version, corrects in voids:
        if corrects == version and not _is_voided(void_version, voids):
            return True
    return False


def _voids_one_of(item: RecordedEvent, own_events: list[RecordedEvent]) -> bool:
    """Whether an event is the void of one of the clerk's own records of today."""
    event = item.event
    if not isinstance(event, FactCorrected) or event.replacement is not None:
        return False
    target = (item.stream, event.corrects)
    return any((other.stream, other.version) == target for other in own_events)
