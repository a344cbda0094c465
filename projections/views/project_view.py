"""A project as one row and as one page: nodes, amounts, credit, standing, and what looks odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.rejections import Problem, msg
from projections.facts.narrow_events import MICRO, micro
from projections.scoring.judgement import JudgedProject
from projections.scoring.rounding import decimal_text

_EXACT = 6


def micro_text(value: int) -> str:
    """Millionths of 万元 as plain text."""
    whole, rest = divmod(abs(value), MICRO)
    text = f"{whole}.{rest:06}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


COLUMNS: Final = (
    "project",
    "name",
    "investor",
    "investor_code",
    "sector",
    "kind",
    "site",
    "reporting_unit",
    "unit",
    "lead_person",
    "stage",
    *(f"{stage}_on" for stage in STAGES),
    "planned_investment",
    "planned_fixed_assets",
    "contract_investment",
    "contract_fixed_assets",
    "scale",
    "outside_ratio",
    "area_mu",
    "transfer_fee",
    "filing_code",
    "invested",
    "tax",
    "period_end",
    "terminated_on",
    "excluded",
    "recognised",
    "eligible",
    "not_eligible_because",
)
"""The columns of a project's row, and of the table `projects`."""


def project_values(judged: JudgedProject) -> tuple[Any, ...]:
    """A project's row; amounts in 万元 as exact text, dates in ISO."""
    project, information, contract, land = (
        judged.project,
        judged.information,
        judged.project.contract,
        judged.project.land,
    )
    nodes = [judged.nodes.get(stage) for stage in STAGES]
    furthest = max([place for place, node in enumerate(nodes) if node is not None])
    return (
        project.code,
        information.name,
        information.investor,
        information.investor_code,
        information.sector,
        information.kind,
        information.site,
        information.reporting_unit,
        judged.unit,
        information.lead_person,
        STAGES[furthest],
        *[None if node is None else node.on.isoformat() for node in nodes],
        information.planned_investment,
        information.planned_fixed_assets,
        contract and contract.contract_investment,
        contract and contract.contract_fixed_assets,
        micro_text(judged.scale),
        information.outside_ratio,
        land and land.area_mu,
        land and land.transfer_fee,
        project.filing_code,
        micro_text(judged.invested),
        micro_text(sum([micro(tax.amount) for _month, _version, tax in project.taxes])),
        iso(judged.period_end),
        iso(project.terminated_on),
        "、".join([exclusion.chinese for exclusion, _version in judged.excluded]) or None,
        judged.recognised,
        judged.eligible,
        "; ".join([_because(unmet) for unmet in judged.unmet]) or None,
    )


def project_row(judged: JudgedProject) -> dict[str, Any]:
    """A project's row by its columns' names."""
    return dict(zip(COLUMNS, project_values(judged), strict=True))


def _because(unmet: Any) -> str:
    if unmet.row is None:
        return "no row of the eligibility table"
    if unmet.actual is None:
        return f"{unmet.row.id}: {unmet.need.measure}"
    return f"{unmet.row.id}: {unmet.need.measure} {micro_text(unmet.actual)} < {decimal_text(unmet.need.at_least, _EXACT)}"


def iso(day: date | None) -> str | None:
    """A day as stored text."""
    return None if day is None else day.isoformat()


def anomalies(judged: JudgedProject) -> Iterator[Problem]:
    """Facts that are stored as they are but look odd: nodes out of order or left out, money before its node."""
    nodes = [(stage, node) for stage in STAGES if (node := judged.node(stage)) is not None]
    for (earlier, first), (later, second) in pairwise(nodes):
        if second.on < first.on:
            values: dict[str, object] = {
                "later": later,
                "on": second.on,
                "earlier": earlier,
                "first": first.on,
            }
            yield Problem("order", msg("{later} on {on} lies before {earlier} on {first}"), values)
    reached = {stage for stage, _node in nodes}
    furthest = max(STAGES.index(stage) for stage in reached)
    for stage in STAGES[:furthest]:
        if stage not in reached and not (stage == "land" and judged.information.site != "new_land"):
            yield Problem(
                "left_out", msg("{stage} has not been recorded, a later node has"), {"stage": stage}
            )
    entered = judged.project.nodes.get("statistics")
    early = [
        month
        for month, _v, figure in judged.project.figures
        if entered and month < f"{entered.on:%Y-%m}" and micro(figure.fixed_assets)
    ]
    if early:
        yield Problem(
            "before_statistics",
            msg("figures of {months} lie before the entry into statistics"),
            {"months": early},
        )
    if (
        judged.information.kind == "new"
        and judged.project.contract
        and micro(judged.project.contract.contract_fixed_assets)
        > micro(judged.project.contract.contract_investment)
    ):
        yield Problem("amounts", msg("the contract's fixed assets exceed its investment"), {})
