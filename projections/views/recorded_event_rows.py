"""Every recorded event as a row: which, of what, when, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from lifecycle.events import FactCorrected
from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.ledger.store import Ledger


class RecordedEventRow(NamedTuple):
    """An event; `corrects` is the version in its stream of the event that it corrects or voids.

    `recorded_at` is the moment at which it counts as recorded, after corrections of record times.
    """

    position: int
    stream_kind: str
    stream: str
    version: int
    event: str
    occurred_on: date
    recorded_at: datetime
    corrects: int | None


def recorded_event_rows(ledger: Ledger, upto: int) -> Iterator[RecordedEventRow]:
    """Iterate over all events up to a position, in order, those that cannot be read among them.

    An unreadable one stands on the day of its recording. Raises `StoreError` where not even that
    can be read.
    """
    record_times = ledger.record_times()
    with ledger.recorder.cursor(write=False) as cursor:
        for stored in ledger.recorder.between(cursor, 1, upto):
            topic = stored[3]
            recorded = recorded_or_unreadable(*stored)
            event = recorded.event
            yield RecordedEventRow(
                recorded.position,
                recorded.stream.kind,
                recorded.stream.name,
                recorded.version,
                topic.partition("/")[0],
                event.on,
                record_times.moment_of(recorded),
                event.corrects if isinstance(event, FactCorrected) else None,
            )
