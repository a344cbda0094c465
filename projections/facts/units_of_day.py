"""The units that are there on a day, and what passed to them from dissolved ones (spec 7)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec

from lifecycle.events.unit_events import (
    IndicatorReported,
    UnitListed,
)
from projections.facts.narrow_events import DatedEvent, narrow
from projections.facts.unit_facts import RegisteredUnit, UnitFacts, UnitStanding


class UnitsOfDay(dict[str, UnitFacts]):
    """The units that are there on a day, by identity in the order of registration.

    Beside them it knows every registered unit's standing, and what became of the dissolved ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.standings: dict[str, UnitStanding] = {}
        """How each registered unit stands, whether or not it is there."""

    def without_facts(self) -> UnitsOfDay:
        """Return the same units with nothing that they did: what the credit of projects needs."""
        units = UnitsOfDay()
        units.standings = self.standings
        for name, unit in self.items():
            units[name] = replace(unit, facts=(), refs=())
        return units

    def holder_of(self, unit: str) -> str | None:
        """Return who has what would be a unit's: itself, or the last of its successors.

        None where the unit, or the last of its successors, was dissolved without one.
        """
        last = self.last_of_succession(unit)
        standing = self.standings.get(last)
        if standing is not None and standing.dissolution is not None:
            return None
        return last

    def last_of_succession(self, unit: str) -> str:
        """Return the unit at which the successions from a unit end, there or not."""
        return self.succession(unit)[-1]

    def succession(self, unit: str) -> list[str]:
        """Return a unit, its successor, that one's successor and so on to the last."""
        units = [unit]
        standing = self.standings.get(unit)
        while standing is not None and standing.dissolution is not None:
            successor = standing.dissolution.successor
            # No rule lets units succeed each other in a ring; a damaged history may.
            if successor is None or successor in units:
                break
            units.append(successor)
            standing = self.standings.get(successor)
        return units

    def dissolved_into(self, unit: str) -> list[str]:
        """Return the dissolved units whose succession ends at a unit that is there."""
        dissolved = []
        for name, standing in self.standings.items():
            if standing.dissolution is not None and self.holder_of(name) == unit:
                dissolved.append(name)
        return dissolved

    def category_of(self, unit: str) -> str | None:
        """Return a registered unit's category on the day; None where it is not registered."""
        standing = self.standings.get(unit)
        return None if standing is None else standing.category

    def standing_parts(self) -> Iterator[str]:
        """Yield who the units are, each in one text: two days with the same parts have the same."""
        for name, standing in self.standings.items():
            yield f"{name}\t{name in self}\t{standing}"

    def shown_name(self, unit: str) -> str:
        """Return what a unit is called on the day."""
        standing = self.standings.get(unit)
        return unit if standing is None else standing.shown_name

    def shown_name_or_none(self, unit: str | None) -> str | None:
        """Return what a unit is called on the day; None where there is none."""
        return None if unit is None else self.shown_name(unit)


def units_in_doubt(units: Iterable[RegisteredUnit], day: date) -> set[str]:
    """Return the units whose own facts are all later: they are there if another fact names them."""
    return {unit.name for unit in units if unit.first_day > day}


def units_named_by_units(units: Iterable[RegisteredUnit], day: date) -> set[str]:
    """Return the units that are named as successors by a day."""
    named: set[str] = set()
    for unit in units:
        dissolution = unit.standing(day).dissolution
        if dissolution is not None and dissolution.successor is not None:
            named.add(dissolution.successor)
    return named


def units_of_day(units: Sequence[RegisteredUnit], day: date, absent: Container[str]) -> UnitsOfDay:
    """Return the units of a day; `absent` are those that are not there yet."""
    of_day = UnitsOfDay()
    for unit in units:
        of_day.standings[unit.name] = unit.standing(day)
    heirs = _units_by_holder(units, of_day)
    for unit in units:
        standing = of_day.standings[unit.name]
        if standing.dissolution is not None or unit.name in absent:
            continue
        facts = UnitFacts(
            unit.name,
            standing.shown_name,
            standing.sequence,
            standing.category,
            unit.order,
            unit.facts,
        )
        predecessors = heirs.get(unit.name, [])
        if predecessors:
            _take_over(facts, unit, predecessors)
        of_day[unit.name] = facts
    return of_day


def _units_by_holder(
    units: Iterable[RegisteredUnit], of_day: UnitsOfDay
) -> Mapping[str, list[RegisteredUnit]]:
    """Return the dissolved units by who has what was theirs."""
    dissolved_by_holder: dict[str, list[RegisteredUnit]] = {}
    for unit in units:
        if of_day.standings[unit.name].dissolution is None:
            continue
        holder = of_day.holder_of(unit.name)
        if holder is not None:
            dissolved_by_holder.setdefault(holder, []).append(unit)
    return dissolved_by_holder


@dataclass(slots=True)
class _PassedFacts:
    """Facts of several units in one order: by day, then by their units' registration."""

    entries: list[tuple[date, int, int, str, Any]] = field(default_factory=list)

    def add(self, unit: RegisteredUnit, fact: DatedEvent, event: object) -> None:
        on, version, _event = fact
        self.entries.append((on, unit.order, version, f"{unit.name}#{version}", event))


def _take_over(
    facts: UnitFacts, unit: RegisteredUnit, predecessors: Iterable[RegisteredUnit]
) -> None:
    """Let the facts of dissolved units count as the unit's own, but for their listings."""
    listing = narrow(UnitListed)
    passed = _PassedFacts()
    for fact in unit.facts:
        passed.add(unit, fact, fact[2])
    for predecessor in predecessors:
        for fact in predecessor.facts:
            # A listing is of the unit that was listed: its months do not run on with the successor.
            if not isinstance(fact[2], listing):
                passed.add(predecessor, fact, _without_target(fact[2]))
    entries = sorted(passed.entries, key=lambda entry: entry[:3])
    facts.facts = [(entry[0], number, entry[4]) for number, entry in enumerate(entries, start=1)]
    facts.refs = [entry[3] for entry in entries]


def _without_target(event: Any) -> Any:
    """Return an indicator's figure without its target, which stays with who reported it."""
    if isinstance(event, narrow(IndicatorReported)):
        return msgspec.structs.replace(event, target=None)
    return event
