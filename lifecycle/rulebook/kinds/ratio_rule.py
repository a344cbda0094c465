"""`ratio`: completion of a target, times a weight."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, NamedTuple

from pydantic import model_validator

from lifecycle.exact_numbers import clamped
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ValueRule, require_target
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 70


class WeightedRatio(NamedTuple):
    """The weight of the completion, and the ends of its points."""

    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


class Ratio(ValueRule):
    """Value ÷ target × weight, within floor and cap; the cap may lie above the weight."""

    kind: Literal["ratio"]
    weight: Exact
    floor: Exact | None = None
    cap: Exact | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> Ratio:
        require_target(self)
        return self

    def points_of_value(self, value: Fraction) -> ValuePoints[WeightedRatio]:
        """Completion × weight, within floor and cap."""
        # The cap may lie above the weight: some policies reward up to 120 %.
        points = clamped(value * self.weight, self.floor, self.cap)
        return ValuePoints(points, WeightedRatio(self.weight, self.floor, self.cap))

    def reach(self) -> PointRange:
        """Open on the side of the weight's sign, within floor and cap."""
        # Completion has no upper end of its own: only a cap limits what lies over 100 %.
        return self.range_of_each([self.weight]).within(self.floor, self.cap)
