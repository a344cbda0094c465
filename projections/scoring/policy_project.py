"""A project under a policy, whatever the year: scale, credit, recognition, assessment period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from lifecycle.calendar import add_months
from lifecycle.deciding.task_ladder import Task
from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook.scoring_policy import Exclusion
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import micro
from projections.facts.project_facts import Node, ProjectFacts
from projections.facts.resource_facts import PlotAllotment
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.prepared_policy import Policy
from projections.scoring.schedule_checks import counted_nodes

NEVER: Final = "9999-12"
"""A month later than any other: the last month of a period without an end."""


class PolicyProject:
    """A project under a policy, whatever the year: nothing here knows the axes.

    `nodes` are the nodes as the policy counts them, by stage; sizes are in millionths of 万元.
    `unit` has the credit as of the day, `earning_unit` had it before successions; where the last
    of the successors was dissolved too, `unit` is None.
    """

    plots: Sequence[PlotAllotment] = ()
    """The plots that it has, where the rulebook watches them."""

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
