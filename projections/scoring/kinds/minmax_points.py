"""`minmax`: a value's position between the least and the greatest of the sequence."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.minmax_rule import MinMax
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import UnitValues, ValuePoints


class MinMaxPosition(NamedTuple):
    """The ends of the sequence, how a mark is made of a position between them, and the mark."""

    least: Fraction
    greatest: Fraction
    span: Fraction
    base: Fraction
    out_of: Fraction
    weight: Fraction
    mark: Fraction
    neighbours: tuple[str, ...]


def minmax_points(
    rule: MinMax,
    values: UnitValues,
) -> dict[str, ValuePoints[MinMaxPosition]]:
    """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight."""
    least, greatest = min(values.values()), max(values.values())
    extremes = _units_with(greatest, values)
    if least != greatest:
        extremes += _units_with(least, values)
    points_by_unit = {}
    for unit, value in values.items():
        if least == greatest:
            # There is no position between equal ends; the policy's own mark stands.
            mark = rule.when_equal
        else:
            mark = (value - least) / (greatest - least) * rule.span + rule.base
        inputs = MinMaxPosition(
            least=least,
            greatest=greatest,
            span=rule.span,
            base=rule.base,
            out_of=rule.out_of,
            weight=rule.weight,
            mark=mark,
            neighbours=tuple(name for name in extremes if name != unit),
        )
        points_by_unit[unit] = ValuePoints(mark / rule.out_of * rule.weight, inputs)
    return points_by_unit


def _units_with(value: Fraction, values: UnitValues) -> list[str]:
    return [unit for unit in values if values[unit] == value]


EVALUATION: Final = KindEvaluation(MinMax, minmax_points)
