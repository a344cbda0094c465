"""The working days that hold for a view: the shipped arrangements and those of the ledger."""

from __future__ import annotations

from datetime import date

from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY
from lifecycle.events.county_events import WorkingDaysArranged
from lifecycle.ledger.store import Ledger
from lifecycle.working_days import Arrangement, WorkingCalendar, shipped_calendar


def calendar_at(ledger: Ledger, position: int, day: date) -> WorkingCalendar:
    """Return the calendar as the ledger knew it at a position, with what was published by a day."""
    calendar = shipped_calendar()
    for recorded in effective(ledger.history(COUNTY, position)):
        event = recorded.event
        if isinstance(event, WorkingDaysArranged) and event.on <= day:
            calendar = calendar.arranged(arrangement_of(event))
    return calendar


def arrangement_of(event: WorkingDaysArranged) -> Arrangement:
    """Return an event's arrangement, which the notice that it names stands for."""
    return Arrangement(
        event.year,
        frozenset(event.off),
        frozenset(event.worked),
        event.source_ref or f"county {event.on.isoformat()}",
    )
