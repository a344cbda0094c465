"""What holds of every kind of rule, whatever its values: monotone where it must be, within its ends, blind to the order of units."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, strategies as st

from lifecycle.rulebook import kinds as k
from projections.facts.narrow_events import MICRO
from projections.scoring.item_rules import KINDS, NO_SIZE, ONE, within_limits
from projections.scoring.measure_values import CountedItem
from projections.scoring.rounding import round_half_up
from projections.scoring.value_rules import RANKED, VALUED

SOURCE = {
    "id": "r",
    "chinese": "规则",
    "module": "m",
    "clause": "一",
    "basis": "policy",
    "measure": "indicator",
    "indicator": "x",
}
TARGET = {"target": {"source": "reported"}, "when_zero": Decimal(0)}
amounts = st.fractions(0, 50, max_denominator=8)
values = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), amounts, min_size=1)
small = st.integers(0, 40).map(Decimal)


def items(found: list[Fraction]) -> list[CountedItem]:
    return [CountedItem("x", one * MICRO, (), {}, "2024-05") for one in found]


def points_of(rule: Any, found: list[Fraction]) -> list[Fraction]:
    things = items(found)
    return [
        one.points
        for one in within_limits(rule, things, list(KINDS[rule.kind](rule, things, ONE, NO_SIZE)))
    ]


@given(found=st.lists(amounts), points=small, limit=st.integers(1, 40).map(Decimal))
def test_points_of_items_never_pass_their_limit(
    found: list[Fraction], points: Decimal, limit: Decimal
) -> None:
    rule = k.PerItem.model_validate(
        {**SOURCE, "kind": "per_item", "points": points, "limit": limit}
    )
    total = sum(points_of(rule, found), Fraction(0))
    assert total == min(Fraction(limit), sum(found, Fraction(0)) * Fraction(points))


@given(found=st.lists(amounts), start=small)
def test_a_full_start_is_used_up_and_no_more(found: list[Fraction], start: Decimal) -> None:
    rule = k.Deduct.model_validate(
        {**SOURCE, "kind": "deduct", "points": Decimal(-2), "start": start, "floor": Decimal(0)}
    )
    left = sum(points_of(rule, found), Fraction(0))
    assert left == max(Fraction(0), Fraction(start) - 2 * sum(found, Fraction(0)))


@given(
    found=st.lists(amounts, min_size=1),
    more=amounts,
    applies_to=st.sampled_from(["all", "further"]),
)
def test_another_occurrence_never_costs_less(
    found: list[Fraction], more: Fraction, applies_to: str
) -> None:
    bands = [{"count": "[0,2]", "points": Decimal(-2)}, {"count": "(2,)", "points": Decimal(-3)}]
    rule = k.Escalating.model_validate(
        {**SOURCE, "kind": "escalating", "bands": bands, "applies_to": applies_to}
    )
    assert sum(points_of(rule, [*found, more]), Fraction(0)) <= sum(
        points_of(rule, found), Fraction(0)
    )


@given(one=amounts, more=amounts, per=st.integers(1, 9).map(Decimal), share=st.integers(1, 4))
def test_amounts_and_shares_add_up(one: Fraction, more: Fraction, per: Decimal, share: int) -> None:
    amount = k.PerAmount.model_validate(
        {**SOURCE, "kind": "per_amount", "per": per, "points": Decimal(3)}
    )
    assert sum(points_of(amount, [one, more])) == sum(points_of(amount, [one + more]))
    credit = k.Credit.model_validate(
        {**SOURCE, "kind": "credit", "points": Decimal(20), "to": "equally"}
    )
    assert sum(points_of(credit, [one / share] * share)) == sum(points_of(credit, [one]))


@given(low=amounts, high=amounts, weight=small, floor=small, more=small)
def test_values_are_monotone_and_within_their_ends(
    low: Fraction, high: Fraction, weight: Decimal, floor: Decimal, more: Decimal
) -> None:
    low, high = sorted((low, high))
    ends = {"floor": floor, "cap": floor + more}
    segments = [
        {"percent": "(,100)", "step": Decimal("0.1")},
        {"percent": "[100,130]", "step": Decimal("0.2")},
        {"percent": "(130,)", "step": Decimal("0.1")},
    ]
    bands = [
        {"value": "(,3)", "points": Decimal(1)},
        {"value": "[3,10)", "points": Decimal(2), "slope": Decimal(1)},
        {"value": "[10,)", "points": Decimal(12)},
    ]
    rules: list[tuple[Any, Fraction, Fraction]] = [
        (
            k.Ratio.model_validate({**SOURCE, **TARGET, **ends, "kind": "ratio", "weight": weight}),
            Fraction(floor),
            Fraction(floor + more),
        ),
        (
            k.Bracket.model_validate({**SOURCE, **ends, "kind": "bracket", "bands": bands}),
            Fraction(floor),
            Fraction(floor + more),
        ),
        (
            k.Stepped.model_validate(
                {
                    **SOURCE,
                    **TARGET,
                    "kind": "stepped",
                    "base": Decimal(25),
                    "segments": segments,
                    "most": Decimal(10),
                    "least": Decimal(-10),
                }
            ),
            Fraction(15),
            Fraction(35),
        ),
    ]
    for rule, least, most in rules:
        one, two = (VALUED[rule.kind](rule, value).points for value in (low, high))
        assert least <= one <= two <= most, rule.kind


def sequence_rules() -> list[tuple[Any, Callable[[Fraction], bool]]]:
    places = [{"place": "[1,3]", "points": Decimal(7)}, {"place": "[4,6]", "points": Decimal(5)}]
    rank = {**SOURCE, "kind": "rank", "bands": places, "first": "greatest"}
    return [
        (k.Rank.model_validate({**rank, "ties": "share"}), lambda points: points in (7, 5)),
        (k.Rank.model_validate({**rank, "ties": "mean"}), lambda points: 5 <= points <= 7),
        (
            k.MinMax.model_validate(
                {
                    **SOURCE,
                    "kind": "minmax",
                    "span": 40,
                    "base": 60,
                    "out_of": 100,
                    "weight": 30,
                    "when_equal": 100,
                }
            ),
            lambda points: 18 <= points <= 30,
        ),
        (
            k.Relative.model_validate({**SOURCE, "kind": "relative", "weight": 10, "when_none": 0}),
            lambda points: 0 <= points <= 10,
        ),
    ]


@given(found=values, data=st.data())
def test_the_order_of_units_is_irrelevant_and_more_is_never_less(
    found: dict[str, Fraction], data: st.DataObject
) -> None:
    mixed = dict(data.draw(st.permutations(list(found.items()))))
    for rule, within in sequence_rules():
        worths = RANKED[rule.kind](rule, found)
        assert {unit: worth.points for unit, worth in worths.items()} == {
            unit: worth.points for unit, worth in RANKED[rule.kind](rule, mixed).items()
        }
        assert all(within(worth.points) for worth in worths.values())
        for unit, value in found.items():
            assert all(
                worths[unit].points >= worths[other].points
                for other, less in found.items()
                if less <= value
            )
            assert unit not in worths[unit].inputs["neighbours"]


@given(value=st.fractions(-9, 9), places=st.integers(0, 3))
def test_rounding_is_half_away_from_zero(value: Fraction, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert round_half_up(-value, places) == -rounded
    assert (rounded * 10**places).denominator == 1
