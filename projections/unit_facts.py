"""Units as their effective facts tell them: who they are, what they did by a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lifecycle.recorders.base import Row
from projections import facts as f
from projections.facts import Dated


@dataclass(slots=True)
class UnitFacts:
    """A registered unit; `order` is its place in the order of registration."""

    name: str
    sequence: str
    category: str
    order: int
    facts: list[Dated] = field(default_factory=list)

    def ref(self, version: int) -> str:
        """An event's name, `stream#version`."""
        return f"{self.name}#{version}"


def read_units(rows: Iterable[Row]) -> dict[str, UnitFacts]:
    """Every unit registered, by name, in the order of registration; a registration holds whatever the as-of date."""
    units: list[UnitFacts] = []
    for stream, own in f.by_stream(rows):
        facts = f.effective(own)
        registration = next((dated for dated in facts if type(dated.fact) is f.UnitRegistered), None)
        if registration is not None:
            positions = {row[2]: row[0] for row in own}
            units.append(_unit(stream.partition("/")[2], registration, positions[registration.version], facts))
    return {unit.name: unit for unit in sorted(units, key=lambda unit: unit.order)}


def _unit(name: str, registration: Dated, position: int, facts: list[Dated]) -> UnitFacts:
    registered = registration.fact
    assert isinstance(registered, f.UnitRegistered)
    return UnitFacts(name, registered.sequence, registered.category, position, facts)
