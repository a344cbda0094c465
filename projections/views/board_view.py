"""The monthly boards 红黑榜: ranks at the month's end, who is proposed for red and black and why, who is called in (三.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from lifecycle.calendar import add_months
from lifecycle.events import last_day
from lifecycle.events.unit_events import UnitListed
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.board_policy import Boards
from lifecycle.rulebook.parts import Sourced
from projections.facts.narrow_events import events_of
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import Result, View, evaluate, units_at
from projections.scoring.rounding import decimal_text
from projections.scoring.score_json import unit_json, view_json
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

MISSED: Final = "checks_missed"
"""The measure of the rules by which a check costs points."""


class CandidateReason(NamedTuple):
    """Why a unit is proposed: the rulebook's row, and what the history shows."""

    why: str
    rests_on: Sourced
    shows: dict[str, Any]


class BoardCandidate(NamedTuple):
    """A unit proposed for a board."""

    unit: str
    sequence: str
    board: str
    reasons: tuple[CandidateReason, ...]


class BoardListing(NamedTuple):
    """A unit on the month's board by a recorded `UnitListed`."""

    unit: str
    board: str
    reason: str
    ref: str


class InterviewDue(NamedTuple):
    """约谈: a unit, and the months in a row on the black board up to this one."""

    unit: str
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """A month's board at a view; `before` holds the ranks at the end of the month before, none in January."""

    month: str
    result: Result
    before: dict[str, int]
    candidates: list[BoardCandidate]
    listed: list[BoardListing]
    called_in: list[InterviewDue]


def view_of_month(view: View, month: str) -> View:
    """The view as of the month's last day, or as of the view's own day where that comes first."""
    end = last_day(month)
    return View(end.year, min(view.as_of, end), view.position, view.rulebook, view.known_at)


def previous_month(month: str) -> str | None:
    """The month before in the same year; a new year begins its ranks anew."""
    return (
        None
        if month.endswith("-01")
        else f"{add_months(date.fromisoformat(f'{month}-01'), -1):%Y-%m}"
    )


def month_board(ledger: Ledger, view: View, month: str) -> MonthBoard:
    """Work a month's board out from history; `view` as of the month's end (`view_of_month`)."""
    result = evaluate(
        ledger, view, keep=lambda line: line.rule in _missed(view) and line.points < 0
    )
    earlier = previous_month(month)
    before = [] if earlier is None else evaluate(ledger, view_of_month(view, earlier)).scores
    return assemble_board(month, result, before, units_at(ledger, view.position))


def assemble_board(
    month: str, result: Result, before: Iterable[UnitScore], units: dict[str, UnitFacts]
) -> MonthBoard:
    """A month's board from its result, which holds at least the lines of missed checks, and the scores at the end of the month before."""
    view = result.view
    rules = view.rulebook.rulebook.boards
    return MonthBoard(
        month,
        result,
        {score.unit: score.rank for score in before},
        [] if rules is None else list(_candidates(result, rules)),
        list(_listed(units, month, view.as_of)),
        [] if rules is None else list(_called_in(units, month, view.as_of, rules)),
    )


def _missed(view: View) -> set[str]:
    """The rules by which a missed check costs points."""
    return {
        rule.id for rule in view.rulebook.rulebook.rules if getattr(rule, "measure", None) == MISSED
    }


# Candidates -----------------------------------------------------------------------------------------------------------


def _candidates(result: Result, rules: Boards) -> Iterator[BoardCandidate]:
    places = result.view.rulebook.rulebook.rounding.json_places
    rows = _missed(result.view)
    missed = _in_a_row(
        [line for line in result.lines if line.rule in rows and line.points < 0],
        rules.missed_checks.consecutive,
    )
    for sequence, group in groupby(result.scores, key=lambda score: score.sequence):
        members = list(group)
        for score in members:
            if score.rank <= rules.red.places:
                yield BoardCandidate(
                    score.unit,
                    sequence,
                    "red",
                    (CandidateReason("first", rules.red, _place(score, members)),),
                )
            black = tuple(_black(score, members, missed.get(score.unit, []), rules, places))
            if black:
                yield BoardCandidate(score.unit, sequence, "black", black)


