"""A project as one row: nodes, amounts, credit, standing; and what looks odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from lifecycle.deciding.unusual_facts import (
    ABOVE_CONTRACT,
    ABOVE_MEDIAN,
    FAR_DAY,
    NO_INVESTMENT_PLANNED,
    TIMES_THE_MEDIAN,
    UNUSUAL,
    YEARS_APART,
    is_far,
    is_far_above,
    nearest_day,
    usual_amount,
)
from lifecycle.events.vocabulary import STAGES
from lifecycle.exact_numbers import MICRO
from lifecycle.rejections import Problem, msg
from lifecycle.rounding import decimal_text
from projections.facts.narrow_events import micro
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
        information.planned_investment,
        information.planned_fixed_assets,
        None if contract is None else contract.contract_investment,
        None if contract is None else contract.contract_fixed_assets,
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
        return str(getattr(parcels[0].land, name))
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


# What looks odd -----------------------------------------------------------------------------------


def anomalies(project: JudgedProject) -> Iterator[Problem]:
    """Yield what is lawful and stored but looks odd.

    Nodes out of order or left out, money before its node.
    """
    nodes: dict[str, Node] = {}
    for stage in STAGES:
        node = project.node(stage)
        if node is not None:
            nodes[stage] = node
    yield from _nodes_out_of_order(nodes)
    yield from _nodes_left_out(project, nodes)
    yield from _early_figures(project)
    yield from _investor_repairs(project)
    yield from _odd_contract(project)
    yield from _unusual_facts(project)


def _nodes_out_of_order(nodes: dict[str, Node]) -> Iterator[Problem]:
    # Nodes that are left out are passed over: each is compared with the next one reached.
    for (earlier, first), (later, second) in pairwise(nodes.items()):
        if second.on < first.on:
            yield Problem(
                "order",
                msg("{later} on {on} is earlier than {earlier} on {first}"),
                {"later": later, "on": second.on, "earlier": earlier, "first": first.on},
            )


def _nodes_left_out(
    project: JudgedProject,
    nodes: dict[str, Node],
) -> Iterator[Problem]:
    furthest = max(STAGES.index(stage) for stage in nodes)
    for stage in STAGES[:furthest]:
        # Only a project on new land acquires any.
        needless = stage == "land" and project.information.site != "new_land"
        if stage not in nodes and not needless:
            yield Problem(
                "left_out",
                msg("{stage} has not been recorded, although a later stage has"),
                {"stage": stage},
            )


def _early_figures(project: JudgedProject) -> Iterator[Problem]:
    entered = project.facts.nodes.get("statistics")
    if entered is None:
        return
    # A figure names a month, so the month of the entry itself is not too early.
    first_month = f"{entered.on:%Y-%m}"
    early_months = []
    for month, _version, figure in project.facts.figures:
        if month < first_month and micro(figure.fixed_assets):
            early_months.append(month)
    if early_months:
        yield Problem(
            "before_statistics",
            msg("figures of {months} are earlier than the entry into statistics"),
            {"months": early_months},
        )


def _investor_repairs(project: JudgedProject) -> Iterator[Problem]:
    reported_on = project.facts.nodes["information"].on
    for change in project.facts.investor_changes:
        if change.on <= reported_on:
            yield Problem(
                "repair",
                msg(
                    "the change of investor on {on} is not after the day of the report; if the "
                    "investor was recorded wrongly, void the change and correct the report"
                ),
                {"on": change.on},
            )


def _odd_contract(project: JudgedProject) -> Iterator[Problem]:
    contract = project.facts.contract
    if contract is None:
        return
    signed = project.facts.nodes["signing"]
    # What was wrong from the beginning is corrected: a change leaves the days before it as they
    # were, so that a repair recorded as one goes on counting until its day (spec 7).
    for amendment in contract.amendments:
        if amendment.on == signed.on:
            yield Problem(
                "repair",
                msg(
                    "the supplement on {on} is of the day of the signing; if the contract was "
                    "recorded wrongly, void the supplement and correct the signing"
                ),
                {"on": amendment.on},
            )
    if project.information.kind != "new":
        return
    if micro(contract.contract_fixed_assets) > micro(contract.contract_investment):
        yield Problem("amounts", msg("the contract's fixed assets exceed its investment"), {})


def _unusual_facts(project: JudgedProject) -> Iterator[Problem]:
    """Yield what commands ask about before they record it; migrated history was not asked about."""
    if not micro(project.information.planned_investment):
        yield Problem(UNUSUAL, NO_INVESTMENT_PLANNED)
    figures = {month: micro(figure.fixed_assets) for month, _v, figure in project.facts.figures}
    taxes = {month: micro(tax.amount) for month, _v, tax in project.facts.taxes}
    contract = project.facts.contract
    if contract is not None:
        total = micro(contract.contract_investment)
        for month, amount in figures.items():
            if amount > total:
                values: dict[str, object] = {
                    "month": month,
                    "amount": micro_text(amount),
                    "total": micro_text(total),
                }
                yield Problem(UNUSUAL, ABOVE_CONTRACT, values)
    yield from _far_above_usual(figures)
    yield from _far_above_usual(taxes)
    yield from _far_days(project)


def _far_above_usual(figures: Mapping[str, int]) -> Iterator[Problem]:
    for month, amount in figures.items():
        # A figure is compared with the others: it does not make itself usual.
        others = [Decimal(other) for name, other in figures.items() if name != month]
        usual = usual_amount(others)
        if usual is not None and is_far_above(Decimal(amount), usual):
            values: dict[str, object] = {
                "month": month,
                "amount": micro_text(amount),
                "times": TIMES_THE_MEDIAN,
                "median": micro_text(int(usual)),
            }
            yield Problem(UNUSUAL, ABOVE_MEDIAN, values)


def _far_days(project: JudgedProject) -> Iterator[Problem]:
    days = sorted(on for on, _version, _event in project.facts.facts)
    for place, day in enumerate(days):
        neighbours = days[max(place - 1, 0) : place] + days[place + 1 : place + 2]
        nearest = nearest_day(day, neighbours)
        if nearest is not None and is_far(day, nearest):
            values: dict[str, object] = {"day": day, "nearest": nearest, "years": YEARS_APART}
            yield Problem(UNUSUAL, FAR_DAY, values)
