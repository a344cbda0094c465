"""`per_amount`: points in proportion to an amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.kinds.item_points import ItemPoints, ItemT, in_places
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ItemRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 20


class AmountRate(NamedTuple):
    """An amount, and how many points each `per` of it is worth."""

    amount: Fraction
    per: Fraction
    points: Fraction


class PerAmount(ItemRule):
    """Amount ÷ `per` × points."""

    kind: Literal["per_amount"]
    per: Annotated[Exact, Field(gt=0)]
    points: Exact

    @cached_property
    def rate(self) -> Fraction:
        """Points of 1 万元."""
        return self.points / self.per

    def points_of_items(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, AmountRate]]:
        """Amount ÷ per × points × the project's coefficient, for each item."""
        for credited in items:
            value, factor = credited.item.value, credited.factor
            rate = self.rate if factor is None else self.rate * factor.value
            # One fraction from four integers: cheaper than a product of fractions, each reduced by
            # itself.
            points = Fraction(value * rate.numerator, MICRO * rate.denominator)
            inputs = AmountRate(Fraction(value, MICRO), self.per, self.points)
            yield ItemPoints(credited, in_places(points, self.places), inputs)

    def reach(self) -> PointRange:
        """Open on the side of the points' sign."""
        return self.range_of_each([self.points])
