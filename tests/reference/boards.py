"""The monthly boards (spec 3): ranks now and before, candidates with reasons, listings, 约谈."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from .effective import Record, first_of_month, last_of_month
from .recognition import facts
from .rules import INTERPRETATION
from .schedule import checks
from .scoring import blacklist_candidates, evaluate, interviews

LEAST_UNITS = 4
Row = dict[str, Any]


def board(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None = None,
) -> Row:
    """A month's board, points as fractions.

    Of the shape of `board --format json` but for the axes.
    """
    first = first_of_month(month)
    last = last_of_month(first)
    units = evaluate(records, first.year, last, known_at)["units"]
    ranks_before = _ranks_before(records, first, known_at)
    behind = blacklist_candidates(records, first.year, last, known_at)
    missed = {unit: missed_checks(records, unit, last, known_at) for unit in behind}
    candidate_rows: list[Row] = []
    for row in units:
        candidate_rows += candidates(row, units, missed)
    return {
        "month": month,
        "units": [_board_row(row, ranks_before) for row in units],
        "candidates": candidate_rows,
        "listed": listed(records, month, known_at),
        "interviews": called_in(records, month, known_at),
    }


def _ranks_before(
    records: Sequence[Record],
    first: date,
    known_at: datetime | None,
) -> dict[str, int]:
    """The ranks at the end of the month before; in January there is none of the year."""
    if first.month == 1:
        return {}
    day_before = first - timedelta(days=1)
    units = evaluate(records, first.year, day_before, known_at)["units"]
    return {row["unit"]: row["rank"] for row in units}


def _board_row(
    row: Row,
    ranks_before: dict[str, int],
) -> Row:
    fields = {name: row[name] for name in ("unit", "name", "sequence", "rank", "total", "modules")}
    return {**fields, "rank_before": ranks_before.get(row["unit"])}


def candidates(
    row: Row,
    units: list[Row],
    missed: dict[str, list[Any]],
) -> list[Row]:
    """The boards that a unit is proposed for."""
    members = [each for each in units if each["sequence"] == row["sequence"]]
    totals = [each["total"] for each in members]
    tied = [each["unit"] for each in members if each["total"] == row["total"]]
    tied.remove(row["unit"])
    standing = {"rank": row["rank"], "of": len(members), "tied_with": tied}
    proposed: list[Row] = []
    if row["total"] == max(totals):
        reason = {"why": "first", "clause": "三.4", "basis": "assumption", **standing}
        proposed.append(_candidate(row, "red", [reason]))
    black: list[Row] = []
    if row["unit"] in missed:
        reason = {
            "why": "missed_checks",
            "clause": "考(八)2",
            "basis": INTERPRETATION,
            "checks": missed[row["unit"]],
        }
        black.append(reason)
    # Where all have the same total, all are first and none is last.
    if len(members) >= LEAST_UNITS and row["total"] == min(totals) < max(totals):
        black.append({"why": "last", "clause": "三.4", "basis": "assumption", **standing})
    if black:
        proposed.append(_candidate(row, "black", black))
    return proposed


def _candidate(
    row: Row,
    board_name: str,
    reasons: list[Row],
) -> Row:
    return {
        "unit": row["unit"],
        "name": row["name"],
        "sequence": row["sequence"],
        "board": board_name,
        "reasons": reasons,
    }


def missed_checks(
    records: Sequence[Record],
    unit: str,
    day: date,
    known_at: datetime | None,
) -> list[Row]:
    """The unit's missed checks in quarters beside another missed one, by quarter and project."""
    year_checks = checks(facts(records, day, known_at), day.year)
    missed = [check for check in year_checks if check.unit == unit and not check.on_schedule]
    quarters = {check.quarter for check in missed}
    rows: list[Row] = []
    for check in sorted(missed, key=lambda check: (check.quarter, check.project.code)):
        if quarters & {check.quarter - 1, check.quarter + 1}:
            row = {
                "check": f"{day.year}-Q{check.quarter}",
                "project": check.project.code,
                "points": Fraction(-2),
            }
            rows.append(row)
    return rows


def listed(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None,
) -> list[Row]:
    """The listings recorded for the month."""
    last = last_of_month(first_of_month(month))
    rows: list[Row] = []
    for unit in facts(records, last, known_at).units.values():
        for event in unit.events:
            if event.kind == "UnitListed" and event.fields["month"] == month:
                row = {
                    "unit": unit.name,
                    "name": unit.shown_name,
                    "board": event.fields["board"],
                    "reason": event.fields["reason"],
                    "event": f"{unit.name}#{event.version}",
                }
                rows.append(row)
    return rows


def called_in(
    records: Sequence[Record],
    month: str,
    known_at: datetime | None,
) -> list[Row]:
    """三.4: black in this month and the one before; all the months in a row are named."""
    last = last_of_month(first_of_month(month))
    pairs = interviews(records, last, known_at)
    units = dict.fromkeys(unit for unit, _, second in pairs if second == month)
    rows: list[Row] = []
    for unit in units:
        month_before = {second: first for name, first, second in pairs if name == unit}
        run = [month]
        while run[0] in month_before:
            run.insert(0, month_before[run[0]])
        shown = facts(records, last, known_at).all_units.shown(unit)
        rows.append({"unit": unit, "name": shown, "months": run})
    return rows
