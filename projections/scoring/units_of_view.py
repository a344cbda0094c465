"""The units that are there at a view (spec 7), from history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import orjson

from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.events import Stream
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts import effective_history as histories
from projections.facts.county_facts import CountyFacts
from projections.facts.moved_projects import name_moved_projects
from projections.facts.narrow_events import DatedEvent, narrow
from projections.facts.unit_facts import RegisteredUnit, read_units
from projections.facts.units_of_day import (
    UnitsOfDay,
    units_in_doubt,
    units_named_by_units,
    units_of_day,
)
from projections.scoring.result_view import View, county_of

_UNIT_FIELDS: Final[dict[type[Any], str]] = {
    narrow(kind): name for kind, name in UNIT_FIELDS.items() if "project" in kind.streams
}
"""The events of projects that name a unit, as projections read them, with the naming field."""


def registered_units(ledger: Ledger, position: int) -> list[RegisteredUnit]:
    """Return the units registered by a position, in the order of registration, whatever the day."""
    with ledger.rows_of_kind("unit", position) as rows:
        units = read_units(rows)
    name_moved_projects(units, partial(project_rows, ledger, position))
    return units


def project_rows(
    ledger: Ledger,
    position: int,
    code: str,
) -> list[StoredRow]:
    """Return the rows of a project's stream up to a position."""
    with ledger.rows_of_streams([Stream("project", code).id], position) as rows:
        return list(rows)


def units_at(ledger: Ledger, view: View) -> UnitsOfDay:
    """Return the units that are there at a view, in the order of registration."""
    return units_there(ledger, view, registered_units(ledger, view.position))


def units_there(
    ledger: Ledger,
    view: View,
    units: Sequence[RegisteredUnit],
) -> UnitsOfDay:
    """Return those of the units registered by the view's position that are there on its day."""
    named_among = partial(_units_with_projects, ledger, view)
    return units_of_day(units, view.as_of, absent_units(ledger, view, units, named_among))


def absent_units(
    ledger: Ledger,
    view: View,
    units: Sequence[RegisteredUnit],
    named_among: Callable[[set[str]], set[str]],
) -> frozenset[str]:
    """Return those of the units registered by the view's position that are not there on its day.

    `named_among` returns those of some names that an effective fact of a project gives by the day.
    """
    if view.ranks_registered:
        return frozenset()
    absent = units_in_doubt(units, view.as_of)
    if absent:
        absent -= units_named_by_units(units, view.as_of)
    if absent:
        absent -= _units_with_targets(county_of(ledger, view), view.as_of)
    if absent:
        absent -= named_among(absent)
    # A score of 0 would rank a member that nobody could look at, above those below 0 even.
    return frozenset(absent | view.uncounted)


def _units_with_targets(county: CountyFacts, day: date) -> set[str]:
    """Return the units that have a target by a day, of whatever year."""
    named: set[str] = set()
    for target, _ref in county.targets:
        if target.on <= day and target.for_unit is not None:
            named.add(target.for_unit)
    return named


def _units_with_projects(ledger: Ledger, view: View, names: set[str]) -> set[str]:
    """Return those of the names that an effective fact of a project gives by the view's day."""
    if view.projects is not None:
        return view.projects.units_with_projects(view.as_of, names)
    return _units_named_by_projects(ledger, view.position, view.as_of, names)


def _units_named_by_projects(
    ledger: Ledger,
    position: int,
    day: date,
    names: set[str],
) -> set[str]:
    """Return those of the names that an effective fact of a project gives by a day."""
    # Most units are known by their own facts: only streams that hold such a name are decoded.
    written_names = [orjson.dumps(name)[1:-1] for name in names]
    named: set[str] = set()
    with ledger.rows_of_kind("project", position) as rows:
        for _stream, stream_rows in histories.by_stream(rows):
            if _mentions_any(stream_rows, written_names):
                named |= units_named_in(histories.effective(stream_rows, day))
    return named


def _mentions_any(rows: Sequence[StoredRow], written_names: Sequence[bytes]) -> bool:
    for _position, _stream, _version, _topic, state in rows:
        if any(name in bytes(state) for name in written_names):
            return True
    return False


def units_named_in(events: Iterable[DatedEvent]) -> set[str]:
    """Return the units that some effective events of a project name."""
    named: set[str] = set()
    for _on, _version, event in events:
        field = _UNIT_FIELDS.get(type(event))
        name = None if field is None else getattr(event, field)
        if name is not None:
            named.add(name)
    return named
