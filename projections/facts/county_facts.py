"""What the county's own events say by a position: rulebooks, working days, targets.

The county's stream holds every publication too, each with all its figures. It is read once for a
view, and what counts is kept from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY, RecordedEvent
from lifecycle.events.county_events import RulebookAdopted, TargetSet, WorkingDaysArranged
from lifecycle.ledger.store import Ledger
from lifecycle.working_days import Arrangement, WorkingCalendar, shipped_calendar


class RecordedTarget(NamedTuple):
    """A target as set, and the name of the event that set it."""

    event: TargetSet
    ref: str


class CountyFacts(NamedTuple):
    """The county's facts by a position, corrections applied, in the order of recording."""

    position: int
    adoptions: tuple[RulebookAdopted, ...]
    arrangements: tuple[WorkingDaysArranged, ...]
    targets: tuple[RecordedTarget, ...]

    def calendar(self, day: date) -> WorkingCalendar:
        """The working days that hold by a day: the shipped ones, and those published by then."""
        calendar = shipped_calendar()
        for arranged in self.arrangements:
            if arranged.on <= day:
                calendar = calendar.arranged(_arrangement_of(arranged))
        return calendar

    def targets_of(self, year: int, as_of: date) -> list[RecordedTarget]:
        """The targets set by a day for a year and for periods within it, by day and version."""
        targets = []
        for target in self.targets:
            if target.event.year == year and target.event.on <= as_of:
                targets.append(target)
        # Sorting is stable: of one day the events keep the order of their versions.
        return sorted(targets, key=lambda target: target.event.on)

    def targets_of_whole(self, year: int, as_of: date) -> list[RecordedTarget]:
        """The targets set by a day for a year as a whole, by day and version."""
        return [target for target in self.targets_of(year, as_of) if target.event.period is None]


def county_facts(ledger: Ledger, position: int) -> CountyFacts:
    """Read the county's facts as the ledger knew them at a position.

    Raises `UnreadableError` for any event of the county that cannot be read and is not void.
    """
    return county_facts_among(ledger.history(COUNTY, position), position)


def county_facts_among(county_history: Iterable[RecordedEvent], position: int) -> CountyFacts:
    """Fold the county's facts from events that were read before, those after the position left out.

    Raises `UnreadableError` as `county_facts` does.
    """
    adoptions: list[RulebookAdopted] = []
    arrangements: list[WorkingDaysArranged] = []
    targets: list[RecordedTarget] = []
    # A correction counts from its own recording on, so later ones go before any is applied.
    known = [recorded for recorded in county_history if recorded.position <= position]
    for recorded in effective(known):
        event = recorded.event
        if isinstance(event, RulebookAdopted):
            adoptions.append(event)
        elif isinstance(event, WorkingDaysArranged):
            arrangements.append(event)
        elif isinstance(event, TargetSet):
            targets.append(RecordedTarget(event, recorded.ref))
    return CountyFacts(position, tuple(adoptions), tuple(arrangements), tuple(targets))


def _arrangement_of(event: WorkingDaysArranged) -> Arrangement:
    # Where no notice is named, the day stands for it.
    return Arrangement(
        event.year,
        frozenset(event.off),
        frozenset(event.worked),
        event.source_ref or f"county {event.on.isoformat()}",
    )
