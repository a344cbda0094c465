"""A month's board: which units are proposed, for how long a unit is on the black board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lifecycle.rulebook import LoadedRulebook, parse, shipped
from projections.scoring.result_view import View, view_of_month
from projections.scoring.units_of_view import units_at
from projections.views.board_candidates import RankInSequence
from projections.views.board_view import MonthBoard, black_list_run, month_board, previous_month
from tests.given import OTHER, TOWN, JsonRecord, World, unit

BOOK = shipped("kaihua-2024")
THIRD, FOURTH = "音坑乡", "大溪边乡"


def listed(month: str, board: str = "black") -> JsonRecord:
    return {
        "event": "UnitListed",
        "unit": TOWN,
        "month": month,
        "board": board,
        "reason": "进度滞后",
    }


def marked(name: str, points: str) -> JsonRecord:
    return {
        "event": "RoutineAssessed",
        "unit": name,
        "occurred_on": "2024-03-05",
        "month": "2024-03",
        "item": "信息报送",
        "points": points,
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    county = World(tmp_path).given(*(unit(name) for name in (TOWN, OTHER, THIRD, FOURTH)))
    yield county
    county.ledger.close()


def board_of(world: World, month: str, book: LoadedRulebook = BOOK) -> MonthBoard:
    view = View(2024, date(2024, 12, 31), world.ledger.head().position, book)
    return month_board(world.ledger, view_of_month(view, month), month)


@pytest.mark.parametrize(
    ("month", "previous"), [("2024-03", "2024-02"), ("2024-12", "2024-11"), ("2024-01", None)]
)
def test_ranks_are_compared_within_one_year(month: str, previous: str | None) -> None:
    assert previous_month(month) == previous


@pytest.mark.parametrize(
    ("months", "run"),
    [
        (["2023-12", "2024-01", "2024-02"], ["2023-12", "2024-01", "2024-02"]),
        (["2023-11", "2024-01", "2024-02"], ["2024-01", "2024-02"]),
        (["2023-12", "2024-01"], []),
        ([], []),
    ],
)
def test_a_streak_on_the_black_board_ends_with_the_month_and_may_span_years(
    world: World, months: list[str], run: list[str]
) -> None:
    world.given(*(listed(month) for month in months), listed("2023-10", "red"))
    position = world.ledger.head().position
    view = View(2024, date(2024, 12, 31), position, shipped("kaihua-2024"))
    town = units_at(world.ledger, view)[TOWN]
    assert black_list_run(town, "2024-02", date(2024, 12, 31)) == run


def test_the_first_and_the_last_of_a_sequence_are_proposed(world: World) -> None:
    world.given(marked(TOWN, "3"), marked(OTHER, "1"), marked(THIRD, "1"))
    first, last = board_of(world, "2024-03").candidates
    assert (first.unit, first.board) == (TOWN, "red")
    assert (last.unit, last.board) == (FOURTH, "black")
    assert [reason.evidence for reason in last.reasons] == [RankInSequence(4, 4, [])]


def test_no_unit_is_last_if_all_are_equal(world: World) -> None:
    proposals = {
        (candidate.unit, candidate.board) for candidate in board_of(world, "2024-03").candidates
    }
    assert proposals == {(name, "red") for name in (TOWN, OTHER, THIRD, FOURTH)}


def test_a_rulebook_without_boards_proposes_no_unit_but_keeps_listings(world: World) -> None:
    start = BOOK.content.index("[boards.red]")
    end = BOOK.content.index("[ladder]")
    book = parse(BOOK.content[:start] + BOOK.content[end:])
    world.given(listed("2024-03"))
    board = board_of(world, "2024-03", book)
    assert board.candidates == []
    assert [(listing.unit, listing.board) for listing in board.listed] == [(TOWN, "black")]


FALSE_REPORT = """
[[rules]]
id = "false_report"
chinese = "弄虚作假"
module = "routine"
kind = "outcome"
outcome = "取消评优资格"
unranked = true
any_of = [{ all = [{ measure = "routine_points", at_most = -1 }] }]
clause = "一"
basis = "policy"
"""


def test_a_unit_out_of_the_ranking_is_not_proposed_and_the_others_close_up(world: World) -> None:
    world.given(marked(TOWN, "3"), marked(OTHER, "1"), marked(THIRD, "1"), marked(FOURTH, "-1"))
    board = board_of(world, "2024-03", parse(BOOK.content + FALSE_REPORT))
    assert [(score.unit, score.rank) for score in board.result.scores] == [
        (TOWN, 1),
        (OTHER, 2),
        (THIRD, 2),
        (FOURTH, None),
    ]
    assert [(candidate.unit, candidate.board) for candidate in board.candidates] == [
        (TOWN, "red"),
    ]
