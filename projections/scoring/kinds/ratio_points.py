"""`ratio`: completion of a target, times a weight."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.ratio_rule import Ratio
from projections.scoring.exact_sums import clamped
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import ValuePoints


class WeightedRatio(NamedTuple):
    """The weight of the completion, and the ends of its points."""

    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


def ratio_points(rule: Ratio, value: Fraction) -> ValuePoints[WeightedRatio]:
    """Completion × weight, within floor and cap."""
    # The cap may lie above the weight: some policies reward up to 120 %.
    points = clamped(value * rule.weight, rule.floor, rule.cap)
    return ValuePoints(points, WeightedRatio(rule.weight, rule.floor, rule.cap))


EVALUATION: Final = KindEvaluation(Ratio, ratio_points)
