"""A project judged for a year, as of a day: its figures, its eligibility and its checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lifecycle.calendar import first_day, same_day_last_year
from lifecycle.exact_numbers import MICRO
from lifecycle.periods import (
    first_day_of,
    is_half_year,
    is_whole_year,
    last_day_of,
    period_of,
)
from lifecycle.rulebook.scoring_policy import Eligibility, NeededCondition
from lifecycle.working_days import WorkingCalendar, shipped_calendar
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import micro, share_micro
from projections.facts.project_facts import Figure, Node, ProjectFacts, Tax
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.counted_items import CountedItem
from projections.scoring.policy_project import PolicyProject
from projections.scoring.prepared_policy import EligibilityRow, Policy
from projections.scoring.project_figures import counted_reports, figure_reports
from projections.scoring.schedule_checks import ScheduleCheck, schedule_checks


class UnmetCondition(NamedTuple):
    """A condition that a project does not meet.

    It names the table's row, the condition, and what the project has of it (None where it is a
    fact). Row and condition are None where no row takes the project, or where the rulebook does not
    know its sector, which is then named.
    """

    row: Eligibility | None
    need: NeededCondition | None
    actual: int | None
    unknown_sector: str | None = None


class ScoringAxes(NamedTuple):
    """The year assessed, and the day as of which it is.

    `first` is the first day assessed where the policy assesses less than the year, and
    `assessed` how much that is: a half-year, quarter or month.
    """

    year: int
    as_of: date
    first: date | None = None
    calendar: WorkingCalendar | None = None
    """Where the ledger arranges a year of its own; None means the shipped one alone."""
    assessed: str = "year"
    of_module: bool = False
    """Whether modules are assessed by period, and not all that is scored."""
    facts_by: date | None = None
    """Of last year's axes, the day by which facts have occurred: later than `as_of`."""

    def of_last_year(self) -> ScoringAxes:
        """The axes by which a value is compared with last year's, up to the same day (spec 6).

        The facts stay those that occurred by the day: they are told from what they are true of.
        """
        same_day = same_day_last_year(self.as_of)
        first = None if self.first is None else first_day(same_day, self.assessed)
        return self._replace(
            year=self.year - 1,
            as_of=same_day,
            first=first,
            facts_by=self.as_of,
        )

    @property
    def last_day_of_facts(self) -> date:
        """The day by which facts have occurred."""
        return self.facts_by or self.as_of

    @property
    def working_days(self) -> WorkingCalendar:
        """The calendar that holds for the view."""
        return self.calendar or shipped_calendar()

    @property
    def months(self) -> str:
        """The text that the year's months begin with."""
        return f"{self.year}-"

    def covers(self, day: date) -> bool:
        """Whether a day lies in what is assessed."""
        if day.year != self.year:
            return False
        # Facts of other axes end with the day; those of last year's go on.
        if self.facts_by is not None and day > self.as_of:
            return False
        return self.first is None or day >= self.first

    @property
    def assessed_period(self) -> str | None:
        """The half-year, quarter or month assessed, such as `2024-Q2`; None of a whole year."""
        if self.assessed == "year":
            return None
        return period_of(self.as_of, self.assessed)

    def holds_figures_of(self, period: str) -> bool:
        """Whether a year, half-year, quarter or month lies in what is assessed."""
        if not period.startswith(str(self.year)):
            return False
        # A part of a year is compared with the same part of the other.
        if self.facts_by is not None and last_day_of(period) > self.as_of:
            return False
        if self.of_module:
            # No coarser figure lies in it. Where all is assessed by month, version 0.1 counted a
            # quarter's figure in the month that it begins with, and publications hold it so.
            return period_of(period, self.assessed) == self.assessed_period
        return self.first is None or self._holds_from(self.first, period)

    def _holds_from(self, first: date, period: str) -> bool:
        """Whether a period begins within the part of the year that begins on a day."""
        if is_whole_year(period):
            return False
        # Part of a half-year holds none of its figures, though both may begin on one day.
        if is_half_year(period) and self.assessed != "half_year":
            return False
        return first <= first_day_of(period) <= self.as_of


