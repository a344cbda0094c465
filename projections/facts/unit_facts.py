"""Units as their effective events describe them: who they are, and what they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from lifecycle.events.unit_events import UnitRegistered
from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream, effective
from projections.facts.narrow_events import DatedEvent, events_of


@dataclass(slots=True)
class UnitFacts:
    """A registered unit; `order` is the position of its registration in the ledger."""

    name: str
    sequence: str
    category: str
    order: int
    facts: list[DatedEvent] = field(default_factory=list)

    def ref(self, version: int) -> str:
        """Return an event's name: `stream#version`."""
        return f"{self.name}#{version}"


def read_units(rows: Iterable[StoredRow]) -> dict[str, UnitFacts]:
    """Return all units by name, in the order of their registrations.

    A unit is registered whatever the as-of date: no day is asked for here.
    """
    units: list[UnitFacts] = []
    for stream_id, stream_rows in by_stream(rows):
        name = stream_id.partition("/")[2]
        unit = read_unit(name, stream_rows)
        if unit is not None:
            units.append(unit)
    units.sort(key=attrgetter("order"))
    return {unit.name: unit for unit in units}


def read_unit(name: str, rows: Sequence[StoredRow]) -> UnitFacts | None:
    """Return one unit from all its rows; None where its registration is void."""
    # All facts, whatever the day: the code that counts them checks their days.
    facts = effective(rows)
    registration = next(events_of(UnitRegistered, facts), None)
    if registration is None:
        return None
    _on, version, registered = registration
    return UnitFacts(
        name,
        registered.sequence,
        registered.category,
        order=_position(rows, version),
        facts=facts,
    )


def _position(rows: Sequence[StoredRow], version: int) -> int:
    for position, _stream, row_version, _topic, _state in rows:
        if row_version == version:
            return position
    raise LookupError(version)
