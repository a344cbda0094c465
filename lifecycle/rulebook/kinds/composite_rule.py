"""`composite`: the weighted sum of several values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from lifecycle.exact_numbers import clamped, exact_sum
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.point_range import PointRange, open_by_sign
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, NamedRule, Places
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 90


class WeightedPart(NamedTuple):
    """A part of a composite: what it counts, its share, its value."""

    what: str
    share: Fraction
    value: Fraction


class WeightedParts(NamedTuple):
    """The parts of a composite, what their sum is divided by, the weight, floor and cap."""

    parts: tuple[WeightedPart, ...]
    out_of: Fraction
    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


class PartMarks(NamedTuple):
    """What a part counts, the sum of its marks, and how many marks there are."""

    what: str
    total: Fraction
    marks: int


class CompositePart(Counted):
    """A part of a composite: its share, and whether marks are added or their mean is taken."""

    share: Annotated[Exact, Field(gt=0)]
    take: Literal["sum", "mean"]

    @property
    def may_be_missing(self) -> bool:
        """Whether the value can lack a target, or a mean its marks."""
        return self.take == "mean" or super().may_be_missing


class Composite(NamedRule):
    """Weighted sum of parts: Σ share × part ÷ `out_of` × weight, within floor and cap."""

    kind: Literal["composite"]
    parts: Annotated[tuple[CompositePart, ...], NON_EMPTY]
    weight: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    cap: Exact | None = None
    floor: Exact | None = None
    places: Places | None = None

    def points_of_marks(self, marks_of_parts: Sequence[PartMarks]) -> ValuePoints[WeightedParts]:
        """Σ share × part ÷ `out_of` × weight; a part is the sum of its marks, or their mean."""
        parts = []
        for part, part_marks in zip(self.parts, marks_of_parts, strict=True):
            value = part_marks.total
            # A part without any mark is 0: there is no mean to take.
            if part.take == "mean" and part_marks.marks:
                value /= part_marks.marks
            parts.append(WeightedPart(part_marks.what, part.share, value))
        total = exact_sum(part.share * part.value for part in parts)
        points = clamped(total / self.out_of * self.weight, self.floor, self.cap)
        inputs = WeightedParts(
            tuple(parts),
            self.out_of,
            self.weight,
            self.floor,
            self.cap,
        )
        return ValuePoints(points, inputs)

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The value of each part."""
        for number, part in enumerate(self.parts):
            yield f"{self.id}.parts.{number}", part

    def reach(self) -> PointRange:
        """Open on the side of the weight's sign, within floor and cap."""
        # Shares are above 0, so that the sum has the sign of its parts.
        may_be_negative = any(_may_be_negative(part) for part in self.parts)
        points = open_by_sign([self.weight], may_be_negative=may_be_negative)
        return points.within(self.floor, self.cap)


def _may_be_negative(part: CompositePart) -> bool:
    stands_in = (part.when_missing, part.when_zero)
    numbers = [value for value in stands_in if isinstance(value, Fraction)]
    return part.may_be_negative or any(value < 0 for value in numbers)
