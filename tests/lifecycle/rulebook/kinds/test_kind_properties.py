"""Properties of every kind of rule for any values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, strategies as st

from lifecycle.exact_numbers import ZERO, exact_sum
from lifecycle.rulebook.kinds import ItemRule, SequenceRule, ValueRule
from lifecycle.rulebook.kinds.bracket_rule import Bracket
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.escalating_rule import Escalating
from lifecycle.rulebook.kinds.minmax_rule import MinMax, MinMaxPosition
from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.kinds.rank_rule import PlaceInSequence, Rank
from lifecycle.rulebook.kinds.ratio_rule import Ratio
from lifecycle.rulebook.kinds.relative_rule import Relative, ShareOfGreatest
from lifecycle.rulebook.kinds.stepped_rule import Stepped
from tests.lifecycle.rulebook.kinds.rule_examples import (
    REPORTED_TARGET,
    VISITS,
    items_of,
    points_of,
    rule_of,
)
from tests.lifecycle.rulebook.kinds.test_value_kinds import SEGMENTS

amounts = st.fractions(0, 50, max_denominator=8)
values_by_unit = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), amounts, min_size=1)
small = st.integers(0, 40)


def total(rule: ItemRule, numbers: Sequence[Fraction]) -> Fraction:
    return exact_sum(points_of(rule.points_of_items(items_of(*numbers))))


@given(numbers=st.lists(amounts), points=small, limit=st.integers(1, 40))
def test_points_of_items_never_pass_their_limit(
    numbers: list[Fraction], points: int, limit: int
) -> None:
    rule = rule_of(PerItem, **VISITS, points=points, limit=limit)
    assert total(rule, numbers) == min(limit, exact_sum(numbers) * points)


@given(numbers=st.lists(amounts), start=small)
def test_deductions_stop_at_a_full_start_of_points(numbers: list[Fraction], start: int) -> None:
    rule = rule_of(Deduct, **VISITS, points=-2, start=start, floor=0)
    assert total(rule, numbers) == max(0, start - 2 * exact_sum(numbers))


@given(
    numbers=st.lists(amounts, min_size=1),
    more=amounts,
    applies_to=st.sampled_from(["all", "further"]),
)
def test_a_further_occurrence_never_costs_less(
    numbers: list[Fraction], more: Fraction, applies_to: str
) -> None:
    bands = [{"count": "[0,2]", "points": -2}, {"count": "(2,)", "points": -3}]
    rule = rule_of(Escalating, **VISITS, bands=bands, applies_to=applies_to)
    assert total(rule, [*numbers, more]) <= total(rule, numbers)


@given(number=amounts, more=amounts, per=st.integers(1, 9))
def test_amounts_add_up(number: Fraction, more: Fraction, per: int) -> None:
    rule = rule_of(PerAmount, **VISITS, per=per, points=3)
    assert total(rule, [number, more]) == total(rule, [number + more])


@given(number=amounts, units=st.integers(1, 4))
def test_shares_add_up(number: Fraction, units: int) -> None:
    rule = rule_of(Credit, **VISITS, points=20, to="equally")
    assert total(rule, [number / units] * units) == total(rule, [number])


def value_rules(weight: int, floor: int, cap: int) -> list[tuple[ValueRule, int, int]]:
    """A rule of each kind that scores a value, with its least and greatest points."""
    ends = {"floor": floor, "cap": cap}
    bands: list[dict[str, Any]] = [
        {"value": "(,3)", "points": 1},
        {"value": "[3,10)", "points": 2, "slope": 1},
        {"value": "[10,)", "points": 12},
    ]
    stepped = {"base": 25, "segments": SEGMENTS, "most": 10, "least": -10}
    return [
        (rule_of(Ratio, **VISITS, **REPORTED_TARGET, weight=weight, **ends), floor, cap),
        (rule_of(Bracket, **VISITS, bands=bands, **ends), floor, cap),
        (rule_of(Stepped, **VISITS, **REPORTED_TARGET, **stepped), 15, 35),
    ]


@given(low=amounts, high=amounts, weight=small, floor=small, more=small)
def test_points_are_monotone_and_in_range(
    low: Fraction, high: Fraction, weight: int, floor: int, more: int
) -> None:
    low, high = sorted((low, high))
    for rule, least, most in value_rules(weight, floor, floor + more):
        points_at_low = rule.points_of_value(low).points
        points_at_high = rule.points_of_value(high).points
        assert least <= points_at_low <= points_at_high <= most, rule.kind


def sequence_rules() -> list[tuple[SequenceRule, int, int]]:
    """A rule of each kind that compares a sequence, with its least and greatest points."""
    places = [{"place": "[1,3]", "points": 7}, {"place": "[4,6]", "points": 5}]
    marks = {"span": 40, "base": 60, "out_of": 100, "weight": 30, "when_equal": 100}
    return [
        (rule_of(Rank, **VISITS, bands=places, first="greatest", ties="share"), 5, 7),
        (rule_of(Rank, **VISITS, bands=places, first="greatest", ties="mean"), 5, 7),
        (rule_of(MinMax, **VISITS, **marks), 18, 30),
        (rule_of(Relative, **VISITS, weight=10, when_none=0), 0, 10),
    ]


@given(values=values_by_unit, data=st.data())
def test_the_order_of_units_is_irrelevant(values: dict[str, Fraction], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list(values.items()))))
    for rule, _least, _most in sequence_rules():
        scored, of_shuffled = rule.points_of_units(values), rule.points_of_units(shuffled)
        points = {unit: unit_points.points for unit, unit_points in scored.items()}
        assert points == {unit: unit_points.points for unit, unit_points in of_shuffled.items()}


@given(values=values_by_unit)
def test_a_larger_value_never_scores_less_and_points_stay_in_range(
    values: dict[str, Fraction],
) -> None:
    for rule, least, most in sequence_rules():
        scored = rule.points_of_units(values)
        for unit, value in values.items():
            assert least <= scored[unit].points <= most, rule.kind
            for name, less in values.items():
                if less <= value:
                    assert scored[name].points <= scored[unit].points


@given(values=values_by_unit)
def test_no_unit_is_its_own_neighbour(values: dict[str, Fraction]) -> None:
    for rule, _least, _most in sequence_rules():
        for unit, scored in rule.points_of_units(values).items():
            shape = scored.inputs
            assert isinstance(shape, (PlaceInSequence, MinMaxPosition, ShareOfGreatest))
            assert unit not in shape.neighbours


def test_an_empty_count_scores_nothing() -> None:
    rules: list[ItemRule] = [
        rule_of(PerItem, points=3),
        rule_of(PerAmount, per=3, points=1),
        rule_of(Deduct, points=-1, floor=-4),
    ]
    assert [total(rule, []) for rule in rules] == [ZERO] * 3
