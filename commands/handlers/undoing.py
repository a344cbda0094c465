"""Take back what the clerk recorded last, by a void on the same day."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger


def last_own_event(ledger: Ledger, author: Author) -> RecordedEvent | None:
    """Return the last effective event that the author recorded today, None where there is none.

    An event that was void on the same day is passed over with its void, so that undoing again takes
    back the event before.
    """
    today = ledger.clock().astimezone(SHANGHAI).date()
    with ledger.newest_first() as items:
        # Read before another cursor looks at the streams.
        own_events = list(_own_events_of(items, author, today.isoformat()))
    for item in own_events:
        if not _is_void(ledger, item) and not _voids_one_of(item, own_events):
            return item
    return None


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