def _black(
    score: UnitScore, members: list[UnitScore], missed: list[ScoreLine], rules: Boards, places: int
) -> Iterator[CandidateReason]:
    if missed:
        checks = [
            {
                "check": line.inputs["check"],
                "project": line.project,
                "points": decimal_text(line.points, places),
            }
            for line in missed
        ]
        yield CandidateReason("missed_checks", rules.missed_checks, {"checks": checks})
    if (
        len(members) >= rules.last.of_at_least
        and score.rank == members[-1].rank
        and members[0].rank != members[-1].rank
    ):
        yield CandidateReason("last", rules.last, _place(score, members))


def _place(score: UnitScore, members: list[UnitScore]) -> dict[str, Any]:
    """The rank, of how many, and who shares it."""
    tied = [other.unit for other in members if other.rank == score.rank and other is not score]
    return {"rank": score.rank, "of": len(members), "tied_with": tied}


def _in_a_row(lines: list[ScoreLine], wanted: int) -> dict[str, list[ScoreLine]]:
    """Each unit that lost points at so many checks one after another, with the lines of those checks."""
    by_unit: dict[str, dict[str, list[ScoreLine]]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, {}).setdefault(line.inputs["check"], []).append(line)
    found: dict[str, list[ScoreLine]] = {}
    for unit, checks in by_unit.items():
        for run in _runs(sorted(checks)):
            if len(run) >= wanted:
                found.setdefault(unit, []).extend(
                    line
                    for check in run
                    for line in sorted(checks[check], key=lambda line: str(line.project))
                )
    return found


def _runs(checks: list[str]) -> Iterator[list[str]]:
    """Checks such as 2024-Q1 in runs without a gap; the checks of one year."""
    numbered = [
        (int(check.rpartition("Q")[2]) - place, check) for place, check in enumerate(checks)
    ]
    for _gap, run in groupby(numbered, key=lambda pair: pair[0]):
        yield [check for _number, check in run]


# What was listed ------------------------------------------------------------------------------------------------------


def _listings(unit: UnitFacts, as_of: date) -> Iterator[tuple[int, UnitListed]]:
    for on, version, listing in events_of(UnitListed, unit.facts):
        if on <= as_of:
            yield version, listing


def _listed(units: dict[str, UnitFacts], month: str, as_of: date) -> Iterator[BoardListing]:
    for unit in units.values():
        for version, fact in _listings(unit, as_of):
            if fact.month == month:
                yield BoardListing(unit.name, fact.board, fact.reason, unit.ref(version))


def _called_in(
    units: dict[str, UnitFacts], month: str, as_of: date, rules: Boards
) -> Iterator[InterviewDue]:
    for unit in units.values():
        run = black_list_run(unit, month, as_of)
        if len(run) >= rules.interview.consecutive_months:
            yield InterviewDue(unit.name, tuple(run))


def black_list_run(unit: UnitFacts, month: str, as_of: date) -> list[str]:
    """The months on the black board without a gap up to this one, oldest first; empty where this one is not among them."""
    black = {fact.month for _version, fact in _listings(unit, as_of) if fact.board == "black"}
    run: list[str] = []
    at = date.fromisoformat(f"{month}-01")
    while f"{at:%Y-%m}" in black:
        run.insert(0, f"{at:%Y-%m}")
        at = add_months(at, -1)
    return run


# As JSON --------------------------------------------------------------------------------------------------------------


def board_json(found: MonthBoard) -> dict[str, Any]:
    """`board --format json`, and what a publication freezes."""
    view = found.result.view
    book = view.rulebook.rulebook
    units = [
        {**unit_json(score, book), "rank_before": found.before.get(score.unit)}
        for score in found.result.scores
    ]
    return {
        "month": found.month,
        **view_json(view),
        "units": [
            {
                name: row[name]
                for name in ("unit", "sequence", "rank", "rank_before", "total", "modules")
            }
            for row in units
        ],
        "candidates": [candidate_json(candidate) for candidate in found.candidates],
        "listed": [
            {
                "unit": listed.unit,
                "board": listed.board,
                "reason": listed.reason,
                "event": listed.ref,
            }
            for listed in found.listed
        ],
        "interviews": [
            {"unit": called.unit, "months": list(called.months)} for called in found.called_in
        ],
    }


def candidate_json(candidate: BoardCandidate) -> dict[str, Any]:
    """A proposal with its reasons."""
    reasons = [
        {"why": why, "clause": row.clause, "basis": row.basis, **shows}
        for why, row, shows in candidate.reasons
    ]
    return {
        "unit": candidate.unit,
        "sequence": candidate.sequence,
        "board": candidate.board,
        "reasons": reasons,
    }
