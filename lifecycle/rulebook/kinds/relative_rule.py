"""`relative`: a value's share of the greatest of the sequence."""

from fractions import Fraction
from typing import Final, Literal, NamedTuple

from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook.kinds.point_range import PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import SequenceRule
from lifecycle.rulebook.kinds.value_points import UnitValues, ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 120


class ShareOfGreatest(NamedTuple):
    """The greatest value of the sequence, the weight, and the units that have it."""

    greatest: Fraction
    weight: Fraction
    neighbours: tuple[str, ...]


class Relative(SequenceRule):
    """Value ÷ the greatest of the sequence × weight; `when_none` where the greatest is 0."""

    kind: Literal["relative"]
    weight: Exact
    when_none: Exact

    def points_of_units(self, values: UnitValues) -> dict[str, ValuePoints[ShareOfGreatest]]:
        """Value ÷ the greatest × weight; `when_none` where the greatest is 0."""
        greatest = max(values.values())
        leaders = [unit for unit in values if values[unit] == greatest]
        points_by_unit = {}
        # The units with the greatest value move everybody's share: these are the neighbours.
        for unit, value in values.items():
            points = value / greatest * self.weight if greatest else self.when_none
            neighbours = tuple(name for name in leaders if name != unit)
            inputs = ShareOfGreatest(greatest, self.weight, neighbours)
            points_by_unit[unit] = ValuePoints(points, inputs)
        return points_by_unit

    def reach(self) -> PointRange:
        """From nothing to the weight, or what counts where the greatest is 0."""
        # No value exceeds the greatest: the weight is the most.
        return spanned([ZERO, self.weight, self.when_none])
