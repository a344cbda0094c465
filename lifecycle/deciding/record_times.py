"""The record times that count: as the events were stamped, but for `RecordTimeCorrected` (spec 4).

Corrections count at every K, also those that were recorded later. They change nothing stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lifecycle.events import RecordedEvent
from lifecycle.events.county_events import RecordTimeCorrected


@dataclass(frozen=True, slots=True)
class RecordTimes:
    """The corrections of record times in the order of their positions."""

    corrections: tuple[RecordedEvent, ...] = ()

    @classmethod
    def of(cls, recorded_events: Iterable[RecordedEvent]) -> RecordTimes:
        """Return the record times by the corrections among some events."""
        corrections: list[RecordedEvent] = []
        for recorded in recorded_events:
            if isinstance(recorded.event, RecordTimeCorrected):
                corrections.append(recorded)
        return cls(tuple(corrections))

    def up_to(self, position: int) -> RecordTimes:
        """Return the record times by the corrections recorded up to a position."""
        return RecordTimes(tuple(each for each in self.corrections if each.position <= position))

    def correction_of(self, position: int) -> RecordedEvent | None:
        """Return the correction by which a position counts; of several the last recorded."""
        for recorded in reversed(self.corrections):
            if covers(recorded, position):
                return recorded
        return None

    def corrected(self, position: int) -> datetime | None:
        """Return the moment at which a position counts by a correction, None without one."""
        recorded = self.correction_of(position)
        if recorded is None or not isinstance(recorded.event, RecordTimeCorrected):
            return None
        return recorded.event.recorded_at

    def moment_of(self, recorded: RecordedEvent) -> datetime:
        """Return the moment at which an event counts as recorded."""
        return self.corrected(recorded.position) or recorded.stamp.recorded_at


def covers(correction: RecordedEvent, position: int) -> bool:
    """Return whether a correction of record times names a position."""
    event = correction.event
    return isinstance(event, RecordTimeCorrected) and event.first <= position <= event.last
