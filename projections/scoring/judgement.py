"""A project judged by a rulebook, for a year, as of a day: scale, exclusion, recognition, eligibility, credit, period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.calendar import add_months, first_day
from lifecycle.rulebook.scoring_policy import Eligibility, Exclusion, NeededCondition
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import micro
from projections.facts.project_facts import Figure, Node, ProjectFacts, Tax
from projections.facts.unit_facts import UnitFacts
from projections.scoring.prepared_policy import Policy
from projections.scoring.schedule_checks import ScheduleCheck, checks, reached

NEVER: Final = "9999-12"


class Unmet(NamedTuple):
    """A condition that a project does not meet: the table's row, the condition, what the project has (None: a fact)."""

    row: Eligibility | None
    need: NeededCondition | None
    actual: int | None


class ScoringAxes(NamedTuple):
    """The year assessed and the day as of which, with the year as text for comparing months.

    `first` is the first day assessed where the policy assesses a quarter or a month of the year.
    """

    year: int
    as_of: date
    first: date | None = None

    @property
    def months(self) -> str:
        """What the year's months begin with."""
        return f"{self.year}-"

    def covers(self, day: date) -> bool:
        """Whether a day lies in what is assessed."""
        return day.year == self.year and (self.first is None or day >= self.first)

    def covers_month(self, month: str) -> bool:
        """Whether a month does."""
        return month[:5] == self.months and (
            self.first is None or month >= self.first.isoformat()[:7]
        )


class JudgedProject:
    """One project under one policy. Everything is judged as of the day, also for what happened earlier in the year.

    `nodes` are the nodes as the policy counts them, by stage.
    """

    def __init__(
        self,
        project: ProjectFacts,
        policy: Policy,
        axes: ScoringAxes,
        units: Mapping[str, UnitFacts],
    ) -> None:
        self.project = project
        self.policy = policy
        self.axes = axes
        self.information = project.information
        self.by_tax = project.information.sector in policy.by_tax
        self.nodes = reached(project, by_tax=self.by_tax)
        contract = project.contract
        self.scale = micro(
            contract.contract_fixed_assets if contract else project.information.planned_fixed_assets
        )
        self.unit = self._credit(units)
        self.credited = units.get(self.unit)

    def at(self, axes: ScoringAxes) -> JudgedProject:
        """The same facts judged by the same policy for another year or day; what looks at neither is not worked out again."""
        other = object.__new__(JudgedProject)
        other.__dict__.update(self.__dict__)
        for name in ("figures", "taxes", "tax_in_year", "unmet", "eligible", "checks"):
            other.__dict__.pop(name, None)
        other.axes = axes
        return other

    def _credit(self, units: Mapping[str, UnitFacts]) -> str:
        """The reporting unit; from an outpost group, the unit of the last transfer (考(二),(十))."""
        reporting = self.information.reporting_unit
        registered = units.get(reporting)
        if registered is None or registered.category not in self.policy.transferred_from:
            return reporting
        transfers = [
            transfer.to_unit for transfer in self.project.transfers if transfer.to_unit is not None
        ]
        return transfers[-1] if transfers else reporting

    @lazy
    def excluded(self) -> list[tuple[Exclusion, int]]:
        """The exclusions that hold (考(九)), each with the version of the event it rests on."""
        project = self.project
        held = {
            "government_funded": project.information_version
            if self.information.government_funded
            else None,
            "violation": project.violation,
            "denied": project.denied,
        }
        if not any(held.values()):
            return []
        return [
            (row, version)
            for row in self.policy.book.exclusions
            if (version := held[row.fact]) is not None
        ]

    @lazy
    def recognised(self) -> bool:
        """Not excluded, and through its consultation."""
        needed = self.policy.recognised_by
        return (needed is None or needed in self.project.nodes) and not self.excluded

    @lazy
    def figures(self) -> list[Figure]:
        """The investment of the year's months."""
        months = self.axes.months
        return [figure for figure in self.project.figures if figure[0][:5] == months]

    @lazy
    def taxes(self) -> list[Tax]:
        """The tax of the year's months."""
        months = self.axes.months
        return [tax for tax in self.project.taxes if tax[0][:5] == months]

    @lazy
    def tax_in_year(self) -> int:
        """Tax of the year's months, in millionths."""
        return sum([micro(tax.amount) for _month, _version, tax in self.taxes])

    @lazy
    def unmet(self) -> list[Unmet]:
        """What keeps the project from being eligible (考(四)); empty where it is."""
        rows = [row for row in self.policy.eligibility if row.fits is None or row.fits(self)]
        if not rows:
            return [Unmet(None, None, None)] if self.policy.eligibility else []
        return [
            unmet
            for row in rows
            for need, least in row.needs
            if (unmet := self._unmet(row.row, need, least)) is not None
        ]

    def _unmet(self, row: Eligibility, need: NeededCondition, least: int | None) -> Unmet | None:
        if least is None:
            return None if self._holds(need.measure) else Unmet(row, need, None)
        if need.measure == "scale":
            actual = self.scale
        else:
            actual = (
                self.tax_in_year
                if need.measure == "tax_in_year"
                else micro(self.information.outside_ratio)
            )
        return None if actual >= least else Unmet(row, need, actual)

    def _holds(self, measure: str) -> bool:
        if measure == "meets_city_standard":
            return self.information.meets_city_standard
        return ("land" if measure == "land_acquired" else "statistics") in self.project.nodes

    @lazy
    def eligible(self) -> bool:
        """Every row of the table that fits it holds."""
        return not self.unmet

    @lazy
    def period_end(self) -> date | None:
        """The assessment period's last day (考(七)); None while unsigned."""
        signed = self.project.nodes.get(self.policy.counts_from or "")
        return None if signed is None else add_months(signed.on, self.policy.months(self.scale))

    def in_period(self, node: Node) -> bool:
        """Whether a node lies within the period: by its day, a figure by the first day of its month."""
        return (
            node.month <= self.last_month if node.month is not None else self.day_in_period(node.on)
        )

    def day_in_period(self, day: date) -> bool:
        """Only the period's end limits."""
        return self.period_end is None or day <= self.period_end

    @lazy
    def last_month(self) -> str:
        """The last month whose figures earn: one that begins after the period's end is out."""
        return NEVER if self.period_end is None else self.period_end.isoformat()[:7]

    def node(self, stage: str) -> Node | None:
        """The node as the policy counts it."""
        return self.nodes.get(stage)

    @lazy
    def checks(self) -> list[ScheduleCheck]:
        """The year's schedule checks by the day."""
        found = checks(
            self.project, self.nodes, self.axes.year, self.axes.as_of, self.policy.checked_every
        )
        return [check for check in found if self.axes.covers(check.on)]

    @lazy
    def investment(self) -> int:
        """Total investment in millionths: by the contract once signed, else as planned."""
        contract = self.project.contract
        return micro(
            contract.contract_investment if contract else self.information.planned_investment
        )

    @lazy
    def invested(self) -> int:
        """Fixed assets of all months by the day, in millionths."""
        return sum(
            [micro(figure.fixed_assets) for _month, _version, figure in self.project.figures]
        )

    @lazy
    def invested_share(self) -> Fraction:
        """Fixed assets of all months by the day ÷ total investment; 0 where that is 0."""
        return Fraction(self.invested, self.investment) if self.investment else Fraction(0)

    def reached_in(self, stage: str, period: str) -> bool:
        """Whether a node's first day lies in the year, or in the quarter or month of the day as of which is judged."""
        node = self.node(stage)
        return (
            node is not None
            and node.on.year == self.axes.year
            and node.on >= first_day(self.axes.as_of, period)
        )
