"""`per_amount`: points in proportion to an amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.per_amount_rule import PerAmount
from projections.facts.narrow_events import MICRO
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.item_points import ItemPoints, in_places
from projections.scoring.kinds.kind_evaluation import KindEvaluation


class AmountRate(NamedTuple):
    """An amount, and how many points each `per` of it is worth."""

    amount: Fraction
    per: Fraction
    points: Fraction


def per_amount_points(
    rule: PerAmount,
    items: Sequence[CreditedItem],
) -> Iterator[ItemPoints[AmountRate]]:
    """Amount ÷ per × points × the project's coefficient, for each item."""
    for credited in items:
        value, factor = credited.item.value, credited.factor
        rate = rule.rate if factor is None else rule.rate * factor.value
        # One fraction from four integers: cheaper than a product of fractions, each reduced by
        # itself.
        points = Fraction(value * rate.numerator, MICRO * rate.denominator)
        inputs = AmountRate(Fraction(value, MICRO), rule.per, rule.points)
        yield ItemPoints(credited, in_places(points, rule.places), inputs)


EVALUATION: Final = KindEvaluation(PerAmount, per_amount_points)
