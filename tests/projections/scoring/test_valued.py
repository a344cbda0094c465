"""Kinds of rule that score a unit's value, worked by hand: points, and what they were worked out from."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from typing import Any

import pytest

from lifecycle.rulebook import kinds as k
from projections.facts.narrow_events import MICRO
from projections.scoring.gathered_values import Got, Value
from projections.scoring.measure_values import CountedItem
from projections.scoring.value_rules import RANKED, VALUED, clamped, composite

OF: dict[str, Any] = {
    "id": "r",
    "chinese": "规则",
    "module": "m",
    "clause": "一",
    "basis": "policy",
    "measure": "indicator",
    "indicator": "x",
}
TARGET: dict[str, Any] = {"target": {"source": "reported"}, "when_zero": Decimal(0)}


@pytest.mark.parametrize(
    ("value", "floor", "cap", "within"),
    [
        (3, 1, 5, 3),
        (0, 1, 5, 1),
        (9, 1, 5, 5),
        (0, None, 5, 0),
        (9, 1, None, 9),
        (1, 1, 1, 1),
        (-3, None, None, -3),
    ],
)
def test_a_value_within_its_ends(
    value: int, floor: int | None, cap: int | None, within: int
) -> None:
    ends = [None if end is None else F(end) for end in (floor, cap)]
    assert clamped(F(value), *ends) == within


@pytest.mark.parametrize(
    ("ends", "value", "points", "inputs"),
    [
        ({}, 0, 2, {"band": "[0,10)", "points": 2, "slope": F(1, 2)}),
        ({}, 4, 4, {"band": "[0,10)", "points": 2, "slope": F(1, 2)}),
        ({}, 10, 9, {"band": "[10,20]", "points": 9}),
        ({}, 21, 0, {"band": None, "points": 0}),
        ({}, -1, 0, {"band": None, "points": 0}),
        ({"cap": Decimal(3)}, 9, 3, {"band": "[0,10)", "points": 2, "slope": F(1, 2)}),
        ({"floor": Decimal(3)}, 0, 3, {"band": "[0,10)", "points": 2, "slope": F(1, 2)}),
    ],
)
def test_points_of_the_band_and_its_slope(
    ends: dict[str, Any], value: int, points: int, inputs: dict[str, Any]
) -> None:
    bands = [
        {"value": "[0,10)", "points": Decimal(2), "slope": Decimal("0.5")},
        {"value": "[10,20]", "points": Decimal(9)},
    ]
    worth = VALUED["bracket"](
        k.Bracket.model_validate({**OF, "kind": "bracket", "bands": bands, **ends}), F(value)
    )
    assert (worth.points, worth.inputs) == (F(points), inputs)


@pytest.mark.parametrize(
    ("ends", "value", "points"),
    [
        ({}, 2, 20),
        ({"cap": Decimal(8)}, 2, 8),
        ({"floor": Decimal(-8)}, -2, -8),
        ({"floor": Decimal(1), "cap": Decimal(8)}, F(1, 2), 5),
        ({"floor": Decimal(1), "cap": Decimal(8)}, 0, 1),
    ],
)
def test_a_quotient_times_its_weight(ends: dict[str, Any], value: F, points: int) -> None:
    worth = VALUED["ratio"](
        k.Ratio.model_validate({**OF, **TARGET, "kind": "ratio", "weight": Decimal(10), **ends}),
        F(value),
    )
    assert (worth.points, worth.inputs) == (F(points), {"weight": 10, **ends})


@pytest.mark.parametrize(
    ("ends", "value", "moved"),
    [
        ({}, "1", 0),
        ({}, "1.2", 4),
        ({}, "0.9", -1),
        ({}, "1.5", 13),
        ({"most": 10}, "1.5", 10),
        ({"least": -10}, "0", -10),
        ({}, "0", -10),
        ({"least": -5}, "0", -5),
        ({"most": 10, "least": -5}, "1.1", 2),
        ({"most": 3}, "0.9", -1),
        ({"least": -3}, "1.2", 4),
    ],
)
def test_steps_from_a_hundred_to_the_completion(
    ends: dict[str, int], value: str, moved: int
) -> None:
    segments = [
        {"percent": "(,100)", "step": Decimal("0.1")},
        {"percent": "[100,130]", "step": Decimal("0.2")},
        {"percent": "(130,)", "step": Decimal("0.35")},
    ]
    rule = {
        **OF,
        **TARGET,
        "kind": "stepped",
        "base": Decimal(25),
        "segments": segments,
        **{name: Decimal(end) for name, end in ends.items()},
    }
    worth = VALUED["stepped"](k.Stepped.model_validate(rule), F(value))
    assert (worth.points, worth.inputs) == (
        F(25 + moved),
        {"base": 25, "percent": F(value) * 100, "moved": moved},
    )


@pytest.mark.parametrize(
    ("ends", "points"),
    [
        ({}, 8),
        ({"cap": Decimal(5)}, 5),
        ({"floor": Decimal(9)}, 9),
        ({"floor": Decimal(1), "cap": Decimal(9)}, 8),
    ],
)
def test_marks_by_their_shares_within_both_ends(ends: dict[str, Any], points: int) -> None:
    asked = [
        {"measure": "indicator", "indicator": "x", "share": Decimal("0.7"), "take": "mean"},
        {"measure": "awards_won", "share": Decimal("0.3"), "take": "sum"},
    ]
    rule = k.Composite.model_validate(
        {
            "id": "r",
            "chinese": "规则",
            "module": "m",
            "clause": "一",
            "basis": "policy",
            "kind": "composite",
            "parts": asked,
            "weight": 80,
            "out_of": 100,
            **ends,
        }
    )
    marks = [
        [Got(CountedItem("x", mark * MICRO, (at,), {}), None, ()) for at, mark in enumerate(own)]
        for own in ((8, 12), (4, 6))
    ]
    worth = composite(
        rule, marks, [Value(F(20), {"what": "x"}, ()), Value(F(10), {"what": "awards_won"}, ())]
    )
    parts = [
        {"what": "x", "share": F(7, 10), "value": 10},
        {"what": "awards_won", "share": F(3, 10), "value": 10},
    ]
    assert (worth.points, worth.inputs) == (
        F(points),
        {"parts": parts, "out_of": 100, "weight": 80, **ends},
    )


VALUES = {"a": F(5), "b": F(5), "c": F(3), "d": F(0), "e": F(1)}


@pytest.mark.parametrize(
    ("rule", "points", "places", "neighbours"),
    [
        (
            {"first": "greatest", "ties": "share"},
            [7, 7, 4, 0, 0],
            [1, 1, 3, 5, 4],
            ["bc", "ac", "be", "e", "cd"],
        ),
        (
            {"first": "greatest", "ties": "mean"},
            [F(11, 2), F(11, 2), 4, 0, 0],
            [1, 1, 3, 5, 4],
            ["bc", "ac", "be", "e", "cd"],
        ),
        (
            {"first": "least", "ties": "share"},
            [0, 0, 4, 7, 4],
            [4, 4, 3, 1, 2],
            ["cb", "ca", "ea", "e", "dc"],
        ),
        (
            {"first": "least", "ties": "mean", "above": Decimal(0)},
            [2, 2, 4, 0, 7],
            [3, 3, 2, None, 1],
            ["cb", "ca", "ea", "", "c"],
        ),
        (
            {"first": "greatest", "ties": "share", "above": Decimal(3)},
            [7, 7, 0, 0, 0],
            [1, 1, None, None, None],
            ["b", "a", "", "", ""],
        ),
    ],
)
def test_points_by_place_shared_or_in_the_mean(
    rule: dict[str, Any], points: list[F], places: list[int | None], neighbours: list[str]
) -> None:
    bands = [{"place": "[1,1]", "points": Decimal(7)}, {"place": "[2,3]", "points": Decimal(4)}]
    worths = RANKED["rank"](
        k.Rank.model_validate({**OF, "kind": "rank", "bands": bands, **rule}), VALUES
    )
    assert list(worths) == list(VALUES)
    assert [worth.points for worth in worths.values()] == points
    assert [worth.inputs["place"] for worth in worths.values()] == places
    assert {worth.inputs["of"] for worth in worths.values()} == {5 - places.count(None)}
    assert ["".join(worth.inputs["neighbours"]) for worth in worths.values()] == neighbours


def test_points_between_the_least_and_the_greatest() -> None:
    rule = k.MinMax.model_validate(
        {
            **OF,
            "kind": "minmax",
            "span": 40,
            "base": 60,
            "out_of": 100,
            "weight": 30,
            "when_equal": 90,
        }
    )
    worths = RANKED["minmax"](rule, VALUES)
    assert [worth.points for worth in worths.values()] == list(
        map(F, ("30", "30", "25.2", "18", "20.4"))
    )
    told = {"least": 0, "greatest": 5, "span": 40, "base": 60, "out_of": 100, "weight": 30}
    assert worths["c"].inputs == {**told, "mark": 84, "neighbours": ["a", "b", "d"]}
    assert worths["a"].inputs == {**told, "mark": 100, "neighbours": ["b", "d"]}
    assert [
        worth.inputs["mark"]
        for worth in RANKED["minmax"](rule, {"a": F(2), "b": F(3), "c": F(6)}).values()
    ] == [F(60), F(70), F(100)]
    assert [
        (worth.points, worth.inputs["mark"])
        for worth in RANKED["minmax"](rule, {"a": F(3), "b": F(3)}).values()
    ] == [(F(27), F(90))] * 2


def test_points_relative_to_the_greatest() -> None:
    rule = k.Relative.model_validate({**OF, "kind": "relative", "weight": 10, "when_none": 2})
    worths = RANKED["relative"](rule, VALUES)
    assert [worth.points for worth in worths.values()] == list(map(F, (10, 10, 6, 0, 2)))
    assert worths["c"].inputs == {"greatest": 5, "weight": 10, "neighbours": ["a", "b"]}
    assert [
        worth.points for worth in RANKED["relative"](rule, {"a": F(0), "b": F(0)}).values()
    ] == [F(2), F(2)]
