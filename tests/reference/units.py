"""Who the units are on a day, from the spec alone (spec 7, units).

Asked of the effective events; nothing is remembered between two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .effective import Event

NAMING_FIELDS = ("reporting_unit", "to_unit", "responsible_unit", "for_unit", "successor")


@dataclass(frozen=True)
class Unit:
    """A registered unit on a day, with the events by D that count for it."""

    name: str
    shown_name: str
    sequence: str
    category: str
    events: tuple[Event, ...]
    is_there: bool = True
    is_dissolved: bool = False
    successor: str | None = None


@dataclass(frozen=True)
class Units:
    """All registered units on a day, there or not, in order of registration."""

    registered: dict[str, Unit]

    def there(self) -> dict[str, Unit]:
        """Those that are ranked, listed and proposed, with the events that passed to them."""
        units: dict[str, Unit] = {}
        for name, unit in self.registered.items():
            if unit.is_there:
                units[name] = replace(unit, events=self._events_of(unit))
        return units

    def _events_of(self, unit: Unit) -> tuple[Event, ...]:
        events = list(unit.events)
        for other in self.registered.values():
            if other.is_dissolved and self.holder(other.name) == unit.name:
                # Listings stay with who was listed.
                events += [event for event in other.events if event.kind != "UnitListed"]
        return tuple(sorted(events, key=lambda event: event.occurred_on))

    def holder(self, name: str) -> str | None:
        """Who has what would be this unit's: it, while it is not dissolved; else who follows it."""
        unit = self.registered.get(name)
        if unit is None or not unit.is_dissolved:
            return name
        return None if unit.successor is None else self.holder(unit.successor)

    def shown(self, name: str | None) -> str | None:
        """A unit's name as of D."""
        if name is None or name not in self.registered:
            return name
        return self.registered[name].shown_name


def units_on(events: Sequence[Event], day: date) -> Units:
    """The units on a day."""
    by_day = [event for event in events if event.occurred_on <= day]
    registrations = [event for event in events if event.kind == "UnitRegistered"]
    registrations.sort(key=lambda event: event.position)
    named = {event.fields.get(field) for event in by_day for field in NAMING_FIELDS}
    units: dict[str, Unit] = {}
    for registration in registrations:
        own = [event for event in by_day if event.stream == registration.stream]
        own.sort(key=lambda event: event.order)
        unit = _unit(registration, own)
        exists = bool(own) or unit.name in named
        units[unit.name] = replace(unit, is_there=exists and not unit.is_dissolved)
    return Units(units)


def _unit(registration: Event, own: Sequence[Event]) -> Unit:
    """The registration is the base; each change overrides what it names, in order."""
    name = registration.stream[1]
    fields = registration.fields
    unit = Unit(name, name, fields["sequence"], fields["category"], tuple(own))
    for event in own:
        if event.kind == "UnitRenamed":
            unit = replace(unit, shown_name=event.fields["name"])
        elif event.kind == "UnitRegrouped":
            category = event.fields.get("category", unit.category)
            unit = replace(unit, sequence=event.fields["sequence"], category=category)
        elif event.kind == "UnitDissolved":
            unit = replace(unit, is_dissolved=True, successor=event.fields.get("successor"))
    return unit
