"""One project as its effective events describe it by a day: nodes, figures, schedules, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lifecycle.deciding.task_ladder import Task
from lifecycle.events.project_events import (
    InformationReported,
    InvestmentReported,
    Milestone,
    TaxPaid,
)
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import DatedEvent
from projections.facts.project_changes import (
    Contract,
    FollowUp,
    InvestorChange,
    Parcel,
)
from projections.facts.project_tasks import fold_tasks


class Node(NamedTuple):
    """A node that was reached: its day, its event's version, and for a figure the month."""

    on: date
    version: int
    month: str | None = None


Figure = tuple[str, int, InvestmentReported]
"""A month's investment: (month, version, event). Numbers are read where they are summed."""

Tax = tuple[str, int, TaxPaid]
"""A month's tax: (month, version, event)."""


class Plan(NamedTuple):
    """A schedule that holds from its day on."""

    on: date
    version: int
    milestones: tuple[Milestone, ...]


class Transfer(NamedTuple):
    """A transfer to another unit, or to a zone outside the county."""

    on: date
    version: int
    to_unit: str | None
    to_zone: str | None


class Assessment(NamedTuple):
    """A performance assessment."""

    on: date
    version: int
    fulfilled: bool


@dataclass
class ProjectFacts:
    """What is known of a project by a day, everything in the order (day, version)."""

    code: str
    information: InformationReported
    information_version: int
    nodes: dict[str, Node] = field(default_factory=dict)
    investor_changes: list[InvestorChange] = field(default_factory=list)
    """In order; `information` has the investor as of the day."""
    tax_node: Node | None = None
    """The first month in which tax was paid; for some sectors it takes the place of investment."""
    contract: Contract | None = None
    parcels: list[Parcel] = field(default_factory=list)
    filing_codes: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    paused: Node | None = None
    """The pause that lasts."""
    terminated_on: date | None = None
    violation: int | None = None
    """The version of the last violation that was found and not cleared."""
    denied: int | None = None
    """The version of the leading group's denial of recognition."""
    assessments: list[Assessment] = field(default_factory=list)
    reviews: list[date] = field(default_factory=list)
    outcome: str | None = None
    """The outcome of the last consultation."""
    last_on: date = date.min
    facts: Sequence[DatedEvent] = ()

    def ref(self, version: int) -> str:
        """Return an event's name: `stream#version`."""
        return f"{self.code}#{version}"

    @property
    def is_paused(self) -> bool:
        """Whether a pause was not ended by a later resumption."""
        return self.paused is not None

    @lazy
    def tasks(self) -> dict[str, Task]:
        """The tasks by number, folded when first read: scores do without them."""
        return fold_tasks(self.facts)
