"""The monthly boards (spec 3): ranks at the month's end and before, candidates with reasons, listings, 约谈."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from .effective import Record, last_of_month
from .recognition import facts
from .rules import INTERPRETATION
from .schedule import checks
from .scoring import blacklist_candidates, evaluate, interviews

LEAST_UNITS = 4


def board(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """A month's board, points as fractions; of the shape of `board --format json` but for the axes."""
    first = date.fromisoformat(f"{month}-01")
    end = last_of_month(first)
    units = evaluate(records, first.year, end, known_at)["units"]
    earlier = (
        []
        if first.month == 1
        else evaluate(records, first.year, first - timedelta(days=1), known_at)["units"]
    )
    before = {row["unit"]: row["rank"] for row in earlier}
    behind = blacklist_candidates(records, first.year, end, known_at)
    missed = {unit: missed_checks(records, unit, end, known_at) for unit in behind}
    return {
        "month": month,
        "units": [standing(row, before) for row in units],
        "candidates": [each for row in units for each in candidates(row, units, missed)],
        "listed": listed(records, month, known_at),
        "interviews": called_in(records, month, known_at),
    }


def standing(
    row: dict[str, Any],
    before: dict[str, int],
) -> dict[str, Any]:
    """A unit on the board."""
    kept = {name: row[name] for name in ("unit", "sequence", "rank", "total", "modules")}
    return {**kept, "rank_before": before.get(row["unit"])}


def candidates(
    row: dict[str, Any],
    units: list[dict[str, Any]],
    missed: dict[str, list[Any]],
) -> list[dict[str, Any]]:
    """What a unit is proposed for."""
    members = [each for each in units if each["sequence"] == row["sequence"]]
    tied = [
        each["unit"]
        for each in members
        if each["total"] == row["total"] and each["unit"] != row["unit"]
    ]
    place = {"rank": row["rank"], "of": len(members), "tied_with": tied}
    head = {"unit": row["unit"], "sequence": row["sequence"]}
    totals = [each["total"] for each in members]
    found = []
    if row["total"] == max(totals):
        reason = {"why": "first", "clause": "三.4", "basis": "assumption", **place}
        found.append({**head, "board": "red", "reasons": [reason]})
    black = []
    if row["unit"] in missed:
        black.append(
            {
                "why": "missed_checks",
                "clause": "考(八)2",
                "basis": INTERPRETATION,
                "checks": missed[row["unit"]],
            }
        )
    if len(members) >= LEAST_UNITS and row["total"] == min(totals) < max(totals):
        black.append({"why": "last", "clause": "三.4", "basis": "assumption", **place})
    return [*found, {**head, "board": "black", "reasons": black}] if black else found


def missed_checks(
    records: Sequence[Record],
    unit: str,
    day: date,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """The unit's missed checks in quarters that have a missed one beside them, by quarter and project."""
    mine = [
        each
        for each in checks(facts(records, day, known_at), day.year)
        if each.unit == unit and not each.on_schedule
    ]
    quarters = {each.quarter for each in mine}
    beside = [each for each in mine if quarters & {each.quarter - 1, each.quarter + 1}]
    return [
        {
            "check": f"{day.year}-Q{each.quarter}",
            "project": each.project.code,
            "points": Fraction(-2),
        }
        for each in sorted(beside, key=lambda each: (each.quarter, each.project.code))
    ]


def listed(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """The listings recorded for the month."""
    end = last_of_month(date.fromisoformat(f"{month}-01"))
    return [
        {
            "unit": unit.name,
            "board": event.fields["board"],
            "reason": event.fields["reason"],
            "event": f"{unit.name}#{event.version}",
        }
        for unit in facts(records, end, known_at).units.values()
        for event in unit.events
        if event.kind == "UnitListed" and event.fields["month"] == month
    ]


def called_in(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """三.4: black in this month and the one before; all the months in a row are named."""
    end = last_of_month(date.fromisoformat(f"{month}-01"))
    pairs = interviews(records, end, known_at)
    rows = []
    for unit in dict.fromkeys(name for name, _, second in pairs if second == month):
        run = [month]
        while earlier := [
            first for name, first, second in pairs if name == unit and second == run[0]
        ]:
            run.insert(0, earlier[0])
        rows.append({"unit": unit, "months": run})
    return rows
