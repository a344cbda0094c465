"""Units as their effective facts tell them: who they are, what they did by a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from projections.facts import effective_history as histories, narrow_events as f
from projections.facts.narrow_events import Dated


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


def read_units(rows: Iterable[StoredRow]) -> dict[str, UnitFacts]:
    """Every unit registered, by name, in the order of registration; a registration holds whatever the as-of date."""
    units = [
        unit
        for stream, own in histories.by_stream(rows)
        if (unit := read_unit(stream.partition("/")[2], own)) is not None
    ]
    return {unit.name: unit for unit in sorted(units, key=lambda unit: unit.order)}


def read_unit(name: str, rows: Sequence[StoredRow]) -> UnitFacts | None:
    """One unit, None where its registration is void."""
    facts = histories.effective(rows)
    for _, version, fact in facts:
        if isinstance(fact, f.UnitRegistered):
            position = next(row[0] for row in rows if row[2] == version)
            return UnitFacts(name, fact.sequence, fact.category, position, facts)
    return None
