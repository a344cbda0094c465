"""Who is proposed for the red and black boards, and why (三.4, 考(八)2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any, Final, NamedTuple

from lifecycle.rounding import decimal_text
from lifecycle.rulebook.board_policy import Boards
from lifecycle.rulebook.parts import Sourced
from projections.scoring.evaluation import LineTest, Result
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

MISSED_CHECKS: Final = "checks_missed"
"""The measure of the rules by which a schedule check costs points."""


class MissedCheck(NamedTuple):
    """A schedule check, such as 2024-Q1, at which a project cost its unit points."""

    check: str
    project: str | None
    points: Fraction


class RankInSequence(NamedTuple):
    """A unit's rank, among how many units, and with whom it is shared."""

    rank: int
    units: int
    tied_with: list[str]


class CandidateReason(NamedTuple):
    """Why a unit is proposed: the rulebook's table, and the rank or the checks that it rests on."""

    why: str
    rests_on: Sourced
    evidence: RankInSequence | list[MissedCheck]


class BoardCandidate(NamedTuple):
    """A unit proposed for a board."""

    unit: str
    name: str
    sequence: str
    board: str
    reasons: tuple[CandidateReason, ...]


def missed_check_rules(view: View) -> set[str]:
    """Return the rules by which a missed schedule check costs points."""
    rules = view.rulebook.rulebook.rules
    return {rule.id for rule in rules if getattr(rule, "measure", None) == MISSED_CHECKS}


def costs_of_missed_checks(view: View) -> LineTest:
    """Return the test of the lines by which missed schedule checks cost points."""
    missed_rules = missed_check_rules(view)

    def costs_points(line: ScoreLine) -> bool:
        return line.rule in missed_rules and line.points < 0

    return costs_points


def board_candidates(result: Result, policy: Boards) -> Iterator[BoardCandidate]:
    """Yield the proposals for a month, from a result with at least the lines of missed checks."""
    missed_by_unit = _consecutive_missed_checks(result, policy.missed_checks.consecutive)
    for sequence, group in groupby(result.scores, key=lambda score: score.sequence):
        scores = list(group)
        # A unit out of the ranking has no place: it is neither among the first nor the last.
        members = [score for score in scores if score.rank is not None]
        for score in scores:
            # Units that tie for the last of the places all have its rank.
            if score.rank is not None and score.rank <= policy.red.places:
                first = CandidateReason("first", policy.red, _rank_in_sequence(score, members))
                yield BoardCandidate(
                    score.unit,
                    score.name,
                    sequence,
                    "red",
                    (first,),
                )
            missed = missed_by_unit.get(score.unit, [])
            reasons = tuple(
                _black_reasons(
                    score,
                    members,
                    missed,
                    policy,
                )
            )
            if reasons:
                yield BoardCandidate(
                    score.unit,
                    score.name,
                    sequence,
                    "black",
                    reasons,
                )


def _black_reasons(
    score: UnitScore,
    members: Sequence[UnitScore],
    missed: list[MissedCheck],
    policy: Boards,
) -> Iterator[CandidateReason]:
    if missed:
        yield CandidateReason("missed_checks", policy.missed_checks, missed)
    if score.rank is None:
        return
    first_rank = members[0].rank
    last_rank = members[-1].rank
    # Where all are tied, the first rank is the last one: nobody is proposed for it.
    is_last = score.rank == last_rank != first_rank
    if is_last and len(members) >= policy.last.of_at_least:
        yield CandidateReason("last", policy.last, _rank_in_sequence(score, members))


def _rank_in_sequence(
    score: UnitScore,
    members: Sequence[UnitScore],
) -> RankInSequence:
    assert score.rank is not None  # only units with a place are proposed for it
    tied = [other.unit for other in members if other.rank == score.rank and other is not score]
    return RankInSequence(score.rank, len(members), tied)


def _consecutive_missed_checks(result: Result, least: int) -> dict[str, list[MissedCheck]]:
    """Return the missed checks of units that lost points at that many in a row (考(八)2)."""
    rules = missed_check_rules(result.view)
    checks_by_unit: dict[str, dict[str, list[MissedCheck]]] = {}
    for line in result.lines:
        if line.rule in rules and line.points < 0 and line.check is not None:
            missed = MissedCheck(line.check, line.project, line.points)
            checks = checks_by_unit.setdefault(line.unit, {})
            checks.setdefault(missed.check, []).append(missed)
    consecutive: dict[str, list[MissedCheck]] = {}
    for unit, checks in checks_by_unit.items():
        for run in _runs(sorted(checks)):
            if len(run) >= least:
                unit_checks = consecutive.setdefault(unit, [])
                for check in run:
                    unit_checks += sorted(checks[check], key=lambda missed: str(missed.project))
    return consecutive


def _runs(checks: Sequence[str]) -> list[list[str]]:
    """Split one year's sorted checks into runs without a gap.

    They are named 2024-Q1, 2024-H1 or 2024-01.
    """
    runs: list[list[str]] = []
    previous = 0
    for check in checks:
        number = int(check[-2:].lstrip("QH"))
        if not runs or number != previous + 1:
            runs.append([])
        runs[-1].append(check)
        previous = number
    return runs


def candidate_json(candidate: BoardCandidate, places: int) -> dict[str, Any]:
    """Return a proposal with its reasons; `places` are the decimals of points."""
    return {
        "unit": candidate.unit,
        "name": candidate.name,
        "sequence": candidate.sequence,
        "board": candidate.board,
        "reasons": [_reason_json(reason, places) for reason in candidate.reasons],
    }


def _reason_json(reason: CandidateReason, places: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "why": reason.why,
        "clause": reason.rests_on.clause,
        "basis": reason.rests_on.basis,
    }
    if isinstance(reason.evidence, RankInSequence):
        rank, units, tied_with = reason.evidence
        return {**row, "rank": rank, "of": units, "tied_with": tied_with}
    checks = [
        {
            "check": missed.check,
            "project": missed.project,
            "points": decimal_text(missed.points, places),
        }
        for missed in reason.evidence
    ]
    return {**row, "checks": checks}
