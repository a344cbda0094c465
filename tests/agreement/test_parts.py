"""A result evaluated in parts is the same, byte for byte, however its streams are cut and merged.

A part's outcome passes through `pickle`, as on its way from another process.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import orjson
import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine, SingleProcess
from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.facts.member_projects import MemberLedger, MemberProjects
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.explanation import explain_project
from projections.scoring.partial_year import PartialYear
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
from projections.scoring.scored_periods import ScoredPeriod
from projections.views.board_view import board_json, month_board
from tests.agreement.test_region import MEMBERS, registration
from tests.ledgers import fill, new_ledger
from tests.reference.draw_happenings import happenings
from tests.reference.draw_periods import rulebooks_by_period
from tests.reference.draw_policies import rulebooks
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover
Common = TypeVar("Common")
WorkPart = TypeVar("WorkPart")
PartOutcome = TypeVar("PartOutcome")
DAYS = (date(2024, 12, 31), date(2024, 6, 30), date(2024, 8, 31))
SHIPPED = ("kaihua-2024", "hongya-2023", "teams-quarterly")


@dataclass(frozen=True)
class ShufflingEngine:
    """Cuts as drawn, and merges the parts in pairs as drawn before it hands one share back."""

    events_of_part: int
    data: st.DataObject
    is_remote = False

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        shares: list[PartialYear] = []
        lines: list[Any] = []
        for part in parts:
            sent = pickle.loads(pickle.dumps((function, common, part)))
            share = pickle.loads(pickle.dumps(sent[0](*sent[1:])))
            lines += share.lines
            share.lines = []
            shares.append(share)
        while len(shares) > 1:
            first = shares.pop(self.data.draw(st.integers(0, len(shares) - 1)))
            other = self.data.draw(st.integers(0, len(shares) - 1))
            shares[other].merge(first)
        for share in shares:
            share.lines = lines
            yield cast("PartOutcome", share)


def every_line(result: Result) -> list[Any]:
    places = result.view.rulebook.rulebook.rounding.json_places
    periods: list[ScoredPeriod] = list(result.periods.results)
    lines = [line_json(line, places) for line in result.lines]
    return [lines, *([line_json(line, places) for line in period.lines] for period in periods)]


def as_bytes(ledger: Ledger, view: View, codes: Sequence[str]) -> bytes:
    """Scores, every line in its order, a board and the explanation of projects."""
    result = evaluate(ledger, view, keep=lambda _line: True)
    places = view.rulebook.rulebook.rounding.json_places
    explained: list[Any] = []
    for code in codes:
        explanation = explain_project(ledger, view, code)
        if explanation is not None:
            explained.append([line_json(line, places) for line in explanation.lines])
    board: Any = None
    if view.rulebook.rulebook.boards:
        board = board_json(month_board(ledger, view, f"{view.as_of:%Y-%m}"))
    return orjson.dumps([score_json(result), every_line(result), explained, board])


def cut_anyhow(data: st.DataObject) -> PartEngine:
    return ShufflingEngine(data.draw(st.integers(1, 40)), data)


@history_examples(25)
@given(
    book=st.one_of(rulebooks(), rulebooks_by_period()),
    history=happenings(),
    day=st.sampled_from(DAYS),
    data=st.data(),
)
def test_any_policy_on_any_history(book: Any, history: Any, day: date, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, history)
        view = View(day.year, day, ledger.head().position, parse(write_toml(book)))
        codes = sorted({record["project"] for record in history if "project" in record})[:2]
        whole = as_bytes(ledger, view, codes)
        assert as_bytes(ledger, replace(view, engine=cut_anyhow(data)), codes) == whole


@history_examples(6)
@given(
    book=st.sampled_from(SHIPPED),
    of_members=st.tuples(happenings(), happenings()),
    day=st.sampled_from(DAYS),
    data=st.data(),
)
def test_a_region_of_members(book: str, of_members: Any, day: date, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        with (
            new_ledger(folder, "region") as region,
            new_ledger(folder, "first") as first,
            new_ledger(folder, "second") as second,
        ):
            fill(region, [registration(unit) for unit in MEMBERS])
            members = []
            for unit, ledger, history in zip(MEMBERS, (first, second), of_members, strict=True):
                fill(ledger, history)
                members.append(MemberLedger(unit, ledger, ledger.head().position))
            view = View(
                day.year,
                day,
                region.head().position,
                shipped(book),
                projects=MemberProjects(tuple(members)),
            )
            whole = as_bytes(region, view, [])
            for engine in (SingleProcess(), cut_anyhow(data)):
                assert as_bytes(region, replace(view, engine=engine), []) == whole
