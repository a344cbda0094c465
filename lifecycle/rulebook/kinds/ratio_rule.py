"""`ratio`: completion of a target, times a weight."""

from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, model_validator

from lifecycle.exact_numbers import clamped, in_whole_steps
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ValueRule, require_target
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 70


class WeightedRatio(NamedTuple):
    """The weight of the completion, the ends of its points, the percentage cut to whole steps."""

    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None
    percent: Fraction | None = None


class Ratio(ValueRule):
    """Value ÷ target × weight, within floor and cap; the cap may lie above the weight."""

    kind: Literal["ratio"]
    weight: Exact
    floor: Exact | None = None
    cap: Exact | None = None
    whole_steps: Annotated[Exact, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> "Ratio":
        require_target(self)
        return self

    def points_of_value(self, value: Fraction) -> ValuePoints[WeightedRatio]:
        """Completion × weight, within floor and cap."""
        percent = None
        completion = value
        if self.whole_steps is not None:
            percent = in_whole_steps(value * 100, self.whole_steps)
            completion = percent / 100
        # The cap may lie above the weight: some policies reward up to 120 %.
        points = clamped(completion * self.weight, self.floor, self.cap)
        return ValuePoints(points, WeightedRatio(self.weight, self.floor, self.cap, percent))

    def reach(self) -> PointRange:
        """Open on the side of the weight's sign, within floor and cap."""
        # Completion has no upper end of its own: only a cap limits what lies over 100 %.
        return self.range_of_each([self.weight]).within(self.floor, self.cap)
