"""Kinds of rule that score each thing counted, computed by hand: points and inputs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from typing import Any

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.deduct_rule import Deduct, FullStart
from lifecycle.rulebook.kinds.escalating_rule import Escalating, PointsByCount
from lifecycle.rulebook.kinds.item_points import PointsEach, ProjectSize
from lifecycle.rulebook.kinds.per_amount_rule import AmountRate, PerAmount
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from tests.lifecycle.rulebook.kinds.rule_examples import credited, items_of, points_of, rule_of

BY_PROJECT = {"measure": "fixed_assets", "each": "project"}

# per_item -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "factor", "points", "value"),
    [
        (1, None, 3, None),  # 3
        (2, None, 6, 2),  # 3 × 2
        (1, F(3, 2), F(9, 2), None),  # 3 × 1.5
        (F(1, 2), F(3, 2), F(9, 4), F(1, 2)),  # 3 × ½ × 1.5
    ],
)
def test_points_for_each_times_how_many_times_the_coefficient(
    number: F | int, factor: F | None, points: F | int, value: F | int | None
) -> None:
    (scored,) = rule_of(PerItem, points=3).points_of_items([credited(number, factor=factor)])
    assert (scored.points, scored.inputs) == (
        points,
        PointsEach(F(3), None if value is None else F(value)),
    )


@pytest.mark.parametrize(
    ("size", "by_scale", "by_investment"),
    [
        (ProjectSize(2000, 1), 7, 1),
        (ProjectSize(1999, 9), 1, 7),
        (ProjectSize(1, 2000), 1, 7),
        (ProjectSize(0, 0), 1, 1),
    ],
)
def test_bands_use_the_size_that_they_name(
    size: ProjectSize, by_scale: int, by_investment: int
) -> None:
    scale_bands = [{"scale": "[0,2000)", "points": 1}, {"scale": "[2000,)", "points": 7}]
    investment_bands = [{"investment": "[0,2)", "points": 1}, {"investment": "[2,)", "points": 7}]
    in_millionths = ProjectSize(size.scale * MICRO, size.investment * MICRO)
    project = [credited(1, size=in_millionths)]
    assert points_of(rule_of(PerItem, bands=scale_bands).points_of_items(project)) == [by_scale]
    assert points_of(rule_of(PerItem, bands=investment_bands).points_of_items(project)) == [
        by_investment
    ]


def test_an_item_outside_all_bands_or_labels_has_no_line() -> None:
    banded = rule_of(PerItem, bands=[{"scale": "[1,)", "points": 7}])
    labelled = rule_of(PerItem, points_by={"招商能手": 5})
    assert points_of(banded.points_of_items(items_of(1))) == []
    assert points_of(labelled.points_of_items(items_of(1))) == []


# 3 points each: two in January and March, one in February, two in April.
MONTHS = ("2024-01", "2024-03", "2024-02", "2024-04", "2024-04")


@pytest.mark.parametrize(
    ("limit", "points"),
    [
        ({}, [3, 3, 3, 3, 3]),
        ({"limit": 5}, [3, 2]),
        ({"limit": 5, "limit_per": "year"}, [3, 2]),
        ({"limit": 5, "limit_per": "quarter"}, [3, 2, 3, 2]),  # Q1: 3 + 2; Q2: 3 + 2
        ({"limit": 5, "limit_per": "month"}, [3, 3, 3, 3, 2]),  # April: 3 + 2
    ],
)
def test_a_period_s_limit_fills_in_the_order_of_the_items(
    limit: dict[str, Any], points: list[int]
) -> None:
    items = [credited(3, when=month) for month in MONTHS]
    assert points_of(rule_of(PerItem, points=1, **limit).points_of_items(items)) == points


def test_points_are_rounded_item_by_item_before_the_limit() -> None:
    # 0.25 is 0.3 in one place; of January's limit of 0.4 the second has 0.1 left.
    rule = rule_of(
        PerItem, points=Decimal("0.25"), places=1, limit=Decimal("0.4"), limit_per="month"
    )
    items = [credited(1, when=month) for month in ("2024-01", "2024-01", "2024-02")]
    assert points_of(rule.points_of_items(items)) == [F(3, 10), F(1, 10), F(3, 10)]


# per_amount ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "points"),
    [
        (None, F(3, 2)),  # 3000 ÷ 1000 × 0.5
        (1, F(3, 2)),
        (2, F(3)),
        (F(6, 5), F(9, 5)),
    ],
)
def test_an_amount_by_its_rate_and_the_coefficient(factor: F | int | None, points: F) -> None:
    rule = rule_of(PerAmount, per=1000, points=Decimal("0.5"))
    (scored,) = rule.points_of_items(items_of(3000, factor=factor))
    assert (scored.points, scored.inputs) == (points, AmountRate(F(3000), F(1000), F(1, 2)))


def test_an_amount_is_rounded_to_the_rule_s_own_places() -> None:
    rule = rule_of(PerAmount, per=3, points=1, places=1)
    assert points_of(rule.points_of_items(items_of(1, 2))) == [F(3, 10), F(7, 10)]


def test_whole_steps_are_cut_toward_zero_then_multiplied_and_rounded() -> None:
    rule = rule_of(
        PerAmount, **BY_PROJECT, per=1000, points=Decimal("0.25"), places=1, whole_steps=True
    )
    amounts = items_of(2999, -1999, factor=F(6, 5))

    # 2 × 0.25 × 1.2 = 0.6; −1 × 0.25 × 1.2 = −0.3
    assert points_of(rule.points_of_items(amounts)) == [F(6, 10), F(-3, 10)]


def test_whole_steps_are_rounded_to_the_rule_s_own_places() -> None:
    rule = rule_of(
        PerAmount, **BY_PROJECT, per=1, points=Decimal("0.25"), places=1, whole_steps=True
    )
    assert points_of(rule.points_of_items(items_of(1, 3))) == [F(3, 10), F(8, 10)]


# credit -------------------------------------------------------------------------------------------


def test_a_shared_figure_is_credited_in_parts() -> None:
    rule = rule_of(Credit, points=20, to="equally")
    (scored,) = rule.points_of_items(items_of(F(1, 4)))
    assert (scored.points, scored.inputs) == (F(5), PointsEach(F(20), F(1, 4)))


def test_a_credit_is_rounded_to_the_rule_s_own_places() -> None:
    rule = rule_of(Credit, points=1, to="equally", places=1)
    assert points_of(rule.points_of_items(items_of(F(1, 3), F(2, 3)))) == [F(3, 10), F(7, 10)]


# deduct -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "points"),
    [
        ({}, [-3, -3, -3]),
        ({"start": 5}, [5, -3, -3, -3]),  # 5 → 2 → −1 → −4
        ({"start": 5, "floor": 0}, [5, -3, -2]),  # 5 → 2 → 0
        ({"start": 5, "floor": -1}, [5, -3, -3]),  # 5 → 2 → −1
        ({"floor": -4}, [-3, -1]),  # 0 → −3 → −4
    ],
)
def test_deductions_stop_at_the_floor(ends: dict[str, int], points: list[int]) -> None:
    scored = list(rule_of(Deduct, points=-1, **ends).points_of_items(items_of(3, 3, 3)))
    assert points_of(scored) == points
    starts = [FullStart(F(5))] if "start" in ends else []
    assert [item.inputs for item in scored if item.credited is None] == starts


def test_an_occurrence_is_lost_by_the_band_of_its_project() -> None:
    bands = [{"scale": "[0,2)", "points": -5}, {"scale": "[2,)", "points": -10}]
    items = [credited(1, size=ProjectSize(scale * MICRO, 0)) for scale in (1, 2)]
    assert points_of(rule_of(Deduct, bands=bands).points_of_items(items)) == [-5, -10]


def test_a_loss_is_rounded_to_the_rule_s_own_places() -> None:
    rule = rule_of(Deduct, points=-1, places=1)
    assert points_of(rule.points_of_items(items_of(F(1, 3), F(2, 3)))) == [F(-3, 10), F(-7, 10)]


# escalating ---------------------------------------------------------------------------------------


def escalating(applies_to: str, *bands: tuple[str, int]) -> Escalating:
    rows = [{"count": band, "points": points} for band, points in bands]
    return rule_of(Escalating, applies_to=applies_to, bands=rows)


@pytest.mark.parametrize(
    ("bands", "amounts", "points"),
    [
        # Two at 1 each, from the third on 10 each.
        ([("(,2]", 1), ("(2,)", 10)], [1, 1, 1, 1], [1, 1, 10, 10]),
        # The third, alone in its item, and the two after it.
        ([("(,3)", 1), ("[3,)", 10)], [2, 1, 2], [2, 10, 20]),
        # Bands between whole numbers: the third is beyond 2.5 either way.
        ([("(,2.5]", 1), ("(2.5,)", 10)], [1, 1, 1], [1, 1, 10]),
        ([("(,2.5)", 1), ("[2.5,)", 10)], [3], [12]),
        # Beyond the last band nothing: 2 × 1 + 2 × 10.
        ([("[0,2]", 1), ("[3,4]", 10)], [6], [22]),
        ([("(0,2]", 1), ("(2,4)", 10)], [6], [12]),
        ([("[1,1]", 3), ("[2,)", 4)], [2], [7]),
        # Parts of one take as much of each band as lies in it: ½; 1.5 × 1 + ½ × 10; ½ × 10.
        ([("(,2]", 1), ("(2,)", 10)], [F(1, 2), 2, F(1, 2)], [F(1, 2), F(13, 2), 5]),
        ([("(1,3]", 2)], [F(4, 3)], [F(2, 3)]),
        ([("[4,)", 2)], [3], [0]),
        ([("[-3,2]", 1)], [2], [2]),
        ([("(,2]", 1)], [0, 1], [0, 1]),
    ],
)
def test_further_occurrences_each_by_their_own_place(
    bands: list[tuple[str, int]], amounts: list[F | int], points: list[F | int]
) -> None:
    rule = escalating("further", *bands)
    scored = list(rule.points_of_items(items_of(*amounts, factor=2)))
    assert points_of(scored) == [2 * each for each in points]
    # An item that lies in several bands has their mean: times its number it gives its points.
    for item, earned, amount in zip(scored, points, amounts, strict=True):
        number = None if amount == 1 else F(amount)
        mean = F(earned) / F(amount) if amount else F(0)
        assert item.inputs == PointsByCount(F(sum(amounts)), mean, number)


@pytest.mark.parametrize(
    ("amounts", "points"),
    [
        ([1, 1], [2, 2]),  # a count of 2: 1 each, times the coefficient 2
        ([1, 2], [6, 12]),  # a count of 3: 3 each, times 2
        ([5], [0]),  # outside all bands
        ([F(1, 2)], [1]),
    ],
)
def test_all_occurrences_by_their_count(amounts: list[F | int], points: list[int]) -> None:
    rule = escalating("all", ("(,2]", 1), ("(2,5)", 3))
    assert points_of(rule.points_of_items(items_of(*amounts, factor=2))) == points


def test_points_by_count_are_rounded_to_the_rule_s_own_places() -> None:
    bands = [{"count": "(,1]", "points": 1}, {"count": "(1,)", "points": 2}]
    rule = rule_of(Escalating, applies_to="further", bands=bands, places=1)
    # A third at 1, two thirds at 1, then a third at 2.
    thirds = items_of(F(1, 3), F(2, 3), F(1, 3))
    assert points_of(rule.points_of_items(thirds)) == [F(3, 10), F(7, 10), F(7, 10)]
