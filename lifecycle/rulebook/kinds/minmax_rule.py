"""`minmax`: a value's position between the least and the greatest of the sequence."""

from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from lifecycle.rulebook.kinds.point_range import PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import SequenceRule
from lifecycle.rulebook.kinds.value_points import UnitValues, ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 110


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


class MinMax(SequenceRule):
    """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight, over the sequence.

    `when_equal` is the mark where all values are equal.
    """

    kind: Literal["minmax"]
    span: Exact
    base: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    weight: Exact
    when_equal: Exact

    def points_of_units(self, values: UnitValues) -> dict[str, ValuePoints[MinMaxPosition]]:
        """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight."""
        least, greatest = min(values.values()), max(values.values())
        extremes = _units_with(greatest, values)
        if least != greatest:
            extremes += _units_with(least, values)
        points_by_unit = {}
        for unit, value in values.items():
            if least == greatest:
                # There is no position between equal ends; the policy's own mark stands.
                mark = self.when_equal
            else:
                mark = (value - least) / (greatest - least) * self.span + self.base
            inputs = MinMaxPosition(
                least=least,
                greatest=greatest,
                span=self.span,
                base=self.base,
                out_of=self.out_of,
                weight=self.weight,
                mark=mark,
                neighbours=tuple(name for name in extremes if name != unit),
            )
            points_by_unit[unit] = ValuePoints(mark / self.out_of * self.weight, inputs)
        return points_by_unit

    def reach(self) -> PointRange:
        """The points of the least, of the greatest, and of values that are all equal."""
        # A position runs from 0 to 1 over the sequence, so that its ends are the marks' ends.
        marks = (self.base, self.base + self.span, self.when_equal)
        return spanned([mark / self.out_of * self.weight for mark in marks])


def _units_with(value: Fraction, values: UnitValues) -> list[str]:
    return [unit for unit in values if values[unit] == value]
