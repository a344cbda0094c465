"""`per_amount`: points in proportion to an amount."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field

from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ItemRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 20


class PerAmount(ItemRule):
    """Amount ÷ `per` × points."""

    kind: Literal["per_amount"]
    per: Annotated[Exact, Field(gt=0)]
    points: Exact

    @cached_property
    def rate(self) -> Fraction:
        """Points of 1 万元."""
        return self.points / self.per

    def reach(self) -> PointRange:
        """Open on the side of the points' sign."""
        return self.range_of_each([self.points])
