"""Parts of a result in this process: which are cut, when, and that they give what the whole gives.

`test_part_scoring.py` lets other processes score them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.all_cores import engine_for
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections.facts.ledger_parts import LedgerPart
from projections.facts.member_projects import MemberLedger, MemberProjects
from projections.scoring.evaluation import evaluate
from projections.scoring.part_scoring import (
    PartScoring,
    judged_part,
    outcomes_of_parts,
    scored_part,
    scored_shares,
    with_all_cores,
)
from projections.scoring.partial_year import PartialYear
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.units_of_view import units_at
from tests.agreement.test_region import registration
from tests.given import TOWN, UNITS, of, reported
from tests.ledgers import fill, new_ledger

CODES = ("A", "B", "C", "D")


class WatchedEngine:
    """Scores parts of about four events in this process, and counts them and their lines."""

    events_of_part = 4

    def __init__(self, *, is_remote: bool = False) -> None:
        self.is_remote = is_remote
        self.parts = 0
        self.lines = 0

    def outcomes(
        self,
        function: Callable[[Any, Any], Any],
        common: Any,
        parts: Sequence[Any],
    ) -> Iterator[Any]:
        for part in parts:
            share = function(common, part)
            self.parts += 1
            if isinstance(share, PartialYear):
                self.lines += len(share.lines)
            yield share


def every_line(_line: ScoreLine) -> bool:
    return True


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Four projects, consulted and signed."""
    agreed = {"contract_investment": "9000", "contract_fixed_assets": "9000"}
    records = [*UNITS]
    for code in CODES:
        records.append(reported(code))
        records.append(of("ConsultationHeld", "2024-02-01", code, outcome="passed"))
        records.append(of("AgreementSigned", "2024-03-10", code, **agreed))
    with new_ledger(tmp_path) as opened:
        fill(opened, records, keep=False)
        yield opened


def view_of(ledger: Ledger, engine: WatchedEngine | None = None) -> View:
    position = ledger.head().position
    return View(2024, date(2024, 12, 31), position, shipped("kaihua-2024"), engine=engine)


def test_parts_give_the_scores_and_lines_of_the_whole(ledger: Ledger) -> None:
    engine = WatchedEngine()
    whole = evaluate(ledger, view_of(ledger), keep=every_line)

    in_parts = evaluate(ledger, view_of(ledger, engine), keep=every_line)

    assert engine.parts > 1
    assert engine.lines > 0
    assert (in_parts.scores, in_parts.lines) == (whole.scores, whole.lines)


def test_no_part_hands_over_lines_that_nobody_asked_for(ledger: Ledger) -> None:
    engine = WatchedEngine()
    result = evaluate(ledger, view_of(ledger, engine))
    assert (engine.parts > 1, engine.lines) == (True, 0)
    assert result.scores == evaluate(ledger, view_of(ledger)).scores


def test_what_all_projects_gave_stands_in_for_reading_them(ledger: Ledger) -> None:
    view = view_of(ledger)
    whole = evaluate(ledger, view, keep=every_line)
    units = units_at(ledger, view)
    shares = scored_shares(ledger, view_of(ledger, WatchedEngine()), units, with_lines=True)
    assert shares is not None

    from_shares = evaluate(ledger, view, keep=every_line, units=units, shares=shares)

    assert (from_shares.scores, from_shares.lines) == (whole.scores, whole.lines)
    # The ledger's own projects are not read: where no share is given, nobody has points.
    alone = evaluate(ledger, view, keep=every_line, units=units, shares=[])
    assert alone.lines == []
    assert not any(score.total for score in alone.scores)


def test_shares_hold_no_lines_unless_they_are_asked_for(ledger: Ledger) -> None:
    view = view_of(ledger, WatchedEngine())

    shares = outcomes_of_parts(ledger, view, units_at(ledger, view), scored_part)

    assert shares is not None
    assert [share.lines for share in shares] == [[]] * len(CODES)


def credited(scoring: PartScoring, part: LedgerPart) -> list[tuple[str, str | None, bool]]:
    """The projects of a part with the unit that each is credited to, and whether it counts."""
    projects = judged_part(scoring, part)
    return [(project.facts.code, project.unit, not project.unmet) for project in projects]


def test_another_function_may_judge_the_projects_of_each_part(ledger: Ledger) -> None:
    engine = WatchedEngine()
    view = view_of(ledger, engine)

    outcomes = outcomes_of_parts(ledger, view, units_at(ledger, view), credited)

    assert outcomes is not None
    judged = [project for of_part in outcomes for project in of_part]
    assert judged == [(code, TOWN, True) for code in CODES]
    assert engine.parts == len(CODES)


def test_whoever_sees_each_project_judged_sees_it_here(ledger: Ledger) -> None:
    engine = WatchedEngine()
    seen: list[str] = []
    evaluate(ledger, view_of(ledger, engine), seen=lambda judged: seen.append(judged.facts.code))
    assert (engine.parts, sorted(seen)) == (0, list(CODES))


def test_nothing_is_cut_without_an_engine_or_for_one_elsewhere(ledger: Ledger) -> None:
    for engine in (None, WatchedEngine(is_remote=True)):
        view = view_of(ledger, engine)
        assert scored_shares(ledger, view, units_at(ledger, view), with_lines=True) is None


def test_projects_of_members_are_cut_by_the_engine_too(ledger: Ledger, tmp_path: Path) -> None:
    engine = WatchedEngine()
    with new_ledger(tmp_path, "region") as region:
        fill(region, [registration(TOWN)])
        members = MemberProjects((MemberLedger(TOWN, ledger, ledger.head().position),))
        view = replace(view_of(region), projects=members)
        whole = evaluate(region, view, keep=every_line)
        in_parts = evaluate(region, replace(view, engine=engine), keep=every_line)
    assert engine.parts > 1
    assert len(whole.lines) > len(CODES)
    assert (in_parts.scores, in_parts.lines) == (whole.scores, whole.lines)


def test_all_cores_are_for_large_ledgers(ledger: Ledger) -> None:
    small, large = view_of(ledger), replace(view_of(ledger), position=1_000_000_000)
    assert with_all_cores(small) == small
    assert (with_all_cores(large).engine is None) == (engine_for(large.position) is None)
    assert replace(with_all_cores(large), engine=None) == large
