"""`composite`: the weighted sum of several values."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Discriminator, Field, Tag

from lifecycle.exact_numbers import ONE, clamped, exact_sum
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.period_part import PartMarks, PeriodPart, PeriodPoints
from lifecycle.rulebook.kinds.point_range import (
    UNLIMITED,
    PointRange,
    open_by_sign,
    sum_or_unlimited,
)
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, NamedRule, Places
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.parts import Exact

ORDER: Final = 90


class WeightedPart(NamedTuple):
    """A part of a composite: what it counts, its share, its value, and the periods it is of."""

    what: str
    share: Fraction
    value: Fraction
    periods: tuple[PeriodPoints, ...] | None = None


class WeightedParts(NamedTuple):
    """The parts of a composite, what their sum is divided by, the weight, floor and cap."""

    parts: tuple[WeightedPart, ...]
    out_of: Fraction
    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


class CompositePart(Counted):
    """A part of a composite: its share, and whether marks are added or their mean is taken."""

    share: Annotated[Exact, Field(gt=0)]
    take: Literal["sum", "mean"]

    @property
    def may_be_missing(self) -> bool:
        """Whether the value can lack a target, or a mean its marks."""
        return self.take == "mean" or super().may_be_missing


def _form_of_part(data: Any) -> str:
    """Which of the two forms a part has: of a module by period, or of what is counted."""
    if isinstance(data, PeriodPart) or (isinstance(data, dict) and "result" in data):
        return "of_module"
    return "of_measure"


AnyPart = Annotated[
    Annotated[CompositePart, Tag("of_measure")] | Annotated[PeriodPart, Tag("of_module")],
    Discriminator(_form_of_part),
]
PART_FORMS: Final = frozenset({"of_measure", "of_module"})
"""The names by which pydantic tells the forms apart; no file has them."""


class Composite(NamedRule):
    """Weighted sum of parts: Σ share × part ÷ `out_of` × weight, within floor and cap."""

    kind: Literal["composite"]
    parts: Annotated[tuple[AnyPart, ...], NON_EMPTY]
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
            weighted = WeightedPart(part_marks.what, part.share, value, part_marks.periods)
            parts.append(weighted)
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
        """The value of each part that counts something."""
        for place, part in self.placed_parts():
            if isinstance(part, CompositePart):
                yield place, part

    def period_parts(self) -> Iterator[tuple[str, PeriodPart]]:
        """The parts that take a module's results by period, with their places."""
        for place, part in self.placed_parts():
            if isinstance(part, PeriodPart):
                yield place, part

    def placed_parts(self) -> Iterator[tuple[str, CompositePart | PeriodPart]]:
        """Every part with its place below the rule's id."""
        for number, part in enumerate(self.parts):
            yield f"{self.id}.parts.{number}", part

    def reach(self) -> PointRange:
        """The range whatever a period may give: open on both sides for the results of modules."""
        return self.reach_of_periods({})

    def reach_of_periods(self, modules: Mapping[str, PointRange]) -> PointRange:
        """The range within floor and cap, by those of the modules that are assessed by period."""
        # One part without an end leaves the sum without one, however small its share.
        parts = [_reach_of_part(part, modules).times(part.share) for part in self.parts]
        points = PointRange(
            sum_or_unlimited(part.least for part in parts),
            sum_or_unlimited(part.greatest for part in parts),
        )
        return points.times(self.weight / self.out_of).within(self.floor, self.cap)


def _reach_of_part(
    part: CompositePart | PeriodPart,
    modules: Mapping[str, PointRange],
) -> PointRange:
    if isinstance(part, PeriodPart):
        return part.reach(modules.get(part.result.module, UNLIMITED))
    stands_in = (part.when_missing, part.when_zero)
    numbers = [value for value in stands_in if isinstance(value, Fraction)]
    is_negative = part.may_be_negative or any(value < 0 for value in numbers)
    return open_by_sign([ONE], may_be_negative=is_negative)
