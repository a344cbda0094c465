"""`stepped`: points for each percentage point over or under the target."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, model_validator

from lifecycle.exact_numbers import ZERO, clamped, exact_sum, in_whole_steps
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band, Interval
from lifecycle.rulebook.kinds.point_range import PointRange, sum_or_unlimited
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, ValueRule, require_target
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 80


class StepsTaken(NamedTuple):
    """The base, the completion in percent, and what its steps add up to."""

    base: Fraction
    percent: Fraction
    moved: Fraction


HUNDRED: Final = Fraction(100)


class Segment(Part):
    """The points for each percentage point within a band of the completion in percent."""

    percent: Band
    step: Exact


class Stepped(ValueRule):
    """`base` at 100 % of the target, and a step for each percentage point over or under it.

    The steps are those of the segment that the point lies in.

    `least` and `most` bound what the steps add up to.
    """

    kind: Literal["stepped"]
    base: Exact
    segments: Annotated[tuple[Segment, ...], NON_EMPTY]
    most: Exact | None = None
    least: Exact | None = None
    whole_steps: Annotated[Exact, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> "Stepped":
        require_target(self)
        return self

    def points_of_value(self, value: Fraction) -> ValuePoints[StepsTaken]:
        """The base, and the steps of every percentage point between 100 and the completion."""
        percent = value * HUNDRED
        if self.whole_steps is not None:
            percent = HUNDRED + in_whole_steps(percent - HUNDRED, self.whole_steps)
        low, high = min(percent, HUNDRED), max(percent, HUNDRED)
        steps = exact_sum(
            _length_within(segment.percent, low, high) * segment.step for segment in self.segments
        )
        # Steps are written as positive points per percentage point: under 100 % they are lost.
        moved = clamped(steps if percent > HUNDRED else -steps, self.least, self.most)
        return ValuePoints(self.base + moved, StepsTaken(self.base, percent, moved))

    def band_tables(self) -> Iterator[BandTable]:
        """The segments of the completion in percent."""
        percents = [segment.percent for segment in self.segments]
        yield BandTable(f"rules.{self.id}.segments", percents)

    def reach(self) -> PointRange:
        """The base, less all steps down to 0 %, or plus all steps as far up as the segments go."""
        # Completion is never below 0 %, but may rise without end.
        down = exact_sum(self._step_down(segment) for segment in self.segments)
        up = sum_or_unlimited(self._step_up(segment) for segment in self.segments)
        return PointRange(-down, up).within(self.least, self.most).shifted(self.base)

    def _step_down(self, segment: Segment) -> Fraction:
        return _length_within(segment.percent, ZERO, HUNDRED) * segment.step

    def _step_up(self, segment: Segment) -> Fraction | None:
        if segment.percent.high is None and segment.step > 0:
            return None
        # A negative step without an end only lowers the points: nothing of it raises the greatest.
        return _length_within(segment.percent, HUNDRED, None) * segment.step


def _length_within(
    band: Interval,
    low: Fraction,
    high: Fraction | None,
) -> Fraction:
    """How much of a band lies between two ends; 0 where neither bounds it above."""
    begins = low if band.low is None else max(low, band.low)
    ends = [end for end in (band.high, high) if end is not None]
    if not ends:
        return ZERO
    return max(ZERO, min(ends) - begins)
