"""`per_amount`: points in proportion to an amount."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import trunc
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StrictBool

from lifecycle.exact_numbers import MICRO
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds.item_points import (
    ItemPoints,
    ItemT,
    in_places,
    within_each_project,
)
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ItemRule, NamedRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 20


class AmountRate(NamedTuple):
    """An amount, how many points each `per` of it is worth, and of how many whole steps if so."""

    amount: Fraction
    per: Fraction
    points: Fraction
    steps: Fraction | None = None


class PerAmount(ItemRule):
    """Amount ÷ `per` × points.

    With `whole_steps` the whole sum of the unit, or of each project, gives points for each full
    `per` only.
    """

    kind: Literal["per_amount"]
    per: Annotated[Exact, Field(gt=0)]
    points: Exact
    whole_steps: StrictBool | None = None

    @property
    def sums_items(self) -> bool:
        """Whether all that a unit has is one amount, of which only whole steps count."""
        return bool(self.whole_steps) and self.each != "project"

    def _looks_across_streams(self) -> bool:
        return self.sums_items

    @cached_property
    def rate(self) -> Fraction:
        """Points of 1 万元."""
        return self.points / self.per

    def points_of_items(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, AmountRate]]:
        """Amount ÷ per × points × the project's coefficient, for each item."""
        if self.whole_steps:
            scored = self._points_of_whole_steps(items)
        else:
            scored = self._points_of_amounts(items)
        return within_each_project(scored, self.at_most_per_project)

    def _points_of_whole_steps(
        self, items: Sequence[ItemT]
    ) -> Iterator[ItemPoints[ItemT, AmountRate]]:
        for credited in items:
            amount = Fraction(credited.item.value) / MICRO
            # Cut toward 0, also below it, and only then multiplied.
            steps = Fraction(trunc(amount / self.per))
            points = steps * self.points
            if credited.factor is not None:
                points *= credited.factor.value
            inputs = AmountRate(amount, self.per, self.points, steps)
            yield ItemPoints(credited, in_places(points, self.places), inputs)

    def _points_of_amounts(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, AmountRate]]:
        for credited in items:
            value, factor = credited.item.value, credited.factor
            rate = self.rate if factor is None else self.rate * factor.value
            # One fraction from four integers: cheaper than a product of fractions, each reduced by
            # itself.
            points = Fraction(value * rate.numerator, MICRO * rate.denominator)
            inputs = AmountRate(Fraction(value, MICRO), self.per, self.points)
            yield ItemPoints(credited, in_places(points, self.places), inputs)

    def own_findings(self, rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Whole steps of a unit's sum, which has no project's coefficient."""
        yield from super().own_findings(rules)
        if self.sums_items and self.coefficient is not None:
            yield Problem(
                "coefficient_of_units",
                msg('whole steps with a coefficient are counted of each project: each = "project"'),
                {},
                f"rules.{self.id}.coefficient",
            )

    def reach(self) -> PointRange:
        """Open on the side of the points' sign."""
        return self.range_of_each([self.rate])
