"""Units as their effective events describe them: their names, their standing, what they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Final, NamedTuple

from lifecycle.events.unit_events import (
    UnitDissolved,
    UnitRegistered,
    UnitRegrouped,
    UnitRenamed,
)
from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream, effective
from projections.facts.narrow_events import DatedEvent, events_of
from projections.facts.projection import Projection


@dataclass(slots=True)
class UnitFacts:
    """A unit on a day; `order` is the position of its registration in the ledger.

    `name` is its identity, `shown_name` its name on the day. The facts are its own and those that
    passed to it from dissolved units; then they are numbered in one order and `refs` names each.
    """

    name: str
    shown_name: str
    sequence: str
    category: str
    order: int
    facts: Sequence[DatedEvent] = ()
    refs: Sequence[str] = ()

    def ref(self, number: int) -> str:
        """Return an event's name, `stream#version`, by its number among the facts."""
        if self.refs:
            return self.refs[number - 1]
        return f"{self.name}#{number}"


class Dissolution(NamedTuple):
    """A unit's end: its day, its event's version, and the unit that takes its place, if any."""

    on: date
    version: int
    successor: str | None


class UnitChanged(NamedTuple):
    """The day and the version of a unit's last renaming or regrouping."""

    on: date
    version: int


@dataclass(slots=True)
class UnitStanding:
    """What a unit is called, where it stands and whether it is dissolved, by a day."""

    shown_name: str
    sequence: str
    category: str
    dissolution: Dissolution | None = None
    # Which events say so is told to readers alone: two standings with the same text are the same.
    renaming: UnitChanged | None = field(default=None, repr=False)
    regrouping: UnitChanged | None = field(default=None, repr=False)


_STANDING: Final = Projection[UnitStanding]()


@_STANDING.when(UnitRenamed)
def _renaming(
    standing: UnitStanding,
    on: date,
    version: int,
    event: UnitRenamed,
) -> None:
    standing.shown_name = event.name
    standing.renaming = UnitChanged(on, version)


@_STANDING.when(UnitRegrouped)
def _regrouping(
    standing: UnitStanding,
    on: date,
    version: int,
    event: UnitRegrouped,
) -> None:
    standing.sequence = event.sequence
    standing.regrouping = UnitChanged(on, version)
    standing.category = event.category or standing.category


@_STANDING.when(UnitDissolved)
def _dissolution(
    standing: UnitStanding,
    on: date,
    version: int,
    event: UnitDissolved,
) -> None:
    standing.dissolution = Dissolution(on, version, event.successor)


@dataclass(frozen=True, slots=True)
class RegisteredUnit:
    """A registered unit with all its effective facts, whatever their day."""

    name: str
    order: int
    registered: UnitRegistered
    facts: list[DatedEvent]

    def standing(self, day: date) -> UnitStanding:
        """Return how the unit stands by a day; the registration is the base from the beginning."""
        standing = UnitStanding(self.name, self.registered.sequence, self.registered.category)
        _STANDING.apply(standing, (fact for fact in self.facts if fact[0] <= day))
        return standing

    @property
    def first_day(self) -> date:
        """The day of its earliest fact."""
        return self.facts[0][0]


def read_units(rows: Iterable[StoredRow]) -> list[RegisteredUnit]:
    """Return all registered units in the order of their registrations, whatever the day."""
    units: list[RegisteredUnit] = []
    for stream_id, stream_rows in by_stream(rows):
        name = stream_id.partition("/")[2]
        unit = read_unit(name, stream_rows)
        if unit is not None:
            units.append(unit)
    units.sort(key=attrgetter("order"))
    return units


def read_unit(name: str, rows: Sequence[StoredRow]) -> RegisteredUnit | None:
    """Return one unit from all its rows; None where its registration is void."""
    # All facts, whatever the day: the code that counts them checks their days.
    facts = effective(rows)
    registration = next(events_of(UnitRegistered, facts), None)
    if registration is None:
        return None
    _on, version, registered = registration
    return RegisteredUnit(name, _position(rows, version), registered, facts)


def _position(rows: Sequence[StoredRow], version: int) -> int:
    for position, _stream, row_version, _topic, _state in rows:
        if row_version == version:
            return position
    raise LookupError(version)
