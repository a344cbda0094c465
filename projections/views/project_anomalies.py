"""What is lawful and stored but looks odd about a project, as commands would have asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

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
from lifecycle.events.vocabulary import MILESTONES, STAGES
from lifecycle.rejections import Problem, msg
from projections.facts.narrow_events import micro
from projections.facts.project_facts import Node
from projections.scoring.judgement import JudgedProject
from projections.views.project_view import micro_text


def anomalies(project: JudgedProject) -> Iterator[Problem]:
    """Yield what is lawful and stored but looks odd.

    Nodes out of order or left out, money before its node.
    """
    nodes = _reached(project, STAGES)
    yield from _nodes_out_of_order(nodes)
    # Compared with one another only: building may begin before the entry into statistics.
    yield from _nodes_out_of_order(_reached(project, MILESTONES))
    yield from _nodes_left_out(project, nodes)
    yield from _early_figures(project)
    yield from _investor_repairs(project)
    yield from _odd_contract(project)
    yield from _unusual_facts(project)


def _reached(project: JudgedProject, stages: Iterable[str]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for stage in stages:
        node = project.node(stage)
        if node is not None:
            nodes[stage] = node
    return nodes


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
    yield from figures_far_above_usual(figures)
    yield from figures_far_above_usual(taxes)
    yield from days_far_apart(on for on, _version, _event in project.facts.facts)


def figures_far_above_usual(figures: Mapping[str, int]) -> Iterator[Problem]:
    """Yield the figures, by month, that are most likely a slip of units or zeros."""
    smallest = min((amount for amount in figures.values() if amount > 0), default=0)
    for month, amount in figures.items():
        # No median lies below the smallest: without this, each figure would sort all the others.
        if amount < TIMES_THE_MEDIAN * smallest:
            continue
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


def days_far_apart(days_of_facts: Iterable[date]) -> Iterator[Problem]:
    """Yield the days that lie more than five years from the nearest other one."""
    days = sorted(days_of_facts)
    # Most projects last no five years, so that no two of their days are far from each other.
    if not days or not is_far(days[0], days[-1]):
        return
    for place, day in enumerate(days):
        # The day before and the day after, where there is one.
        neighbours = days[max(place - 1, 0) : place]
        neighbours += days[place + 1 : place + 2]
        nearest = nearest_day(day, neighbours)
        if nearest is not None and is_far(day, nearest):
            values: dict[str, object] = {"day": day, "nearest": nearest, "years": YEARS_APART}
            yield Problem(UNUSUAL, FAR_DAY, values)
