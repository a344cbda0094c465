"""A project as one row: nodes, amounts, credit, standing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from lifecycle.events.vocabulary import STAGES
from lifecycle.exact_numbers import MICRO
from lifecycle.rounding import decimal_text
from projections.facts.narrow_events import micro, number_text
from projections.facts.project_changes import Parcel
from projections.facts.project_facts import Node
from projections.scoring.judgement import JudgedProject, UnmetCondition

_PLACES = 6


class NodeDays(NamedTuple):
    """The day on which each node was first reached, in the order of the stages."""

    information_on: str | None
    consultation_on: str | None
    signing_on: str | None
    land_on: str | None
    filing_on: str | None
    statistics_on: str | None
    investment_on: str | None


class ProjectRow(NamedTuple):
    """A project's row in lists and in the query table `projects`.

    Amounts in 万元 as exact text, days in ISO.

    A node that is not reached, a contract that is not signed, land that is not acquired leave their
    fields None.
    """

    project: str
    name: str
    investor: str
    investor_code: str | None
    sector: str
    kind: str
    site: str
    reporting_unit: str
    unit: str | None
    lead_person: str | None
    stage: str
    information_on: str | None
    consultation_on: str | None
    signing_on: str | None
    land_on: str | None
    filing_on: str | None
    statistics_on: str | None
    investment_on: str | None
    planned_investment: str
    planned_fixed_assets: str
    contract_investment: str | None
    contract_fixed_assets: str | None
    scale: str
    outside_ratio: str
    area_mu: str | None
    transfer_fee: str | None
    filing_code: str | None
    invested: str
    tax: str
    period_end: str | None
    terminated_on: str | None
    excluded: str | None
    recognised: bool
    eligible: bool
    not_eligible_because: str | None

    def as_json(self) -> dict[str, Any]:
        """One row of `project list --format json`."""
        return self._asdict()


def project_row(project: JudgedProject) -> ProjectRow:
    """Return a project's row."""
    facts = project.facts
    # By place, in the order of the fields: by name, a row of a rebuild costs twice the time.
    information = project.information
    contract = facts.contract
    tax = sum([micro(tax.amount) for _month, _version, tax in facts.taxes])
    return ProjectRow(
        facts.code,
        information.name,
        information.investor,
        information.investor_code,
        information.sector,
        information.kind,
        information.site,
        information.reporting_unit,
        project.unit,
        information.lead_person,
        furthest_stage(project),
        *_node_days(project.nodes),
        number_text(information.planned_investment),
        number_text(information.planned_fixed_assets),
        None if contract is None else number_text(contract.contract_investment),
        None if contract is None else number_text(contract.contract_fixed_assets),
        micro_text(project.scale),
        information.outside_ratio,
        _parcel_sum(facts.parcels, "area_mu"),
        _parcel_sum(facts.parcels, "transfer_fee"),
        "、".join(facts.filing_codes) or None,
        micro_text(project.invested),
        micro_text(tax),
        iso(project.period_end),
        iso(facts.terminated_on),
        "、".join(exclusion.chinese for exclusion, _version in project.excluded) or None,
        project.recognised,
        project.eligible,
        "; ".join(_unmet_text(unmet) for unmet in project.unmet) or None,
    )


def _parcel_sum(parcels: list[Parcel], name: str) -> str | None:
    """Add up a field of the parcels acquired; None where there are none."""
    if not parcels:
        return None
    # One parcel keeps its number as it was recorded.
    if len(parcels) == 1:
        return number_text(getattr(parcels[0].land, name))
    return micro_text(sum(micro(getattr(parcel.land, name)) for parcel in parcels))


def furthest_stage(project: JudgedProject) -> str:
    """Return the furthest node that a project has reached."""
    return next(stage for stage in reversed(STAGES) if stage in project.nodes)


def _node_days(nodes: Mapping[str, Node]) -> NodeDays:
    days: list[str | None] = []
    for stage in STAGES:
        node = nodes.get(stage)
        days.append(None if node is None else node.on.isoformat())
    return NodeDays(*days)


def _unmet_text(unmet: UnmetCondition) -> str:
    """The query table keeps the rulebook's own names here.

    A reader gets words from `commands/words`.
    """
    if unmet.row is None or unmet.need is None:
        return "no row of the eligibility table"
    condition = f"{unmet.row.id}: {unmet.need.measure}"
    if unmet.actual is None or unmet.need.at_least is None:
        return condition
    least = decimal_text(unmet.need.at_least, _PLACES)
    return f"{condition} {micro_text(unmet.actual)} < {least}"


def micro_text(amount: int) -> str:
    """Write millionths of 万元 as plain text in 万元."""
    whole, rest = divmod(abs(amount), MICRO)
    text = f"{whole}.{rest:06}".rstrip("0").rstrip(".")
    return f"-{text}" if amount < 0 else text


def iso(day: date | None) -> str | None:
    """Write a day as it is stored; None stays None."""
    return None if day is None else day.isoformat()
