"""`stepped`: points for each percentage point over or under the target."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds.stepped_rule import HUNDRED, Stepped
from projections.scoring.exact_sums import ZERO, clamped, exact_sum
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import ValuePoints


class StepsTaken(NamedTuple):
    """The base, the completion in percent, and what its steps add up to."""

    base: Fraction
    percent: Fraction
    moved: Fraction


def stepped_points(
    rule: Stepped,
    value: Fraction,
) -> ValuePoints[StepsTaken]:
    """The base, and the steps of every percentage point between 100 and the completion."""
    percent = value * HUNDRED
    low, high = min(percent, HUNDRED), max(percent, HUNDRED)
    steps = exact_sum(
        _overlap(segment.percent, low, high) * segment.step for segment in rule.segments
    )
    # Steps are written as positive points per percentage point: under 100 % they are lost.
    moved = clamped(steps if percent > HUNDRED else -steps, rule.least, rule.most)
    return ValuePoints(rule.base + moved, StepsTaken(rule.base, percent, moved))


def _overlap(
    band: Interval,
    low: Fraction,
    high: Fraction,
) -> Fraction:
    """How many percentage points of a segment lie between two numbers."""
    begins = low if band.low is None else max(low, band.low)
    ends = high if band.high is None else min(high, band.high)
    return max(ZERO, ends - begins)


EVALUATION: Final = KindEvaluation(Stepped, stepped_points)
