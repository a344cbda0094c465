"""Scores of all units at (Y, D, K) under kaihua-2024, as `score --format json` has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .effective import SHANGHAI, Record, last_of_month
from .recognition import facts
from .rules import ASSUMPTION, INTERPRETATION, POLICY, ZERO, Line, lines_before_limits
from .schedule import checks
from .units import Unit

MODULES = ("information", "routine", "activity", "progress", "performance", "bonus", "deduction")
MODULE_CAPS = {"information": Fraction(10), "activity": Fraction(5), "routine": Fraction(5)}
MODULE_FLOORS = {"routine": Fraction(0)}
GROUPS = {
    "effort": (Fraction(30), ("information", "activity", "routine", "bonus")),
    "delivery": (Fraction(70), ("progress", "performance")),
}
PLACES = 10
Row = dict[str, Any]


def day_in_year(
    year: int,
    as_of: date | None,
) -> date:
    """D: today, or 31 December of a past year; a later one is taken as 31 December."""
    day = as_of
    if day is None:
        day = datetime.now(SHANGHAI).date()
    return min(day, date(year, 12, 31))


def score_lines(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[Line]:
    """All lines of all units.

    Caps and floors of modules are lines of their own, so that lines sum to the modules.
    """
    facts_by_day = facts(records, day_in_year(year, as_of), known_at)
    lines = lines_before_limits(facts_by_day, year)
    limits: list[Line] = []
    for unit in facts_by_day.units:
        limits += limit_lines(unit, lines)
    return lines + limits


def limit_lines(
    unit: str,
    lines: Sequence[Line],
) -> list[Line]:
    """The cap and floor lines of one unit."""
    limits: list[Line] = []
    for module in MODULES:
        raw = sum_of(lines, unit, module)
        floored = max(raw, MODULE_FLOORS.get(module, raw))
        counted = min(floored, MODULE_CAPS.get(module, raw))
        if counted < raw:
            rule = f"{module}.cap"
        elif counted > raw:
            rule = f"{module}.floor"
        else:
            continue
        limits.append(Line(unit, module, rule, counted - raw, ASSUMPTION, limit=True))
    return limits


def sum_of(
    lines: Sequence[Line],
    unit: str,
    module: str,
) -> Fraction:
    """The points of one unit in one module."""
    total = ZERO
    for line in lines:
        if line.unit == unit and line.module == module:
            total += line.points
    return total


def evaluate(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> Row:
    """The whole result, points as fractions; `shown` turns it into JSON strings."""
    facts_by_day = facts(records, day_in_year(year, as_of), known_at)
    lines = score_lines(records, year, as_of, known_at)
    rows = [unit_row(unit, lines) for unit in facts_by_day.units.values()]
    return {
        "year": year,
        "as_of": facts_by_day.day.isoformat(),
        "known_at": None if known_at is None else known_at.isoformat(),
        "units": ranked(rows),
    }


def unit_row(
    unit: Unit,
    lines: Sequence[Line],
) -> Row:
    """One unit, not yet ranked."""
    modules = {module: sum_of(lines, unit.name, module) for module in MODULES}
    groups: dict[str, dict[str, Fraction]] = {}
    total = modules["deduction"]
    for name, (cap, members) in GROUPS.items():
        group = group_points(cap, [modules[module] for module in members])
        groups[name] = group
        total += group["counted"]
    bases = (POLICY, INTERPRETATION, ASSUMPTION)
    return {
        "unit": unit.name,
        "name": unit.shown_name,
        "sequence": unit.sequence,
        "rank": 0,
        "total": total,
        "modules": modules,
        "groups": groups,
        "basis": {basis: basis_sum(lines, unit.name, basis) for basis in bases},
        "rests_on": rests_on(lines, unit.name, groups),
    }


def group_points(
    cap: Fraction,
    modules: Sequence[Fraction],
) -> dict[str, Fraction]:
    """考(一): a group's modules together, capped."""
    raw = sum(modules, ZERO)
    return {"raw": raw, "counted": min(cap, raw), "cap": cap}


def basis_sum(
    lines: Sequence[Line],
    unit: str,
    basis: str,
) -> Fraction:
    """The absolute points of a unit's lines that rest on this basis, limit lines left out."""
    total = ZERO
    for line in lines:
        if line.unit == unit and line.basis == basis and not line.limit:
            total += abs(line.points)
    return total


def rests_on(
    lines: Sequence[Line],
    unit: str,
    groups: dict[str, dict[str, Fraction]],
) -> dict[str, Fraction]:
    """Signed points by basis, limits included: the caps of the groups are the policy's own."""
    signed = dict.fromkeys((POLICY, INTERPRETATION, ASSUMPTION), ZERO)
    for line in lines:
        if line.unit == unit:
            signed[line.basis] += line.points
    for group in groups.values():
        signed[POLICY] += group["counted"] - group["raw"]
    return signed


def ranked(rows: Sequence[Row]) -> list[Row]:
    """Rows by sequence in order of first registration, within each by exact total.

    Equal totals share a rank, and the next rank is skipped.
    """
    ranked_rows: list[Row] = []
    for sequence in dict.fromkeys(row["sequence"] for row in rows):
        members = [row for row in rows if row["sequence"] == sequence]
        # The sort is stable: equal totals stay in order of registration.
        for row in sorted(members, key=lambda row: -row["total"]):
            better = [member for member in members if member["total"] > row["total"]]
            ranked_rows.append({**row, "rank": len(better) + 1})
    return ranked_rows


def blacklist_candidates(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[str]:
    """考(八)2: units with a −2 check in each of two consecutive quarters of the year."""
    facts_by_day = facts(records, day_in_year(year, as_of), known_at)
    year_checks = checks(facts_by_day, year)
    candidates: list[str] = []
    for unit in facts_by_day.units:
        missed = [check for check in year_checks if check.unit == unit and not check.on_schedule]
        quarters = {check.quarter for check in missed}
        if any(quarter + 1 in quarters for quarter in quarters):
            candidates.append(unit)
    return candidates


def interviews(
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
) -> list[tuple[str, str, str]]:
    """三.4 约谈: (unit, month, next month) of every two black months in a row by D."""
    pairs: list[tuple[str, str, str]] = []
    for unit in facts(records, as_of, known_at).units.values():
        months = black_months(unit)
        for month in sorted(months):
            following = next_month(month)
            if following in months:
                pairs.append((unit.name, month.isoformat()[:7], following.isoformat()[:7]))
    return pairs


def black_months(unit: Unit) -> list[date]:
    """The first days of the months in which a unit is on the black list."""
    months: list[date] = []
    for event in unit.events:
        if event.kind == "UnitListed" and event.fields["board"] == "black":
            months.append(event.month())
    return months


def next_month(first_day: date) -> date:
    """The first day of the month after."""
    return date.fromordinal(last_of_month(first_day).toordinal() + 1)


def shown(value: Any) -> Any:
    """A result with its fractions as the JSON strings; everything else as it is."""
    if isinstance(value, Fraction):
        return shown_number(value)
    if isinstance(value, dict):
        return {name: shown(child) for name, child in value.items()}
    if isinstance(value, list | tuple):
        return [shown(child) for child in value]
    return value


def shown_number(value: Fraction) -> str:
    """Ten places, rounded once, half away from zero (四舍五入).

    A plain decimal without trailing zeros, never −0.
    """
    scaled = abs(value) * 10**PLACES
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    whole, part = divmod(units, 10**PLACES)
    text = f"{whole}.{part:0{PLACES}d}".rstrip("0").rstrip(".")
    if value < 0 and Decimal(text) != 0:
        return f"-{text}"
    return text
