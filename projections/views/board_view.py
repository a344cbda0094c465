"""The monthly red and black boards (红黑榜).

Ranks, proposals, listings and interviews (三.4); `board_candidates` says who is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from lifecycle.calendar import add_months
from lifecycle.events.unit_events import UnitListed
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.board_policy import Boards
from projections.facts.narrow_events import events_of
from projections.facts.unit_facts import UnitFacts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.result_view import View, view_of_month
from projections.scoring.score_json import unit_json, view_json
from projections.scoring.unit_scores import UnitScore
from projections.scoring.units_of_view import units_at
from projections.views.board_candidates import (
    BoardCandidate,
    board_candidates,
    candidate_json,
    costs_of_missed_checks,
)


class BoardListing(NamedTuple):
    """A unit on the month's board by a recorded `UnitListed`."""

    unit: str
    name: str
    board: str
    reason: str
    ref: str


class InterviewDue(NamedTuple):
    """约谈: a unit, and the months in a row on the black board up to this one."""

    unit: str
    name: str
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """A month's board at a view.

    `before` holds the ranks at the end of the month before, by unit; it is empty in January. A
    unit out of the ranking has None.
    """

    month: str
    result: Result
    before: dict[str, int | None]
    candidates: list[BoardCandidate]
    listed: list[BoardListing]
    called_in: list[InterviewDue]

    @property
    def json_places(self) -> int:
        """The decimals of points in JSON."""
        return self.result.view.rulebook.rulebook.rounding.json_places


def previous_month(month: str) -> str | None:
    """Return the previous month; None for January, as every year starts from zero."""
    if month.endswith("-01"):
        return None
    return _month_text(add_months(_first_day(month), -1))


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _month_text(day: date) -> str:
    return f"{day:%Y-%m}"


def month_board(
    ledger: Ledger,
    view: View,
    month: str,
) -> MonthBoard:
    """Compute a month's board from history; `view` is as of the month's end (`view_of_month`)."""
    # A year has tens of thousands of lines; the board needs those of missed checks alone.
    result = evaluate(ledger, view, keep=costs_of_missed_checks(view))
    earlier = previous_month(month)
    scores_before: list[UnitScore] = []
    if earlier is not None:
        scores_before = evaluate(ledger, view_of_month(view, earlier)).scores
    return assemble_board(
        month,
        result,
        scores_before,
        units_with_listings(ledger, result),
    )


def units_with_listings(ledger: Ledger, result: Result) -> UnitsOfDay:
    """Return the units whose listings a board shows: those of a result, and members uncounted."""
    if not result.view.uncounted:
        return result.units
    # A list that was decided stands, whether or not the member counts by now.
    return units_at(ledger, replace(result.view, uncounted=frozenset()))


def assemble_board(
    month: str,
    result: Result,
    scores_before: Iterable[UnitScore],
    listed_units: UnitsOfDay | None = None,
) -> MonthBoard:
    """Assemble a month's board from what is computed already.

    `result` holds at least the lines of missed checks, `scores_before` are those at the end of the
    month before. `listed_units` may hold more units than have a score.
    """
    as_of = result.view.as_of
    units = result.units if listed_units is None else listed_units
    policy = result.view.rulebook.rulebook.boards
    return MonthBoard(
        month=month,
        result=result,
        before={score.unit: score.rank for score in scores_before},
        candidates=[] if policy is None else list(board_candidates(result, policy)),
        listed=list(listings_of_month(units, month, as_of)),
        called_in=[]
        if policy is None
        else list(
            _interviews(
                units,
                month,
                as_of,
                policy,
            )
        ),
    )


# Listings -----------------------------------------------------------------------------------------


def _listings(unit: UnitFacts, as_of: date) -> Iterator[tuple[int, UnitListed]]:
    for day, version, listing in events_of(UnitListed, unit.facts):
        if day <= as_of:
            yield version, listing


def listings_of_month(
    units: dict[str, UnitFacts],
    month: str,
    as_of: date,
) -> Iterator[BoardListing]:
    """Yield who was put on a month's lists by a day, in the order of units."""
    for unit in units.values():
        for version, fact in _listings(unit, as_of):
            if fact.month == month:
                yield BoardListing(
                    unit.name,
                    unit.shown_name,
                    fact.board,
                    fact.reason,
                    unit.ref(version),
                )


def _interviews(
    units: dict[str, UnitFacts],
    month: str,
    as_of: date,
    policy: Boards,
) -> Iterator[InterviewDue]:
    for unit in units.values():
        months = black_list_run(unit, month, as_of)
        if len(months) >= policy.interview.consecutive_months:
            yield InterviewDue(unit.name, unit.shown_name, tuple(months))


def black_list_run(
    unit: UnitFacts,
    month: str,
    as_of: date,
) -> list[str]:
    """Return the months in a row on the black board that end with this one, oldest first."""
    black_months = {
        fact.month for _version, fact in _listings(unit, as_of) if fact.board == "black"
    }
    run: list[str] = []
    # The run may reach into earlier years: 约谈 counts months, not years.
    day = _first_day(month)
    while _month_text(day) in black_months:
        run.append(_month_text(day))
        day = add_months(day, -1)
    run.reverse()
    return run


# As JSON ------------------------------------------------------------------------------------------


def board_json(board: MonthBoard) -> dict[str, Any]:
    """Return what `board --format json` prints and a publication freezes."""
    # Publications freeze these keys: what evaluators of the past lacked, `audit publications`
    # leaves out of theirs.
    places = board.json_places
    return {
        "month": board.month,
        **view_json(board.result.view),
        "units": [_unit_row(board, score) for score in board.result.scores],
        "candidates": [candidate_json(candidate, places) for candidate in board.candidates],
        "listed": [
            {
                "unit": listing.unit,
                "name": listing.name,
                "board": listing.board,
                "reason": listing.reason,
                "event": listing.ref,
            }
            for listing in board.listed
        ],
        "interviews": [
            {
                "unit": interview.unit,
                "name": interview.name,
                "months": list(interview.months),
            }
            for interview in board.called_in
        ],
    }


def _unit_row(board: MonthBoard, score: UnitScore) -> dict[str, Any]:
    row = unit_json(score, board.result.view.rulebook.rulebook)
    return {
        "unit": row["unit"],
        "name": row["name"],
        "sequence": row["sequence"],
        "rank": row["rank"],
        "rank_before": board.before.get(score.unit),
        "total": row["total"],
        "modules": row["modules"],
    }