class JudgedProject(PolicyProject):
    """One project under one policy, for a year, as of a day.

    Everything is judged as of the day, also for what happened earlier in the year (spec 2). What
    looks at the axes is defined in this class, everything else in its base: `at` relies on it.
    """

    funds: Sequence[CountedItem] | None = None
    """What `funds_in_place` counted, once it was asked: several rules and every target ask it."""

    def __init__(
        self,
        facts: ProjectFacts,
        policy: Policy,
        axes: ScoringAxes,
        units: UnitsOfDay,
    ) -> None:
        super().__init__(facts, policy, units)
        self.axes = axes

    def at(self, axes: ScoringAxes) -> JudgedProject:
        """The same facts judged by the same policy for another year or day.

        Values of the base class are shared, computed or not; those of this class are computed
        again.
        """
        # Lazy values lie in the instance's dictionary under the name of the attribute of their
        # class.
        shared = {
            name: value
            for name, value in self.__dict__.items()
            if name not in JudgedProject.__dict__
        }
        project = object.__new__(JudgedProject)
        project.__dict__.update(shared)
        project.axes = axes
        return project

    def node_by_day(self, stage: str) -> Node | None:
        """A node, unless it was reached after the day: then it is open in last year's value."""
        node = self.node(stage)
        if node is None or node.on > self.axes.as_of:
            return None
        return node

    @lazy
    def figures(self) -> list[Figure]:
        """The investment of the year's months."""
        months = self.axes.months
        figures = [figure for figure in self.facts.figures if figure[0].startswith(months)]
        if self.axes.facts_by is None:
            return figures
        return [figure for figure in figures if self.axes.covers(figure[2].on)]

    @lazy
    def taxes(self) -> list[Tax]:
        """The tax of the year's months."""
        months = self.axes.months
        taxes = [tax for tax in self.facts.taxes if tax[0].startswith(months)]
        if self.axes.facts_by is None:
            return taxes
        return [tax for tax in taxes if self.axes.covers(tax[2].on)]

    @lazy
    def tax_in_year(self) -> int:
        """Tax of the year's months, in millionths."""
        return sum([micro(tax.amount) for _month, _version, tax in self.taxes])

    @lazy
    def unmet(self) -> list[UnmetCondition]:
        """The conditions that keep the project from being eligible (考(四)); empty where it is."""
        sector = self.information.sector
        # A word that another rulebook declared means nothing to this one (spec 6).
        if sector not in self.policy.sectors:
            return [UnmetCondition(None, None, None, sector)]
        table = self.policy.eligibility
        # A policy without the table asks for nothing.
        if not table:
            return []
        rows = [row for row in table if row.fits is None or row.fits(self)]
        if not rows:
            return [UnmetCondition(None, None, None)]
        conditions: list[UnmetCondition] = []
        for row in rows:
            conditions.extend(self._unmet_of(row))
        return conditions

    def _unmet_of(self, row: EligibilityRow) -> list[UnmetCondition]:
        conditions = []
        for need, least in row.needs:
            if least is None:
                if not self._has_fact(need.measure):
                    conditions.append(UnmetCondition(row.row, need, None))
                continue
            actual = self._amount_of(need.measure)
            if actual < least:
                conditions.append(UnmetCondition(row.row, need, actual))
        return conditions

    def _amount_of(self, measure: str) -> int:
        if measure == "scale":
            return self.scale
        if measure == "tax_in_year":
            return self.tax_in_year
        return share_micro(self.information.outside_ratio)

    def _has_fact(self, measure: str) -> bool:
        if measure == "meets_city_standard":
            return self.information.meets_city_standard
        # By the events themselves, not as the policy counts nodes: an entry is an entry in every
        # sector.
        stage = "land" if measure == "land_acquired" else "statistics"
        return stage in self.facts.nodes

    @lazy
    def eligible(self) -> bool:
        """Whether every row of the table that fits the project holds, and one fits."""
        return not self.unmet

    @lazy
    def checks(self) -> list[ScheduleCheck]:
        """The year's schedule checks by the day."""
        axes = self.axes
        checks = schedule_checks(
            self.facts,
            self.nodes,
            axes.year,
            axes.as_of,
            self.policy.checked_every,
        )
        return [check for check in checks if axes.covers(check.on)]

    def figure(self, name: str) -> Fraction | None:
        """A figure reported by the day, of whatever year; None where there is none."""
        reported = figure_reports(self.facts.facts, name, self.axes.last_day_of_facts)
        if not reported:
            return None
        by_last_period = self.policy.book.figures_by_last_period
        counted = counted_reports(reported, name, by_last_period)
        return Fraction(sum(entry.actual for entry in counted), MICRO)

    def reached_in(self, stage: str, period: str) -> bool:
        """Whether a node's first day lies in the year, or the day's half-year, quarter, month."""
        node = self.node(stage)
        if node is None or node.on.year != self.axes.year:
            return False
        return first_day(self.axes.as_of, period) <= node.on <= self.axes.as_of
