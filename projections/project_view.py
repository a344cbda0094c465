"""A project as one row and as one page: nodes, amounts, credit, standing, and what looks odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from lifecycle.refusals import Problem, msg
from lifecycle.vocabulary import STAGES
from projections.explanation import NotCounted, not_counted
from projections.facts import MICRO, micro
from projections.judgement import Judged
from projections.presentation import rounded

_EXACT = 6


def amount(value: int) -> str:
    """Millionths of 万元 as plain text."""
    return rounded(Fraction(value, MICRO), _EXACT)


def last_stage(judged: Judged) -> str:
    """The furthest node reached."""
    return next(stage for stage in reversed(STAGES) if judged.node(stage) is not None)


def project_row(judged: Judged) -> dict[str, Any]:
    """A project as a row: what the table `projects` holds; amounts in 万元 as exact text, dates in ISO."""
    project, information, contract, land = judged.project, judged.information, judged.project.contract, judged.project.land
    nodes = {stage: judged.node(stage) for stage in STAGES}
    return {
        "project": project.code,
        "name": information.name,
        "investor": information.investor,
        "investor_code": information.investor_code,
        "sector": information.sector,
        "kind": information.kind,
        "site": information.site,
        "reporting_unit": information.reporting_unit,
        "unit": judged.unit,
        "lead_person": information.lead_person,
        "stage": last_stage(judged),
        **{f"{stage}_on": _iso(None if node is None else node.on) for stage, node in nodes.items()},
        "planned_investment": information.planned_investment,
        "planned_fixed_assets": information.planned_fixed_assets,
        "contract_investment": contract.contract_investment if contract else None,
        "contract_fixed_assets": contract.contract_fixed_assets if contract else None,
        "scale": amount(judged.scale),
        "outside_ratio": information.outside_ratio,
        "area_mu": land.area_mu if land else None,
        "transfer_fee": land.transfer_fee if land else None,
        "filing_code": project.filing_code,
        "invested": amount(sum([micro(figure.fixed_assets) for _month, _version, figure in project.figures])),
        "tax": amount(sum([micro(tax.amount) for _month, _version, tax in project.taxes])),
        "period_end": _iso(judged.period_end),
        "terminated_on": _iso(project.terminated_on),
        "excluded": "、".join(exclusion.chinese for exclusion, _version in judged.excluded) or None,
        "recognised": judged.recognised,
        "eligible": judged.eligible,
        "not_eligible_because": "; ".join(_because(unmet) for unmet in judged.unmet) or None,
    }


def _because(unmet: Any) -> str:
    if unmet.row is None:
        return "no row of the eligibility table"
    if unmet.actual is None:
        return f"{unmet.row.id}: {unmet.need.measure}"
    return f"{unmet.row.id}: {unmet.need.measure} {amount(unmet.actual)} < {rounded(unmet.need.at_least, _EXACT)}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def reasons(judged: Judged) -> list[NotCounted]:
    """Why the project, or some node of it, earns nothing in the year."""
    return list(not_counted(judged))


def anomalies(judged: Judged) -> Iterator[Problem]:
    """Facts that are stored as they are but look odd: nodes out of order or left out, money before its node."""
    nodes = [(stage, node) for stage in STAGES if (node := judged.node(stage)) is not None]
    for (earlier, first), (later, second) in zip(nodes, nodes[1:], strict=False):
        if second.on < first.on:
            values: dict[str, object] = {"later": later, "on": second.on, "earlier": earlier, "first": first.on}
            yield Problem("order", msg("{later} on {on} lies before {earlier} on {first}"), values)
    reached = {stage for stage, _node in nodes}
    furthest = max(STAGES.index(stage) for stage in reached)
    for stage in STAGES[:furthest]:
        if stage not in reached and not (stage == "land" and judged.information.site != "new_land"):
            yield Problem("left_out", msg("{stage} has not been recorded, a later node has"), {"stage": stage})
    entered = judged.project.nodes.get("statistics")
    early = [month for month, _v, figure in judged.project.figures if entered and month < f"{entered.on:%Y-%m}" and micro(figure.fixed_assets)]
    if early:
        yield Problem("before_statistics", msg("figures of {months} lie before the entry into statistics"), {"months": early})
    if judged.information.kind == "new" and judged.project.contract and micro(judged.project.contract.contract_fixed_assets) > micro(judged.project.contract.contract_investment):  # fmt: skip
        yield Problem("amounts", msg("the contract's fixed assets exceed its investment"), {})
