"""Beyond the points (spec 2): incentives and the county's targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .effective import Event, Record
from .recognition import (
    REAL_ESTATE,
    Facts,
    Project,
    contract_amount,
    credit_unit,
    earning_unit,
    eligible,
    excluded,
    facts,
    fixed_assets,
    recognised,
    scale,
)
from .rules import ZERO, funds_in_place
from .scoring import day_in_year

ZONE = "智造新城"
SIGNED_FLOORS = {
    "signed_10000": 10000,
    "signed_100000": 100000,
    "signed_200000": 200000,
    "signed_500000": 500000,
}
COUNTY_TARGETS = {
    "funds_in_place": Fraction(360000),
    "signed_10000": Fraction(20),
    "signed_100000": Fraction(5),
    "signed_200000": Fraction(2),
    "signed_500000": Fraction(1),
}


def incentives(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """三.1 and 三.2, of recognised, eligible projects signed in the year.

    By project in order of first record.
    """
    facts_by_day = facts(records, day_in_year(year, as_of), known_at)
    rows: list[dict[str, Any]] = []
    for project in facts_by_day.projects.values():
        if recognised(project) and eligible(project, year) and signed_in(project, year) is not None:
            rows += project_incentives(project, year)
    return rows


def signed_in(
    project: Project,
    year: int,
) -> Event | None:
    """The agreement, if it was signed in the year."""
    signed = project.first("AgreementSigned")
    if signed is None or signed.occurred_on.year != year:
        return None
    return signed


def project_incentives(
    project: Project,
    year: int,
) -> list[dict[str, Any]]:
    """The higher of commendation and merit, and the special incentive as well."""
    rows = []
    if earns_merit(project):
        rows.append(incentive_row(project, "merit", "三.1"))
    elif earns_commendation(project):
        rows.append(incentive_row(project, "commendation", "三.1"))
    if earns_special(project, year):
        rows.append(incentive_row(project, "special", "三.2"))
    return rows


def incentive_row(
    project: Project,
    incentive: str,
    clause: str,
) -> dict[str, Any]:
    """A row of `incentives`."""
    lead = project.information.fields.get("lead_person")
    unit = credit_unit(project)
    return {
        "project": project.code,
        "unit": unit,
        "name": project.all_units.shown(unit),
        "lead_person": lead,
        "incentive": incentive,
        "clause": clause,
    }


def earns_merit(project: Project) -> bool:
    """三.1: 10亿 and 5000万 entered, or 10亿 and transferred to the zone."""
    if project.information.fields["sector"] in REAL_ESTATE or scale(project) < 100000:
        return False
    zones = [event.fields.get("to_zone") for event in project.all("ProjectTransferred")]
    return fixed_assets(project) >= 5000 or ZONE in zones


def earns_commendation(project: Project) -> bool:
    """三.1: 5亿 and 3000万 entered."""
    in_scope = project.information.fields["sector"] not in REAL_ESTATE
    return in_scope and scale(project) >= 50000 and fixed_assets(project) >= 3000


def earns_special(
    project: Project,
    year: int,
) -> bool:
    """三.2: a new industrial project of 5亿 with 3000万 entered in the year.

    Not where its credit was moved (考(十)).
    """
    fields = project.information.fields
    in_scope = (
        fields["sector"] == "industrial" and fields["kind"] == "new" and scale(project) >= 50000
    )
    # Succession is no transfer: the units before it are compared.
    own = earning_unit(project) == fields["reporting_unit"]
    return in_scope and own and fixed_assets(project, year) >= 3000


def targets(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """意二: the county's five indicators, then those set for a unit in order of first setting.

    The last `TargetSet` by D for the year, the indicator and the unit counts; the policy's own
    figure stands where the county has set none.
    """
    facts_by_day = facts(records, day_in_year(year, as_of), known_at)
    amounts: dict[tuple[str, str | None], Fraction] = {}
    for indicator, amount in COUNTY_TARGETS.items():
        amounts[indicator, None] = amount
    for event in facts_by_day.county:
        if event.kind != "TargetSet" or "period" in event.fields:
            continue
        if int(event.fields["year"]) == year:
            subject = (event.fields["indicator"], event.fields.get("for_unit"))
            amounts[subject] = event.number("amount")
    return [
        target_row(facts_by_day, year, indicator, unit, target)
        for (indicator, unit), target in amounts.items()
        if indicator in COUNTY_TARGETS and (unit is None or unit in facts_by_day.units)
    ]


def target_row(
    facts_by_day: Facts,
    year: int,
    indicator: str,
    unit: str | None,
    target: Fraction,
) -> dict[str, Any]:
    """A row of `targets`; a unit's actual is that of the projects it has credit for."""
    projects = list(facts_by_day.projects.values())
    if unit is not None:
        projects = [project for project in projects if credit_unit(project) == unit]
    if indicator == "funds_in_place":
        actual = funds_of_all(projects, year)
    else:
        actual = signings(projects, year, indicator)
    ratio = actual / target if target else None
    return {
        "indicator": indicator,
        "unit": unit,
        "name": facts_by_day.all_units.shown(unit),
        "target": target,
        "actual": actual,
        "ratio": ratio,
    }


def funds_of_all(
    projects: Sequence[Project],
    year: int,
) -> Fraction:
    """Σ funds in place over recognised, eligible projects of all sectors but service."""
    counted = [
        project
        for project in projects
        if recognised(project)
        and eligible(project, year)
        and project.information.fields["sector"] != "service"
    ]
    return sum((funds_in_place(project, year) for project in counted), ZERO)


def signings(
    projects: Sequence[Project],
    year: int,
    indicator: str,
) -> Fraction:
    """How many projects, not excluded, signed a contract of at least this size in the year."""
    floor = SIGNED_FLOORS[indicator]
    amounts = [
        contract_amount(project, "contract_investment")
        for project in projects
        if not excluded(project) and signed_in(project, year) is not None
    ]
    return Fraction(sum(amount >= floor for amount in amounts))
