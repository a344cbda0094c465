"""Targets that are set, as of a day and as known at a position.

The last by day and version, of the year alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from lifecycle.rulebook import parse, shipped
from projections.facts.county_facts import county_facts
from projections.scoring.evaluation import evaluate
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.score_json import inputs_json
from projections.scoring.target_amounts import TargetAmount, targets_at
from tests.given import OTHER, TOWN, UNITS, JsonRecord, World
from tests.projections.scoring.test_lines import FOLDER, visits


def target(on: str, amount: str, **fields: object) -> JsonRecord:
    return {
        "event": "TargetSet",
        "occurred_on": on,
        "year": 2024,
        "indicator": "goal",
        "amount": amount,
        "for_unit": TOWN,
        **fields,
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    lower = {
        "event": "FactCorrected",
        "occurred_on": "2024-06-01",
        "corrects": 2,
        "replacement": {"amount": "2"},
        "reason": "误录",
        "approved_by": "余敏",
    }
    county = World(tmp_path).given(
        *UNITS,
        target("2024-05-01", "5"),
        target("2024-03-01", "3"),
        target("2024-03-01", "4"),
        target("2023-03-01", "9", year=2023),
        target("2024-03-01", "7", for_unit=OTHER),
        lower,
    )
    yield county
    county.ledger.close()


@pytest.mark.parametrize(
    ("day", "position", "names"),
    [
        ("2024-12-31", 9, ["2", "3", "5", "1"]),
        ("2024-05-01", 9, ["2", "3", "5", "1"]),
        ("2024-04-30", 9, ["2", "3", "5"]),
        ("2024-02-29", 9, []),
        ("2024-12-31", 5, ["2", "1"]),
        ("2024-12-31", 4, ["1"]),
    ],
)
def test_targets_set_by_a_day_and_known_at_a_position_keep_their_order(
    world: World, day: str, position: int, names: list[str]
) -> None:
    targets = county_facts(world.ledger, position).targets_of(2024, date.fromisoformat(day))
    assert [ref for _, ref in targets] == [f"county#{name}" for name in names]


def test_a_correction_counts_once_it_is_known(world: World) -> None:
    assert [
        [
            event.amount
            for event, _ in county_facts(world.ledger, position).targets_of(2024, date(2024, 3, 31))
        ]
        for position in (8, 9)
    ] == [["3", "4", "7"], ["2", "4", "7"]]


def test_the_last_of_several_targets_counts_where_the_policy_asks_for_it(world: World) -> None:
    policy = prepared(parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8")))
    axes = ScoringAxes(2024, date(2024, 12, 31))
    in_april = axes._replace(as_of=date(2024, 4, 30))
    all_set, first_four = county_facts(world.ledger, 9), county_facts(world.ledger, 4)
    assert targets_at(all_set, policy, axes) == {
        (TOWN, "goal"): TargetAmount(Fraction(5), "county#1", is_of_year=True),
        (OTHER, "goal"): TargetAmount(Fraction(7), "county#5", is_of_year=True),
    }
    by_april = targets_at(all_set, policy, in_april)
    assert by_april[TOWN, "goal"] == TargetAmount(Fraction(4), "county#3", is_of_year=True)
    assert targets_at(first_four, policy, axes) == {
        (TOWN, "goal"): TargetAmount(Fraction(5), "county#1", is_of_year=True)
    }
    assert targets_at(all_set, prepared(shipped("kaihua-2024")), axes) == {}


def test_a_score_knows_no_later_target(world: World) -> None:
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8"))
    world.given(visits(TOWN, "2024-04", "7"), target("2024-06-02", "7"))  # positions 10 and 11
    moved = []
    for position in (10, 11):
        lines = evaluate(
            world.ledger,
            View(2024, date(2024, 12, 31), position, book),
            keep=lambda line: (line.rule, line.unit) == ("stepped", TOWN),
        ).lines
        moved += [inputs_json(line.inputs, 10)["moved"] for line in lines]
    assert moved == ["8", "0"]  # 140 % of 5, and 100 % of 7
