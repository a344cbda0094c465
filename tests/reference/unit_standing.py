"""What the effective events of all streams may not hold about units (spec 7, units, "refused")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from .effective import MONTHLY, Event
from .standing import UNIT_FIELDS, folded

CHANGES = ("UnitRenamed", "UnitRegrouped", "UnitDissolved")


def unit_problems(events: Sequence[Event]) -> Iterator[str]:
    """Names that two units claim, and what does not go with a dissolution."""
    yield from _shared_names(events)
    for event in events:
        if event.kind == "UnitDissolved":
            yield from _problems_of_dissolution(event, events)


def _shared_names(events: Sequence[Event]) -> Iterator[str]:
    """A name that is or was another unit's identity or name, as names are compared."""
    holders: dict[str, str] = {}
    for event in events:
        if event.kind not in ("UnitRegistered", "UnitRenamed"):
            continue
        unit = event.stream[1]
        name = unit if event.kind == "UnitRegistered" else event.fields["name"]
        holder = holders.setdefault(folded(name), unit)
        if holder != unit:
            yield f"{event.name}: {name} is a name of {holder}"


def _problems_of_dissolution(dissolution: Event, events: Sequence[Event]) -> Iterator[str]:
    unit = dissolution.stream[1]
    if dissolution.fields.get("successor") == unit:
        yield f"{dissolution.name}: succeeds itself"
    for event in events:
        is_own = event.stream == dissolution.stream
        if is_own and event.kind in CHANGES and event.version > dissolution.version:
            yield f"{event.name}: {unit} is dissolved"
        names_it = any(event.fields.get(field) == unit for field in UNIT_FIELDS)
        concerns_it = names_it or (is_own and event != dissolution)
        if concerns_it and day_that_counts(event) >= dissolution.occurred_on:
            yield f"{event.name}: {unit} was dissolved on {dissolution.occurred_on}"


def day_that_counts(event: Event) -> date:
    """The first day of the month of a monthly fact."""
    return event.month() if event.kind in MONTHLY else event.occurred_on
