"""Kinds of rule that score a unit's value, computed by hand: points and inputs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from typing import Any

import pytest

from lifecycle.rulebook.kinds.bracket_rule import BandPoints, Bracket
from lifecycle.rulebook.kinds.composite_rule import (
    Composite,
    WeightedPart,
    WeightedParts,
)
from lifecycle.rulebook.kinds.period_part import PartMarks
from lifecycle.rulebook.kinds.ratio_rule import Ratio, WeightedRatio
from lifecycle.rulebook.kinds.stepped_rule import Stepped, StepsTaken
from lifecycle.rulebook.kinds.value_points import ValuePoints
from tests.lifecycle.rulebook.kinds.rule_examples import AWARDS, REPORTED_TARGET, VISITS, rule_of

SLOPING = BandPoints("[0,10)", F(2), F(1, 2))


@pytest.mark.parametrize(
    ("ends", "value", "points", "inputs"),
    [
        ({}, 0, 2, SLOPING),  # 2 + ½ × 0
        ({}, 4, 4, SLOPING),  # 2 + ½ × 4
        ({}, 10, 9, BandPoints("[10,20]", F(9), None)),
        ({}, 21, 0, BandPoints(None, F(0), None)),
        ({}, -1, 0, BandPoints(None, F(0), None)),
        ({"cap": 3}, 9, 3, SLOPING),  # 2 + ½ × 9 = 6.5, at most 3
        ({"floor": 3}, 0, 3, SLOPING),
    ],
)
def test_points_of_the_band_and_its_slope(
    ends: dict[str, int], value: int, points: int, inputs: BandPoints
) -> None:
    bands = [
        {"value": "[0,10)", "points": 2, "slope": Decimal("0.5")},
        {"value": "[10,20]", "points": 9},
    ]
    rule = rule_of(Bracket, **VISITS, bands=bands, **ends)
    assert rule.points_of_value(F(value)) == ValuePoints(F(points), inputs)


@pytest.mark.parametrize(
    ("ends", "value", "points"),
    [
        ({}, 2, 20),
        ({"cap": 8}, 2, 8),
        ({"floor": -8}, -2, -8),
        ({"floor": 1, "cap": 8}, F(1, 2), 5),
        ({"floor": 1, "cap": 8}, 0, 1),
    ],
)
def test_completion_times_its_weight(ends: dict[str, int], value: F | int, points: int) -> None:
    rule = rule_of(Ratio, **VISITS, **REPORTED_TARGET, weight=10, **ends)
    inputs = WeightedRatio(F(10), rule.floor, rule.cap)
    assert rule.points_of_value(F(value)) == ValuePoints(F(points), inputs)


@pytest.mark.parametrize(
    ("value", "percent"),
    [(F(109, 100), 105), (F(105, 100), 105), (F(1049, 1000), 100), (F(-9, 100), -5)],
)
def test_completion_in_whole_steps_of_its_percentage(value: F, percent: int) -> None:
    rule = rule_of(Ratio, **VISITS, **REPORTED_TARGET, weight=10, whole_steps=5)
    inputs = WeightedRatio(F(10), None, None, F(percent))
    assert rule.points_of_value(value) == ValuePoints(F(percent, 10), inputs)


SEGMENTS = [
    {"percent": "(,100)", "step": Decimal("0.1")},
    {"percent": "[100,130]", "step": Decimal("0.2")},
    {"percent": "(130,)", "step": Decimal("0.35")},
]


@pytest.mark.parametrize(
    ("ends", "value", "moved"),
    [
        ({}, "1", 0),
        ({}, "1.2", 4),  # 20 × 0.2
        ({}, "0.9", -1),  # 10 × 0.1
        ({}, "1.5", 13),  # 30 × 0.2 + 20 × 0.35
        ({}, "0", -10),
        ({"most": 10}, "1.5", 10),
        ({"least": -10}, "0", -10),
        ({"least": -5}, "0", -5),
        ({"most": 10, "least": -5}, "1.1", 2),
        ({"most": 3}, "0.9", -1),
        ({"least": -3}, "1.2", 4),
    ],
)
def test_steps_from_a_hundred_to_the_completion(
    ends: dict[str, int], value: str, moved: int
) -> None:
    rule = rule_of(Stepped, **VISITS, **REPORTED_TARGET, base=25, segments=SEGMENTS, **ends)
    inputs = StepsTaken(F(25), F(value) * 100, F(moved))
    assert rule.points_of_value(F(value)) == ValuePoints(F(25 + moved), inputs)


@pytest.mark.parametrize(
    ("ends", "points"),
    [({}, 8), ({"cap": 5}, 5), ({"floor": 9}, 9), ({"floor": 1, "cap": 9}, 8)],
)
def test_marks_by_their_shares_within_both_ends(ends: dict[str, Any], points: int) -> None:
    parts = [
        {**VISITS, "share": Decimal("0.7"), "take": "mean"},
        {**AWARDS, "share": Decimal("0.3"), "take": "sum"},
    ]
    rule = rule_of(Composite, parts=parts, weight=80, out_of=100, **ends)
    # Two marks that sum to 20, their mean 10; two that sum to 10: (7 + 3) ÷ 100 × 80.
    marks = [PartMarks("visits", F(20), 2), PartMarks("awards_won", F(10), 2)]
    inputs = WeightedParts(
        parts=(
            WeightedPart("visits", F(7, 10), F(10)),
            WeightedPart("awards_won", F(3, 10), F(10)),
        ),
        out_of=F(100),
        weight=F(80),
        floor=rule.floor,
        cap=rule.cap,
    )
    assert rule.points_of_marks(marks) == ValuePoints(F(points), inputs)


def test_a_mean_without_marks_is_zero() -> None:
    parts = [{**VISITS, "share": 1, "take": "mean"}]
    rule = rule_of(Composite, parts=parts, weight=80, out_of=100)
    assert rule.points_of_marks([PartMarks("visits", F(0), 0)]).points == 0
