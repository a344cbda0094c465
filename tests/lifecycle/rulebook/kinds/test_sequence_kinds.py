"""Kinds of rule that compare a sequence, computed by hand: points, places, neighbours."""

from __future__ import annotations

from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from typing import Any

import pytest

from lifecycle.rulebook.kinds.minmax_rule import MinMax, MinMaxPosition
from lifecycle.rulebook.kinds.rank_rule import PlaceInSequence, Rank
from lifecycle.rulebook.kinds.relative_rule import Relative, ShareOfGreatest
from tests.lifecycle.rulebook.kinds.rule_examples import VISITS, rule_of

VALUES = {"a": F(5), "b": F(5), "c": F(3), "d": F(0), "e": F(1)}
# Place 1 has 7 points, places 2 and 3 have 4, the others none.
BANDS = [{"place": "[1,1]", "points": 7}, {"place": "[2,3]", "points": 4}]


@pytest.mark.parametrize(
    ("fields", "points", "places", "neighbours"),
    [
        (
            {"first": "greatest", "ties": "share"},
            [7, 7, 4, 0, 0],
            [1, 1, 3, 5, 4],
            ["bc", "ac", "be", "e", "cd"],
        ),
        (  # a and b share the mean of 7 and 4
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
        (  # d is not above 0; a and b share the mean of 4 and 0
            {"first": "least", "ties": "mean", "above": 0},
            [2, 2, 4, 0, 7],
            [3, 3, 2, None, 1],
            ["cb", "ca", "ea", "", "c"],
        ),
        (
            {"first": "greatest", "ties": "share", "above": 3},
            [7, 7, 0, 0, 0],
            [1, 1, None, None, None],
            ["b", "a", "", "", ""],
        ),
    ],
)
def test_points_by_place_shared_or_in_the_mean(
    fields: dict[str, Any],
    points: list[F | int],
    places: list[int | None],
    neighbours: list[str],
) -> None:
    scored = rule_of(Rank, **VISITS, bands=BANDS, **fields).points_of_units(VALUES)
    assert list(scored) == list(VALUES)
    assert [unit.points for unit in scored.values()] == points
    ranked = 5 - places.count(None)
    assert [unit.inputs for unit in scored.values()] == [
        PlaceInSequence(place, ranked, tuple(names))
        for place, names in zip(places, neighbours, strict=True)
    ]


def minmax() -> MinMax:
    return rule_of(MinMax, **VISITS, span=40, base=60, out_of=100, weight=30, when_equal=90)


def position(mark: int, *neighbours: str) -> MinMaxPosition:
    ends = {"least": F(0), "greatest": F(5), "span": F(40), "base": F(60)}
    return MinMaxPosition(**ends, out_of=F(100), weight=F(30), mark=F(mark), neighbours=neighbours)


def test_points_between_the_least_and_the_greatest() -> None:
    scored = minmax().points_of_units(VALUES)
    # (x − 0) ÷ (5 − 0) × 40 + 60 is the mark, a percentage of 30 points.
    assert [str(unit.points) for unit in scored.values()] == ["30", "30", "126/5", "18", "102/5"]
    assert scored["c"].inputs == position(84, "a", "b", "d")
    assert scored["a"].inputs == position(100, "b", "d")


def test_a_mark_is_measured_from_the_least_of_the_sequence() -> None:
    scored = minmax().points_of_units({"a": F(2), "b": F(3), "c": F(6)})
    assert [unit.points for unit in scored.values()] == [18, 21, 30]


def test_values_that_are_all_alike_have_the_mark_of_the_rule() -> None:
    scored = minmax().points_of_units({"a": F(3), "b": F(3)})
    assert [unit.points for unit in scored.values()] == [27, 27]  # 90 % of 30


def test_points_relative_to_the_greatest() -> None:
    rule = rule_of(Relative, **VISITS, weight=10, when_none=2)
    scored = rule.points_of_units(VALUES)
    assert [unit.points for unit in scored.values()] == [10, 10, 6, 0, 2]
    assert scored["c"].inputs == ShareOfGreatest(F(5), F(10), ("a", "b"))


def test_the_rule_decides_the_points_if_the_greatest_value_is_zero() -> None:
    rule = rule_of(Relative, **VISITS, weight=10, when_none=2)
    scored = rule.points_of_units({"a": F(0), "b": F(0)})
    assert [unit.points for unit in scored.values()] == [2, 2]
