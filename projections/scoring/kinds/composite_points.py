"""`composite`: the weighted sum of several values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.kinds.composite_rule import Composite
from projections.scoring.exact_sums import clamped, exact_sum
from projections.scoring.kinds.value_points import ValuePoints


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


def composite_points(
    rule: Composite,
    marks_of_parts: Sequence[PartMarks],
) -> ValuePoints[WeightedParts]:
    """Σ share × part ÷ `out_of` × weight; a part is the sum of its marks, or their mean."""
    parts = []
    for part, part_marks in zip(rule.parts, marks_of_parts, strict=True):
        value = part_marks.total
        # A part without any mark is 0: there is no mean to take.
        if part.take == "mean" and part_marks.marks:
            value /= part_marks.marks
        parts.append(WeightedPart(part_marks.what, part.share, value))
    total = exact_sum(part.share * part.value for part in parts)
    points = clamped(total / rule.out_of * rule.weight, rule.floor, rule.cap)
    inputs = WeightedParts(
        tuple(parts),
        rule.out_of,
        rule.weight,
        rule.floor,
        rule.cap,
    )
    return ValuePoints(points, inputs)
