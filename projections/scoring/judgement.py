"""A project judged by a rulebook: scale, exclusion, recognition, eligibility, credit, period."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.calendar import add_months, first_day
from lifecycle.deciding.task_ladder import Task
from lifecycle.exact_numbers import ZERO
from lifecycle.periods import first_day_of, is_half_year, is_whole_year, period_of
from lifecycle.rulebook.scoring_policy import Eligibility, Exclusion, NeededCondition
from lifecycle.working_days import WorkingCalendar, shipped_calendar
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import micro, share_micro
from projections.facts.project_facts import Figure, Node, ProjectFacts, Tax
from projections.facts.unit_facts import UnitsOfDay
from projections.scoring.prepared_policy import EligibilityRow, Policy
from projections.scoring.schedule_checks import ScheduleCheck, counted_nodes, schedule_checks

NEVER: Final = "9999-12"
"""A month later than any other: the last month of a period without an end."""


class UnmetCondition(NamedTuple):
    """A condition that a project does not meet.

    It names the table's row, the condition, and what the project has of it (None where it is a
    fact). Row and condition are None where no row takes the project.
    """

    row: Eligibility | None
    need: NeededCondition | None
    actual: int | None


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
        if self.first is None:
            return True
        if is_whole_year(period):
            return False
        # Part of a half-year holds none of its figures, though both may begin on one day.
        if is_half_year(period) and self.assessed != "half_year":
            return False
        return self.first <= first_day_of(period) <= self.as_of


class PolicyProject:
    """A project under a policy, whatever the year: nothing here knows the axes.

    `nodes` are the nodes as the policy counts them, by stage; sizes are in millionths of 万元.
    `unit` has the credit as of the day, `earning_unit` had it before successions; where the last
    of the successors was dissolved too, `unit` is None.
    """

    def __init__(
        self,
        facts: ProjectFacts,
        policy: Policy,
        units: UnitsOfDay,
    ) -> None:
        self.facts = facts
        self.units = units
        self.policy = policy
        self.information = facts.information
        self.by_tax = facts.information.sector in policy.by_tax
        self.nodes = counted_nodes(facts, by_tax=self.by_tax)
        self.scale = self._scale()
        # Succession is no transfer (spec 7): what asks for one compares the units before it.
        self.earning_unit = self._earning_unit(units)
        self.unit = units.holder_of(self.earning_unit)
        self.credited = None if self.unit is None else units.get(self.unit)

    def _scale(self) -> int:
        """The contract's fixed assets once signed, else the planned ones (spec 2)."""
        contract = self.facts.contract
        if contract is not None:
            return micro(contract.contract_fixed_assets)
        return micro(self.information.planned_fixed_assets)

    def _earning_unit(self, units: UnitsOfDay) -> str:
        """The reporting unit; from an outpost group, the last transfer's (考(二),(十))."""
        reporting_unit = self.information.reporting_unit
        if units.category_of(reporting_unit) not in self.policy.transferred_from:
            return reporting_unit
        # A transfer to a zone names no unit and moves no credit.
        for transfer in reversed(self.facts.transfers):
            if transfer.to_unit is not None:
                return transfer.to_unit
        return reporting_unit

    @property
    def reporter(self) -> str | None:
        """Who has what the first reporting unit is credited with; None where nobody has."""
        return self.units.holder_of(self.information.reporting_unit)

    @property
    def unit_name(self) -> str | None:
        """What the credit unit is called on the day."""
        return self.units.shown_name_or_none(self.unit)

    def responsible_unit(self, task: Task) -> str:
        """A task's responsible unit, or who took its place; without a successor, as assigned."""
        return self.units.holder_of(task.responsible_unit) or task.responsible_unit

    @lazy
    def excluded(self) -> list[tuple[Exclusion, int]]:
        """The exclusions that hold (考(九)), each with the version of its event."""
        # A violation that was cleared stands no longer: the facts hold None again.
        facts = self.facts
        versions = {"violation": facts.violation, "denied": facts.denied}
        if self.information.government_funded:
            versions["government_funded"] = facts.information_version
        exclusions = []
        for row in self.policy.book.exclusions:
            version = versions.get(row.fact)
            if version is not None:
                exclusions.append((row, version))
        return exclusions

    @lazy
    def recognised(self) -> bool:
        """Not excluded, and with the node that recognition needs."""
        needed = self.policy.recognised_by
        if needed is not None and needed not in self.facts.nodes:
            return False
        return not self.excluded

    @lazy
    def period_end(self) -> date | None:
        """The assessment period's last day (考(七)); None while unsigned."""
        signed = self.facts.nodes.get(self.policy.counts_from or "")
        if signed is None:
            return None
        return add_months(signed.on, self.policy.months(self.scale))

    @lazy
    def last_month(self) -> str:
        """The last month whose figures earn: one that begins after the period's end is out."""
        if self.period_end is None:
            return NEVER
        return f"{self.period_end:%Y-%m}"

    def in_period(self, node: Node) -> bool:
        """Whether a node lies within the period: by its day, a figure by its month's first."""
        # 考(七): a month counts if it begins within the period, though its last day lies behind the
        # end.
        if node.month is not None:
            return node.month <= self.last_month
        return self.day_in_period(node.on)

    def day_in_period(self, day: date) -> bool:
        """Whether a day lies within the period, of which only the end limits."""
        return self.period_end is None or day <= self.period_end

    def node(self, stage: str) -> Node | None:
        """The node as the policy counts it."""
        return self.nodes.get(stage)

    @lazy
    def investment(self) -> int:
        """Total investment: by the contract once signed, else as planned."""
        contract = self.facts.contract
        if contract is not None:
            return micro(contract.contract_investment)
        return micro(self.information.planned_investment)

    @lazy
    def invested(self) -> int:
        """Fixed assets of all months by the day."""
        # A list is summed faster than a generator, and this runs for each project.
        return sum([micro(figure.fixed_assets) for _month, _version, figure in self.facts.figures])

    @lazy
    def invested_share(self) -> Fraction:
        """Fixed assets of all months by the day ÷ total investment; 0 where that is 0."""
        if not self.investment:
            return ZERO
        return Fraction(self.invested, self.investment)


class JudgedProject(PolicyProject):
    """One project under one policy, for a year, as of a day.

    Everything is judged as of the day, also for what happened earlier in the year (spec 2). What
    looks at the axes is defined in this class, everything else in its base: `at` relies on it.
    """

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

    @lazy
    def figures(self) -> list[Figure]:
        """The investment of the year's months."""
        months = self.axes.months
        return [figure for figure in self.facts.figures if figure[0].startswith(months)]

    @lazy
    def taxes(self) -> list[Tax]:
        """The tax of the year's months."""
        months = self.axes.months
        return [tax for tax in self.facts.taxes if tax[0].startswith(months)]

    @lazy
    def tax_in_year(self) -> int:
        """Tax of the year's months, in millionths."""
        return sum([micro(tax.amount) for _month, _version, tax in self.taxes])

    @lazy
    def unmet(self) -> list[UnmetCondition]:
        """The conditions that keep the project from being eligible (考(四)); empty where it is."""
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

    def reached_in(self, stage: str, period: str) -> bool:
        """Whether a node's first day lies in the year, or the day's half-year, quarter, month."""
        node = self.node(stage)
        if node is None or node.on.year != self.axes.year:
            return False
        return node.on >= first_day(self.axes.as_of, period)
