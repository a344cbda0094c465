"""The axes that a result stands on: year, day, position, rulebook."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lifecycle.calendar import first_day
from lifecycle.events import last_day
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.assessed_modules import ModulePeriod
from lifecycle.working_days import WorkingCalendar
from projections.facts.county_facts import CountyFacts, county_facts
from projections.facts.project_source import ProjectSource
from projections.scoring.judgement import ScoringAxes


@dataclass(frozen=True, slots=True)
class View:
    """The axes of a result: year, day, last position known, rulebook; `known_at` as requested.

    `county` is what was read of the county to make the view, for `county_of`.
    `ranks_registered` says that every registered unit is ranked, whatever the day: by the rules of
    version 0.1, which its publications are recomputed by.
    """

    year: int
    as_of: date
    position: int
    rulebook: LoadedRulebook
    known_at: datetime | None = None
    calendar: WorkingCalendar | None = None
    county: CountyFacts | None = field(default=None, compare=False, repr=False)
    ranks_registered: bool = False
    projects: ProjectSource | None = field(default=None, compare=False, repr=False)
    """Where the projects are, if not in the ledger itself: a region's are in its members'."""
    engine: PartEngine | None = field(default=None, compare=False, repr=False)
    """Runs the parts of a large result, if not this process alone; the result is the same."""
    uncounted: frozenset[str] = frozenset()
    """Units that have no score and no rank: a region's members whose ledgers do not count."""

    @property
    def axes(self) -> ScoringAxes:
        """The year and the day, and the first day assessed where that is less than the year."""
        assessed = self.rulebook.rulebook.assessed
        calendar = self._calendar()
        if assessed is None or assessed.period == "year":
            return ScoringAxes(self.year, self.as_of, None, calendar)
        first = first_day(self.as_of, assessed.period)
        of_module = isinstance(assessed, ModulePeriod)
        return ScoringAxes(self.year, self.as_of, first, calendar, assessed.period, of_module)

    def _calendar(self) -> WorkingCalendar | None:
        """The working days that hold on the day, where the county's own arrangements are read."""
        county = self.county
        if self.calendar is None and county is not None and county.position == self.position:
            return county.calendar(self.as_of)
        return self.calendar


def view_of_month(view: View, month: str) -> View:
    """Return the view as of the month's last day, or as of its own day where that comes first."""
    end = last_day(month)
    # What was known stays as asked for: only the day moves.
    return replace(view, year=end.year, as_of=min(view.as_of, end))


def county_of(ledger: Ledger, view: View) -> CountyFacts:
    """The county's facts at a view's position, as read when the view was made, or read here."""
    county = view.county
    # A view may have been moved to another position since.
    if county is not None and county.position == view.position:
        return county
    return county_facts(ledger, view.position)
