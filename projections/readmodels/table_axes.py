"""The axes of the query tables: for which position, day, years and rulebooks they are built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from lifecycle.working_days import WorkingCalendar
from projections.facts.county_facts import county_facts
from projections.facts.units_of_day import UnitsOfDay
from projections.readmodels.query_tables import TrackingRow
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.result_view import View
from projections.scoring.units_of_view import registered_units, units_there

SCHEMA: Final = 6
"""Raised with every change of the tables or of the evaluation, so that older tables are rebuilt."""


@dataclass(frozen=True, slots=True)
class TableAxes:
    """The state that the tables are to hold. `current` is the rulebook of today.

    `units` are those of today, `units_of_years` those of each view, in their order.
    """

    position: int
    today: date
    views: tuple[View, ...]
    current: LoadedRulebook
    calendar: WorkingCalendar
    units: UnitsOfDay
    units_of_years: tuple[UnitsOfDay, ...]

    @property
    def fingerprint(self) -> str:
        """What the tables depend on as a whole: schema, rulebooks, calendar, who the units are.

        A unit that comes, goes or changes moves credit and ranks anywhere.
        """
        years = " ".join(f"{view.year}={view.rulebook.digest}" for view in self.views)
        return f"{SCHEMA} {self.current.digest} {self.calendar.digest} {self._units_digest} {years}"

    @property
    def _units_digest(self) -> str:
        digest = hashlib.sha256()
        for units in (self.units, *self.units_of_years):
            for part in units.standing_parts():
                digest.update(f"{part}\n".encode())
        return digest.hexdigest()

    def match(self, tracking: TrackingRow) -> bool:
        """Return whether tables of this state need no change."""
        return self.extend(tracking) and tracking.notification_id == self.position

    def extend(self, tracking: TrackingRow) -> bool:
        """Return whether tables of this state only lack the events since their position."""
        return (
            tracking.notification_id <= self.position
            and tracking.as_of == self.today.isoformat()
            and tracking.fingerprint == self.fingerprint
        )


def table_axes(ledger: Ledger) -> TableAxes:
    """Return the axes of now: the ledger's end, today, and each year with a rulebook in force."""
    return axes_at(ledger, ledger.head().position, ledger.clock().date())


def axes_at(
    ledger: Ledger,
    position: int,
    today: date,
) -> TableAxes:
    """Return the axes of tables that are built at a position, on a day."""
    county = county_facts(ledger, position)
    rulebooks = in_force.adopted(county)
    years: set[int] = set()
    for rulebook in (*rulebooks, in_force.default_rulebook()):
        years.update(_years(rulebook, today))
    views: list[View] = []
    for year in sorted(years):
        # A year that is over stays as of its last day.
        as_of = min(today, date(year, 12, 31))
        rulebook_of_year = in_force.if_any(rulebooks, year, as_of)
        if rulebook_of_year is not None:
            views.append(View(year, as_of, position, rulebook_of_year, county=county))
    current = in_force.at_day(rulebooks, today)
    registered = registered_units(ledger, position)
    view_of_today = View(today.year, today, position, current, county=county)
    return TableAxes(
        position,
        today,
        tuple(views),
        current,
        county.calendar(today),
        units_there(ledger, view_of_today, registered),
        tuple(units_there(ledger, view, registered) for view in views),
    )


def _years(loaded: LoadedRulebook, today: date) -> Iterable[int]:
    """Return the years of a rulebook up to this one."""
    rulebook = loaded.rulebook
    last = min(rulebook.effective_to.year, today.year)
    return range(rulebook.effective_from.year, last + 1)
