"""Scores of all units at (Y, D, K) under kaihua-2024, in the shape of `score --format json` (specs 2 and 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .effective import SHANGHAI, Record, last_of_month
from .recognition import Facts, Unit, facts
from .rules import ASSUMPTION, INTERPRETATION, POLICY, ZERO, Line, lines_before_limits
from .schedule import checks

MODULES = ("information", "routine", "activity", "progress", "performance", "bonus", "deduction")
MODULE_CAPS = {"information": Fraction(10), "activity": Fraction(5), "routine": Fraction(5)}
MODULE_FLOORS = {"routine": Fraction(0)}
GROUPS = {
    "effort": (Fraction(30), ("information", "activity", "routine", "bonus")),
    "delivery": (Fraction(70), ("progress", "performance")),
}
PLACES = 10


def day_in_year(
    year: int,
    as_of: date | None,
) -> date:
    """D: today, or 31 December of a past year; a later one is taken as 31 December."""
    asked = as_of if as_of is not None else datetime.now(SHANGHAI).date()
    return min(asked, date(year, 12, 31))


def score_lines(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[Line]:
    """All lines of all units, caps and floors of modules as lines of their own, so that they sum to the modules."""
    found = facts(records, day_in_year(year, as_of), known_at)
    lines = lines_before_limits(found, year)
    return lines + [limit for unit in found.units for limit in limit_lines(unit, lines)]


def limit_lines(
    unit: str,
    lines: Sequence[Line],
) -> list[Line]:
    """The cap and floor lines of one unit."""
    limits = []
    for module in MODULES:
        raw = sum_of(lines, unit, module)
        counted = min(max(raw, MODULE_FLOORS.get(module, raw)), MODULE_CAPS.get(module, raw))
        if counted != raw:
            rule = f"{module}.cap" if counted < raw else f"{module}.floor"
            limits.append(Line(unit, module, rule, counted - raw, ASSUMPTION, limit=True))
    return limits


def sum_of(
    lines: Sequence[Line],
    unit: str,
    module: str,
) -> Fraction:
    """The points of one unit in one module."""
    return sum((line.points for line in lines if line.unit == unit and line.module == module), ZERO)


def evaluate(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """The whole result, points as fractions; `shown` turns it into JSON strings."""
    found = facts(records, day_in_year(year, as_of), known_at)
    lines = score_lines(records, year, as_of, known_at)
    rows = [unit_row(unit, lines) for unit in found.units.values()]
    return {
        "year": year,
        "as_of": found.day.isoformat(),
        "known_at": None if known_at is None else known_at.isoformat(),
        "units": ranked(rows),
    }


def unit_row(
    unit: Unit,
    lines: Sequence[Line],
) -> dict[str, Any]:
    """One unit, not yet ranked."""
    modules = {module: sum_of(lines, unit.name, module) for module in MODULES}
    groups = {
        name: group(cap, [modules[module] for module in parts])
        for name, (cap, parts) in GROUPS.items()
    }
    total = sum((each["counted"] for each in groups.values()), ZERO) + modules["deduction"]
    return {
        "unit": unit.name,
        "sequence": unit.sequence,
        "rank": 0,
        "total": total,
        "modules": modules,
        "groups": groups,
        "basis": {
            basis: basis_sum(lines, unit.name, basis)
            for basis in (POLICY, INTERPRETATION, ASSUMPTION)
        },
    }


def group(
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
    """The absolute points of a unit's lines that rest on this basis, cap and floor lines left out."""
    mine = [line for line in lines if line.unit == unit and line.basis == basis and not line.limit]
    return sum((abs(line.points) for line in mine), ZERO)


def ranked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By sequence in order of first registration, by exact total; equal totals share a rank, the next is skipped."""
    result = []
    for sequence in dict.fromkeys(row["sequence"] for row in rows):
        mine = [row for row in rows if row["sequence"] == sequence]
        # The sort is stable: equal totals stay in order of registration.
        for row in sorted(mine, key=lambda each: -each["total"]):
            better = [each for each in mine if each["total"] > row["total"]]
            result.append({**row, "rank": len(better) + 1})
    return result


def blacklist_candidates(
    records: Sequence[Record],
    year: int,
    as_of: date | None,
    known_at: datetime | None = None,
) -> list[str]:
    """考(八)2: units with a −2 check in each of two consecutive quarter checks of the year, as registered."""
    found = facts(records, day_in_year(year, as_of), known_at)
    behind = {(check.unit, check.quarter) for check in checks(found, year) if not check.on_schedule}
    return [
        unit
        for unit in found.units
        if any((unit, quarter) in behind and (unit, quarter + 1) in behind for quarter in (1, 2, 3))
    ]


def interviews(
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
) -> list[tuple[str, str, str]]:
    """三.4 约谈: (unit, month, next month) of every two consecutive months on the black list by D, of whatever year."""
    found: Facts = facts(records, as_of, known_at)
    result = []
    for unit in found.units.values():
        black = [
            event
            for event in unit.events
            if event.kind == "UnitListed" and event.fields["board"] == "black"
        ]
        months = [event.month() for event in black]
        pairs = [
            (month, next_month(month)) for month in sorted(months) if next_month(month) in months
        ]
        result += [
            (unit.name, first.isoformat()[:7], second.isoformat()[:7]) for first, second in pairs
        ]
    return result


def next_month(first_day: date) -> date:
    """The first day of the month after."""
    return date.fromordinal(last_of_month(first_day).toordinal() + 1)


def shown(value: Any) -> Any:
    """A result with its fractions as the JSON strings; everything else as it is."""
    if isinstance(value, Fraction):
        return shown_number(value)
    if isinstance(value, dict):
        return {name: shown(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [shown(each) for each in value]
    return value


def shown_number(value: Fraction) -> str:
    """Ten places, rounded once, half away from zero (四舍五入); plain decimal without trailing zeros, never −0."""
    digits = abs(value) * 10**PLACES
    rounded = (2 * digits.numerator + digits.denominator) // (2 * digits.denominator)
    text = f"{rounded // 10**PLACES}.{rounded % 10**PLACES:0{PLACES}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and Decimal(text) != 0 else text
