"""`relative`: a value's share of the greatest of the sequence."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.relative_rule import Relative
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import UnitValues, ValuePoints


class ShareOfGreatest(NamedTuple):
    """The greatest value of the sequence, the weight, and the units that have it."""

    greatest: Fraction
    weight: Fraction
    neighbours: tuple[str, ...]


def relative_points(
    rule: Relative,
    values: UnitValues,
) -> dict[str, ValuePoints[ShareOfGreatest]]:
    """Value ÷ the greatest × weight; `when_none` where the greatest is 0."""
    greatest = max(values.values())
    leaders = [unit for unit in values if values[unit] == greatest]
    points_by_unit = {}
    # The units with the greatest value move everybody's share: these are the neighbours.
    for unit, value in values.items():
        points = value / greatest * rule.weight if greatest else rule.when_none
        neighbours = tuple(name for name in leaders if name != unit)
        inputs = ShareOfGreatest(greatest, rule.weight, neighbours)
        points_by_unit[unit] = ValuePoints(points, inputs)
    return points_by_unit


EVALUATION: Final = KindEvaluation(Relative, relative_points)
